"""Addresses of the homeowner's pages. Fragments have no slash at the end: no token can be taken for one."""

from django.urls import path

from web.homeowners import choose, code, home, lookup, request_form, request_page, review, unlisted

app_name = "homeowners"
urlpatterns = [
    path("", home.home, name="home"),
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
    path("request/<str:token>/code/", code.code, name="code"),
    path("request/<str:token>/review/", review.review, name="review"),
    path("request/<str:token>/stop/", request_page.stop, name="stop"),
    path("request/<str:token>/new-link/", request_page.new_link, name="new_link"),
]
