"""Webhooks of carriers, at /hooks/<marketplace>/... Each finds its marketplace in the path."""

urlpatterns = []
