"""What became of a candidate, in words for operators and staff, who may see every candidate. Pure.

What a pro reads of its own lead is leads.explaining.
"""

from catalog.guide import dollars
from leads.decision import MATCHED, RANKED_LOWER, Verdict
from leads.explaining import seats
from leads.models import LeadType


def in_words(verdict: Verdict) -> str:
    """The verdict on a candidate with the two values compared."""
    return WORDS[verdict.code](verdict.have, verdict.need)


def _balance(millionths) -> str:
    return f"{seats(millionths)} {'owed' if millionths >= 0 else 'ahead'}"


def _lower(have, need) -> str:
    if have == need:
        return f"eligible, lost the draw among equals at {_balance(have)}"
    return f"eligible, ranked lower: {_balance(have)}, the last seat went at {_balance(need)}"


def _minute(minute) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


WORDS = {
    MATCHED: lambda have, need: f"has a seat: {_balance(have)}",
    RANKED_LOWER: _lower,
    "test_traffic": lambda have, need: f"{'a test pro' if have else 'a real pro'}, {'a test lead' if need else 'a real lead'}",
    "not_approved": lambda have, need: "not approved",
    "paused": lambda have, need: "paused",
    "past_grace": lambda have, need: "a payment is past its grace",
    "opted_out": lambda have, need: f"does not take {LeadType(need).label} leads",
    "own_contact": lambda have, need: "the homeowner's contact is its own",
    "same_group": lambda have, need: "has a seat in this duplicate group already",
    "no_renters": lambda have, need: "does not take requests of renters",
    "job_too_small": lambda have, need: f"the job is {dollars(have)}, it takes {dollars(need)} or more",
    "job_too_big": lambda have, need: f"the job is {dollars(have)}, it takes {dollars(need)} or less",
    "outside_hours": lambda have, need: f"it was {_minute(have)} there, it receives {_minute(need[0])} to {_minute(need[1])}",
    "day_cap": lambda have, need: f"{have} leads that day, its cap is {need}",
    "week_cap": lambda have, need: f"{have} leads that week, its cap is {need}",
    "budget": lambda have, need: f"{dollars(have)} of its budget left, the lead costs {dollars(need)}",
}
