"""Pages of a development site only, at /dev/..."""

from django.urls import path

from web import dev, dev_phone

app_name = "dev"
urlpatterns = [
    path("outbox/", dev.outbox, name="outbox"),
    path("outbox/<int:pk>/", dev.letter, name="letter"),
    path("phone/", dev_phone.phone, name="phone"),
]
