"""Addresses of the staff area."""

from django.urls import path

from web.staff import credits, filing, home, reviews, unlisted, why

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("leads/<uuid:lead_id>/", why.why, name="why"),
    path("credits/", credits.credits, name="credits"),
    path("credits/<uuid:request_id>/", credits.credit, name="credit"),
    path("credits/for/<uuid:match_id>/", filing.file, name="file"),
    path("credits/for/<uuid:match_id>/phoned/", filing.phoned, name="phoned"),
    path("reviews/", reviews.newest, name="reviews"),
    path("unlisted/", unlisted.waiting, name="unlisted"),
    path("unlisted/<uuid:wish_id>/", unlisted.answer, name="wish"),
    path("reviews/<uuid:review_id>/", reviews.take_down, name="review"),
]
