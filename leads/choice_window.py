"""How long AutoMatch waits for a homeowner who chooses (RULES 14). Pure: `policy` is leads.policy.Choice.

No deadline ever moves. That the page is in use is a fact, which a look at the lead reads: it waits a little, until `choice_last_at`.
"""

from datetime import datetime, timedelta

from leads.models import Lead
from notifications.quiet import waking_after


def instants(*, submitted_at: datetime, zone: str, then_automatch: bool, policy, notices) -> dict:
    """The columns of a lead whose homeowner chooses; `notices` says what waking hours are."""
    ends, last, remind = (
        waking_after(submitted_at, seconds, zone=zone, policy=notices) for seconds in (policy.window, policy.longest, policy.remind)
    )
    return {
        "automatch_from": ends if then_automatch else None,
        "choice_ends_at": ends,
        "choice_last_at": last,
        "choice_remind_at": remind,
    }


def waits(lead, *, policy, now: datetime) -> bool:
    """Whether AutoMatch may not fill the free seats of this lead at `now`, or not yet."""
    if lead.way == Lead.Way.MATCH:
        return False
    if lead.automatch_from is None or now < lead.automatch_from:
        return True
    return lead.chosen_at is None and is_in_use(lead, policy=policy, now=now)


def is_in_use(lead, *, policy, now: datetime) -> bool:
    """Whether the homeowner is choosing this minute, which keeps the window open as long as it can be."""
    seen = lead.choice_seen_at
    return seen is not None and now < lead.choice_last_at and now - seen < timedelta(seconds=policy.in_use)


def next_look(lead, *, policy, now: datetime) -> datetime | None:
    """When to look again at a lead that waits; None: not before it closes."""
    if lead.chosen_at is None and lead.choice_remind_at:
        return lead.choice_remind_at
    if lead.automatch_from is None:
        return None
    if now < lead.automatch_from:
        return lead.automatch_from
    return min(lead.choice_seen_at + timedelta(seconds=policy.in_use), lead.choice_last_at)
