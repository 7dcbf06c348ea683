from billing.models import Charge, LedgerAccount, Terms, Transfer
from core.ids import new_id
from tests.operations.plants.plant import plants, refreeze, sql, two_seats, unfrozen


def _of_an_earlier_period():
    return Charge.objects.order_by("opened_at").first()


@plants("money.budget", also=["routing.frozen"])
def a_seat_past_the_budget():
    second = two_seats()[1]
    refreeze(second, spent=0, budget=second.price)


@plants("money.spent")
def a_cent_nobody_spent():
    sql("update accounts_prostate set spent = spent + 1 where spent > 0")


@plants("money.period")
def a_charge_in_the_next_period():
    sql("update billing_charge set period = period + 1")


@plants("money.charged_once")
def a_cent_more_than_the_price():
    unfrozen("billing_transfer", "update billing_transfer set amount = amount + 1 where starts_with(reference, 'charge:')")


@plants("money.reference")
def a_transfer_of_no_charge():
    unfrozen("billing_transfer", "update billing_transfer set charge_id = null where starts_with(reference, 'charge:')")


@plants("money.accounts")
def sides_the_wrong_way_round():
    unfrozen("billing_transfer", "update billing_transfer set debit_id = credit_id, credit_id = debit_id")


@plants("money.bounds", also=["contact.discounted", "contact.discount"])
def more_taken_back_than_was_paid():
    sql("alter table billing_charge drop constraint billing_charge_not_below_zero")
    charge = _of_an_earlier_period()
    Charge.objects.filter(pk=charge.pk).update(discounted=charge.price + 1)
    Transfer.objects.create(
        id=new_id(),
        reference=f"discount:{charge.pk}",
        at=charge.opened_at,
        debit=LedgerAccount.objects.get(kind="leads"),
        credit=LedgerAccount.objects.get(pro=charge.pro_id),
        amount=charge.price + 1,
        charge=charge,
    )


@plants("money.taken_back")
def a_credit_nobody_posted():
    Charge.objects.filter(pk=_of_an_earlier_period().pk).update(credited=1)


@plants("money.price")
def another_price_list():
    terms = Terms.objects.earliest("version")
    unfrozen("billing_terms", f"update billing_terms set prices = jsonb_set(prices, '{{water-heater}}', '1') where id = {terms.pk}")


@plants("money.shown")
def a_charge_before_its_match():
    sql("update billing_charge set opened_at = opened_at - interval '1 second'")


@plants("money.estimate")
def a_job_corrected_after_the_sale():
    sql("update leads_lead set estimate = estimate + 1 where outcome = 'filled'")


@plants("money.wallet")
def a_cent_nobody_paid_in():
    sql("update accounts_prostate set wallet = wallet + 1")


@plants("money.reserved")
def a_cent_kept_for_no_draw():
    sql("update accounts_prostate set reserved = reserved + 1")
