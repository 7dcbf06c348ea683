"""The numbers of lines, calls, the Speed-To-Call clock and follow-up (RULES 19-27)."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from core.policy import Section


@dataclass(frozen=True)
class Contact(Section):
    """Defaults are those of RULES. Times in seconds unless named otherwise.

    `hours` are the local hours (from, until) in which a homeowner of that wish allows contact; 0 to 24 is always.
    """

    name = "contact"

    line_days: int = 90
    pin_rest_days: int = 30
    pins_per_number: int = 2_000
    numbers_spare: int = 1
    pins_per_call: int = 3
    wrong_pins_per_hour: int = 10
    strangers_per_hour: int = 30
    hours: dict = field(default_factory=lambda: {"any": [8, 20], "evenings": [17, 20], "message_first": [8, 20]})
    accepted_counts_after: int = 120
    alarm_after: int = 300
    remind_before: int = 600
    ring_seconds: int = 10
    answered_seconds: int = 5
    talk_seconds: int = 20
    ring_timeout: int = 30
    call_lost_after: int = 120
    listing_every: int = 60
    follow_up_days: int = 7
    follow_up_calls: int = 3
    reminder_days: tuple = (2, 4)
    reminder_hour: int = 9

    def problems(self) -> dict:
        wrong = super().problems()
        if self.hours.keys() != Contact().hours.keys() or not all(_is_span(span) for span in self.hours.values()):
            wrong["hours"] = _("Give every wish two whole hours, from 0 to 24, the second one later.")
        return wrong


def _is_span(span) -> bool:
    """Two hours of a day, in order."""
    if not isinstance(span, list | tuple) or len(span) != 2 or not all(type(hour) is int for hour in span):
        return False
    return 0 <= span[0] < span[1] <= 24
