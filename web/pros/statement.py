"""The statement: every cent of a period, and the same as a file."""

import csv
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.rights import Right
from accounts.windows import period_dates
from billing import queries
from billing.policy import Billing
from billing.statement import Added, Sum, line
from billing.wallet import funds
from core.errors import NotFound
from core.policy import read
from leads import sight
from leads.models import LeadType
from web.pros.viewer import page, pro_page

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pro_page("GET", right=Right.SEE_STATEMENT)
def statement(request, viewer):
    sums, period = _period(request, viewer)
    first, last = period_dates(viewer.state.anchor, period)
    charges, after = queries.page_of_charges(viewer.pro, period, after=request.GET.get("after", ""))
    context = {
        "running": period == viewer.counters.period,
        "period": period,
        "first": first,
        "last": last,
        "sum": sums.get(period, Sum(period)),
        "lines": _lines(viewer, charges),
        "wallet": _wallet(viewer),
        "added": queries.added_to_wallet(viewer.pro, first, last) if read(Billing).prepaid else [],
        "part": bool(request.GET.get("after") or after),
        "after": after,
        "earlier": [
            (each, *period_dates(viewer.state.anchor, each.period)) for each in sums.values() if each.period != viewer.counters.period
        ],
    }
    return page(request, viewer, "pros/statement.html", context)


@pro_page("GET", right=Right.SEE_STATEMENT)
def download(request, viewer):
    """The statement as CSV. Amounts are dollars with a point; text that a spreadsheet would take for a formula is disarmed. Where pros pay
    beforehand, what came into the wallet stands among the lines, in a column of its own."""
    _sums, period = _period(request, viewer)
    first, last = period_dates(viewer.state.anchor, period)
    prepaid = read(Billing).prepaid
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="statement-{first.isoformat()}.csv"'
    rows = csv.writer(response)
    names = [_("Date"), _("Service"), _("Lead type"), _("Lead"), _("How the price was made")]
    rows.writerow([*names, _("Price"), _("Discount"), _("Credit"), _("You pay"), *([_("Added to your wallet")] if prepaid else [])])
    lines = [*_lines(viewer, list(queries.charges_of(viewer.pro, period)))]
    lines += queries.added_to_wallet(viewer.pro, first, last) if prepaid else []
    for each in sorted(lines, key=lambda line: line.at, reverse=True):
        rows.writerow(_row(each, ZoneInfo(viewer.zone), prepaid))
    return response


def _row(line, zone, prepaid) -> list:
    """A charge, or a payment, as cells."""
    day = line.at.astimezone(zone).date().isoformat()
    if isinstance(line, Added):
        return [*map(disarmed, [day, _("Payment received"), "", line.reference, ""]), "", "", "", "", dollars(line.cents)]
    texts = [day, line.label, LeadType(line.lead_type).label, line.code, line.how]
    return [*map(disarmed, texts), *map(dollars, [line.price, line.discount, line.credit, line.net]), *([""] if prepaid else [])]


def disarmed(text) -> str:
    """The text with a quote before what a spreadsheet would run."""
    text = str(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def dollars(cents: int) -> str:
    """-960 -> "-9.60"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"


def _period(request, viewer):
    """What each period comes to, and the one that was asked for: the running one, or one with charges."""
    sums = queries.sums_of(viewer.pro)
    asked = request.GET.get("period", "")
    if not asked:
        return sums, viewer.counters.period
    if not (asked.isascii() and asked.removeprefix("-").isdigit() and len(asked) <= 6):
        raise NotFound
    if int(asked) not in sums and int(asked) != viewer.counters.period:
        raise NotFound
    return sums, int(asked)


def _wallet(viewer):
    """What is in the wallet, below which it never falls, and what can be spent; None where nobody pays beforehand. Cents."""
    policy = read(Billing)
    left = funds(viewer.state, policy)
    return None if left is None else {"balance": viewer.state.wallet, "floor": policy.wallet_floor, "funds": left}


def _lines(viewer, charges):
    """The lines with the names of their leads; one that is closed to the pro says how."""
    names = sight.names_of(viewer.pro, [charge.pk for charge in charges])
    return [line(charge, names) for charge in charges]
