"""What is printed about the demo: addresses, logins and a homeowner's link. Anew at each start, since the port may be another."""

from django.conf import settings
from django.db.models import Count

from accounts.models import Member, User
from core.addresses import absolute
from core.models import Marketplace
from core.tenancy import scope
from leads import links
from leads.models import Match
from operations.demo.building import PLATFORM_ADMIN
from operations.demo.cast import PASSWORD
from operations.demo.marketplaces import PLANS, Plan
from operations.demo.sample import companies

FILE = settings.VAR_DIR / "logins.txt"

# Whose logins are worth printing: what tells the pro in the sample, and what is special about it.
SHOWN = (
    ({"part": "city", "line": "plumbing", "city": "Chicago"}, ""),
    ({"part": "city", "line": "heating", "city": "Austin"}, ""),
    ({"part": "edge", "line": "exteriors"}, "most of its budget used"),
    ({"part": "edge", "line": "remodeling"}, "budget used"),
    ({"part": "near", "line": "electric", "city": "Chicago"}, "paused"),
    ({"part": "near", "line": "plumbing", "city": "Chicago"}, "keeps hours, no leads on Sundays"),
    ({"part": "hearthline", "line": "plumbing", "city": "Austin"}, "Gold member"),
    ({"part": "hearthline", "line": "heating", "city": "Austin"}, ""),
    ({"part": "hearthline", "line": "exteriors", "city": "Chicago"}, ""),
)


def write() -> str:
    """Write var/logins.txt; returns what stands in it."""
    known = {marketplace.slug: marketplace for marketplace in Marketplace.objects.filter(slug__in=[plan.slug for plan in PLANS])}
    lines = [f"  All logins have the password {PASSWORD}"]
    for plan in PLANS:
        if plan.slug in known:
            with scope(known[plan.slug]):
                lines += ["", *_of(plan, known[plan.slug])]
    lines += ["", f"  {settings.PLATFORM_HOST}", _line(PLATFORM_ADMIN[1], "platform staff, /admin/")]
    text = "\n".join(lines) + "\n"
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    return text


def _of(plan: Plan, marketplace) -> list[str]:
    """The lines of one marketplace; call it in its scope."""
    lines = [f"  {marketplace.name}, sign in at {absolute('/pro/')}"]
    cast = companies(*plan.parts)
    for what, note in SHOWN:
        company = next((one for one in cast if all(getattr(one, name) == value for name, value in what.items())), None)
        for member in _members(company.key)[: 3 if company is cast[0] else 1] if company else ():
            lines.append(_line(member.user.email, ", ".join(filter(None, (member.pro.name, member.get_role_display().lower(), note)))))
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    lines += [_line(user.email, "staff, /admin/") for user in staff]
    opened = Match.objects.filter(pro__source_key=cast[0].key, state=Match.State.LIVE).exclude(opened_at=None)
    busiest = opened.annotate(photos=Count("lead__photos")).order_by("-photos", "-at")
    if match := busiest.select_related("lead").first():
        lines.append(_line("A homeowner's page", links.page(match.lead)))
    return [*lines, _line("E-mail and SMS", absolute("/dev/outbox/"))]


def _members(key) -> list[Member]:
    return list(Member.objects.filter(pro__source_key=key, removed_at=None).select_related("user", "pro").order_by("pk"))


def _line(what, about) -> str:
    return f"    {what:<44}  {about}"
