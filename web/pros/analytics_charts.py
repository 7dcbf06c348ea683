"""The drawings of analytics as numbers for SVG attributes, with the words that stand beside them."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.figures import Figures, Rate
from leads.performance import Performance
from leads.spans import WEEK, Column

HIGHEST = 4  # times the limit: a column that would be higher is cut off, its number says the rest


@dataclass(frozen=True)
class Bar:
    """One column of the chart, from the top (0) to the ground (100): it begins at `y`, one of nothing has no height. `text` is the number
    over it, `label` the day under it; it is `late` where it took longer than the limit."""

    column: Column
    figures: Figures
    text: str
    label: str
    y: int
    height: int
    late: bool


@dataclass(frozen=True)
class Columns:
    """The chart, and where the line of the limit lies in it."""

    bars: list[Bar]
    limit: int

    @property
    def is_drawn(self) -> bool:
        return any(bar.text for bar in self.bars)


def columns(measured: Performance, *, minutes: int, step: str) -> Columns:
    """Minutes to the first contact in each week or month; `minutes` are those of Speed-To-Call."""
    longest = max((figures.minutes or 0 for _column, figures in measured.columns), default=0)
    top = min(max(longest, minutes * 6 // 5), minutes * HIGHEST) or 1
    bars, before = [], None
    for column, figures in measured.columns:
        taken = figures.minutes
        height = 0 if taken is None else max(1, min(100, 100 * taken // top))
        new_month = before is None or column.first.month != before.month
        bars.append(
            Bar(
                column=column,
                figures=figures,
                text="" if taken is None else short(taken),
                label=date_format(column.first, "M" if step != WEEK else "M j" if new_month else "j"),
                y=100 - height,
                height=height,
                late=taken is not None and taken > minutes,
            )
        )
        before = column.first
    return Columns(bars, max(0, 100 - 100 * minutes // top))


def short(minutes: int) -> str:
    """Minutes as they fit over a column: "24", "5 h", "3 d"."""
    if minutes < 100:
        return str(minutes)
    hours = (minutes + 30) // 60
    return _("%(n)s h") % {"n": hours} if hours < 48 else _("%(n)s d") % {"n": (hours + 12) // 24}


@dataclass(frozen=True)
class Step:
    """How many leads came so far on the way to a job."""

    name: str
    rate: Rate
    tone: str = ""


def funnel(figures: Figures) -> list[Step]:
    return [
        Step(_("Leads"), Rate(figures.leads, figures.leads, figures.sure)),
        Step(_("Contacted"), figures.response),
        Step(_("Talked: your contact rate"), figures.contact),
        Step(_("Quoted or won"), figures.quotes),
        Step(_("Won"), figures.wins, "g"),
    ]
