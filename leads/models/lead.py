"""From a homeowner's request to seats: leads, decisions, matches, offers, reviews."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Homeowner, Pro
from billing.models import Charge, Terms
from catalog.models import GuideVersion, Service
from contact.models import Line
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel, TenantOneToOne


class LeadType(models.TextChoices):
    AUTOMATCH = "automatch", _("AutoMatch")
    CHOICE = "choice", _("Choice Match")
    OPT_IN = "opt_in", _("Opt-in")


class Lead(TenantModel):
    """One homeowner's request for one service at one place.

    `group` is the first lead of its duplicate group (itself when alone); the cap of seats holds over the group. A lead is
    `draft` while its phone has to be confirmed first, `new` until it was routed, `open` while a free seat may still be filled, and `closed`
    with exactly one outcome. What happens after that (a withdrawal) is a dated fact beside it.

    Whose homeowner chooses has a window for it, whose ends are set once, at the submit. AutoMatch may fill seats from `automatch_from` on
    (None: never), unless the page that was in use at `choice_seen_at` still is, until `choice_last_at`; the choice itself says anew
    whether and from when it may have the seats left free (RULES 14).

    A draft waits for the code until `confirm_by`; nothing routes it, and all other instants are set when it goes on: `submitted_at` is then
    the instant of the confirmation, that of the form stands in the consent. `phone_check` is how the policy was then (RULES 5).

    One that is offered was so first at `offered_at`; from `open_to_all_at` on every pro who was qualified then may accept (RULES 15).
    Where seats are drawn, whoever accepts before `draws_at` waits; `drawn_at` is when that was done, once (leads.draw).

    `hired` is what the homeowner says of whom it hired (leads.hiring). Whose request nobody could take may wait on the list until
    `waiting_until`; it is looked for a pro at `waiting_due_at`, and told at `able_at` that there is one (leads.waiting).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        FILLED = "filled", _("Filled")
        PART_FILLED = "part_filled", _("Part filled")
        UNFILLED = "unfilled", _("Unfilled")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        "draft": {"new", "closed"},
        "new": {"open", "closed"},
        "open": {"closed"},
        "closed": {"open"},  # only when a pro is replaced (RULES 16)
    }

    class Hired(models.TextChoices):
        PRO = "pro", _("I hired one of these pros")
        OTHER = "other", _("I hired somebody else")
        NOBODY = "nobody", _("I am not hiring any more")

    class Ownership(models.TextChoices):
        OWNER = "owner", _("Yes, I own it")
        RENTER_APPROVED = "renter_approved", _("I rent, and the owner agreed")

    class Reach(models.TextChoices):
        ANY = "any", _("Call or text, 8 AM to 8 PM")
        EVENINGS = "evenings", _("Evenings only, 5 PM to 8 PM")
        MESSAGE_FIRST = "message_first", _("Message me first")

    class Way(models.TextChoices):
        MATCH = "match", _("Match me now")
        CHOOSE = "choose", _("I will choose my pros")

    class PhoneCheck(models.TextChoices):
        OFF = "off", _("Not asked")
        OPTIONAL = "optional", _("Asked, not required")
        REQUIRED = "required", _("Required")

    class Timing(models.TextChoices):
        NOW = "now", _("Today or tomorrow")
        WEEK = "week", _("This week")
        PLANNING = "planning", _("I am planning ahead")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    homeowner = TenantOneToOne(Homeowner, models.PROTECT, related_name="lead")
    service = TenantKey(Service, models.PROTECT)
    guide = TenantKey(GuideVersion, models.PROTECT)
    group = TenantKey("self", models.PROTECT, related_name="grouped")
    zip = models.CharField(max_length=5)
    place = models.CharField(max_length=80)
    region = models.CharField(max_length=2)
    zone = models.CharField(max_length=64)
    cell = models.PositiveIntegerField()
    bit = models.PositiveSmallIntegerField()

    description = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    timing = models.CharField(max_length=10, choices=Timing.choices, default=Timing.WEEK)
    ownership = models.CharField(max_length=16, choices=Ownership.choices)
    reach = models.CharField(max_length=14, choices=Reach.choices, default=Reach.ANY)
    different_job = models.BooleanField(default=False)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.MATCH)
    then_automatch = models.BooleanField(default=False, db_default=False)

    estimate = models.PositiveBigIntegerField(help_text=_("Typical job value, cents."))
    estimate_low = models.PositiveBigIntegerField()
    estimate_high = models.PositiveBigIntegerField()
    estimate_reasons = models.JSONField(default=list)

    source = models.CharField(max_length=40, default="form")
    submit_key = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    link_version = models.PositiveIntegerField(default=1)
    seed = models.BigIntegerField()
    seats = models.PositiveSmallIntegerField(default=4)
    test = models.BooleanField(default=False)

    phone_check = models.CharField(
        max_length=8, choices=PhoneCheck.choices, default=PhoneCheck.OFF, db_default=PhoneCheck.OFF, editable=False
    )
    phone_confirmed_at = models.DateTimeField(null=True)
    confirm_by = models.DateTimeField(null=True)

    submitted_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, help_text=_("Empty until the phone is confirmed, where that is required."))
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    routed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_reason = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    automatch_from = models.DateTimeField(null=True)
    choice_ends_at = models.DateTimeField(null=True)
    choice_last_at = models.DateTimeField(null=True)
    choice_remind_at = models.DateTimeField(null=True, help_text=_("When to remind the homeowner to choose; empty once that is done."))
    choice_seen_at = models.DateTimeField(null=True, help_text=_("When the page to choose on was last in use."))
    chosen_at = models.DateTimeField(null=True)

    offered_at = models.DateTimeField(null=True)
    open_to_all_at = models.DateTimeField(null=True)
    draws_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)

    review_due_at = models.DateTimeField(
        null=True, help_text=_("When to see whether the homeowner can be asked for reviews; empty once that is done.")
    )

    hired = models.CharField(max_length=6, choices=Hired.choices, blank=True, default="", db_default="")
    hired_match = TenantKey("Match", models.PROTECT, null=True)
    hired_at = models.DateTimeField(null=True)

    waiting_until = models.DateTimeField(null=True)
    waiting_due_at = models.DateTimeField(null=True)
    able_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "submit_key"], name="leads_lead_submitted_once"),
            models.CheckConstraint(name="leads_lead_cap", condition=models.Q(seats__gte=1, seats__lte=4)),
            models.CheckConstraint(
                name="leads_lead_one_outcome",
                condition=models.Q(state="closed", ended_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="closed") & models.Q(outcome="", ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="leads_lead_draft",
                condition=~models.Q(state="draft")
                | models.Q(phone_check="required", confirm_by__isnull=False, phone_confirmed_at__isnull=True, closes_at__isnull=True),
            ),
            models.CheckConstraint(
                name="leads_lead_confirmed",
                condition=~models.Q(phone_check="required")
                | models.Q(phone_confirmed_at__isnull=False)
                | models.Q(state="draft")
                | models.Q(state="closed", outcome__in=["rejected", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="leads_lead_deadline",
                condition=models.Q(closes_at__isnull=False) | models.Q(phone_check="required", phone_confirmed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "due_at"], name="leads_lead_due", condition=models.Q(due_at__isnull=False)),
            models.Index(
                fields=["marketplace", "review_due_at"], name="leads_lead_review", condition=models.Q(review_due_at__isnull=False)
            ),
            models.Index(
                fields=["marketplace", "waiting_due_at"], name="leads_lead_waiting", condition=models.Q(waiting_due_at__isnull=False)
            ),
            models.Index(fields=["marketplace", "content_hash", "submitted_at"], name="leads_lead_repeat"),
            models.Index(fields=["marketplace", "group"], name="leads_lead_group"),
            models.Index(fields=["marketplace", "submitted_at"], name="leads_lead_submitted"),
        ]
        ordering = ["-submitted_at"]

    def __str__(self):
        return f"{self.service} in {self.place}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_unconfirmed(self) -> bool:
        """Whether its phone has to be confirmed and is not: it goes nowhere, and nothing but the code is texted."""
        return self.phone_check == self.PhoneCheck.REQUIRED and self.phone_confirmed_at is None

    @property
    def is_renter(self):
        return self.ownership != self.Ownership.OWNER


class Decision(TenantModel):
    """Why these pros: the inputs, the seed and every candidate's verdict (RULES 17). Immutable but for the fold's mark.

    `eligible` are the pros each of `share` (millionths of a seat) was entitled by this decision, in the same order.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lead = TenantKey(Lead, models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    seed = models.BigIntegerField()
    request = models.JSONField()
    candidates = models.JSONField()
    verdicts = models.JSONField()
    winners = ArrayField(models.BigIntegerField())
    eligible = ArrayField(models.BigIntegerField())
    share = ArrayField(models.BigIntegerField())
    folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "lead"], name="leads_decision_lead"),
            models.Index(fields=["marketplace", "id"], name="leads_decision_unfolded", condition=models.Q(folded=False)),
        ]
        ordering = ["at", "id"]

    def __str__(self):
        return _("Decision of %(at)s") % {"at": date_format(timezone.localtime(self.at), "DATETIME_FORMAT")}


class Match(TenantModel):
    """One pro's paid seat on a lead. `group` is the lead's group: one slot and one pro each, once over the whole group.

    A credited or stopped seat keeps its slot; only RULES 16 sets it to null. Price, estimate and terms never change. `progress` is what
    the pro says of the work. One that has not called by `warn_due_at` is warned, at `warned_at` (leads.replacing).
    """

    class State(models.TextChoices):
        LIVE = "live", _("Live")
        WITHDRAWN = "withdrawn", _("Closed by the homeowner")
        CREDITED = "credited", _("Credited")
        UNDONE = "undone", _("Undone")
        REPLACED = "replaced", _("Replaced by the homeowner")

    MOVES = {
        "live": {"withdrawn", "credited", "undone", "replaced"},
        "withdrawn": {"credited"},
        "credited": set(),
        "undone": set(),
        "replaced": {"credited"},
    }

    class Progress(models.TextChoices):
        NEW = "new", _("New")
        CONTACTED = "contacted", _("Contacted")
        QUOTED = "quoted", _("Quoted")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        ARCHIVED = "archived", _("Archived")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lead = TenantKey(Lead, models.PROTECT, related_name="matches")
    group = TenantKey(Lead, models.PROTECT, related_name="group_matches")
    slot = models.PositiveSmallIntegerField(null=True)
    pro = TenantKey(Pro, models.PROTECT, related_name="matches")
    lead_type = models.CharField(max_length=10, choices=LeadType.choices)
    decision = TenantKey(Decision, models.PROTECT)
    charge = TenantKey(Charge, models.PROTECT, null=True, related_name="match")
    line = TenantKey(Line, models.PROTECT, null=True, related_name="match")
    terms = TenantKey(Terms, models.PROTECT)
    price = models.PositiveIntegerField()
    estimate = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    state_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    warn_due_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.NEW)
    progress_at = models.DateTimeField(null=True)
    won_amount = models.PositiveBigIntegerField(null=True, help_text=_("What the job was won for, cents."))
    lost_reason = models.CharField(max_length=20, blank=True)
    test = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "group", "slot"], name="leads_match_slot"),
            models.UniqueConstraint(fields=["marketplace", "group", "pro"], name="leads_match_pro"),
            models.CheckConstraint(name="leads_match_cap", condition=models.Q(slot__isnull=True) | models.Q(slot__gte=1, slot__lte=4)),
        ]
        indexes = [
            models.Index(fields=["marketplace", "pro", "at"], name="leads_match_inbox"),
            models.Index(fields=["marketplace", "lead"], name="leads_match_lead"),
            models.Index(fields=["marketplace", "warn_due_at"], name="leads_match_warn", condition=models.Q(warn_due_at__isnull=False)),
        ]
        ordering = ["-at"]
        verbose_name_plural = "matches"

    def __str__(self):
        return self.code

    @property
    def code(self):
        """The identifier on the badge: the lead type's letters and part of the random half of the id."""
        letters = {LeadType.AUTOMATCH: "AM", LeadType.CHOICE: "CM", LeadType.OPT_IN: "OI"}[self.lead_type]
        return f"{letters}-{self.id.hex[-6:].upper()}"
