"""The words homeowners agree to, and the names appended to them."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.tenancy import TenantKey, TenantModel, TenantOneToOne
from leads.models.lead import Lead, Match


class Consent(TenantModel):
    """The words a homeowner agreed to, exactly as shown (RULES 6). Immutable: names are appended as ConsentName rows."""

    lead = TenantOneToOne(Lead, models.PROTECT, related_name="consent")
    words = models.TextField()
    version = models.CharField(max_length=20)
    sms_words = models.TextField(blank=True)
    sms = models.BooleanField()
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    page = models.CharField(max_length=200)

    def __str__(self):
        return _("Consent of %(at)s") % {"at": date_format(timezone.localtime(self.at), "DATETIME_FORMAT")}


class PickConsent(TenantModel):
    """The words by which a homeowner let the named pros it picked contact it, exactly as shown (RULES 6, 14). Immutable."""

    consent = TenantKey(Consent, models.PROTECT, related_name="picks")
    words = models.TextField()
    version = models.CharField(max_length=20)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    page = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "consent"], name="leads_pickconsent_consent")]
        ordering = ["at", "pk"]

    def __str__(self):
        return _("Consent of %(at)s") % {"at": date_format(timezone.localtime(self.at), "DATETIME_FORMAT")}


class ConsentName(TenantModel):
    """A pro's name appended to a consent when it became known, and when the homeowner was told of it."""

    consent = TenantKey(Consent, models.PROTECT, related_name="names")
    match = TenantOneToOne(Match, models.PROTECT)
    name = models.CharField(max_length=120)
    at = models.DateTimeField()
