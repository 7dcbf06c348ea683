"""Addresses of the Lead Manager."""

from django.urls import path

from web.pros import account, area, credit, credits, inbox, lead, notices, offers, purchase_settings, sign_in, statement, team

app_name = "pros"
urlpatterns = [
    path("", inbox.start, name="start"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.forgotten, name="forgotten"),
    path("password/<str:token>/", sign_in.new_password, name="new_password"),
    path("invitation/<str:token>/", sign_in.join, name="join"),
    path("leads/", inbox.inbox, name="leads"),
    path("leads/<uuid:match_id>/", lead.lead, name="lead"),
    path("leads/<uuid:match_id>/call/", lead.call, name="call"),
    path("leads/<uuid:match_id>/caller/", lead.caller, name="caller"),
    path("leads/<uuid:match_id>/status/", lead.status, name="status"),
    path("leads/<uuid:match_id>/review/", lead.answer, name="review"),
    path("leads/<uuid:match_id>/credit/", credit.credit, name="credit"),
    path("offers/", offers.feed, name="offers"),
    path("offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("offers/<uuid:offer_id>/accept/", offers.accept, name="offer_accept"),
    path("offers/<uuid:offer_id>/decline/", offers.decline, name="offer_decline"),
    path("offers/<uuid:offer_id>/undo/", offers.undo, name="offer_undo"),
    path("offers/<uuid:offer_id>/open/", offers.open_details, name="offer_open"),
    path("credits/", credits.credits, name="credits"),
    path("credits/<uuid:request_id>/", credits.credit_request, name="credit_request"),
    path("credits/<uuid:request_id>/answer/", credits.answer, name="credit_answer"),
    path("credits/<uuid:request_id>/appeal/", credits.appeal, name="credit_appeal"),
    path("billing/", statement.statement, name="statement"),
    path("billing/statement.csv", statement.download, name="statement_csv"),
    path("account/", account.profile, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/lead-purchase-settings/", purchase_settings.settings, name="purchase_settings"),
    path("account/lead-purchase-settings/<slug:setting>/", purchase_settings.edit, name="purchase_setting"),
    path("account/services-and-area/", area.area, name="area"),
    path("account/team/", team.team, name="team"),
    path("account/team/invitations/<slug:ref>/", team.invitation, name="invitation"),
    path("account/team/members/<slug:ref>/", team.member, name="team_member"),
    path("account/notices/", notices.notices, name="notices"),
]
