"""From a homeowner's request to seats: leads, consent, decisions, matches."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Homeowner, Member, Pro, User
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
    `new` until it was routed, `open` while a free seat may still be filled, and `closed` with exactly one outcome. What
    happens after that (a withdrawal) is a dated fact beside it.

    Whose homeowner chooses has a window for it, whose ends are set once, at the submit. AutoMatch may fill seats from `automatch_from` on
    (None: never), unless the page that was in use at `choice_seen_at` still is, until `choice_last_at`; the choice itself says anew
    whether and from when it may have the seats left free (RULES 14).

    One that is offered was so first at `offered_at`; from `open_to_all_at` on every pro who was qualified then may accept (RULES 15).

    `hired` is what the homeowner says of whom it hired (leads.hiring). Whose request nobody could take may wait on the list until
    `waiting_until`; it is looked for a pro at `waiting_due_at`, and told at `able_at` that there is one (leads.waiting).
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        FILLED = "filled", _("Filled")
        PART_FILLED = "part_filled", _("Part filled")
        UNFILLED = "unfilled", _("Unfilled")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {"new": {"open", "closed"}, "open": {"closed"}, "closed": {"open"}}  # again only when a pro is replaced (RULES 16)

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

    submitted_at = models.DateTimeField()
    closes_at = models.DateTimeField()
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
    def is_renter(self):
        return self.ownership != self.Ownership.OWNER


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


class Offer(TenantModel):
    """An invitation of one pro to take a seat (RULES 15). Free, at most one for each lead and pro; one nobody answered may be opened again.

    The pro may accept at the `price` shown, under these `terms` and for this `estimate`, from `opens_at` (its tier's head start) until
    `expires_at`. All instants are set when it is released (`at`, for the `round`-th time); `undo_until` when it is accepted.
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
        "waiting": {"accepted", "taken", "expired", "withdrawn"},
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
        ]
        indexes = [
            models.Index(fields=["marketplace", "pro", "state", "opens_at"], name="leads_offer_feed"),
            models.Index(fields=["marketplace", "expires_at"], name="leads_offer_due", condition=models.Q(state__in=["open", "waiting"])),
        ]
        ordering = ["-at", "pk"]

    def __str__(self):
        return self.get_state_display()


class ConsentName(TenantModel):
    """A pro's name appended to a consent when it became known, and when the homeowner was told of it."""

    consent = TenantKey(Consent, models.PROTECT, related_name="names")
    match = TenantOneToOne(Match, models.PROTECT)
    name = models.CharField(max_length=120)
    at = models.DateTimeField()


class Review(TenantModel):
    """What a homeowner says in public of one pro it had to do with, once a match (leads.reviews). Stars and words never change.

    The pro may answer once. One that was taken down keeps its row: its stars count no more, its words are shown no more, the reason is
    shown to everybody. `pro` is the match's; reviews of `test` matches count nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = TenantOneToOne(Match, models.PROTECT, related_name="review")
    pro = TenantKey(Pro, models.PROTECT)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    test = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Member, models.PROTECT, null=True)
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = TenantKey(User, models.PROTECT, null=True)
    taken_down_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leads_review_stars", condition=models.Q(stars__gte=1, stars__lte=5)),
            models.CheckConstraint(
                name="leads_review_answered", condition=models.Q(answered_at__isnull=True, answer="") | models.Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="leads_review_reason",
                condition=models.Q(taken_down_at__isnull=True, taken_down_reason="")
                | models.Q(taken_down_at__isnull=False) & ~models.Q(taken_down_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "pro", "at"],
                name="leads_review_counts",
                include=["stars"],
                condition=models.Q(taken_down_at__isnull=True, test=False),
            ),
            models.Index(
                fields=["marketplace", "pro", "taken_down_at"],
                name="leads_review_down",
                condition=models.Q(taken_down_at__isnull=False, test=False),
            ),
            models.Index(fields=["marketplace", "at"], name="leads_review_newest"),
        ]
        ordering = ["-at", "-pk"]

    def __str__(self):
        return str(self.pk)

    @property
    def is_down(self) -> bool:
        return self.taken_down_at is not None
