"""Every address of the site."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("livez", lambda request: HttpResponse("ok"))]
