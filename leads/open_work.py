"""Open work: the live matches a pro has not finished, counted in its state (RULES 10). Test matches count nothing.

It rises where a seat is sold (accounts.seat_counters.take), and changes here: when the pro says how far it is, and when a match ends. Who
ends a match holds its pro's state before the match: the state is locked first, so that nothing of it is counted twice.
"""

from accounts.seat_counters import count_open
from leads.models import Match

OPEN = frozenset({Match.Progress.NEW, Match.Progress.CONTACTED, Match.Progress.QUOTED})


def is_open(match, progress: str) -> bool:
    """Whether `match` would count with this progress."""
    return match.state == Match.State.LIVE and not match.test and progress in OPEN


def moved(match, *, was: str, progress: str) -> None:
    """The progress of the held `match` has changed."""
    if more := is_open(match, progress) - is_open(match, was):
        count_open(match.pro_id, more)


def ending(match_ids) -> None:
    """These matches are about to end, by a credit, a withdrawal, a replacement or an undone accept: said before their state changes."""
    live = Match.objects.filter(pk__in=list(match_ids), state=Match.State.LIVE, test=False, progress__in=OPEN)
    for pro_id in live.order_by("pro_id").values_list("pro_id", flat=True):
        count_open(pro_id, -1)
