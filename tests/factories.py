"""Pros, members and leads for stories, made by the use cases that make them in life."""

import itertools
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from accounts import coverage, pros
from accounts.grounds import Ground
from accounts.models import Member, User
from billing import membership as memberships
from billing import wallet
from catalog import guide as guides
from catalog.models import GuideVersion, Service
from leads import intake, matching
from leads.models import Lead
from notifications.models import Message

SIGN_UP = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
SERVICE = "water-heater"
ZIP = "60614"
AREAS = (312, 217, 224, 309, 331, 447, 464, 618, 779, 815)  # of Illinois, but for those that pros and staff have in stories
_count = itertools.count(1)


def a_pro(name=None, *, services=(SERVICE,), zips=(ZIP,), budget=60_000, now=SIGN_UP, **limits):
    """An approved pro of Chicago with a budget of $600.00, offering `services` in `zips`."""
    number = next(_count)
    pro = pros.register(name=name or f"Pro {number} Plumbing", now=now, zone="America/Chicago", zip="60614", budget=budget, **limits)
    offered = list(Service.objects.filter(code__in=services))
    coverage.offer(pro, offered, rules=[Ground("list", zips=tuple(zips))], now=now)
    return pro


def a_funded_pro(name=None, *, cents=1_000_000, budget=None, now=SIGN_UP, **limits):
    """A pro that has paid $10,000.00 beforehand, as staff have recorded."""
    pro = a_pro(name, budget=budget, now=now, **limits)
    number = next(_count)
    staff = User.objects.filter(is_staff=True, is_active=True).first()
    staff = staff or User.objects.create_user(f"staff{number}@desk.example", "x", name="Nadia Flores", is_staff=True)
    wallet.top_up(pro, cents, by=staff, reference=f"wire {number}", now=now)
    return pro


def a_membership(member, tier, *, now):
    """The membership of this tier that the pro of `member` buys at the price shown."""
    price = memberships.cost(member.pro, None, tier, now=now)
    return memberships.buy(member.pro, tier, shown=price, by=member, now=now)


def a_member(pro, *, role=Member.Role.OWNER, email=None, phone="", now=SIGN_UP, password="correct horse battery"):
    """Somebody who may sign in for `pro`."""
    number = next(_count)
    user = User.objects.create_user(email or f"member{number}@pros.example", password, name=f"Marcus Bell {number}", phone=phone)
    return Member.objects.create(user=user, pro=pro, role=role, joined_at=now)


def a_picture(number=0, *, kind="PNG", size=(64, 48), **options) -> bytes:
    """The file of a plain picture; each number has its colour."""
    file = BytesIO()
    Image.new("RGB", size, (number * 37 % 256, number * 59 % 256, 120)).save(file, kind, **options)
    return file.getvalue()


def a_staff_user(name="Renee Okafor", **fields) -> User:
    """Somebody who works for the marketplace."""
    return User.objects.create_user(f"staff{next(_count)}@desk.example", "x", name=name, is_staff=True, **fields)


def phone_of(number) -> str:
    """One of the 800 numbers that stories have for homeowners: 555-0100 to 555-0179 are nobody's, whatever stands before them."""
    return f"+1{AREAS[number // 80 % len(AREAS)]}555{100 + number % 80:04}"


def a_request(**changes) -> intake.Answers:
    """What a homeowner types; every call is another person."""
    number = next(_count)
    said = {
        "service": SERVICE,
        "zip": ZIP,
        "name": "Dana Whitfield",
        "phone": phone_of(number),
        "email": f"dana{number}@homeowners.example",
        "description": "The tank is leaking from the bottom.",
        "agreed": True,
        "agreed_sms": True,
    } | changes
    said["answers"] = answers_to(said["service"], said.get("answers", {}))
    return intake.Answers(**said)


def answers_to(service, partly=None) -> dict:
    """Answers to every question of a service: what is not said is "I am not sure"."""
    guide = GuideVersion.objects.filter(service__code=service).order_by("-version").first()
    return guides.fill(guide.questions, partly or {})


def a_lead(*, now, key=None, test=False, source="story", **changes) -> Lead:
    """A submitted lead, not yet looked at. Its phone is not to be confirmed: of requests by the form, `source` "form", it may be."""
    said = a_request(**changes)
    return intake.submit(said, submit_key=key or f"key-{next(_count)}", now=now, page="/request/", source=source, test=test).lead


def the_code(lead) -> str:
    """The newest code that was asked for and is on its way to the lead's phone."""
    return Message.objects.filter(kind="phone_code", subject=str(lead.pk)).latest("created_at").context["code"]


def a_matched_lead(*, now, **changes) -> Lead:
    """A submitted lead after its first look."""
    lead = a_lead(now=now, **changes)
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def a_photo(width=640, height=480, color=(150, 90, 60), format="JPEG", **options) -> bytes:
    """A picture as a telephone sends it."""
    written = BytesIO()
    Image.new("RGB", (width, height), color).save(written, format, **options)
    return written.getvalue()
