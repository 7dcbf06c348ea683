"""One-time codes."""

from django.db import models

from core.tenancy import TenantKey, TenantModel
from leads.models.lead import Lead


class PhoneCode(TenantModel):
    """A one-time code that was texted to a lead's phone (leads.phone_check). `digest` binds it to the lead and to the number it went to;
    the code itself is kept nowhere. Each guess counts as an attempt, before it is compared."""

    lead = TenantKey(Lead, models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "lead", "at"], name="leads_phonecode_lead")]
        ordering = ["-at", "-pk"]

    def __str__(self):
        return str(self.pk)
