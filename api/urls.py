"""Webhooks of carriers, at /hooks/<marketplace>/... Each finds its marketplace in the path."""

from django.urls import path

from api.webhooks import email, sms

app_name = "hooks"
urlpatterns = [
    path("<slug:marketplace>/sms/status/", sms.status, name="sms_status"),
    path("<slug:marketplace>/sms/inbound/", sms.inbound, name="sms_inbound"),
    path("<slug:marketplace>/email/", email.events, name="email"),
]
