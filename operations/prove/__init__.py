"""Every line of INVARIANTS.md that the database can see, proved on the rows of a marketplace.

A check is a query for the rows that break one sentence; nothing is found when all is well. All checks of a marketplace look at
one snapshot, so that a site at work does not disturb them.
"""

from datetime import datetime

from django.db import connection, transaction

from accounts.policy import Pros
from billing.policy import Billing
from contact.policy import Contact
from core.models import Marketplace, PolicyVersion
from core.policy import build, read
from core.tenancy import scope
from leads.policy import InCharge, Leads, OptIn
from operations.prove import (
    contact,
    credits,
    fairness,
    memberships,
    money,
    notices,
    offers,
    profiles,
    routing,
    seats,
    tenancy,
    time,
    traffic,
)
from operations.prove.check import Check, Finding, run

__all__ = ["CHECKS", "Check", "Finding", "prove"]

CHECKS = (
    *routing.CHECKS,
    *offers.CHECKS,
    *fairness.CHECKS,
    *traffic.CHECKS,
    *money.CHECKS,
    *memberships.CHECKS,
    *time.CHECKS,
    *notices.CHECKS,
    *contact.CHECKS,
    *credits.CHECKS,
    *profiles.CHECKS,
    *tenancy.CHECKS,
)


def prove(marketplace: Marketplace, *, now: datetime, checks=CHECKS) -> list[Finding]:
    """What each check finds among the rows of `marketplace`. Changes nothing. `now` is when rows are overdue."""
    with transaction.atomic():
        _one_snapshot()
        with scope(marketplace):
            facts = _facts(now)
            seats.lay_out(facts)
            return [run(check, facts) for check in checks if not (check.live and marketplace.replay)]


def _one_snapshot():
    """All queries of this transaction see the same rows; they read whole tables, so none is walked row by row for another's sake."""
    with connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("set transaction isolation level repeatable read")
        cursor.execute("set local enable_nestloop = off; set local work_mem = '64MB'")


def _facts(now) -> dict:
    """Numbers the checks compare with. What a policy said once may have changed since: the rows of any version are right."""
    said = [row.values for row in PolicyVersion.objects.all()] or [{}]
    versions = [build(Leads, values) for values in said]
    charge = [build(InCharge, values) for values in said]
    facts = {
        "now": now,
        "period_days": read(Pros).period_days,
        "wallet_floor": min(build(Billing, values).wallet_floor for values in said),
        "prepaid": all(build(Billing, values).prepaid for values in said),
        "replace_seconds": min(policy.replace_seconds for policy in charge),
        "replace_after_warning": min(policy.replace_seconds - policy.warn_seconds for policy in charge),
        "open_seconds": [policy.open_seconds for policy in versions],
        "repeat_seconds": min(policy.repeat_seconds for policy in versions),
        "duplicate_days_least": min(policy.duplicate_days for policy in versions),
        "duplicate_days_most": max(policy.duplicate_days for policy in versions),
    }
    return facts | contact.facts([build(Contact, values) for values in said]) | offers.facts([build(OptIn, values) for values in said])
