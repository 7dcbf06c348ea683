"""Addresses of the homeowner's pages."""

app_name = "homeowners"
urlpatterns = []
