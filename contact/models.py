"""What passes between the two sides: masked numbers, lines with their PIN and clock, calls and their legs (RULES 19-27)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Homeowner, Member, Pro
from billing.models import Charge
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel


class Number(TenantModel):
    """A masked number of the marketplace. `is_full` ones get no further homeowner. Calls at the carrier are known up to `heard_until`."""

    number = models.CharField(max_length=16, help_text=_("E.164"))
    provider_id = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()
    is_full = models.BooleanField(default=False)
    heard_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "number"], name="contact_number_once")]
        ordering = ["pk"]

    def __str__(self):
        return self.number


class Line(TenantModel):
    """How one pro reaches one homeowner, and the Speed-To-Call clock of it. Its id is the match's.

    `held` PINs are live or at rest: none of them is given away (INVARIANTS 20). `delivered_at`, the clock and `earned_at` are set
    once by the event that starts them and never change (INVARIANTS 15; a trigger). `due_at` is when the line is looked at next.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = TenantKey(Number, models.PROTECT)
    pin = models.CharField(max_length=4)
    pro = TenantKey(Pro, models.PROTECT)
    homeowner = TenantKey(Homeowner, models.PROTECT)
    charge = TenantKey(Charge, models.PROTECT, null=True)
    about = models.CharField(max_length=120, help_text=_("The service, as the homeowner hears it."))
    reach = models.CharField(max_length=14, help_text=_("How the homeowner wants to be reached."))
    also_from = models.CharField(max_length=16, blank=True, help_text=_("One more number the PIN works from."))
    also_by = TenantKey(Member, models.PROTECT, null=True, help_text=_("Who added that number: it works while they are in the team."))
    test = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    held = models.BooleanField(default=True)
    last_contact_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=40, blank=True)

    delivered_at = models.DateTimeField(null=True, help_text=_("First confirmed delivery of the notice."))
    clock_starts_at = models.DateTimeField(null=True)
    clock_ends_at = models.DateTimeField(null=True)
    earned_at = models.DateTimeField(null=True, help_text=_("When the contact that earned the discount started."))
    earned_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True, help_text=_("The clock has ended or was earned: the charge is billable."))
    alarmed_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "number", "pin"], name="contact_line_pin", condition=models.Q(held=True)),
            models.CheckConstraint(name="contact_line_rests", condition=models.Q(held=True) | models.Q(closed_at__isnull=False)),
            models.CheckConstraint(
                name="contact_line_clock",
                condition=models.Q(clock_starts_at__isnull=True, clock_ends_at__isnull=True)
                | models.Q(clock_ends_at__gt=models.F("clock_starts_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "homeowner"], name="contact_line_homeowner"),
            models.Index(fields=["marketplace", "pro", "opened_at"], name="contact_line_pro"),
            models.Index(fields=["marketplace", "due_at"], name="contact_line_due", condition=models.Q(due_at__isnull=False)),
            models.Index(
                fields=["marketplace", "closed_at"], name="contact_line_resting", condition=models.Q(held=True, closed_at__isnull=False)
            ),
        ]
        ordering = ["-opened_at"]

    def __str__(self):
        return str(self.pk)

    @property
    def is_live(self) -> bool:
        return self.closed_at is None


class Call(TenantModel):
    """One attempt to speak: a pro with a PIN, a pro whom we called first, or a homeowner calling back. It has one leg or two.

    `line` is empty until the PIN is known. `fault` says that it failed through us or the carrier. `due_at` is when the carrier is asked
    what became of it, unless its events say so before (INVARIANTS 21).
    """

    class Way(models.TextChoices):
        PIN = "pin", _("Dialled with the PIN")
        BRIDGE = "bridge", _("We called the pro first")
        CALLBACK = "callback", _("The homeowner called back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=8, choices=Way.choices)
    number = TenantKey(Number, models.PROTECT)
    line = TenantKey(Line, models.PROTECT, null=True)
    member = TenantKey(Member, models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    fault = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "line", "opened_at"], name="contact_call_line"),
            models.Index(fields=["marketplace", "due_at"], name="contact_call_due", condition=models.Q(due_at__isnull=False)),
        ]
        ordering = ["-opened_at", "-id"]

    def __str__(self):
        return str(self.pk)


class Side(models.TextChoices):
    PRO = "pro", _("Pro")
    HOMEOWNER = "homeowner", _("Homeowner")


class Leg(TenantModel):
    """One call of the carrier, to or from one side. Every column only ever grows (contact.merging): all orders of its events, and
    any repeats, end in the same row. Times are the carrier's, in whole seconds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = TenantKey(Call, models.PROTECT, related_name="legs")
    side = models.CharField(max_length=9, choices=Side.choices)
    provider_id = models.CharField(max_length=48)
    status = models.CharField(max_length=12)
    initiated_at = models.DateTimeField(null=True)
    ringing_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True, help_text=_("The last instant at which the carrier said that it goes on."))
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(null=True, help_text=_("How long it was connected, as the carrier counts."))
    machine = models.BooleanField(null=True)
    code = models.PositiveSmallIntegerField(null=True, help_text=_("Why it failed, as a SIP status."))
    ended_by = models.CharField(max_length=9, blank=True, choices=Side.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "provider_id"], name="contact_leg_once")]
        indexes = [models.Index(fields=["marketplace", "call"], name="contact_leg_call")]
        ordering = ["id"]

    def __str__(self):
        return self.provider_id


class LegEvent(TenantModel):
    """What the carrier told of a leg, each event once, as it came. Ids, words and times only: no number (INVARIANTS 35)."""

    leg = TenantKey(Leg, models.PROTECT, related_name="events")
    key = models.CharField(max_length=100)
    heard_at = models.DateTimeField()
    said = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "key"], name="contact_leg_event_once")]
        indexes = [models.Index(fields=["marketplace", "leg"], name="contact_leg_event_leg")]
        ordering = ["id"]

    def __str__(self):
        return self.key


class WrongPin(TenantModel):
    """A PIN that did not connect (RULES 27). `caller` is a hash of the number it came from; `known` says that the number is a member's."""

    number = TenantKey(Number, models.CASCADE)
    caller = models.CharField(max_length=64)
    known = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "caller", "at"], name="contact_wrong_pin_caller"),
            models.Index(fields=["marketplace", "number", "at"], name="contact_wrong_pin_number", condition=models.Q(known=False)),
        ]


