"""Analytics: what was measured of the pro's leads, each figure with its base, and the same as a file (RULES 46; design 10).

All filters stand in the address. Who may not see the statement sees everything but the money.
"""

import csv
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import terms
from core.errors import NotFound
from core.policy import read
from leads import performance, spans
from leads.inbox import KINDS
from leads.models import LeadType
from leads.performance import Performance
from leads.policy import Leads
from leads.spans import BadDates, Span
from web.pros.analytics_charts import columns, funnel
from web.pros.fields import take
from web.pros.statement import disarmed, dollars
from web.pros.viewer import page, pro_page

CODES = {kind: code for code, kind in KINDS.items()}
ICONS = {LeadType.AUTOMATCH: "auto", LeadType.CHOICE: "choice", LeadType.OPT_IN: "optin"}


class DatesForm(forms.Form):
    """The first and the last of one's own days, both included."""

    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `period` is one of spans.NAMES; `service` a Service or None, `lead_type` a LeadType or ""."""

    period: str
    service: object
    lead_type: str
    dates: dict

    def address(self, name="pros:analytics", **changes) -> str:
        """The address of this with some of it changed; what is usual is left out."""
        said = {
            "period": "" if self.period == spans.QUARTER else self.period,
            "type": CODES.get(self.lead_type, ""),
            "service": self.service.code if self.service else "",
        } | changes
        dates = self.dates if said["period"] == spans.OWN else {}
        query = urlencode({key: value for key, value in (said | dates).items() if value})
        return reverse(name) + (f"?{query}" if query else "")


@pro_page("GET")
def analytics(request, viewer):
    if not performance.included(viewer.state):
        return page(request, viewer, "pros/analytics_not_included.html", {})
    today = _today(viewer)
    asked = _asked(request, viewer, today)
    form = DatesForm(asked.dates) if asked.period == spans.OWN else None
    kept = [("type", CODES.get(asked.lead_type)), ("service", _code(asked.service))]
    context = {"form": form, "kept": [each for each in kept if each[1]], "periods": _periods(asked)}
    try:
        span = _span(viewer, asked.period, today, form)
    except BadDates as refusal:
        if not form.errors:
            take(form, refusal)
        return page(request, viewer, "pros/analytics.html", context, status=422)
    measured = performance.performance_of(viewer.pro, span, today=today, service=asked.service, lead_type=asked.lead_type)
    minutes = terms.in_force(viewer.now).discount_seconds // 60
    context |= {
        "span": span,
        "all": measured.all,
        "prices": _prices(measured.all),
        "minutes": minutes,
        "types": [part for part in measured.types if part.figures.leads or part.figures.price],
        "services": [part for part in measured.services if part.figures.leads or part.figures.price],
        "columns": columns(measured, minutes=minutes, step=span.step),
        "funnel": funnel(measured.all),
        "type_chips": _type_chips(asked, measured),
        "service_chips": _service_chips(asked, measured),
        "whole": asked.address(service="", type="") if asked.service or asked.lead_type else "",
        "csv": asked.address("pros:analytics_csv"),
    }
    return page(request, viewer, "pros/analytics.html", context)


@pro_page("GET")
def download(request, viewer):
    """The figures as CSV: of all leads, of each lead type, service, and week or month. Amounts are dollars with a point."""
    performance.require(viewer.state)
    today = _today(viewer)
    asked = _asked(request, viewer, today)
    span = _span(viewer, asked.period, today, DatesForm(asked.dates))
    measured = performance.performance_of(viewer.pro, span, today=today, service=asked.service, lead_type=asked.lead_type)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="performance-{span.first.isoformat()}.csv"'
    rows = csv.writer(response)
    rows.writerow([_("Figures of"), _("Name"), _("First day"), _("Last day"), *_names(viewer)])
    for kind, name, first, last, figures in _rows(span, measured):
        rows.writerow([kind, disarmed(name), first.isoformat(), last.isoformat(), *_values(viewer, figures)])
    return response


def _asked(request, viewer, today) -> Asked:
    """What the address asks for; NotFound for a period, lead type or service that is none. Own dates are the usual ones at first."""
    said = {name: request.GET.get(name, "") for name in ("period", "type", "service", "first", "last")}
    period = said["period"] or spans.QUARTER
    if period not in spans.NAMES or (said["type"] and said["type"] not in KINDS):
        raise NotFound
    service = performance.service_called(said["service"]) if said["service"] else None
    dates = {name: said[name] for name in ("first", "last") if said[name]}
    if not dates:
        usual = _span(viewer, spans.QUARTER, today)
        dates = {"first": usual.first.isoformat(), "last": usual.last.isoformat()}
    return Asked(period, service, KINDS.get(said["type"], ""), dates)


def _today(viewer) -> date:
    return viewer.now.astimezone(ZoneInfo(viewer.zone)).date()


def _span(viewer, name, today, form=None) -> Span:
    """The days of a period; those of a form that is not valid are none. Raises BadDates."""
    dates = form.cleaned_data if form and form.is_valid() else {}
    return spans.span(name, zone=viewer.zone, anchor=viewer.state.anchor, period=viewer.counters.period, today=today, **dates)


def _prices(figures) -> list[dict]:
    """How the money came together, as on a lead and on the statement."""
    rows = [{"label": _("Leads at their price"), "cents": figures.price}]
    if figures.discounted:
        rows.append({"label": _("Speed-To-Call discounts"), "cents": -figures.discounted, "tone": "good"})
    if figures.credited:
        rows.append({"label": _("Credits"), "cents": -figures.credited, "tone": "good"})
    return rows


# The filters


def _periods(asked) -> list[dict]:
    names = {
        spans.QUARTER: _("90 days"),
        spans.THIS: _("This 30-day period"),
        spans.LAST: _("The period before"),
        spans.YEAR: _("This year"),
        spans.OWN: _("Own dates"),
    }
    return [
        {"url": asked.address(period="" if code == spans.QUARTER else code), "name": name, "here": code == asked.period}
        for code, name in names.items()
    ]


def _type_chips(asked, measured: Performance) -> list[dict]:
    """A chip for each lead type that the marketplace has or the pro got; none where there is but one."""
    offered = read(Leads).lead_types
    parts = [part for part in measured.types if part.code in offered or part.leads or part.code == asked.lead_type]
    chips = [
        {
            "url": asked.address(type=CODES[part.code]),
            "name": part.name,
            "count": part.leads,
            "icon": ICONS[part.code],
            "here": part.code == asked.lead_type,
        }
        for part in parts
    ]
    every = {"url": asked.address(type=""), "name": _("All types"), "here": not asked.lead_type}
    return [every, *chips] if len(parts) > 1 or asked.lead_type else []


def _service_chips(asked, measured: Performance) -> list[dict]:
    """A chip for each service of which the pro got leads in these days; none where there is but one."""
    chips = [
        {"url": asked.address(service=part.code), "name": part.name, "count": part.leads, "here": part.code == _code(asked.service)}
        for part in measured.services
        if part.leads or part.code == _code(asked.service)
    ]
    every = {"url": asked.address(service=""), "name": _("All services"), "here": asked.service is None}
    return [every, *chips] if len(chips) > 1 or asked.service else []


def _code(service) -> str:
    return service.code if service else ""


# The file


def _rows(span, measured):
    """(what of, its name, first day, last day, figures) of every row."""
    yield _("All leads"), "", span.first, span.last, measured.all
    for part in measured.types:
        if part.figures.leads or part.figures.price:
            yield _("Lead type"), part.name, span.first, span.last, part.figures
    for part in measured.services:
        if part.figures.leads or part.figures.price:
            yield _("Service"), part.name, span.first, span.last, part.figures
    for column, figures in measured.columns:
        kind = _("Week") if span.step == spans.WEEK else _("Month")
        yield kind, date_format(column.first, "M j, Y"), column.first, column.last, figures


def _names(viewer) -> list[str]:
    counts = [
        _("Leads"),
        _("Credited leads"),
        _("Contacted"),
        _("Minutes to first contact"),
        _("In time"),
        _("Talked"),
        _("Quoted or won"),
        _("Won"),
        _("Lost"),
        _("Not decided"),
    ]
    money = [_("Price"), _("Discount"), _("Credit"), _("You pay"), _("Cost per won job"), _("Won jobs, as you say")]
    return counts + money * viewer.sees_money


def _values(viewer, figures) -> list:
    """In the order of `_names`; what was not measured stays empty."""
    minutes = "" if figures.minutes is None else figures.minutes
    counts = [figures.leads, figures.returned, figures.contacted, minutes, figures.in_time, figures.talked]
    said = [figures.quoted, figures.won, figures.lost, figures.open]
    cost = "" if figures.cost_per_won is None else dollars(figures.cost_per_won)
    money = [figures.price, -figures.discounted, -figures.credited, figures.net]
    return counts + said + [*map(dollars, money), cost, dollars(figures.won_amount)] * viewer.sees_money
