"""Webhooks of carriers, at /hooks/<marketplace>/... Each finds its marketplace in the path."""

from django.urls import path

from api.webhooks import email, sms, voice

app_name = "hooks"
urlpatterns = [
    path("<slug:marketplace>/sms/status/", sms.status, name="sms_status"),
    path("<slug:marketplace>/sms/inbound/", sms.inbound, name="sms_inbound"),
    path("<slug:marketplace>/voice/", voice.dialled, name="voice"),
    path("<slug:marketplace>/voice/pin/", voice.pin, name="voice_pin"),
    path("<slug:marketplace>/voice/choice/", voice.choice, name="voice_choice"),
    path("<slug:marketplace>/voice/bridge/", voice.bridge, name="voice_bridge"),
    path("<slug:marketplace>/voice/key/", voice.key, name="voice_key"),
    path("<slug:marketplace>/voice/whisper/", voice.whisper, name="voice_whisper"),
    path("<slug:marketplace>/voice/dialled/", voice.after_dial, name="voice_dialled"),
    path("<slug:marketplace>/voice/status/", voice.status, name="voice_status"),
    path("<slug:marketplace>/email/", email.events, name="email"),
]
