"""The site is away for ten minutes while people telephone (RULES 23, INVARIANTS 16, 40)."""

import os
from datetime import timedelta

import time_machine

from billing.models import Charge
from contact.models import Line
from tests.contact.outage import KINDS, Outage

CALLS = int(os.environ.get("CALLS", "28"))


def test_every_call_is_known_within_five_minutes_and_the_discounts_are_the_oracles(marketplace, now, capsys):
    outage = Outage(marketplace, now, calls=CALLS).run(lambda at: time_machine.travel(at, tick=False))
    assert len(outage.dialled) == CALLS and {each.kind for each in outage.dialled} == set(KINDS)
    assert outage.unknown()
    took = outage.recover()
    assert took <= timedelta(minutes=5) and not outage.unknown()
    earned = set(Line.objects.filter(earned_at__isnull=False).values_list("pk", flat=True))
    assert earned == outage.oracle()
    assert {charge.pk for charge in Charge.objects.exclude(discounted=0)} == earned
    with capsys.disabled():
        print(f" [{CALLS} calls known {took.total_seconds():.0f} s after the site was back, {len(earned)} discounts]", end="")
