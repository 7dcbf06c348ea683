"""Addresses of the homeowner's pages. Fragments have no slash at the end: no token can be taken for one."""

from django.urls import path

from web.homeowners import (
    choose,
    code,
    correct,
    hired,
    home,
    lookup,
    one_pro,
    photo,
    photos,
    profile,
    request_form,
    request_page,
    review,
    send_again,
    unlisted,
)

app_name = "homeowners"
urlpatterns = [
    path("", home.home, name="home"),
    path("photos/<slug:key>.webp", photo.photo, name="photo"),
    path("request/", request_form.service_step, name="service"),
    path("request/job/", request_form.job_step, name="job"),
    path("request/you/", request_form.you_step, name="you"),
    path("request/preview", request_form.preview, name="preview"),
    path("request/services", lookup.services, name="services"),
    path("request/places", lookup.places, name="places"),
    path("request/unlisted/", unlisted.ask, name="unlisted"),
    path("request/unlisted/<str:token>/", unlisted.wish, name="wish"),
    path("request/<str:token>/", request_page.request_page, name="request"),
    path("request/<str:token>/choose/", choose.choose, name="choose"),
    path("request/<str:token>/pros/<uuid:pro_id>/", profile.profile, name="profile"),
    path("request/<str:token>/code/", code.code, name="code"),
    path("request/<str:token>/review/", review.review, name="review"),
    path("request/<str:token>/stop/", request_page.stop, name="stop"),
    path("request/<str:token>/pros/<uuid:match_id>/<slug:what>/", one_pro.one_pro, name="one_pro"),
    path("request/<str:token>/hired/", hired.hired, name="hired"),
    path("request/<str:token>/correct/", correct.correct, name="correct"),
    path("request/<str:token>/photos/", photos.photos, name="photos"),
    path("request/<str:token>/photos/<uuid:photo_id>/", photos.photo, name="job_photo"),
    path("request/<str:token>/list/", request_page.keep_on_list, name="keep_on_list"),
    path("request/<str:token>/again/", send_again.send_again, name="send_again"),
    path("request/<str:token>/new-link/", request_page.new_link, name="new_link"),
]
