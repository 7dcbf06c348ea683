"""Requests for services that are not listed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Homeowner, User
from catalog.models import Service, Trade
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel, TenantOneToOne
from leads.models.lead import Lead


class Wish(TenantModel):
    """A homeowner's request for a service that is not listed (RULES 9), with everything they said and the words they agreed to.

    It is `waiting` for staff, who promised to look by `look_by`. Staff send it as a `service` that there is, refuse it, or add a service:
    then it is `offered` to pros of the trade until `due_at`, and `sent` as a `lead` once one of them covers the place.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for staff")
        OFFERED = "offered", _("Waiting for a pro")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("No pro came")
        WITHDRAWN = "withdrawn", _("Taken back")

    MOVES = {
        "waiting": {"offered", "sent", "refused", "withdrawn"},
        "offered": {"sent", "ended", "withdrawn"},
        "sent": set(),
        "refused": set(),
        "ended": set(),
        "withdrawn": set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    homeowner = TenantOneToOne(Homeowner, models.PROTECT)
    words = models.CharField(max_length=80, help_text=_("What the homeowner calls it."))
    trade = TenantKey(Trade, models.PROTECT, null=True)
    service = TenantKey(Service, models.PROTECT, null=True)
    lead = TenantOneToOne(Lead, models.PROTECT, null=True)
    answers = models.JSONField(default=dict, help_text=_("The other answers of the form, by their names."))
    zip = models.CharField(max_length=5)
    place = models.CharField(max_length=80)
    region = models.CharField(max_length=2)
    zone = models.CharField(max_length=64)
    cell = models.PositiveIntegerField()
    bit = models.PositiveSmallIntegerField()
    submit_key = models.CharField(max_length=64)

    consent_words = models.TextField()
    consent_version = models.CharField(max_length=20)
    sms_words = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)
    page = models.CharField(max_length=200)

    at = models.DateTimeField()
    look_by = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = TenantKey(User, models.PROTECT, null=True)
    reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "submit_key"], name="leads_wish_submitted_once"),
            models.CheckConstraint(name="leads_wish_sent", condition=~models.Q(state="sent") | models.Q(lead__isnull=False)),
            models.CheckConstraint(
                name="leads_wish_offered", condition=~models.Q(state="offered") | models.Q(service__isnull=False, due_at__isnull=False)
            ),
            models.CheckConstraint(name="leads_wish_refused", condition=~models.Q(state="refused") | ~models.Q(reason="")),
        ]
        indexes = [models.Index(fields=["marketplace", "state", "at"], name="leads_wish_state")]
        ordering = ["-at", "-pk"]
        verbose_name_plural = "wishes"

    def __str__(self):
        return self.words
