"""Reading money: a pro's charges by period, its membership, and what the books say about them."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models import Sum as Total

from accounts.windows import windows
from billing.models import Charge, LedgerAccount, Membership, MembershipCharge, Transfer
from billing.statement import Added, Sum
from billing.wallet import TOP_UP

PAGE = 100


def charges_of(pro, period: int) -> QuerySet:
    """The charges of one 30-day period of the pro, newest first, with their terms."""
    return Charge.objects.filter(pro=pro, period=period).select_related("terms").order_by("-opened_at", "-pk")


def page_of_charges(pro, period: int, *, after="") -> tuple[list, str]:
    """A page of `charges_of` and where the next one begins; `after` is that of the page before, anything else begins at the top."""
    charges = charges_of(pro, period)
    if place := _place(after):
        at, pk = place
        charges = charges.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=pk))
    found = list(charges[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.opened_at.isoformat()}~{last.pk.hex}" if last else ""


def sums_of(pro) -> dict[int, Sum]:
    """What each period of the pro that has charges comes to, the latest first. One query."""
    rows = (
        Charge.objects.filter(pro=pro)
        .order_by("-period")
        .values_list("period")
        .annotate(Count("pk"), Total("price"), Total("discounted"), Total("credited"))
    )
    return {row[0]: Sum(*row) for row in rows}


def added_to_wallet(pro, first: date, last: date) -> list[Added]:
    """The payments recorded for `pro` from the local date `first` to `last`, the latest first."""
    since, until = (datetime.combine(day, time(), ZoneInfo(pro.zone)) for day in (first, last + timedelta(days=1)))
    kinds = LedgerAccount.Kind
    paid = Transfer.objects.filter(debit__kind=kinds.CASH, credit__kind=kinds.WALLET, credit__pro=pro, at__gte=since, at__lt=until)
    return [Added(row.at, row.reference.removeprefix(TOP_UP), row.amount) for row in paid.order_by("-at", "-pk")]


def membership_of(pro) -> Membership | None:
    """The membership of `pro` that is in force, with the pro; None where there is none."""
    return Membership.objects.filter(pro=pro, state=Membership.State.ACTIVE).select_related("pro").first()


def membership_charges_of(pro, anchor) -> dict[int, list[MembershipCharge]]:
    """What was charged for the pro's memberships, by the 30-day period it falls into since the local date `anchor`; the latest first.
    It takes nothing from the budget of the period (RULES 30). One query; there are one or two a month."""
    found: dict = {}
    for each in MembershipCharge.objects.filter(pro=pro).order_by("-from_at", "-pk"):
        found.setdefault(windows(pro.zone, anchor, each.from_at).period, []).append(each)
    return found


def _place(after):
    """The cursor's (instant, id), or None for anything that is no cursor."""
    try:
        at, pk = after.split("~")
        at = datetime.fromisoformat(at)
        return (at, UUID(pk)) if at.utcoffset() == timedelta(0) else None  # as page_of_charges wrote it
    except (ValueError, AttributeError):
        return None
