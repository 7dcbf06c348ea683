"""The statement: every cent of a period, and the same as a file."""

import csv
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.rights import Right
from accounts.windows import period_dates
from billing import queries
from billing.statement import Sum, line
from core.errors import NotFound
from leads import sight
from leads.models import LeadType
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import full_day

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pro_page("GET", right=Right.SEE_STATEMENT)
def statement(request, viewer):
    memberships = queries.membership_charges_of(viewer.pro, viewer.state.anchor)
    sums, period = _period(request, viewer, memberships)
    first, last = period_dates(viewer.state.anchor, period)
    charges, after = queries.page_of_charges(viewer.pro, period, after=request.GET.get("after", ""))
    dues = memberships.get(period, [])
    context = {
        "dues": dues,
        "dues_sum": sum(each.amount for each in dues),
        "running": period == viewer.counters.period,
        "period": period,
        "first": first,
        "last": last,
        "sum": sums.get(period, Sum(period)),
        "lines": _lines(viewer, charges),
        "part": bool(request.GET.get("after") or after),
        "after": after,
        "earlier": [
            (each, *period_dates(viewer.state.anchor, each.period)) for each in sums.values() if each.period != viewer.counters.period
        ],
    }
    return page(request, viewer, "pros/statement.html", context)


@pro_page("GET", right=Right.SEE_STATEMENT)
def download(request, viewer):
    """The statement as CSV. Amounts are dollars with a point; text that a spreadsheet would take for a formula is disarmed."""
    memberships = queries.membership_charges_of(viewer.pro, viewer.state.anchor)
    _sums, period = _period(request, viewer, memberships)
    first, _last = period_dates(viewer.state.anchor, period)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="statement-{first.isoformat()}.csv"'
    rows = csv.writer(response)
    names = [_("Date"), _("Service"), _("Lead type"), _("Lead"), _("How the price was made")]
    rows.writerow([*names, _("Price"), _("Discount"), _("Credit"), _("You pay")])
    zone = ZoneInfo(viewer.zone)
    for each in _lines(viewer, list(queries.charges_of(viewer.pro, period))):
        texts = [each.at.astimezone(zone).date().isoformat(), each.label, LeadType(each.lead_type).label, each.code, each.how]
        amounts = [each.price, each.discount, each.credit, each.net]
        rows.writerow([*map(disarmed, texts), *map(dollars, amounts)])
    for each in memberships.get(period, []):
        said = {"name": each.name, "from": full_day(each.from_at, zone), "until": full_day(each.until_at, zone)}
        texts = [each.from_at.astimezone(zone).date().isoformat(), _("%(name)s membership") % said, _("Membership"), ""]
        texts.append(_("%(from)s to %(until)s") % said)
        rows.writerow([*map(disarmed, texts), *map(dollars, [each.amount, 0, 0, each.amount])])
    return response


def disarmed(text) -> str:
    """The text with a quote before what a spreadsheet would run."""
    text = str(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def dollars(cents: int) -> str:
    """-960 -> "-9.60"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"


def _period(request, viewer, memberships):
    """What each period comes to in leads, and the one that was asked for: the running one, or one with charges, were they for a
    membership."""
    sums = {period: Sum(period) for period in memberships} | queries.sums_of(viewer.pro)
    sums = dict(sorted(sums.items(), reverse=True))
    asked = request.GET.get("period", "")
    if not asked:
        return sums, viewer.counters.period
    if not (asked.isascii() and asked.removeprefix("-").isdigit() and len(asked) <= 6):
        raise NotFound
    if int(asked) not in sums and int(asked) != viewer.counters.period:
        raise NotFound
    return sums, int(asked)


def _lines(viewer, charges):
    """The lines with the names of their leads; one that is closed to the pro says how."""
    names = sight.names_of(viewer.pro, [charge.pk for charge in charges])
    return [line(charge, names) for charge in charges]
