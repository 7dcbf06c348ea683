"""How long something is still open, as a small ring with words: a claim window, an offer, and the promise of an answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.policy import read
from core.tenancy import current
from credits.policy import Credits
from credits.queries import Left
from credits.window import Window
from web.templatetags.plumbline import day, local_time

DAY, HOUR = 86_400, 3_600
IN_HOURS = 72 * HOUR  # what is shorter is said in hours


@dataclass(frozen=True)
class Due:
    """`short` stands in the ring, `label` says it in words; `arc` of 100 are left. `look` is "low" at the end, "off" when it is over."""

    short: str
    label: str
    arc: int
    look: str = ""


def how_long(seconds: int) -> str:
    """ "30 days", and up to three days in hours: "72 hours"."""
    if seconds <= IN_HOURS:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // HOUR) % {"n": seconds // HOUR}
    return ngettext("%(n)s day", "%(n)s days", seconds // DAY) % {"n": seconds // DAY}


def how_long_after(seconds: int) -> str:
    """The same of something that is over: what took less than an hour is not said to have taken none."""
    return _("less than an hour") if seconds < HOUR else how_long(seconds)


def time_kept() -> str:
    """How long the time of a phone call counts for a claim."""
    return how_long(read(Credits).stub_seconds)


def promised_day(at: datetime) -> str:
    """The day at whose end a promise ends: as "Fri, May 22", in the marketplace's zone whoever reads it."""
    return day(at, current().zone)


def of_window(window: Window, now: datetime) -> Due | None:
    """What is left to ask for a credit; None while the window has not started, and when it is over."""
    if window.ends_at is None or not window.holds(now):
        return None
    seconds = int((window.ends_at - now).total_seconds())
    hours = seconds < IN_HOURS
    short = _("%(n)sh") % {"n": seconds // HOUR} if hours else _("%(n)sd") % {"n": seconds // DAY}
    label = _("%(time)s left to ask") % {"time": how_long(seconds)}
    return Due(short, label, seconds * 100 // window.seconds, "low" if seconds < DAY else "")


def of_offer(opens_at: datetime, expires_at: datetime, zone: str, now: datetime) -> Due:
    """What is left of an offer, in hours and minutes; the last hour is "low"."""
    left, whole = max(0, int((expires_at - now).total_seconds())), int((expires_at - opens_at).total_seconds())
    said = {"time": local_time(expires_at, zone), "hours": left // HOUR, "minutes": left % HOUR // 60}
    short = _("%(hours)sh %(minutes)02d") % said
    label = _("Offer ends at %(time)s, %(hours)s hours %(minutes)s minutes left") % said
    return Due(short, label, min(100, left * 100 // max(1, whole)), "low" if left < HOUR else "")


def of_promise(left: Left) -> Due:
    """What is left until an answer is due, in business days; on the last of them in hours."""
    if left.late:
        return Due(_("late"), _("Late"), 0, "low")
    if left.days:
        label = ngettext("%(n)s business day left", "%(n)s business days left", left.days) % {"n": left.days}
        return Due(_("%(n)sd") % {"n": left.days}, label, min(100, left.days * 100 // max(1, left.of)), "low" if left.days == 1 else "")
    label = ngettext("%(n)s hour left", "%(n)s hours left", left.hours) % {"n": left.hours}
    return Due(_("%(n)sh") % {"n": left.hours}, label, min(100, left.hours * 100 // 24 // max(1, left.of)), "low")
