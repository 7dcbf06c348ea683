"""Memberships: bought, changed, cancelled, renewed (RULES 2, 15, 30-32; INVARIANTS 9-13, 15, 17, 34)."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts import pros
from accounts.models import Member, ProState, User
from billing import renewal, wallet
from billing.membership import AlreadyMember, Cost, NoMembership, NotApproved, PriceRose, buy, cancel, change, cost, give
from billing.membership_month import NoSuchTier
from billing.models import Charge, Membership, MembershipCharge, Transfer
from billing.policy import Memberships, Tier
from billing.queries import membership_charges_of, membership_of
from billing.tasks import look_due
from billing.wallet import WalletTooLow
from core import events
from core.errors import NotAllowed, StaleState
from core.policy import publish, read
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_member, a_membership, a_pro

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SILVER, GOLD, PLATINUM = 1, 2, 3
END = datetime(2026, 6, 20, 17, 0, tzinfo=UTC)  # a month after NOON
AFTER = datetime(2026, 7, 20, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _hearthline(opt_in):
    """Every story here happens where memberships are sold and pros pay beforehand."""


@pytest.fixture
def owner():
    return a_member(a_funded_pro(cents=100_000))


@pytest.fixture
def staff(owner):
    return User.objects.get(is_staff=True)


def price(member, tier, now) -> Cost:
    return cost(member.pro, membership_of(member.pro), tier, now=now)


def changed(member, tier, *, now, **other) -> Membership:
    """The button of `tier` is pressed on a page of this instant."""
    asked = {"seen": membership_of(member.pro).stamp, "shown": price(member, tier, now), "by": member, "now": now}
    return change(member.pro, tier, **asked | other)


def state(member) -> ProState:
    return ProState.objects.get(pro=member.pro_id)


def posted() -> dict:
    """{the end of the reference: cents} of everything posted for memberships."""
    rows = Transfer.objects.filter(reference__startswith="membership:")
    return {row.reference.split(":", 2)[2]: row.amount for row in rows}


def work(now):
    """What the sweep does at `now`, twice, as two schedulers would."""
    for _ in range(2):
        for pk in renewal.due_memberships(now=now, limit=200):
            renewal.look(pk, now=now)


def told(kind) -> list[dict]:
    return [row.context for row in Message.objects.filter(kind=kind, channel="email").order_by("created_at", "pk")]


# Bought


def test_a_membership_is_bought_for_a_month_from_now(owner, now):
    rev = state(owner).rev
    held = a_membership(owner, GOLD, now=now)
    assert (held.tier, held.price, held.period_start, held.period_end, held.next_tier, held.next_price) == (
        GOLD,
        7_900,
        now,
        END,
        GOLD,
        7_900,
    )
    after = state(owner)
    assert (after.tier, after.weight, after.wallet) == (GOLD, 3, 100_000 - 7_900) and after.rev > rev
    transfer = Transfer.objects.get(reference=f"membership:{held.pk}:1:{GOLD}")
    sides = (transfer.debit.kind, transfer.debit.pro_id, transfer.credit.kind, transfer.credit.pro_id, transfer.amount, transfer.charge)
    assert sides == ("wallet", owner.pro_id, "memberships", None, 7_900, None)
    assert [event.kind for event in events.history(held.subject)] == ["membership.bought"]
    assert events.history(owner.pro.subject).get(kind="pro.tier_changed").data == {"from": 0, "to": GOLD, "weight": 3}
    (receipt,) = told("membership_charged")
    assert (receipt["amount"], receipt["tier"], receipt["next_amount"], receipt["until_at"]) == (
        "$79.00",
        "Gold",
        "$79.00",
        END.isoformat(),
    )


def test_a_second_click_charges_nothing(owner, now):
    held = a_membership(owner, GOLD, now=now)
    assert a_membership(owner, GOLD, now=now + SECOND) == held
    assert posted() == {f"1:{GOLD}": 7_900} and len(told("membership_charged")) == 1


def test_it_takes_nothing_from_the_budget(owner, now):
    a_membership(owner, GOLD, now=now)
    assert state(owner).spent == 0 and not Charge.objects.exists()


def test_a_wallet_that_does_not_cover_it_buys_nothing(now):
    owner = a_member(a_funded_pro(cents=7_899))
    with pytest.raises(WalletTooLow):
        a_membership(owner, GOLD, now=now)
    assert membership_of(owner.pro) is None and posted() == {} and (state(owner).tier, state(owner).wallet) == (0, 7_899)
    a_membership(owner, SILVER, now=now)
    assert state(owner).wallet == 7_899 - 2_900


def test_where_pros_pay_afterwards_it_is_owed(marketplace, now):
    publish([*PRESETS["lead_manager"].sections, Memberships(tiers=(Tier("Plus", 5_000),))], now=now)
    owner = a_member(a_pro())
    held = a_membership(owner, 1, now=now)
    assert Transfer.objects.get().reference == f"membership:{held.pk}:1:1"
    assert (Transfer.objects.get().debit.kind, Transfer.objects.get().credit.kind) == ("receivable", "memberships")


def test_more_than_the_button_said_is_not_charged(owner, now):
    for shown in (Cost(7_899, 7_900), Cost(7_900, 7_899)):
        with pytest.raises(PriceRose) as refusal:
            buy(owner.pro, GOLD, shown=shown, by=owner, now=now)
        assert "$79.00" in str(refusal.value)
    assert posted() == {}


@pytest.mark.parametrize("tier", [0, 4, 99])
def test_a_tier_that_is_not_sold(owner, now, tier):
    with pytest.raises(NoSuchTier):
        buy(owner.pro, tier, shown=Cost(10**6, 10**6), by=owner, now=now)


def test_a_company_that_gets_no_leads_buys_nothing(owner, staff, now):
    pros.suspend(owner.pro, by=staff, now=now)
    with pytest.raises(NotApproved):
        a_membership(owner, GOLD, now=now)


def test_a_test_pro_pays_nothing(now):
    owner = a_member(a_pro(budget=None, test=True))
    a_membership(owner, PLATINUM, now=now)
    work(END)
    assert posted() == {} and state(owner).tier == PLATINUM
    assert set(Message.objects.values_list("state", flat=True)) == {"suppressed"}


# Who may


def test_only_owner_and_billing_raise_and_anybody_lowers(owner, staff, now):
    billing, plain = a_member(owner.pro, role=Member.Role.BILLING), a_member(owner.pro, role=Member.Role.MEMBER)
    for nobody in (plain, staff):
        with pytest.raises(NotAllowed):
            buy(owner.pro, GOLD, shown=Cost(7_900, 7_900), by=nobody, now=now)
    a_membership(billing, GOLD, now=now)
    for nobody in (plain, staff):
        with pytest.raises(NotAllowed):
            changed(owner, PLATINUM, by=nobody, now=now)
    assert changed(owner, SILVER, by=plain, now=now).next_tier == SILVER
    assert not cancel(owner.pro, by=plain, now=now).renews
    with pytest.raises(NotAllowed):
        changed(owner, GOLD, by=plain, now=now)
    assert changed(billing, GOLD, now=now).renews
    assert not cancel(owner.pro, by=staff, now=now).renews


def test_strangers_and_removed_members_may_nothing(owner, now):
    stranger, gone = a_member(a_funded_pro()), a_member(owner.pro)
    a_membership(owner, GOLD, now=now)
    Member.objects.filter(pk=gone.pk).update(removed_at=now)
    for nobody in (stranger, gone):
        with pytest.raises(NotAllowed):
            cancel(owner.pro, by=nobody, now=now)
        with pytest.raises(NotAllowed):
            changed(owner, SILVER, by=nobody, now=now)


def test_staff_give_a_month_away_that_ends_by_itself(owner, staff, now):
    held = give(owner.pro, SILVER, by=staff, now=now)
    assert state(owner).tier == SILVER and posted() == {} and not held.renews
    with pytest.raises(AlreadyMember):
        give(owner.pro, GOLD, by=staff, now=now)
    with pytest.raises(NotAllowed):
        give(a_pro(budget=None), GOLD, by=owner, now=now)
    work(END)
    assert state(owner).tier == 0 and posted() == {} and told("membership_ended")[0]["why"] == "cancelled"


def test_a_gift_can_be_gone_on_with(owner, staff, now):
    give(owner.pro, SILVER, by=staff, now=now)
    assert price(owner, SILVER, now) == Cost(0, 2_900, END)
    changed(owner, SILVER, now=now + DAY)
    work(END)
    assert posted() == {f"2:{SILVER}": 2_900}


# Changed


def test_upward_holds_at_once_and_costs_the_rest_of_the_difference(owner, now):
    a_membership(owner, SILVER, now=now)
    half = now + (END - now) / 2
    assert price(owner, PLATINUM, half) == Cost(6_000, 14_900, END)
    held = changed(owner, PLATINUM, now=half)
    assert (held.tier, held.price, held.period_start, held.period_end, held.next_price) == (PLATINUM, 14_900, now, END, 14_900)
    assert posted() == {f"1:{SILVER}": 2_900, f"1:{PLATINUM}": 6_000}
    assert (state(owner).tier, state(owner).weight, state(owner).wallet) == (PLATINUM, 4, 100_000 - 8_900)
    assert [each["amount"] for each in told("membership_charged")] == ["$29.00", "$60.00"]
    changed(owner, PLATINUM, seen="old", now=half)
    assert len(posted()) == 2, "a second click changes nothing"


def test_two_steps_up_cost_what_one_does_to_the_cent_rounded_each(owner, now):
    a_membership(owner, SILVER, now=now)
    at = now + 10 * DAY
    one = price(owner, PLATINUM, at).at_once
    changed(owner, GOLD, now=at)
    changed(owner, PLATINUM, now=at)
    assert abs(sum(posted().values()) - 2_900 - one) <= 1


def test_the_page_may_be_some_minutes_old_but_never_costs_more(owner, now):
    a_membership(owner, SILVER, now=now)
    seen, shown = membership_of(owner.pro).stamp, price(owner, PLATINUM, now + DAY)
    change(owner.pro, PLATINUM, seen=seen, shown=shown, by=owner, now=now + DAY + 3 * HOUR)
    assert posted()[f"1:{PLATINUM}"] == cost(owner.pro, replace_tier(owner), PLATINUM, now=now + DAY + 3 * HOUR).at_once < shown.at_once


def replace_tier(owner):
    """The membership as it was before the change."""
    held = membership_of(owner.pro)
    held.tier, held.price = SILVER, 2_900
    return held


def test_downward_holds_from_the_end_of_the_month(owner, now):
    a_membership(owner, PLATINUM, now=now)
    held = changed(owner, SILVER, now=now + DAY)
    assert (held.tier, held.next_tier, held.next_price, state(owner).tier) == (PLATINUM, SILVER, 2_900, PLATINUM)
    assert (told("membership_lowered")[0]["next"], told("membership_lowered")[0]["next_amount"]) == ("Silver", "$29.00")
    work(END - SECOND)
    assert state(owner).tier == PLATINUM
    work(END)
    assert (state(owner).tier, state(owner).weight) == (SILVER, 2)
    assert posted() == {f"1:{PLATINUM}": 14_900, f"2:{SILVER}": 2_900}


def test_what_was_decided_for_the_end_can_be_taken_back(owner, now):
    a_membership(owner, GOLD, now=now)
    for lower in (lambda: changed(owner, SILVER, now=now), lambda: cancel(owner.pro, by=owner, now=now)):
        lower()
        held = changed(owner, GOLD, now=now + DAY)
        assert (held.tier, held.next_tier, held.next_price) == (GOLD, GOLD, 7_900)
    assert posted() == {f"1:{GOLD}": 7_900}


def test_a_colleague_was_quicker(owner, now):
    a_membership(owner, SILVER, now=now)
    seen, shown = membership_of(owner.pro).stamp, price(owner, PLATINUM, now)
    changed(owner, GOLD, now=now)
    with pytest.raises(StaleState):
        change(owner.pro, PLATINUM, seen=seen, shown=shown, by=owner, now=now)
    with pytest.raises(AlreadyMember):
        a_membership(owner, SILVER, now=now)
    assert f"1:{PLATINUM}" not in posted()


def test_without_a_membership_nothing_is_changed_or_cancelled(owner, now):
    for refused in (
        lambda: change(owner.pro, GOLD, seen="x", shown=Cost(9, 9), by=owner, now=now),
        lambda: cancel(owner.pro, by=owner, now=now),
    ):
        with pytest.raises(NoMembership):
            refused()


def test_an_upgrade_the_wallet_does_not_cover(now):
    owner = a_member(a_funded_pro(cents=3_000))
    a_membership(owner, SILVER, now=now)
    with pytest.raises(WalletTooLow):
        changed(owner, GOLD, now=now)
    held = membership_of(owner.pro)
    assert (held.tier, held.next_tier, state(owner).tier, state(owner).wallet) == (SILVER, SILVER, SILVER, 100)


# Renewed


def test_each_month_is_announced_then_charged_once(owner, now):
    a_membership(owner, GOLD, now=now)
    work(END - 8 * DAY - SECOND)
    assert told("membership_announced") == []
    work(END - 8 * DAY)
    (said,) = told("membership_announced")
    assert (said["amount"], said["next"], said["until_at"]) == ("$79.00", "Gold", END.isoformat())
    work(END - SECOND)
    assert posted() == {f"1:{GOLD}": 7_900}
    work(END)
    held = membership_of(owner.pro)
    assert (held.period, held.period_start, held.period_end) == (2, END, AFTER)
    assert posted() == {f"1:{GOLD}": 7_900, f"2:{GOLD}": 7_900}
    assert Transfer.objects.get(reference=f"membership:{held.pk}:2:{GOLD}").at == END
    assert told("membership_unfunded") == []


def test_a_worker_that_was_away_for_months_makes_up_for_them_at_their_instants(owner, now):
    a_membership(owner, SILVER, now=now)
    work(AFTER + 3 * DAY)
    assert posted() == {f"1:{SILVER}": 2_900, f"2:{SILVER}": 2_900, f"3:{SILVER}": 2_900}
    ats = list(MembershipCharge.objects.order_by("number").values_list("from_at", "until_at"))
    assert ats[:2] == [(now, END), (END, AFTER)] and membership_of(owner.pro).period_start == AFTER
    assert told("membership_announced") == [], "nothing is announced that is past"


def test_the_thirty_first_is_kept_through_short_months(now):
    start = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)
    owner = a_member(a_funded_pro(cents=100_000, now=start))
    a_membership(owner, SILVER, now=start)
    work(datetime(2026, 5, 1, tzinfo=UTC))
    days = list(MembershipCharge.objects.order_by("number").values_list("from_at", flat=True))
    assert [(at.month, at.day) for at in days] == [(1, 31), (2, 28), (3, 31), (4, 30)]


def test_a_wallet_that_does_not_cover_the_month_is_warned_of_and_then_it_ends(now):
    owner = a_member(a_funded_pro(cents=8_000))
    held = a_membership(owner, GOLD, now=now)
    work(END - 3 * DAY - SECOND)
    assert told("membership_unfunded") == []
    work(END - 3 * DAY)
    (said,) = told("membership_unfunded")
    assert (said["amount"], said["balance"], said["until_at"]) == ("$79.00", "$1.00", END.isoformat())
    work(END)
    held.refresh_from_db()
    assert (held.state, held.end_reason, held.ended_at, held.due_at, held.period) == ("ended", "unpaid", END, None, 1)
    assert (state(owner).tier, state(owner).weight, state(owner).wallet) == (0, 1, 100)
    assert told("membership_ended")[0]["why"] == "unpaid" and posted() == {f"1:{GOLD}": 7_900}


def test_filled_in_time_it_goes_on_and_after_the_end_it_is_bought_again(owner, staff, now):
    poor = a_member(a_funded_pro(cents=3_000))
    a_membership(poor, SILVER, now=now)
    wallet.top_up(poor.pro, 2_800, by=staff, reference="in time", now=END - DAY)
    work(END)
    assert state(poor).tier == SILVER and state(poor).wallet == 0
    work(AFTER)
    assert state(poor).tier == 0
    wallet.top_up(poor.pro, 2_900, by=staff, reference="too late", now=AFTER + DAY)
    again = a_membership(poor, SILVER, now=AFTER + DAY)
    assert state(poor).tier == SILVER and again.period_start == AFTER + DAY


def test_cancelled_it_ends_with_the_month_and_is_charged_no_more(owner, now):
    held = a_membership(owner, GOLD, now=now)
    cancel(owner.pro, by=owner, now=now + DAY)
    cancel(owner.pro, by=owner, now=now + 2 * DAY)
    assert len(told("membership_lowered")) == 1
    work(END - SECOND)
    assert state(owner).tier == GOLD and told("membership_announced") == []
    work(AFTER + DAY)
    held.refresh_from_db()
    assert (held.state, held.end_reason, held.ended_at) == ("ended", "cancelled", END) and state(owner).tier == 0
    assert posted() == {f"1:{GOLD}": 7_900}


def new_prices(now, **tiers):
    """The operator publishes other prices."""
    sold = tuple(replace(tier, price=tiers.get(tier.name, tier.price)) for tier in read(Memberships).tiers)
    sections = [each for each in PRESETS["opt_in"].sections if not isinstance(each, Memberships)]
    publish([*sections, Memberships(tiers=sold)], now=now)


def test_who_decides_after_the_end_decides_on_the_next_month_however_late_the_worker(owner, now):
    """The sweep was away when the month ended: it renews first, and what is decided holds from the end of the month that runs."""
    held = a_membership(owner, GOLD, now=now)
    cancel(owner.pro, by=owner, now=END + DAY)
    held.refresh_from_db()
    assert (held.period, held.period_end, held.next_tier, state(owner).tier) == (2, AFTER, 0, GOLD)
    poor = a_member(a_funded_pro(cents=3_000))
    a_membership(poor, SILVER, now=now)
    with pytest.raises(WalletTooLow):
        a_membership(poor, SILVER, now=END + DAY)
    assert state(poor).tier == 0, "it was over, so it is bought anew, and the wallet does not cover that"


def test_a_higher_price_is_announced_a_week_before_it_is_charged(owner, now):
    a_membership(owner, GOLD, now=now)
    new_prices(now, Gold=9_900)
    work(END - 8 * DAY)
    assert told("membership_announced")[0]["amount"] == "$99.00"
    new_prices(END - 2 * DAY, Gold=19_900)
    work(END)
    assert posted()[f"2:{GOLD}"] == 9_900, "what was announced holds"


def test_a_higher_price_that_was_not_announced_in_time_is_not_taken(owner, now):
    a_membership(owner, GOLD, now=now)
    new_prices(now, Gold=9_900)
    work(END - 2 * DAY)  # the worker was away
    assert told("membership_announced")[0]["amount"] == "$79.00"
    work(END)
    assert posted()[f"2:{GOLD}"] == 7_900


def test_a_tier_that_is_not_sold_any_more_ends(owner, now):
    held = a_membership(owner, PLATINUM, now=now)
    sections = [each for each in PRESETS["opt_in"].sections if not isinstance(each, Memberships)]
    publish([*sections, Memberships(tiers=read(Memberships).tiers[:2])], now=now)
    work(END)
    held.refresh_from_db()
    assert told("membership_ended")[0]["tier"] == "Platinum"
    assert (held.end_reason, state(owner).tier) == ("not_sold", 0) and posted() == {f"1:{PLATINUM}": 14_900}


def test_a_suspended_company_is_not_charged_another_month(owner, staff, now):
    held = a_membership(owner, GOLD, now=now)
    pros.suspend(owner.pro, by=staff, now=now)
    work(END)
    held.refresh_from_db()
    assert held.end_reason == "suspended" and posted() == {f"1:{GOLD}": 7_900}


def test_receipts_go_to_owner_and_billing_only(owner, now):
    billing, plain = a_member(owner.pro, role=Member.Role.BILLING), a_member(owner.pro, role=Member.Role.MEMBER)
    a_membership(owner, GOLD, now=now)
    assert set(Message.objects.values_list("recipient", flat=True)) == {owner.subject, billing.subject} != {plain.subject}


def test_charges_by_the_30_day_period_of_the_pro(owner, now):
    a_membership(owner, SILVER, now=now)
    work(END)
    anchor = state(owner).anchor
    found = membership_charges_of(owner.pro, anchor)
    assert [[each.from_at for each in charges] for _period, charges in sorted(found.items())] == [[now], [END]]


def test_the_sweep_looks_at_each_marketplace_row_by_row(opt_in, owner, now, monkeypatch):
    a_membership(owner, SILVER, now=now)
    other = a_member(a_funded_pro())
    a_membership(other, SILVER, now=now)
    real, broken = renewal.look, membership_of(owner.pro).pk

    def look(pk, *, now):
        if pk == broken:
            raise RuntimeError
        real(pk, now=now)

    monkeypatch.setattr("billing.renewal.look", look)
    assert look_due(opt_in, now=END) == 2
    assert membership_of(other.pro).period == 2 and membership_of(owner.pro).period == 1


def test_what_each_tier_includes_is_data_and_everything_is_where_none_is_sold(now):
    sold = read(Memberships)
    assert [sold.has_analytics(tier) for tier in range(4)] == [False, False, True, True]
    assert [sold.has_manager(tier) for tier in range(4)] == [False, False, False, True]
    none = Memberships()
    assert none.has_analytics(0) and none.has_manager(0) and none.tier(1) is None


def test_the_preset_sells_what_is_higher_for_more():
    tiers = next(each for each in PRESETS["opt_in"].sections if isinstance(each, Memberships)).tiers
    for lower, higher in itertools.pairwise(tiers):
        assert lower.price < higher.price and lower.weight < higher.weight
