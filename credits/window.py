"""Until when a credit may be asked for (RULES 36; INVARIANTS 15, 23)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class ClaimWindowClosed(Refusal):
    code = "claim_window_closed"
    sentence = _("The time to ask for a credit on this lead is over.")
    status = 409


@dataclass(frozen=True)
class Window:
    """From `starts_at` to `ends_at`, both included. Both are None while no delivery is confirmed: it has not started, and is open."""

    starts_at: datetime | None
    ends_at: datetime | None
    seconds: int

    def holds(self, received_at: datetime) -> bool:
        """Whether what was received then is in time."""
        return self.ends_at is None or received_at <= self.ends_at


def window_of(match) -> Window:
    """The window of a match with its line and terms: it starts at the later of the seat and the first confirmed delivery of the notice,
    and lasts as long as the terms say under which the match was sold."""
    delivered_at = match.line.delivered_at if match.line_id else None
    seconds = match.terms.claim_seconds
    if delivered_at is None:
        return Window(None, None, seconds)
    starts_at = max(match.at, delivered_at)
    return Window(starts_at, starts_at + timedelta(seconds=seconds), seconds)
