"""The wallet: filled by payments that staff record, emptied by charges, never below its floor (RULES 2, 29; INVARIANTS 9, 10, 13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import ProState, User
from billing import charges, wallet
from billing.models import Charge, LedgerAccount, Transfer
from billing.policy import Billing
from billing.pricing import Quote
from billing.terms import in_force
from billing.wallet import BadTopUp, NoWallet, ReferenceMissing, ReferenceUsed, WalletTooLow, top_up
from core import events
from core.errors import NotAllowed
from core.ids import new_id
from core.policy import publish
from operations.presets import PRESETS
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(opt_in):
    return User.objects.create_user("nadia@hearthline.example", "x", name="Nadia Flores", is_staff=True)


@pytest.fixture
def pro(opt_in):
    return a_pro(budget=None)


def charge(pro, cents, *, now):
    match_id = new_id()
    quote = Quote(cents, {"pricing": "percent"})
    charges.open_charges([charges.Sale(match_id, pro.pk, 0)], terms=in_force(now), quote=quote, now=now)
    return match_id


def summed(pro) -> int:
    """What the books say is in the wallet."""
    account = LedgerAccount.objects.get(kind="wallet", pro=pro)
    rows = Transfer.objects.order_by().values_list("debit_id", "credit_id", "amount")
    return sum((amount if to == account.pk else -amount) for out, to, amount in rows if account.pk in (out, to))


def test_a_payment_fills_it_and_a_charge_empties_it(pro, staff, now):
    assert top_up(pro, 10_000, by=staff, reference="wire 4711", now=now) == 10_000
    match_id = charge(pro, 2_500, now=now)
    assert wallet.balance(pro) == summed(pro) == 7_500
    paid = Transfer.objects.get(reference="topup:wire 4711")
    assert (paid.debit.kind, paid.debit.pro_id, paid.credit.kind, paid.credit.pro_id) == ("cash", None, "wallet", pro.pk)
    posted = Transfer.objects.get(reference=f"charge:{match_id}")
    assert (posted.debit.kind, posted.debit.pro_id, posted.credit.kind) == ("wallet", pro.pk, "leads")
    assert Charge.objects.get(pk=match_id).prepaid
    told = events.history(pro.subject).get(kind="wallet.topped_up")
    assert told.actor == f"staff:{staff.pk}" and told.data == {"cents": 10_000}


def test_a_payment_recorded_twice_counts_once(pro, staff, now):
    for _ in range(3):
        assert top_up(pro, 10_000, by=staff, reference=" wire  4711 ", now=now) == 10_000
    assert Transfer.objects.count() == 1
    for other, cents in ((pro, 9_999), (a_pro(budget=None), 10_000)):
        with pytest.raises(ReferenceUsed):
            top_up(other, cents, by=staff, reference="wire 4711", now=now)


def test_it_never_falls_below_its_floor(pro, staff, now):
    top_up(pro, 2_500, by=staff, reference="1", now=now)
    with pytest.raises(WalletTooLow):
        charge(pro, 2_501, now=now)
    assert not Charge.objects.exists() and wallet.balance(pro) == 2_500
    charge(pro, 2_500, now=now)
    assert wallet.balance(pro) == summed(pro) == 0
    with pytest.raises(WalletTooLow):
        charge(pro, 1, now=now)


@pytest.mark.parametrize(("floor", "most"), [(1_000, 1_500), (-1_000, 3_500)])
def test_the_floor_is_a_number_of_the_policy(pro, staff, now, floor, most):
    publish([replace(each, wallet_floor=floor) if isinstance(each, Billing) else each for each in PRESETS["opt_in"].sections], now=now)
    top_up(pro, 2_500, by=staff, reference="1", now=now)
    with pytest.raises(WalletTooLow):
        charge(pro, most + 1, now=now)
    charge(pro, most, now=now)
    assert wallet.balance(pro) == floor


def test_a_credit_and_an_undone_sale_come_back_into_it(pro, staff, now):
    top_up(pro, 10_000, by=staff, reference="1", now=now)
    credited, undone = charge(pro, 1_000, now=now), charge(pro, 2_000, now=now)
    assert charges.credit_back(credited, reference="credit:1", now=now) == 1_000
    assert charges.undo(undone, now=now) == 2_000 and charges.undo(undone, now=now) == 0
    assert wallet.balance(pro) == summed(pro) == 10_000
    back = Transfer.objects.get(reference=f"undo:{undone}")
    assert back.reverses.reference == f"charge:{undone}" and back.credit.kind == "wallet"


def test_a_free_lead_needs_no_money(pro, now):
    charge(pro, 0, now=now)
    assert not Transfer.objects.exists()


def test_many_pros_pay_at_once_or_none_does(pro, staff, now):
    poor = a_pro(budget=None)
    top_up(pro, 5_000, by=staff, reference="1", now=now)
    sales = [charges.Sale(new_id(), each.pk, 0) for each in (pro, poor)]
    with pytest.raises(WalletTooLow):
        charges.open_charges(sales, terms=in_force(now), quote=Quote(1_000, {}), now=now)
    assert not Charge.objects.exists()


@pytest.mark.parametrize("cents", [0, -1, 10_000_001])
def test_nonsense_is_not_recorded(pro, staff, now, cents):
    with pytest.raises(BadTopUp):
        top_up(pro, cents, by=staff, reference="1", now=now)
    with pytest.raises(ReferenceMissing):
        top_up(pro, 100, by=staff, reference=" \u200b ", now=now)


def test_only_staff_record_payments(pro, now):
    with pytest.raises(NotAllowed):
        top_up(pro, 100, by=a_member(pro), reference="1", now=now)


def test_where_pros_are_invoiced_there_is_no_wallet(marketplace, now):
    invoiced = a_pro()
    staff = User.objects.create_user("grace@craftyard.example", "x", name="Grace", is_staff=True)
    with pytest.raises(NoWallet):
        top_up(invoiced, 100, by=staff, reference="1", now=now)
    charge(invoiced, 1_000, now=now)
    assert Transfer.objects.get().debit.kind == "receivable" and ProState.objects.get().wallet == 0


def test_every_change_raises_rev(pro, staff, now):
    """Who decided on what was in the wallet before has to look again (DESIGN 4)."""
    revs = [ProState.objects.get(pro=pro).rev]
    top_up(pro, 5_000, by=staff, reference="1", now=now)
    revs.append(ProState.objects.get(pro=pro).rev)
    match_id = charge(pro, 1_000, now=now)
    revs.append(ProState.objects.get(pro=pro).rev)
    charges.undo(match_id, now=now + timedelta(minutes=1))
    revs.append(ProState.objects.get(pro=pro).rev)
    assert revs == sorted(set(revs))
