"""The days that figures are asked for: whole local days of the pro, in columns of weeks or months. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.windows import period_dates
from core.errors import Refusal

THIS, LAST, QUARTER, YEAR, OWN = "this", "last", "90", "year", "own"
NAMES = (THIS, LAST, QUARTER, YEAR, OWN)
WEEK, MONTH = "week", "month"
DAY = timedelta(days=1)
LONGEST = 366  # days
MOST_WEEKS = 14  # columns that fit on a phone
EARLIEST = date(2000, 1, 1)


class BadDates(Refusal):
    code = "bad_dates"
    sentence = _("Choose two days, the first not after the last.")


@dataclass(frozen=True)
class Column:
    """The days of a span that lie in one week (from Monday) or month, which begins on `key`."""

    key: date
    first: date
    last: date


@dataclass(frozen=True)
class Span:
    """The local days `first` to `last` of `zone`, both included. A day lasts from midnight to midnight: 23 to 25 hours."""

    name: str
    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The first instant of it, UTC."""
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first instant after it, UTC."""
        return _midnight(self.last + DAY, self.zone)

    @property
    def step(self) -> str:
        """Weeks, or months where those would be too many."""
        return WEEK if (self.last - _monday(self.first)).days < 7 * MOST_WEEKS else MONTH

    def columns(self, *, today: date) -> list[Column]:
        """Its weeks or months, the earliest first, without those that have not begun by `today`."""
        found, key = [], _monday(self.first) if self.step == WEEK else self.first.replace(day=1)
        while key <= min(self.last, max(today, self.first)):
            following = key + 7 * DAY if self.step == WEEK else (key + 31 * DAY).replace(day=1)
            found.append(Column(key, max(key, self.first), min(following - DAY, self.last)))
            key = following
        return found


def span(name: str, *, zone: str, anchor: date, period: int, today: date, first: date | None = None, last: date | None = None) -> Span:
    """The days that `name` (of NAMES) means on the pro's local date `today`, in its 30-day period number `period` since `anchor`.

    Only "own" looks at `first` and `last`, and raises BadDates for what is no year or less up to today.
    """
    if name == THIS:
        return Span(name, *period_dates(anchor, period), zone)
    if name == LAST:
        return Span(name, *period_dates(anchor, period - 1), zone)
    if name == QUARTER:
        return Span(name, today - 89 * DAY, today, zone)
    if name == YEAR:
        return Span(name, today.replace(month=1, day=1), today, zone)
    if first is None or last is None or first > last:
        raise BadDates(fields={"first": BadDates.sentence})
    if first < EARLIEST or last > today:
        raise BadDates(fields={"last": _("Choose days up to today, from the year 2000 on.")})
    if (last - first).days >= LONGEST:
        raise BadDates(fields={"last": _("Choose at most a year.")})
    return Span(OWN, first, last, zone)


def _midnight(day, zone):
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _monday(day):
    return day - day.weekday() * DAY
