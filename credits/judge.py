"""What evidence proves (RULES 37, 38). Pure. Code only grants: whatever it cannot grant goes to a person, by a named rule."""

from dataclasses import dataclass, field

from credits.claim import Claim
from credits.reasons import (
    DEAD_NUMBER,
    DUPLICATE,
    NOT_PROVEN,
    REASONS,
    RECEIPT_SPEAKS_AGAINST,
    THREE_STEPS,
    TWO_WAY_CONTACT,
    WON_OR_BOOKED,
)

GRANT, PERSON = True, False


@dataclass(frozen=True)
class Verdict:
    """`grant`, or a person decides; the rule that says so, and the facts it went by."""

    grant: bool
    rule: str
    facts: dict = field(default_factory=dict)


def judge(claim: Claim) -> Verdict:
    """The first of RULES that finds its facts. After two-way contact or "won" only a person decides, whatever else is proven."""
    for rule, grant, find in RULES:
        if facts := find(claim):
            return Verdict(grant, rule, facts)
    return Verdict(PERSON, NOT_PROVEN)


def _spoke(claim):
    at = claim.evidence.mine.two_way_at
    return at and {"at": at}


def _won(claim):
    return claim.evidence.mine.won and {"progress": claim.evidence.progress}


def dead_calls(found, *, since, apart: int) -> list:
    """Of the instants at which calls found the number dead those that count: after `since`, when somebody spoke with the homeowner (None:
    nobody did), each at least `apart` seconds after the one before."""
    counted = []
    for at in sorted(found):
        if (since is None or at > since) and (not counted or (at - counted[-1]).total_seconds() >= apart):
            counted.append(at)
    return counted


def _dead(claim):
    """The number was dead on calls far enough apart, on anybody's line of the lead, and nobody has spoken with the homeowner since the
    first of them."""
    if not _is_contact(claim):
        return None
    lines = (claim.evidence.mine, *claim.evidence.others)
    worked = max((line.two_way_at for line in lines if line.two_way_at), default=None)
    counted = dead_calls((at for line in lines for at in line.dead_at), since=worked, apart=claim.dead_apart_seconds)
    return len(counted) >= claim.dead_calls and {"dead_at": counted}


def _sold_before(claim):
    return claim.evidence.duplicates and {"matches": list(claim.evidence.duplicates)}


def _all_steps(claim):
    """A contact reason, three steps of three, and nothing against it: no other pro has spoken with the homeowner either."""
    evidence = claim.evidence
    reached = any(other.two_way_at for other in evidence.others)
    return _is_contact(claim) and not reached and len(evidence.steps) == evidence.steps_done == 3 and {"steps": 3}


def _covered(claim):
    receipt = claim.evidence.receipt
    return claim.reason in ("outside_services", "outside_area") and receipt.covered and {"service": receipt.service, "zip": receipt.zip}


def _is_contact(claim):
    return claim.reason in REASONS and REASONS[claim.reason].is_contact


# In this order: what forbids code to decide, what it may grant, what speaks against the pro.
RULES = (
    (TWO_WAY_CONTACT, PERSON, _spoke),
    (WON_OR_BOOKED, PERSON, _won),
    (DEAD_NUMBER, GRANT, _dead),
    (DUPLICATE, GRANT, _sold_before),
    (THREE_STEPS, GRANT, _all_steps),
    (RECEIPT_SPEAKS_AGAINST, PERSON, _covered),
)
