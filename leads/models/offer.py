"""Invitations of pros to take a seat."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Pro
from billing.models import Terms
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel
from leads.models.lead import Lead, LeadType


class Offer(TenantModel):
    """An invitation of one pro to take a seat (RULES 15). Free, at most one for each lead and pro; one nobody answered may be opened again.

    The pro may accept at the `price` shown, under these `terms` and for this `estimate`, from `opens_at` (its tier's head start) until
    `expires_at`. All instants are set when it is released (`at`, for the `round`-th time); `undo_until` when it is accepted.

    While it waits for the draw, `reserved` cents of the pro's are neither spent nor free. A personal one, of the lead type Choice Match,
    was made because the homeowner picked this pro: it holds the seat `slot` for it as long as it is open (leads.picked).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("In the draw")
        ACCEPTED = "accepted", _("Accepted")
        UNDONE = "undone", _("Undone")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        TAKEN = "taken", _("Taken by others")
        WITHDRAWN = "withdrawn", _("Withdrawn by the homeowner")

    MOVES = {
        "open": {"waiting", "accepted", "declined", "expired", "taken", "withdrawn"},
        "waiting": {"open", "accepted", "taken", "expired", "withdrawn"},
        "accepted": {"undone"},
        "expired": {"open"},
        "undone": set(),
        "declined": set(),
        "taken": {"open"},
        "withdrawn": set(),
    }

    class Reason(models.TextChoices):
        TOO_FAR = "too_far", _("Too far away")
        PRICE = "price", _("The price of the lead")
        JOB = "job", _("Not a job I want")
        BUSY = "busy", _("No time for it")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lead = TenantKey(Lead, models.PROTECT, related_name="offers")
    pro = TenantKey(Pro, models.PROTECT, related_name="offers")
    tier = models.PositiveSmallIntegerField()
    terms = TenantKey(Terms, models.PROTECT)
    price = models.PositiveIntegerField()
    estimate = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    opens_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1)
    lead_type = models.CharField(max_length=10, choices=LeadType.choices, default=LeadType.OPT_IN, db_default=LeadType.OPT_IN)
    slot = models.PositiveSmallIntegerField(null=True)
    reserved = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    test = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "lead", "pro"], name="leads_offer_once"),
            models.CheckConstraint(
                name="leads_offer_instants", condition=models.Q(at__lte=models.F("opens_at"), opens_at__lt=models.F("expires_at"))
            ),
            models.UniqueConstraint(fields=["marketplace", "lead", "slot"], name="leads_offer_slot"),
            models.CheckConstraint(
                name="leads_offer_holds", condition=models.Q(slot__isnull=True) | models.Q(slot__gte=1, slot__lte=4, state="open")
            ),
            models.CheckConstraint(name="leads_offer_reserved", condition=models.Q(reserved=0) | models.Q(state="waiting")),
        ]
        indexes = [
            models.Index(fields=["marketplace", "pro", "state", "opens_at"], name="leads_offer_feed"),
            models.Index(fields=["marketplace", "expires_at"], name="leads_offer_due", condition=models.Q(state__in=["open", "waiting"])),
        ]
        ordering = ["-at", "pk"]

    def __str__(self):
        return self.get_state_display()

    @property
    def personal(self) -> bool:
        return self.lead_type == LeadType.CHOICE
