"""Pages of a development site only, at /dev/..."""

from django.urls import path

from web import dev

app_name = "dev"
urlpatterns = [
    path("outbox/", dev.outbox, name="outbox"),
    path("outbox/<int:pk>/", dev.letter, name="letter"),
]
