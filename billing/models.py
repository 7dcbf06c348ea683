"""Terms, charges, and the ledger. Cents everywhere; transfers and terms are never changed (INVARIANTS 9-14)."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Pro
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel


class Terms(TenantModel):
    """One immutable version of price, discount, claim and billing conditions. `prices` maps a service's code to its flat price."""

    class Pricing(models.TextChoices):
        FLAT = "flat", _("Flat price per service")
        PERCENT = "percent", _("Share of the estimated job value")

    version = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    pricing = models.CharField(max_length=8, choices=Pricing.choices)
    prices = models.JSONField(default=dict)
    basis_points = models.PositiveIntegerField(default=0)
    price_min = models.PositiveIntegerField(null=True)
    price_max = models.PositiveIntegerField(null=True)
    discount_bp = models.PositiveIntegerField(default=0)
    discount_seconds = models.PositiveIntegerField(default=1800)
    claim_seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "version"], name="billing_terms_version")]
        ordering = ["-version"]
        verbose_name_plural = "terms"

    def __str__(self):
        return f"Terms {self.version}"


class LedgerAccount(TenantModel):
    """One side of a transfer: what a pro owes us or has paid beforehand, what the marketplace earned or received. It caches no balance."""

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("Owed by the pro")
        LEADS = "leads", _("Earned by leads")
        WALLET = "wallet", _("Paid beforehand by the pro")
        CASH = "cash", _("Money received")
        MEMBERSHIPS = "memberships", _("Earned by memberships")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    pro = TenantKey(Pro, models.PROTECT, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "kind", "pro"], name="billing_account_once", nulls_distinct=False)]

    def __str__(self):
        return self.get_kind_display()


class Charge(TenantModel):
    """What one match costs. Its id is the match's. Only the two last amounts ever change; the rest is what was shown.

    It is billable from `billable_at`, when its Speed-To-Call clock has ended or was earned (RULES 24). A `prepaid` one came out of the
    pro's wallet, and what is given back of it returns there.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    pro = TenantKey(Pro, models.PROTECT)
    terms = TenantKey(Terms, models.PROTECT)
    price = models.PositiveIntegerField()
    basis = models.JSONField(help_text=_("How the price was made: service, pricing, estimate."))
    period = models.IntegerField()
    opened_at = models.DateTimeField()
    billable_at = models.DateTimeField(null=True)
    prepaid = models.BooleanField(default=False, db_default=False)
    discounted = models.PositiveIntegerField(default=0)
    credited = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="billing_charge_not_below_zero",
                condition=models.Q(price__gte=models.F("discounted") + models.F("credited")),
            )
        ]
        indexes = [models.Index(fields=["marketplace", "pro", "opened_at"], name="billing_charge_pro")]
        ordering = ["-opened_at"]

    def __str__(self):
        return _("Charge of %(at)s") % {"at": date_format(timezone.localtime(self.opened_at), "DATETIME_FORMAT")}

    @property
    def net(self) -> int:
        return self.price - self.discounted - self.credited


class Transfer(TenantModel):
    """Cents from one account to another, once per `reference` ("charge:<match>"). Immutable; a correction names what it reverses."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=80)
    at = models.DateTimeField()
    debit = TenantKey(LedgerAccount, models.PROTECT)
    credit = TenantKey(LedgerAccount, models.PROTECT)
    amount = models.PositiveBigIntegerField()
    charge = TenantKey(Charge, models.PROTECT, null=True)
    reverses = TenantKey("self", models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "reference"], name="billing_transfer_once"),
            models.UniqueConstraint(fields=["marketplace", "reverses"], name="billing_transfer_reversed_once"),
            models.CheckConstraint(name="billing_transfer_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(name="billing_transfer_two_sides", condition=~models.Q(debit=models.F("credit"))),
        ]
        indexes = [
            models.Index(fields=["marketplace", "charge"], name="billing_transfer_charge"),
            models.Index(fields=["marketplace", "debit", "at"], name="billing_transfer_debit"),
        ]
        ordering = ["at", "id"]

    def __str__(self):
        return self.reference


class Membership(TenantModel):
    """A pro's membership from its purchase to its end, in monthly periods that begin at the day and time it was bought (billing.months).

    The instants of a period are set once, when it begins. At its end it becomes `next_tier` at `next_price` cents a month; 0 ends it. The
    `price` is that of the month that runs. `due_at` is when it has to be looked at: for what is announced, and at the period's end.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("In force")
        ENDED = "ended", _("Ended")

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", _("Cancelled")
        UNPAID = "unpaid", _("Not enough money in the wallet")
        NOT_SOLD = "not_sold", _("Not sold any more")
        SUSPENDED = "suspended", _("Account suspended")

    MOVES = {State.ACTIVE: (State.ENDED,)}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pro = TenantKey(Pro, models.PROTECT)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    tier = models.PositiveSmallIntegerField()
    price = models.PositiveIntegerField()
    since = models.DateTimeField()
    period = models.PositiveIntegerField(default=1)
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    next_tier = models.PositiveSmallIntegerField()
    next_price = models.PositiveIntegerField()
    due_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=9, choices=Reason.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "pro"], name="billing_membership_one", condition=models.Q(state="active")),
            models.CheckConstraint(
                name="billing_membership_tiers", condition=models.Q(tier__gte=1, next_tier__gte=0, next_tier__lte=models.F("tier"))
            ),
            models.CheckConstraint(name="billing_membership_period", condition=models.Q(period_start__lt=models.F("period_end"))),
            models.CheckConstraint(
                name="billing_membership_ended",
                condition=models.Q(state="active", ended_at__isnull=True, due_at__isnull=False, end_reason="")
                | models.Q(state="ended", ended_at__isnull=False, due_at__isnull=True) & ~models.Q(end_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "due_at"], name="billing_membership_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["marketplace", "pro"], name="billing_membership_pro"),
        ]
        ordering = ["-since"]

    def __str__(self):
        return _("Membership since %(day)s") % {"day": date_format(timezone.localtime(self.since), "M j, Y")}

    @property
    def subject(self) -> str:
        """How events and notices name this membership."""
        return f"membership:{self.pk.hex}"

    @property
    def renews(self) -> bool:
        return self.next_tier > 0

    @property
    def stamp(self) -> str:
        """Changes with everything a member decides on: who decides on an older one decides anew."""
        return f"{self.pk.hex}-{self.period}-{self.tier}-{self.next_tier}"


class MembershipCharge(TenantModel):
    """What was charged for a membership, once: a month (`number` counts them from 1), or the rest of one at a higher tier. Immutable.

    `price` is the month's, `amount` what was charged, both in cents; it is for the time from `from_at` until `until_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = TenantKey(Membership, models.PROTECT)
    pro = TenantKey(Pro, models.PROTECT)
    number = models.PositiveIntegerField()
    tier = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40, help_text=_("What the tier was called."))
    price = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "membership", "number", "tier"], name="billing_membership_charged_once"),
            models.CheckConstraint(name="billing_membership_amount", condition=models.Q(amount__lte=models.F("price"))),
        ]
        indexes = [models.Index(fields=["marketplace", "pro", "from_at"], name="billing_membership_charges")]
        ordering = ["-from_at", "-pk"]

    def __str__(self):
        return self.reference

    @property
    def reference(self) -> str:
        """How its transfer is named."""
        return f"membership:{self.membership_id}:{self.number}:{self.tier}"
