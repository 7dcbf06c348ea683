"""How the pages write money, times and phone numbers, and the small drawings that take numbers."""

import re
from datetime import UTC, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.contact_data import shown_phone
from catalog.words import local

register = template.Library()

MINUS = "\N{MINUS SIGN}"
LOW_SECONDS = 600  # a clock turns amber under 10 minutes


register.filter("catalogue", local)


# Money, phone numbers


@register.filter
def money(cents: int | None) -> str:
    """123450 -> "$1,234.50". Nothing stays nothing: an empty cell must not read as zero."""
    if cents is None or cents == "":
        return ""
    sign = MINUS if cents < 0 else ""
    dollars, rest = divmod(abs(int(cents)), 100)
    return f"{sign}${dollars:,}.{rest:02}"


@register.filter
def phone(number: str | None) -> str:
    """+16305550117 -> "(630) 555-0117". Anything that is no US number stays as it is."""
    return shown_phone(number)


@register.filter
def half_phone(number: str | None) -> str:
    """+16305550117 -> "(630) …-0117": enough for its owner to know it again."""
    shown = shown_phone(number)
    return f"{shown[:5]}\N{NO-BREAK SPACE}…{shown[-5:]}" if shown.startswith("(") else shown


@register.filter
def in_seats(millionths: int | None, sign: str = "") -> str:
    """437000 -> "0.437", and with "+" -> "+0.437": an amount of seats to the thousandth. Nothing stays nothing."""
    if millionths is None or millionths == "":
        return ""
    thousandths = (abs(millionths) + 500) // 1000
    before = MINUS if millionths < 0 and thousandths else sign if thousandths else ""
    return f"{before}{thousandths // 1000:,}.{thousandths % 1000:03}"


@register.filter
def mailbox(address: str | None) -> SafeString:
    """An e-mail address that may go on in the next line after its @ and before a dot, where the place is narrow."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in re.split(r"(?<=@)|(?=\.)", str(address or ""))))


# Times: always in the zone of the reader


def _in_zone(when: datetime, zone: str | tzinfo | None) -> datetime:
    if not zone:
        return timezone.localtime(when)
    return when.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


@register.filter
def local_time(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "9:44 AM"."""
    return date_format(_in_zone(when, zone), "g:i A") if when else ""


