"""Who: users and members, pros with what they do and where, homeowners, and the narrow rows matching reads."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Service
from core.tenancy import TenantKey, TenantModel, TenantOneToOne, current_or_none


def _marketplace_in_force():
    marketplace = current_or_none()
    return marketplace.pk if marketplace else None


class HereManager(models.Manager):
    """Rows of the marketplace in force; outside every marketplace, the platform's own."""

    def get_queryset(self):
        return super().get_queryset().filter(marketplace_id=_marketplace_in_force())


class UserManager(HereManager, BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A login. Belongs to one marketplace, or to the platform (none). The e-mail is unique within it."""

    marketplace = models.ForeignKey(
        "core.Marketplace", models.PROTECT, null=True, db_index=False, default=_marketplace_in_force, editable=False, related_name="+"
    )
    email = models.EmailField()
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=16, blank=True, help_text=_("E.164, +13125550123. Calls from it are known as yours."))
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("Works for the marketplace."))
    owns_marketplace = models.BooleanField(default=False, help_text=_("Runs the marketplace: decides where nobody else may."))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "email"], name="accounts_user_email", nulls_distinct=False),
        ]
        indexes = [models.Index(fields=["marketplace", "phone"], name="accounts_user_phone", condition=~models.Q(phone=""))]

    def __str__(self):
        return self.name or self.email

    def has_perm(self, perm, obj=None):
        """Staff may use the admin of their marketplace; what a member of a pro may do says accounts.rights."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff

    @property
    def subject(self) -> str:
        """How events and notices name this user."""
        return f"user:{self.pk}"

    @property
    def initials(self):
        words = (self.name or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()


class Pro(TenantModel):
    """A contractor business. Rules about "a pro" are about the business, never the login."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied")
        APPROVED = "approved", _("Approved")
        SUSPENDED = "suspended", _("Suspended")

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=5, blank=True)
    zone = models.CharField(max_length=64, default="America/Chicago")
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.APPROVED)
    signed_up_at = models.DateTimeField()
    source_key = models.CharField(max_length=64, blank=True, help_text=_("Its key in the file it was loaded from."))
    account_manager = TenantKey(User, models.PROTECT, null=True, blank=True)
    test = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "public_id"], name="accounts_pro_public_id"),
            models.UniqueConstraint(
                fields=["marketplace", "source_key"], condition=~models.Q(source_key=""), name="accounts_pro_source_key"
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "phone"], name="accounts_pro_phone", condition=~models.Q(phone="")),
            models.Index(fields=["marketplace", "email"], name="accounts_pro_email", condition=~models.Q(email="")),
        ]
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def subject(self) -> str:
        """How events and notices name this pro."""
        return f"pro:{self.pk}"


class Member(TenantModel):
    """A login of a pro. What each role may do says accounts.rights. A plain member accepts offers that cost up to `accept_up_to` cents:
    None at any price, 0 none (RULES 31)."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        BILLING = "billing", _("Billing")
        MEMBER = "member", _("Member")

    user = TenantOneToOne(User, models.PROTECT, related_name="member")
    pro = TenantKey(Pro, models.PROTECT, related_name="members")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    removed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    accept_up_to = models.PositiveIntegerField(
        null=True,
        blank=True,
        default=0,
        db_default=0,
        help_text=_("A plain member accepts offers up to so many cents; empty: at any price."),
    )

    class Meta:
        indexes = [models.Index(fields=["marketplace", "pro"], name="accounts_member_pro")]

    def __str__(self):
        return str(self.user)

    @property
    def subject(self) -> str:
        """How events and notices name this member."""
        return f"member:{self.pk}"


class Invitation(TenantModel):
    """An e-mail that lets one person join a pro's team. The link's token is kept hashed."""

    pro = TenantKey(Pro, models.PROTECT)
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Member.Role.choices)
    token_hash = models.CharField(max_length=64)
    invited_by = TenantKey(User, models.PROTECT)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "token_hash"], name="accounts_invitation_token")]
        indexes = [models.Index(fields=["marketplace", "pro"], name="accounts_invitation_pro")]

    @property
    def subject(self) -> str:
        """How events and notices name this invitation."""
        return f"invitation:{self.pk}"


class ProService(TenantModel):
    """A service the pro offers."""

    pro = TenantKey(Pro, models.CASCADE, related_name="offered")
    service = TenantKey(Service, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "pro", "service"], name="accounts_pro_service")]


