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
