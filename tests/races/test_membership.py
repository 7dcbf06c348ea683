"""Two members of a team press at the same instant: one decides, the other reads what is so now (INVARIANTS 10, 13, 17).

The control shows that without the lock on the pro's state both would.
"""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from accounts.models import Member, ProState
from billing import membership, renewal
from billing.membership import AlreadyMember, Cost
from billing.models import Membership, MembershipCharge, Transfer
from billing.queries import membership_of
from core.errors import StaleState
from core.tenancy import scope
from tests.factories import a_funded_pro, a_member, a_membership
from tests.races.processes import meeting, race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
END = datetime(2026, 6, 20, 17, 0, tzinfo=UTC)
SILVER, GOLD, PLATINUM = 1, 2, 3
SHOWN = Cost(100_000, 100_000)


@pytest.fixture
def team(fresh):
    """A marketplace, and four members of one pro that can pay."""
    marketplace = fresh("opt_in")
    with scope(marketplace):
        pro = a_funded_pro(cents=100_000)
        return marketplace, [a_member(pro, role=Member.Role.BILLING).pk for _ in range(4)]


def pressing(marketplace, member_id, verb, *args, **options):
    def work():
        try:
            with scope(marketplace):
                member = Member.objects.select_related("pro").get(pk=member_id)
                return verb(member.pro, *args, by=member, now=NOW, **options).tier
        except (AlreadyMember, StaleState) as refusal:
            return refusal.code
        except IntegrityError:
            return "broken"

    return work


def test_four_buy_two_tiers_and_one_is_charged(team):
    marketplace, members = team
    tiers = [SILVER, GOLD, SILVER, GOLD]
    jobs = [pressing(marketplace, pk, membership.buy, tier, shown=SHOWN) for pk, tier in zip(members, tiers, strict=True)]
    said = race(jobs)
    with scope(marketplace):
        held = Membership.objects.get()
        assert said == [held.tier if tier == held.tier else "already_member" for tier in tiers]
        charge = MembershipCharge.objects.get()
        state = ProState.objects.get(pro=held.pro_id)
        assert (state.tier, state.wallet) == (held.tier, 100_000 - charge.amount)
        assert Transfer.objects.get(reference=charge.reference).amount == charge.amount


def test_control_without_the_lock_they_run_into_each_other(team, monkeypatch):
    marketplace, members = team
    meet = meeting(len(members))

    def read_together(pro):
        held = membership_of(pro)
        meet()
        return held

    monkeypatch.setattr(membership, "lock_waiting", lambda pros: list(ProState.objects.filter(pro__in=pros)))
    monkeypatch.setattr(membership, "membership_of", read_together)
    said = race([pressing(marketplace, pk, membership.buy, GOLD, shown=SHOWN) for pk in members])
    assert "broken" in said


def test_one_goes_up_and_the_other_reads_the_truth(team):
    marketplace, members = team
    with scope(marketplace):
        held = a_membership(Member.objects.get(pk=members[0]), SILVER, now=NOW)
    options = {"seen": held.stamp, "shown": SHOWN}
    said = race(
        [pressing(marketplace, pk, membership.change, tier, **options) for pk, tier in zip(members, (GOLD, PLATINUM), strict=False)]
    )
    with scope(marketplace):
        tier = membership_of(held.pro).tier
        assert sorted(map(str, said)) == sorted([str(tier), "stale_state"])
        assert MembershipCharge.objects.count() == 2


def test_four_workers_renew_once(team):
    marketplace, members = team
    with scope(marketplace):
        held = a_membership(Member.objects.get(pk=members[0]), SILVER, now=NOW)

    def work():
        with scope(marketplace):
            renewal.look(held.pk, now=END)

    race([work] * 4)
    with scope(marketplace):
        assert membership_of(held.pro).period == 2
        assert sorted(Transfer.objects.filter(reference__startswith="membership:").values_list("amount", flat=True)) == [2_900, 2_900]
