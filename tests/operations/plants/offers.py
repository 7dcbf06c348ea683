from datetime import timedelta

from leads.models import Match, Offer
from tests.operations.plants.plant import plants, sql

PICK = timedelta(minutes=30)


def an_offer(**said):
    """One more offer of the test lead, to a pro that has a seat on it."""
    sold = Match.objects.filter(test=True).order_by("slot").first()
    Offer.objects.create(
        lead=sold.lead, pro=sold.pro, tier=0, terms=sold.terms, price=sold.price, estimate=sold.estimate, at=sold.at, opens_at=sold.at,
        expires_at=sold.at + PICK, test=True, **{"lead_type": "choice"} | said,
    )  # fmt: skip


@plants("offers.qualified")
def an_offer_that_nothing_decided():
    an_offer(state="expired", decided_at=Match.objects.filter(test=True).first().at)


@plants("offers.released")
def a_head_start_nobody_has():
    """A minute sooner for all of a tier."""
    minute = "interval '1 minute'"
    sql(f"update leads_offer set opens_at = opens_at - {minute}, expires_at = expires_at - {minute} where state = 'expired'")


@plants("offers.told")
def a_notice_that_came_too_soon():
    sql("update notifications_message set accepted_at = accepted_at - interval '20 minutes' where kind = 'new_offer'")


@plants("offers.expire")
def an_offer_that_is_open_for_a_minute_more():
    sql("update leads_offer set expires_at = expires_at + interval '1 minute' where state = 'expired'")


@plants("offers.overdue")
def one_that_nobody_closed():
    sql("update leads_offer set state = 'open' where state = 'expired'")


@plants("offers.declined")
def one_that_is_asked_once_more():
    sql("update leads_offer set state = 'expired', reason = '' where state = 'declined'")


@plants("offers.price")
def a_notice_that_said_less():
    sql("update notifications_message set context = jsonb_set(context, '{price}', '\"$1.00\"') where kind = 'new_offer'")


@plants("offers.accepted", also=["offers.qualified"])
def an_accept_without_a_seat():
    an_offer(state="accepted")


@plants("offers.drawn")
def seats_drawn_that_were_never_to_be():
    sql("update leads_decision set request = jsonb_set(request, '{draw}', 'true') where lead_id in (select id from leads_lead where test)")


@plants("offers.waiting", also=["offers.qualified"])
def one_who_waits_for_ever():
    an_offer(state="waiting")


@plants("offers.held", also=["offers.qualified", "offers.overdue"])
def a_seat_that_is_held_and_sold():
    an_offer(slot=1)


@plants("offers.head_start")
def seats_before_everybody_could_accept():
    sql("update leads_lead set open_to_all_at = closes_at where offered_at is not null")
