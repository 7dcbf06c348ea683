"""What counts of leads, calls and cents come to: rates with their base, the median, the price of a won job (RULES 46). Pure."""

from dataclasses import dataclass
from math import sqrt

SURE, FEW, TOO_FEW, NONE = "sure", "few", "too_few", "none"
Z = 1.96  # 95 of 100 such ranges hold the true rate


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `of` cases."""

    part: int
    of: int
    sure: str

    @property
    def is_said(self) -> bool:
        """Enough cases for a percentage to tell something."""
        return self.sure in (SURE, FEW)

    @property
    def percent(self) -> int | None:
        """Whole percent, half up; None without cases."""
        return (200 * self.part + self.of) // (2 * self.of) if self.of else None

    @property
    def likely(self) -> tuple[int, int] | None:
        """Between which whole percents the true rate lies, 95 times of 100 (Wilson's interval)."""
        if not self.of:
            return None
        share, spread = self.part / self.of, Z * Z / self.of
        middle = share + spread / 2
        half = Z * sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        low, high = ((middle - half) / (1 + spread), (middle + half) / (1 + spread))
        return max(0, round(100 * low)), min(100, round(100 * high))


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `leads` that stand: those that were `contacted`, reached `in_time`, with whom somebody `talked`, of which the pro says that it
    has `quoted` or won, `won` (`won_in_time` of those in time) or `lost` them. `seconds` is the median time to the first contact of the
    `timed` ones. A lead that was `returned`, that is credited, is none of `leads`.

    Money in cents: what was charged (`price`), and what was taken off it. What a job was won for, the pro says. From how many cases on a
    rate says little, and something, are `bounds`.
    """

    bounds: tuple[int, int]
    leads: int = 0
    returned: int = 0
    contacted: int = 0
    in_time: int = 0
    talked: int = 0
    quoted: int = 0
    won: int = 0
    lost: int = 0
    won_in_time: int = 0
    timed: int = 0
    seconds: float | None = None
    won_amount: int = 0
    price: int = 0
    discounted: int = 0
    credited: int = 0

    @property
    def sure(self) -> str:
        return how_sure(self.leads, self.bounds)

    @property
    def response(self) -> Rate:
        return self._of_leads(self.contacted)

    @property
    def speed(self) -> Rate:
        return self._of_leads(self.in_time)

    @property
    def contact(self) -> Rate:
        return self._of_leads(self.talked)

    @property
    def quotes(self) -> Rate:
        return self._of_leads(self.quoted)

    @property
    def wins(self) -> Rate:
        """Of all leads, those not decided yet included."""
        return self._of_leads(self.won)

    @property
    def wins_in_time(self) -> Rate:
        return Rate(self.won_in_time, self.in_time, how_sure(self.in_time, self.bounds))

    @property
    def wins_later(self) -> Rate:
        later = self.leads - self.in_time
        return Rate(self.won - self.won_in_time, later, how_sure(later, self.bounds))

    @property
    def open(self) -> int:
        """Neither won nor lost, as far as the pro has said."""
        return self.leads - self.won - self.lost

    @property
    def minutes(self) -> int | None:
        """The median to the first contact in whole minutes, half up; None when there is none."""
        return None if self.seconds is None else whole_minutes(self.seconds)

    @property
    def time_sure(self) -> str:
        return how_sure(self.timed, self.bounds)

    @property
    def net(self) -> int:
        return self.price - self.discounted - self.credited

    @property
    def cost_per_won(self) -> int | None:
        """What was paid for each job won, in whole cents, half up; None while none is won."""
        return (2 * self.net + self.won) // (2 * self.won) if self.won else None

    @property
    def is_empty(self) -> bool:
        return not (self.leads or self.returned or self.price)

    def _of_leads(self, part):
        return Rate(part, self.leads, self.sure)


def whole_minutes(seconds: float) -> int:
    """Half up."""
    return int(seconds / 60 + 0.5)


def how_sure(cases: int, bounds: tuple[int, int]) -> str:
    """What so many cases tell: nothing ("none", "too_few" under the first bound), little ("few" under the second), or "sure"."""
    very_few, few = bounds
    if not cases:
        return NONE
    return TOO_FEW if cases < very_few else FEW if cases < few else SURE
