"""Addresses of the Lead Manager."""

app_name = "pros"
urlpatterns = []
