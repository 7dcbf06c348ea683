"""The numbers of joining, of purchase settings and of teams."""

from dataclasses import dataclass

from core.policy import Section

LAPSING = ("licence", "insurance")  # the checks that end by themselves


@dataclass(frozen=True)
class Pros(Section):
    """Defaults are those of RULES 2 and 31. Money in cents; what a pro may type has an upper end, so that a slip is caught. No lead
    reaches a pro that lacks a check of `pause_without` (of LAPSING); a photo is `photo_side` pixels wide and high."""

    name = "pros"

    budget_required: bool = True
    budget_min: int = 10_000
    budget_max: int = 100_000_000
    period_days: int = 30
    cap_max: int = 1_000
    job_max: int = 1_000_000_000
    accept_max: int = 1_000_000
    restore_hours: int = 24
    away_days_max: int = 366
    invitation_days: int = 7
    invitations_open: int = 20
    radius_max: int = 150
    zips_max: int = 2_000
    grounds_max: int = 200
    check_warn_days: int = 30
    check_years_max: int = 10
    pause_without: tuple = ()
    about_max: int = 600
    photo_bytes: int = 40_000
    photo_side: int = 256

    def __post_init__(self):
        if unknown := set(self.pause_without) - set(LAPSING):
            raise ValueError(f"Leads cannot pause for want of {', '.join(sorted(unknown))}.")