class Coverage(TenantModel):
    """One stretch of ground a pro covers: listed ZIPs, a city, or a radius; for one service, or for all that have none of their own."""

    class Kind(models.TextChoices):
        LIST = "list", _("ZIP codes")
        CITY = "city", _("City")
        RADIUS = "radius", _("Radius")

    pro = TenantKey(Pro, models.CASCADE, related_name="coverage")
    service = TenantKey(Service, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    zips = models.JSONField(default=list, blank=True)
    place = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    center = models.CharField(max_length=5, blank=True)
    miles = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "pro"], name="accounts_coverage_pro")]


class ProArea(TenantModel):
    """Derived from services and coverage in the same transaction: which ZIPs (`mask`) of which cell a pro serves (DESIGN 4).

    `ring` is a random key that never says anything about the pro's age or id; matching walks a segment in its order.
    """

    pro = TenantKey(Pro, models.CASCADE)
    service = TenantKey(Service, models.PROTECT)
    cell = models.PositiveIntegerField()
    mask = models.BigIntegerField()
    ring = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["marketplace", "pro", "service", "cell"], name="accounts_area_once")]
        indexes = [models.Index(fields=["marketplace", "service", "cell", "ring"], include=["mask", "pro"], name="accounts_area_ring")]


class ProState(TenantModel):
    """Everything a decision needs of a pro that changes often, in one narrow row. Every change but the fold raises `rev`.

    Counters belong to the window their key names (day, week, 30-day period, in the pro's zone); a counter with an old key
    counts as zero, nothing is reset by a job. Money in cents, `entitled` in millionths of a seat, hours in minutes of the day.
    No changing column has an index and pages keep 30 % free, so that a change stays on its page.
    """

    pro = TenantOneToOne(Pro, models.CASCADE, related_name="state_row")
    rev = models.BigIntegerField(default=0)
    test = models.BooleanField(default=False)
    approved = models.BooleanField(default=True)
    paused = models.BooleanField(default=False)
    past_grace = models.BooleanField(default=False)
    receives_automatch = models.BooleanField(default=True)
    receives_choice = models.BooleanField(default=True)
    accepts_renters = models.BooleanField(default=False)
    job_min = models.BigIntegerField(null=True)
    job_max = models.BigIntegerField(null=True)
    opens = models.PositiveSmallIntegerField(null=True)
    closes = models.PositiveSmallIntegerField(null=True)
    zone = models.CharField(max_length=64)
    day_cap = models.PositiveIntegerField(null=True)
    week_cap = models.PositiveIntegerField(null=True)
    budget = models.BigIntegerField(null=True)
    anchor = models.DateField(help_text=_("Local date of sign-up: day 0 of the first 30-day period."))
    weight = models.PositiveIntegerField(default=1)
    day = models.DateField(null=True)
    day_count = models.PositiveIntegerField(default=0)
    week = models.DateField(null=True)
    week_count = models.PositiveIntegerField(default=0)
    period = models.IntegerField(null=True)
    spent = models.BigIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    entitled = models.BigIntegerField(default=0)
    tier = models.PositiveSmallIntegerField(default=0, db_default=0, help_text=_("Membership: 3 is told of offers first, 0 is none."))
    wallet = models.BigIntegerField(default=0, db_default=0, help_text=_("Prepaid cents: what the transfers of its wallet add up to."))

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_state_spent", condition=models.Q(spent__gte=0)),
            models.CheckConstraint(name="accounts_state_budget", condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0)),
        ]


class Homeowner(TenantModel):
    """The person behind one request. Records are linked by the lead's group, never merged (RULES 7).

    `phone`, `email` and `address_key` are normalised; empty never equals empty.
    """

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=16, blank=True)
    email = models.EmailField(blank=True)
    street = models.CharField(max_length=160, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    address_key = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=64)
    made_up = models.BooleanField(default=False, help_text=_("Name and number were made up for a replayed record."))

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "phone"], name="accounts_owner_phone"),
            models.Index(fields=["marketplace", "email"], name="accounts_owner_email"),
            models.Index(fields=["marketplace", "address_key"], name="accounts_owner_address"),
        ]

    def __str__(self):
        return self.short_name

    @property
    def short_name(self):
        """What a pro sees: the first name and the initial of the last, "Dana W."."""
        first, _space, last = self.name.partition(" ")
        return f"{first} {last.split()[-1][0]}." if last.strip() else first


class SignInFailure(models.Model):
    """A wrong password, in a marketplace or on the platform's own host (none). `key` is a hash of the e-mail or of the network
    address; rows older than the limit's hour are deleted."""

    marketplace = models.ForeignKey(
        "core.Marketplace", models.PROTECT, null=True, db_index=False, default=_marketplace_in_force, editable=False, related_name="+"
    )
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = HereManager()

    class Meta:
        indexes = [models.Index(fields=["marketplace", "key", "at"], name="accounts_sign_in_failure")]