@register.filter
def exact_time(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "9:44:09 AM"."""
    return date_format(_in_zone(when, zone), "g:i:s A") if when else ""


@register.filter
def hour(number: int) -> str:
    """17 -> "5 PM"."""
    return date_format(time(number % 24), "g A")


@register.filter
def day(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "Tue, Nov 18"."""
    return date_format(_in_zone(when, zone), "D, M j") if when else ""


@register.filter
def full_day(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "Nov 18, 2025": for what may be read years later."""
    return date_format(_in_zone(when, zone), "M j, Y") if when else ""


@register.filter
def month(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "Nov 2025"."""
    return date_format(_in_zone(when, zone), "M Y") if when else ""


@register.filter
def day_time(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "Fri, Nov 21, 9:14 AM"."""
    return date_format(_in_zone(when, zone), "D, M j, g:i A") if when else ""


@register.filter
def day_time_exact(when: datetime | None, zone: str | tzinfo | None = None) -> str:
    """As "Fri, Nov 21, 2025, 9:14:05 AM": for an instant that is compared with others."""
    return date_format(_in_zone(when, zone), "D, M j, Y, g:i:s A") if when else ""


@register.simple_tag
def moment(when: datetime | None, zone: str | tzinfo | None = None, now: datetime | None = None) -> str:
    """As short as it can be and still be clear: "9:44 AM" today, "Fri, Nov 21, 9:14 AM" on another day."""
    if not when:
        return ""
    same_day = _in_zone(when, zone).date() == _in_zone(now or timezone.now(), zone).date()
    return local_time(when, zone) if same_day else day_time(when, zone)


ZONES = {
    "America/New_York": _("Eastern Time"),
    "America/Chicago": _("Central Time"),
    "America/Denver": _("Mountain Time"),
    "America/Phoenix": _("Arizona Time"),
    "America/Los_Angeles": _("Pacific Time"),
    "America/Anchorage": _("Alaska Time"),
    "Pacific/Honolulu": _("Hawaii Time"),
}


@register.filter
def zone_name(zone: str) -> str:
    """As people say it: "Central Time"; a zone without such a name by its city."""
    return str(ZONES.get(zone) or zone.rpartition("/")[2].replace("_", " "))


# Drawings. Their sizes are SVG attributes, so no style="" is needed.


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of static/icons/sprite.svg; it says nothing to a screen reader, so put the word beside it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons/sprite.svg"), name)


@register.simple_tag
def bar(total: int, *parts: int, label: str, tone: str = "", tall: bool = False) -> SafeString:
    """{% bar cap billed unbilled label="$450.00 of $600.00 used, 75%" tone="w" tall=True %}: the first part in the
    colour of `tone` ("" brand, "g" good, "w" amber), every further part soft, all cut off at the total."""
    rects, start = [], Decimal(0)
    for index, part in enumerate(parts):
        width = min(_percent(part, total), 100 - start)
        rects.append((_plain(start), _plain(width), "s" if index else tone))
        start += width
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        " tall" if tall else "",
        label,
        format_html_join("", '<rect x="{}" width="{}" height="8" class="{}"/>', rects),
    )


@register.inclusion_tag("parts/ring.html")
def ring(
    ends_at: datetime,
    zone: str | tzinfo | None = None,
    now: datetime | None = None,
    total: int = 1800,
    huge: bool = False,
    stopped: bool = False,
) -> dict:
    """The Speed-To-Call clock. `stopped` shows a clock that stands still: it has no deadline for the script."""
    seconds = max(0, round((ends_at - (now or timezone.now())).total_seconds()))
    minutes, rest = divmod(seconds, 60)
    return {
        "ends_at": ends_at.astimezone(UTC).isoformat(),
        "seconds": seconds,
        "digits": f"{minutes}:{rest:02}",
        "arc": _plain(min(_percent(seconds, total), Decimal(100))),
        "low": seconds < LOW_SECONDS,
        "huge": huge,
        "stopped": stopped,
        "until": local_time(ends_at, zone),
        "left": " ".join(
            [
                ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes},
                ngettext("%(n)s second", "%(n)s seconds", rest) % {"n": rest},
            ]
        ),
    }


@register.inclusion_tag("parts/undo_ring.html")
def undo_ring(ends_at: datetime, zone: str | tzinfo | None = None, now: datetime | None = None, total: int = 600) -> dict:
    """How long an accept may be undone."""
    return ring(ends_at, zone, now, total=total)


@register.inclusion_tag("parts/pips.html")
def pips(taken: int, seats: int, mine: bool = False, held: int = 0) -> dict:
    """{% pips 3 4 mine=True %}: a square for each seat of a lead, the reader's own first; `held` more are soft."""
    states = (["on"] * taken + ["soft"] * held)[:seats]
    if mine and states:
        states[0] = "me"
    return {"pips": states + [""] * (seats - len(states)), "taken": taken, "seats": seats}


@register.inclusion_tag("parts/pin.html")
def pin(digits: str) -> dict:
    """Four boxes, read digit by digit."""
    return {"digits": str(digits), "spaced": " ".join(str(digits))}


@register.simple_tag(takes_context=True)
def current(context: template.Context, prefix: str, exact: bool = False) -> str:
    """aria-current="page" for a tab or dock link whose pages start with `prefix`."""
    path = getattr(context.get("request"), "path", "")
    here = path == prefix if exact else path.startswith(prefix)
    return mark_safe('aria-current="page"') if here else ""


@register.filter
def initials(name: str | None) -> str:
    """Marcus Bell -> MB."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper() if words else ""


@register.filter
def share(part: int | None, whole: int | None) -> int:
    """How many whole percent: {{ used|share:cap }}."""
    return int(_percent(part or 0, whole or 0).quantize(Decimal(1), ROUND_HALF_UP))


@register.filter
def duration(number: int | None) -> str:
    """11 -> "11 min", 150 -> "2 h 30 min", 4400 -> "3 d 1 h": how long something took."""
    if number is None:
        return ""
    hours, rest = divmod(number, 60)
    days, hours_left = divmod(hours, 24)
    if number < 100:
        return _("%(n)s min") % {"n": number}
    if days < 2:
        return _("%(h)s h %(n)s min") % {"h": hours, "n": rest} if rest else _("%(h)s h") % {"h": hours}
    return _("%(d)s d %(h)s h") % {"d": days, "h": hours_left} if hours_left else _("%(d)s d") % {"d": days}


def spoken(seconds: int) -> str:
    """How long a call was, as people say it: "42 seconds", "3 min"."""
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    return _("%(n)s\N{NO-BREAK SPACE}min") % {"n": seconds // 60}


def _percent(part: int, whole: int) -> Decimal:
    return max(Decimal(0), Decimal(part) * 100 / Decimal(whole)) if whole > 0 else Decimal(0)


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal('.01')).normalize():f}"
