"""The homeowner stops one pro, or all contact, and who had no chance to speak with them gets the price back, unasked (RULES 26)."""

from datetime import datetime

from accounts.seat_counters import lock_waiting
from credits.claim import Evidence
from credits.evidence import collect
from credits.granting import RELATED, hold, left_of, unasked
from credits.reasons import HOMEOWNER_STOPPED
from leads import withdrawal
from leads.lifecycle import lock
from leads.models import Match


def stop_all_contact(lead, *, now: datetime) -> None:
    """End every live seat of this request, close its lines, and credit in full each pro without two-way contact whose clock still ran or
    who had tried. Doing it twice changes nothing.

    The match of a credited pro is `withdrawn` like that of the others: the homeowner closed it, and every pro reads the same sentence.
    That it is credited say its charge and its granted request.
    """
    lead = lock(lead.pk)
    if lead.withdrawn_at:
        return
    seats = list(Match.objects.filter(lead=lead, state=Match.State.LIVE).select_related(*RELATED).order_by("pro_id"))
    collected = {match.pk: collect(match) for match in seats}
    credited = [match for match in seats if left_of(match) and had_no_chance(match, collected[match.pk], now=now)]
    withdrawal.hold_pros(lead)  # before the messages that the withdrawal cancels
    withdrawal.stop_all_contact(lead, now=now)
    unasked(credited, rule=HOMEOWNER_STOPPED, collected=collected, now=now)


def stop_one(match, *, now: datetime) -> None:
    """End this one seat, by the same rule: its line is dead at once, its pro is credited if it had no chance to speak. The others go on.
    Doing it twice, or on a seat that is closed already, changes nothing."""
    match = hold(match.pk)
    if match.state != Match.State.LIVE:
        return
    evidence = collect(match)
    credited = [match] if left_of(match) and had_no_chance(match, evidence, now=now) else []
    lock_waiting([match.pro_id])
    withdrawal.stop_one(match, now=now)
    unasked(credited, rule=HOMEOWNER_STOPPED, collected={match.pk: evidence}, now=now)


def had_no_chance(match, evidence: Evidence, *, now: datetime) -> bool:
    """No two people have spoken, and the clock still ran or the pro had tried. A clock that waits for its start still runs. Pure."""
    if evidence.mine.two_way_at:
        return False
    ends_at = match.line.clock_ends_at if match.line_id else None
    return ends_at is None or now <= ends_at or evidence.mine.attempts > 0