# The local carrier: what Twilio would keep


class LocalCall(TenantModel):
    """A call of the local carrier, whatever it was about: to, from or beside our numbers (contact.carriers.local).

    It carries out the document `twiml`, found at `path`, whose next verb is `step`, and `waits` for something until `due_at`. `heard` are
    the words that were said to it. `url` is the document of whoever answers, `events` are told to `status_url`, `told` counts them.
    `trouble` is what the site did wrong.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        PLACED = "outbound-api"
        DIALLED = "outbound-dial"

    class Waits(models.TextChoices):
        QUEUE = "queue", _("About to ring")
        RING = "ring", _("Ringing")
        DOOR = "door", _("One moment")
        DIGITS = "digits", _("Waiting for digits")
        PAUSE = "pause", _("Silence")
        DIAL = "dial", _("Calling the other side")
        TALK = "talk", _("Connected")

    provider_id = models.CharField(max_length=34)
    parent = TenantKey("self", models.CASCADE, null=True)
    direction = models.CharField(max_length=13, choices=Direction.choices)
    from_number = models.CharField(max_length=16)
    to_number = models.CharField(max_length=16)
    status = models.CharField(max_length=11, default="queued")
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    machine = models.BooleanField(null=True)
    code = models.PositiveSmallIntegerField(null=True)
    url = models.CharField(max_length=400, blank=True)
    status_url = models.CharField(max_length=400, blank=True)
    events = models.JSONField(default=list)
    told = models.PositiveSmallIntegerField(default=0)
    ring_seconds = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=400, blank=True)
    twiml = models.TextField(blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    waits = models.CharField(max_length=6, choices=Waits.choices, blank=True)
    due_at = models.DateTimeField(null=True)
    digits = models.CharField(max_length=40, blank=True)
    heard = models.JSONField(default=list)
    trouble = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "provider_id"], name="contact_local_call_once")]
        indexes = [
            models.Index(fields=["marketplace", "parent"], name="contact_local_call_parent"),
            models.Index(fields=["marketplace", "due_at"], name="contact_local_call_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["marketplace", "from_number", "started_at"], name="contact_local_call_from"),
            models.Index(fields=["marketplace", "to_number", "started_at"], name="contact_local_call_to"),
        ]
        ordering = ["pk"]

    def __str__(self):
        return self.provider_id

    @property
    def seconds(self) -> int | None:
        """How long it was connected, once it has ended."""
        return int((self.ended_at - self.answered_at).total_seconds()) if self.answered_at and self.ended_at else None


class LocalEvent(TenantModel):
    """A post of the local carrier that is still to be made: whoever makes it takes the row away first. The answer to one that `steers` is
    the next document of its call. A `lost` one reaches nobody."""

    call = TenantKey(LocalCall, models.CASCADE)
    path = models.CharField(max_length=400)
    said = models.JSONField()
    due_at = models.DateTimeField()
    steers = models.BooleanField(default=False)
    lost = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "due_at"], name="contact_local_event_due")]
        ordering = ["due_at", "pk"]

    def __str__(self):
        return f"{self.call_id} {self.path}"
