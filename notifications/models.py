"""The outbox: every notice is a row before it is a message (RULES 43)."""

from django.db import models

from core.ids import new_id
from core.languages import ENGLISH
from core.tenancy import TenantModel


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class Message(TenantModel):
    """One notice to one address by one channel.

    `subject` is what it is about (a lead, a match), `recipient` whom it is for ("member:12", "lead:<id>"), `occurrence` tells
    repeats of the same notice apart. `context` fills the templates of `kind`. `respects_quiet_hours` makes it wait for the
    recipient's allowed hours in `zone` (RULES 44). `due_at` is when something is to be done next: hand it over while it is queued, look
    up what became of it while it is sending or accepted; empty when nothing is.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        ACCEPTED = "accepted"
        CONFIRMED = "confirmed"
        FAILED = "failed"
        SUPPRESSED = "suppressed"
        CANCELLED = "cancelled"

    # From "queued" straight to what a provider tells: a report outran us, or a frozen worker came back.
    MOVES = {
        "queued": {"sending", "accepted", "confirmed", "failed", "suppressed", "cancelled"},
        "sending": {"queued", "accepted", "confirmed", "failed", "cancelled"},
        "accepted": {"confirmed", "failed"},
        "confirmed": set(),
        "failed": {"confirmed"},
        "suppressed": set(),
        "cancelled": set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    occurrence = models.CharField(max_length=32, default="", blank=True)
    address = models.CharField(max_length=254)
    context = models.JSONField(default=dict)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default=ENGLISH, db_default=ENGLISH)
    respects_quiet_hours = models.BooleanField(default=False)
    test = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "kind", "subject", "recipient", "channel", "occurrence"], name="notifications_message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "channel", "due_at"], name="notifications_message_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(fields=["marketplace", "subject"], name="notifications_message_about"),
            models.Index(fields=["marketplace", "provider_id"], name="notifications_message_sent", condition=~models.Q(provider_id="")),
        ]
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind} by {self.channel}"


class FirstDelivery(TenantModel):
    """When the first notice about `subject` was accepted by a provider, and when one was first confirmed. Each set once."""

    subject = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "subject"], name="notifications_first_delivery")]
        verbose_name_plural = "first deliveries"


class Preference(TenantModel):
    """A recipient's switch for one kind and channel; no row means yes."""

    recipient = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "recipient", "kind", "channel"], name="notifications_preference_once")
        ]


class Suppression(TenantModel):
    """Nothing goes to this address: it said STOP, or it bounced for good (INVARIANTS 27). Live while `lifted_at` is empty."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    reason = models.CharField(max_length=40)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "channel", "address"],
                condition=models.Q(lifted_at__isnull=True),
                name="notifications_suppression_live",
            )
        ]


class LocalDelivery(TenantModel):
    """What the local carrier and the local mailbox took: the page /dev/outbox/ of a development site."""

    message = models.UUIDField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "at"], name="notifications_local_at"),
            models.Index(fields=["marketplace", "message"], name="notifications_local_message"),
        ]
        ordering = ["-at", "-id"]
