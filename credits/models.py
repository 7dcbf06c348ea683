"""May a lead be given back? Requests, the stubs that time phoned ones, and the rulings on them (RULES 36-41)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel
from leads.models import Match

MARKETPLACE = "marketplace"


class Stub(TenantModel):
    """Somebody phoned about a credit: the instant by which the request that follows is judged (RULES 36). Immutable."""

    match = TenantKey(Match, models.PROTECT)
    by = TenantKey(User, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["marketplace", "match", "at"], name="credits_stub_match")]
        ordering = ["at"]

    def __str__(self):
        return str(self.pk)


class CreditRequest(TenantModel):
    """The wish to have a match's charge back. One is open at a time, and one is granted in all (INVARIANTS 23).

    `filed_by` is "member:12", "staff:3", or "marketplace" for a credit that nobody asked for. Lateness is judged by `received_at`,
    of a phoned claim the instant of its stub; `promised_at` is the last instant of the answer's promise, counted from the filing, of an
    appeal `appeal_promised_at`. None of them changes. `rule` is what
    the judge said last. It is looked at again at `due_at`, until it is decided.
    """

    class State(models.TextChoices):
        OPEN = "open", _("In review")
        ASKED = "asked", _("We asked you")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    MOVES = {"open": {"asked", "granted", "refused"}, "asked": {"open", "granted", "refused"}, "refused": {"open"}, "granted": set()}
    UNDECIDED = (State.OPEN, State.ASKED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = TenantKey(Match, models.PROTECT, related_name="credit_requests")
    reason = models.CharField(max_length=24, blank=True)
    words = models.TextField(blank=True)
    filed_by = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    promised_at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    rule = models.CharField(max_length=24, blank=True)
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    amount = models.PositiveIntegerField(null=True, help_text=_("Cents given back."))

    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.CharField(max_length=64, blank=True)
    appeal_words = models.TextField(blank=True)
    appeal_promised_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "match"], name="credits_request_open_once", condition=Q(state__in=["open", "asked"])
            ),
            models.UniqueConstraint(fields=["marketplace", "match"], name="credits_request_granted_once", condition=Q(state="granted")),
            models.CheckConstraint(
                name="credits_request_amount",
                condition=Q(state="granted", amount__gt=0) | ~Q(state="granted") & Q(amount__isnull=True),
            ),
            models.CheckConstraint(
                name="credits_request_decided",
                condition=Q(state__in=["open", "asked"], decided_at__isnull=True)
                | Q(state__in=["granted", "refused"], decided_at__isnull=False, due_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "match"], name="credits_request_match"),
            models.Index(fields=["marketplace", "promised_at"], name="credits_request_queue", condition=Q(state__in=["open", "asked"])),
            models.Index(fields=["marketplace", "due_at"], name="credits_request_due", condition=Q(due_at__isnull=False)),
        ]
        ordering = ["received_at", "id"]

    def __str__(self):
        return str(self.pk)

    @property
    def subject(self) -> str:
        """How notices name this request."""
        return f"credit:{self.pk}"

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    @property
    def is_unasked(self) -> bool:
        """The marketplace gave it back by itself."""
        return self.filed_by == MARKETPLACE

    @property
    def is_appeal(self) -> bool:
        return self.appealed_at is not None

    @property
    def answer_by(self):
        """The last instant of the promise that runs."""
        return self.appeal_promised_at or self.promised_at

    @property
    def kept_waiting(self) -> bool:
        """A question was answered only after the promised instant: the delay is not the marketplace's."""
        return self.answered_at is not None and self.answered_at > self.answer_by


ANSWER_BY = Coalesce(F("appeal_promised_at"), F("promised_at"))


class Ruling(TenantModel):
    """A grant, a refusal or a question: who or which rule, when, why, and the evidence as it stood (INVARIANTS 24). Immutable.

    `by` is empty where code granted; code does nothing else. A request is decided once, and once more on its appeal.
    """

    class Verdict(models.TextChoices):
        GRANT = "grant", _("Granted")
        REFUSE = "refuse", _("Refused")
        ASK = "ask", _("Question")

    DECISIONS = (Verdict.GRANT, Verdict.REFUSE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = TenantKey(CreditRequest, models.PROTECT, related_name="rulings")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    by = TenantKey(User, models.PROTECT, null=True)
    rule = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True)
    evidence = models.JSONField()
    steps = models.PositiveSmallIntegerField(default=0, help_text=_("Steps of follow-up that were done."))
    is_appeal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "request", "is_appeal"],
                name="credits_ruling_decided_once",
                condition=Q(verdict__in=["grant", "refuse"]),
            ),
            models.CheckConstraint(name="credits_ruling_code_grants", condition=Q(verdict="grant") | Q(by__isnull=False)),
            models.CheckConstraint(name="credits_ruling_says_why", condition=~Q(rule="") | Q(verdict="ask") & ~Q(note="")),
            models.CheckConstraint(name="credits_ruling_refusal_explained", condition=~Q(verdict="refuse") | ~Q(note="")),
        ]
        indexes = [
            models.Index(fields=["marketplace", "request"], name="credits_ruling_request"),
            models.Index(fields=["marketplace", "at"], name="credits_ruling_at", condition=Q(verdict__in=["grant", "refuse"])),
        ]
        ordering = ["at", "id"]

    def __str__(self):
        return str(self.pk)
