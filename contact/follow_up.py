"""The three steps of a match, ticked by what really happened (RULES 25). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

CALL, WEEK, EMAIL = _("Call Lead Within 30 Minutes"), _("Follow Up That Week"), _("Send An Email")
DONE, HALF, OPEN, MISSED = "done", "half", "open", "missed"


@dataclass(frozen=True)
class Step:
    """One step with its exact name: `state` is done, half, open or missed; `done` of `of` are done."""

    label: str
    state: str
    done: int
    of: int

    @property
    def is_done(self) -> bool:
        return self.state == DONE


def steps(
    *, called, first_in_time: bool, clock_ended: bool, emails: int, seat_at: datetime, zone: str, days: int, calls: int
) -> list[Step]:
    """The steps of a match whose pro placed calls at the instants `called` and sent `emails`.

    The first is done by a contact inside the clock. The second counts at most one call a day of the pro's `zone`, in the `days` from
    the seat: three calls over the week, not every one on the same day. The third needs one e-mail.
    """
    until = seat_at + timedelta(days=days)
    on = {at.astimezone(ZoneInfo(zone)).date() for at in called if seat_at <= at <= until}
    week = min(len(on), calls)
    return [
        Step(CALL, DONE if first_in_time else MISSED if clock_ended else OPEN, int(first_in_time), 1),
        Step(WEEK, DONE if week == calls else HALF if week else OPEN, week, calls),
        Step(EMAIL, DONE if emails else OPEN, min(emails, 1), 1),
    ]
