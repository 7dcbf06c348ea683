"""When a pro wants no leads though nothing else is in the way: paused, on a weekday without leads, or away. Pure.

Each is compared with the instant of a decision, so a pause or a vacation ends by itself and nothing has to be reset by a job. Weekdays
are a mask, Monday is 1 and Sunday 64; dates are local ones of the pro's zone.
"""

from datetime import date, datetime

from django.utils.dates import WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

EVERY_DAY = 0b1111111


def is_paused(state, now: datetime) -> bool:
    """Whether the pro of `state` (a ProState, or any row with its columns) has paused its leads at `now`; a pause that ends is over at
    that instant."""
    return state.paused and (state.paused_until is None or now < state.paused_until)


def day_off(state, day: date) -> list | None:
    """Why the local date `day` is one without leads, as a decision keeps it: [day, first, last] when the pro is away, both ends included,
    [day, mask] when its weekday is one without leads. None when it is a day like any other."""
    if state.away_from is not None and state.away_from <= day <= state.away_to:
        return [day.isoformat(), state.away_from.isoformat(), state.away_to.isoformat()]
    if state.days_off >> day.weekday() & 1:
        return [day.isoformat(), state.days_off]
    return None


def weekdays(mask: int) -> list[int]:
    """The weekdays of a mask, Monday is 0."""
    return [weekday for weekday in WEEKDAYS if mask >> weekday & 1]


def weekdays_in_words(mask: int) -> str:
    """ "Saturday and Sunday"."""
    return get_text_list([str(WEEKDAYS[weekday]) for weekday in weekdays(mask)], _("and"))
