"""The numbers of credits (RULES 2, 36-39)."""

from dataclasses import dataclass

from core.policy import Section


@dataclass(frozen=True)
class Credits(Section):
    """Defaults are those of the preset lead_manager. Money in cents; days are business days of the marketplace's zone and of the
    holiday calendar of the country `holidays`. Figures from fewer than `few` decisions are called few; they look back over `looks_back`.
    """

    name = "credits"

    reasons: tuple = ("dead_number", "wrong_contact", "not_owner", "duplicate")
    promised_days: int = 2
    typical_days: int = 2
    holidays: str = "US"
    overdue_grant_below: int = 5_000
    dead_calls: int = 2
    dead_apart_seconds: int = 3_600
    stub_seconds: int = 604_800
    look_seconds: int = 600
    words_max: int = 2_000
    few: int = 10
    looks_back: int = 100
