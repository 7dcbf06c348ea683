"""The tenant, its policy, and the record of what happened."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import new_id
from core.tenancy import TenantModel


class Marketplace(models.Model):
    """One operator with its own brand, host name, policy, catalogue, pros, homeowners and staff."""

    slug = models.CharField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,38}\Z", _("Use lower-case letters, digits and hyphens."))],
    )
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=160, blank=True)
    host = models.CharField(max_length=253, unique=True, help_text=_("Host name without a port."))
    preset = models.CharField(max_length=20)
    zone = models.CharField(max_length=64, default="America/Chicago")
    policy_version = models.PositiveIntegerField(default=0)
    replay = models.BooleanField(default=False, help_text=_("Its clock is the replay's; live sweeps skip it."))
    brand = models.JSONField(default=dict, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.name


class PolicyVersion(TenantModel):
    """One immutable version of the marketplace's numbers; `values` holds a mapping for each section (core.policy)."""

    version = models.PositiveIntegerField()
    values = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "version"], name="core_policy_version")]
        ordering = ["-version"]

    def __str__(self):
        return f"Policy {self.version}"


class Event(TenantModel):
    """Something that happened to `subject`, kept for ever: ids and codes only, never names, numbers or PINs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)
    test = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "subject", "at"], name="core_event_subject")]
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.kind} {self.subject}"


class Text(TenantModel):
    """One immutable version of a text of the marketplace: its privacy page, its terms of use. Paragraphs are parted by empty lines."""

    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    body = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "kind", "version"], name="core_text_version")]
        ordering = ["kind", "-version"]

    def __str__(self):
        return f"{self.kind} {self.version}"


class LimitUse(TenantModel):
    """One use of something that is limited (core.limits). `key` is a hash of what is counted: a number, a network address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["marketplace", "key", "at"], name="core_limituse_key")]
