"""What a homeowner shows besides the request: its number or address to one pro, photos of the job to those who have a seat. Rows only; what
is done with them say leads.revealing and leads.photos."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import new_id
from core.tenancy import TenantKey, TenantModel
from leads.models import Lead, Match


class Reveal(TenantModel):
    """The homeowner shows one pro its own number or its address (RULES 19). Immutable; a match that is closed shows nothing any more."""

    class What(models.TextChoices):
        PHONE = "phone", _("Phone number")
        ADDRESS = "address", _("Address")

    match = TenantKey(Match, models.PROTECT, related_name="reveals")
    what = models.CharField(max_length=8, choices=What.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "match", "what"], name="leads_reveal_once")]
        ordering = ["at", "pk"]

    def __str__(self):
        return self.get_what_display()


class Photo(TenantModel):
    """A picture of the job, drawn anew without its metadata (core.pictures), for pros who have a seat (INVARIANTS 32)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lead = TenantKey(Lead, models.PROTECT, related_name="photos")
    webp = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["marketplace", "lead", "at"], name="leads_photo_lead")]
        ordering = ["at", "pk"]

    def __str__(self):
        return str(self.pk)
