"""The numbers of intake and matching."""

from dataclasses import dataclass

from core.policy import Section


@dataclass(frozen=True)
class Leads(Section):
    """Defaults are those of RULES. Times in seconds unless named otherwise, `seats` at most 4."""

    name = "leads"

    lead_types: tuple = ("automatch", "choice")
    seats: int = 4
    renters_need_approval: bool = True
    repeat_seconds: int = 60
    duplicate_days: int = 30
    open_seconds: int = 259_200
    retry_seconds: tuple = (300, 900, 1800, 3600)
    answer_seconds: int = 900
    window: int = 96
    waiting_window: int = 12
    credit_limit: int = 3

    @property
    def automatch(self) -> bool:
        return "automatch" in self.lead_types

    @property
    def choice(self) -> bool:
        return "choice" in self.lead_types


@dataclass(frozen=True)
class Choice(Section):
    """How long a homeowner may choose, in seconds of waking hours (RULES 14): `window`, at most `longest` while the page is in use, which
    it is `in_use` seconds after it last said so; after `remind` one reminder is sent."""

    name = "choice"

    window: int = 900
    longest: int = 1_800
    remind: int = 600
    in_use: int = 90


@dataclass(frozen=True)
class Reviews(Section):
    """When a homeowner may review a pro, in days after the pro got its seat: from `ask_days` on, until `open_days` are over. Fewer
    reviews than `few` make no score; `words_max` is for a review and for its answer, `reason_max` for why one was taken down."""

    name = "reviews"

    ask_days: int = 7
    open_days: int = 60
    few: int = 5
    words_max: int = 1_000
    reason_max: int = 300
