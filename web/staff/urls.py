"""Addresses of the staff area."""

from django.urls import path

from web.staff import checks, credits, filing, home, photo, reviews, settings, unlisted, why

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("leads/<uuid:lead_id>/", why.why, name="why"),
    path("leads/<uuid:lead_id>/photos/<uuid:photo_id>/", photo.photo, name="photo"),
    path("credits/", credits.credits, name="credits"),
    path("credits/<uuid:request_id>/", credits.credit, name="credit"),
    path("credits/for/<uuid:match_id>/", filing.file, name="file"),
    path("credits/for/<uuid:match_id>/phoned/", filing.phoned, name="phoned"),
    path("pros/<uuid:pro_id>/lead-purchase-settings/", settings.settings, name="purchase_settings"),
    path("pros/<uuid:pro_id>/lead-purchase-settings/<slug:setting>/", settings.edit, name="purchase_setting"),
    path("reviews/", reviews.newest, name="reviews"),
    path("pros/<uuid:pro_id>/checks/", checks.of_pro, name="checks"),
    path("checks/<int:check_id>/withdraw/", checks.withdraw, name="withdraw_check"),
    path("unlisted/", unlisted.waiting, name="unlisted"),
    path("unlisted/<uuid:wish_id>/", unlisted.answer, name="wish"),
    path("reviews/<uuid:review_id>/", reviews.take_down, name="review"),
]
