"""Addresses under /hooks/<marketplace>/."""

from django.urls import path

from api.webhooks import email, sms

app_name = "hooks"
urlpatterns = [
    path("sms/status/", sms.status, name="sms_status"),
    path("sms/inbound/", sms.inbound, name="sms_inbound"),
    path("email/", email.events, name="email"),
]
