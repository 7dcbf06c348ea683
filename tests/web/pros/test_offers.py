"""Offers on pages: the job and the exact fee before the seat, one tap, ten minutes to undo, and the person to nobody who has not paid
(RULES 2, 15, 31, INVARIANTS 13, 14, 32)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import purchase_settings
from accounts.models import Member, ProState
from billing.models import Charge
from contact import numbers
from core.policy import publish
from leads import choice, links, matching, offers, withdrawal
from leads.models import Lead, Match, Offer
from leads.policy import Leads, OptIn
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member
from tests.web.pros.test_inbox import text_of

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOST = "hearthline.localhost"
FEED = "/pro/offers/"
PERSON = {
    "name": "Quenby Zellweger",
    "phone": "+17735550143",
    "email": "quenby@homeowners.example",
    "street": "4471 Thistledown Avenue",
    "description": "The tank leaks. I am Quenby Zellweger, call 773-555-0143 or come to 4471 Thistledown Avenue.",
}
MARKS = ("Quenby", "Zellweger", "quenby", "5550143", "555-0143", "Thistledown", "4471")


@pytest.fixture(autouse=True)
def _hearthline(opt_in):
    """Every story here happens where pros opt in."""


@pytest.fixture
def owner():
    return a_team(3, name="Saltgrass Plumbing", budget=100_000)


@pytest.fixture
def browser(owner, signed_in):
    return signed_in(owner, host=HOST)


def a_team(tier=0, **changes):
    """The owner of a pro of this tier that has paid $10,000.00 beforehand."""
    pro = a_funded_pro(**changes)
    ProState.objects.filter(pro=pro).update(tier=tier)
    return a_member(pro)


def an_offered_lead(*, now, **said) -> Lead:
    lead = a_lead(now=now, **said)
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def offer_to(member) -> Offer:
    return Offer.objects.select_related("pro", "lead").get(pro=member.pro_id)


def page_of(member, ending=""):
    return f"{FEED}{offer_to(member).pk}/{ending}"


def tap(browser, member, price=None):
    """What the button sends."""
    return browser.post(page_of(member, "accept/"), {"price": offer_to(member).price if price is None else price})


def money(cents):
    return f"${cents / 100:,.2f}"


def wallet_of(member):
    return ProState.objects.get(pro=member.pro_id).wallet


# The feed


def test_the_feed_has_the_job_the_exact_fee_and_how_it_is_made(browser, owner, now):
    lead, offer = an_offered_lead(now=now, timing="now"), offer_to(owner)
    page = text_of(browser.get(FEED))
    price = money(offer.price)
    assert lead.service.name in page and "60614" in page and "The tank is leaking" in page
    assert f"1% of {money(lead.estimate).removesuffix('.00')} = {price}" in page and f"Accept for {price}" in page
    assert "0 of 4 seats taken" in page and "Offer ends at 4:00 PM, 4 hours 0 minutes left" in browser.get(FEED).content.decode()
    assert "You pay 1% of the estimated job value, only when you accept" in page
    assert "Platinum (you) at once" in page and "No membership after 15 minutes" in page


def test_nothing_of_the_person_before_the_seat(browser, owner, now):
    an_offered_lead(now=now, **PERSON)
    for answer in (browser.get(FEED), browser.get(page_of(owner)), tap(browser, owner, price=1)):
        said = answer.content.decode()
        assert not [mark for mark in MARKS if mark in said]
        assert "The tank leaks." in said


def test_what_has_not_opened_for_its_tier_is_not_there_yet(signed_in, clock, now):
    slow = a_team(0)
    lead, browser = an_offered_lead(now=now), signed_in(slow, host=HOST)
    assert lead.service.name not in text_of(browser.get(FEED)) and "Offers 0" in text_of(browser.get("/pro/leads/"))
    early = text_of(browser.get(page_of(slow)))
    assert "Opens for you at 12:15 PM" in early and "Accept" not in early and "leaking" not in early
    answer = tap(browser, slow)
    assert answer.status_code == 409 and "You can accept this from 12:15 PM. Nothing was charged." in text_of(answer)
    clock.now = now + 15 * MINUTE
    assert "Accept for" in text_of(browser.get(FEED)) and "Offers 1" in text_of(browser.get("/pro/leads/"))


def test_the_feed_asks_for_itself_and_an_unchanged_one_costs_nothing(browser, owner, htmx, clock, now):
    an_offered_lead(now=now)
    page = browser.get(FEED)
    assert f'hx-get="{FEED}" hx-trigger="every 5s' in page.content.decode()
    again = browser.get(FEED, HTTP_IF_NONE_MATCH=page["ETag"], **htmx)
    assert again.status_code == 304
    offers.decline(offer_to(owner), reason="busy", by=owner, now=now)
    fresh = browser.get(FEED, HTTP_IF_NONE_MATCH=page["ETag"], **htmx)
    assert fresh.status_code == 200 and 'id="offer-count" hx-swap-oob="true" hidden' in fresh.content.decode()
    assert "You passed: No time for it" in text_of(fresh)


def test_thirty_offers_take_no_more_queries_than_three(browser, owner, now):
    counts = []
    for more in (3, 27):
        for _ in range(more):
            an_offered_lead(now=now)
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(FEED)
        counts.append(len(statements))
    assert page.content.decode().count("Accept for") == 30 and counts[0] == counts[1] <= 16


def test_without_offers_the_page_says_why(browser, owner, now):
    assert "No offers right now" in text_of(browser.get(FEED))
    purchase_settings.pause(owner.pro, by=owner, now=now)
    assert "Leads are paused" in text_of(browser.get(FEED))


def test_an_empty_wallet_is_the_reason(signed_in, now):
    team = a_team(3, cents=1)
    ProState.objects.filter(pro=team.pro_id).update(wallet=0)
    for path in (FEED, "/pro/leads/"):
        assert "Your wallet is empty" in text_of(signed_in(team, host=HOST).get(path))


def test_where_offers_are_made_the_manager_begins_with_them(browser, owner, now):
    assert browser.get("/pro/")["Location"] == FEED
    an_offered_lead(now=now)
    tap(browser, owner)
    assert browser.get("/pro/")["Location"] == "/pro/leads/", "a paid lead waits to be opened"


# One offer


def test_the_page_of_an_offer_says_what_an_accept_comes_to(browser, owner, now):
    lead, offer = an_offered_lead(now=now), offer_to(owner)
    page = text_of(browser.get(page_of(owner)))
    price = offer.price
    assert f"{money(price)} for a seat" in page and "Owns the home" in page and lead.get_timing_display() in page
    assert f"between {money(lead.estimate_low)} and {money(lead.estimate_high)}" in page and lead.estimate_reasons[0] in page
    assert f"Your wallet, $10,000.00 now {money(1_000_000 - price)} after" in page
    assert f"Your budget, $1,000.00 left {money(100_000 - price)} after" in page
    assert "Platinum (you) 12:00 PM Gold 12:05 PM Silver 12:10 PM No membership 12:15 PM" in page
    assert "4 seats left" in page and "Open until 4:00 PM" in page and "At most 2 seats are sold before all pros can accept" in page


def test_one_tap_is_a_seat_and_a_page_that_says_so(browser, owner, now):
    an_offered_lead(now=now)
    price = offer_to(owner).price
    answer = tap(browser, owner)
    assert (answer.status_code, answer["Location"]) == (302, page_of(owner))
    match = Match.objects.get()
    assert (match.price, match.opened_at) == (price, None) and wallet_of(owner) == 1_000_000 - price
    page = text_of(browser.get(page_of(owner)))
    assert f"You have a seat for {money(price)}" in page and "Seat 1 of 4 is yours. Until 12:10 PM you can undo it" in page
    assert "Opening the details ends the undo" in page and f"Undo, {money(price)} back" in page
    assert not Match.objects.exclude(opened_at=None).exists(), "looking at this page opens nothing"
    assert tap(browser, owner).status_code == 302 and Charge.objects.count() == 1


def test_while_the_undo_runs_the_page_is_no_news(browser, owner, htmx, clock, now):
    an_offered_lead(now=now)
    tap(browser, owner)
    page = browser.get(page_of(owner))
    assert "Undo: 10 minutes 0 seconds left, until 12:10 PM" in page.content.decode()
    clock.now = now + 5 * MINUTE
    assert browser.get(page_of(owner), HTTP_IF_NONE_MATCH=page["ETag"], **htmx).status_code == 304
    clock.now = now + 10 * MINUTE
    assert "can no longer be undone" in text_of(browser.get(page_of(owner), HTTP_IF_NONE_MATCH=page["ETag"], **htmx))


def test_every_way_to_the_lead_asks_first_while_it_may_be_undone(browser, owner, clock, now):
    an_offered_lead(now=now)
    tap(browser, owner)
    match = Match.objects.get()
    lead = f"/pro/leads/{match.pk}/"
    assert "Undo until 12:10 PM" in text_of(browser.get("/pro/leads/"))
    for ask in (browser.get, browser.head):
        assert (answer := ask(lead)).status_code == 302 and answer["Location"] == page_of(owner)
    answer = browser.post(page_of(owner, "open/"))
    match.refresh_from_db()
    assert answer["Location"] == lead and match.opened_at == now and browser.get(lead).status_code == 200
    page = text_of(browser.get(page_of(owner)))
    assert "It can no longer be undone" in page and "Undo," not in page
    refused = browser.post(page_of(owner, "undo/"))
    assert refused.status_code == 409 and "You have seen the contact details, so this cannot be undone" in text_of(refused)


def test_after_ten_minutes_the_lead_opens_as_any_other(browser, owner, clock, now):
    an_offered_lead(now=now)
    tap(browser, owner)
    clock.now = now + 10 * MINUTE
    assert "Undo until" not in text_of(browser.get("/pro/leads/"))
    assert browser.get(f"/pro/leads/{Match.objects.get().pk}/").status_code == 200
    late = browser.post(page_of(owner, "undo/"))
    assert late.status_code == 409 and Match.objects.get().state == "live"


def test_undone_the_money_is_back_and_the_homeowner_knows(browser, owner, now):
    lead = an_offered_lead(now=now, phone="+17735550143")
    tap(browser, owner)
    for _ in range(2):
        assert browser.post(page_of(owner, "undo/"))["Location"] == page_of(owner)
    price = Match.objects.get().price
    assert wallet_of(owner) == 1_000_000 and f"{money(price)} was given back to you" in text_of(browser.get(page_of(owner)))
    told = Message.objects.filter(kind="seat_given_back", recipient=f"lead:{lead.pk}")
    assert {message.channel for message in told} == {"email", "sms"}
    assert told.first().context["pro"] == "Saltgrass Plumbing"
    page = text_of(browser.get(f"/request/{links.token(lead)}/"))
    assert "Saltgrass Plumbing gave your request back without opening it, and no longer has your details" in page
    assert "Nobody has your details yet" in page and "since" not in page.partition("Seats")[2].partition("Pros named")[0]
    assert browser.post(page_of(owner, "open/"))["Location"] == f"/pro/leads/{Match.objects.get().pk}/"
    assert Match.objects.get().opened_at is None
    closed = text_of(browser.get(f"/pro/leads/{Match.objects.get().pk}/"))
    assert "Undone" in closed and "The price was given back" in closed and "Request Credit" not in closed


# Refused, and nothing was charged


@pytest.mark.parametrize("price", ["", "x", "-1", "1.5", "٣", "9" * 5000, "1\x00", " 1"])
def test_nonsense_for_a_price(browser, owner, now, price):
    an_offered_lead(now=now)
    answer = browser.post(page_of(owner, "accept/"), {"price": price})
    assert answer.status_code in (409, 422) and "Nothing was charged" in text_of(answer) and not Match.objects.exists()


def test_another_price_is_refused_and_the_button_has_the_new_one(browser, owner, now):
    lead = an_offered_lead(now=now)
    old = offer_to(owner).price
    Lead.objects.filter(pk=lead.pk).update(estimate=lead.estimate * 2)
    answer = tap(browser, owner, price=old)
    page = text_of(answer)
    assert answer.status_code == 409
    assert f"The price of this lead is {money(old * 2)} now. Nothing was charged. Accept again if you want it for that. Offers" in page
    assert f"Accept for {money(old * 2)}" in page and wallet_of(owner) == 1_000_000
    shown = re.search(r'name="price" value="(\d+)"', answer.content.decode())[1]
    assert tap(browser, owner, price=shown).status_code == 302 and Match.objects.get().price == old * 2


def test_each_refusal_is_a_sentence(browser, owner, clock, now, monkeypatch):
    lead = an_offered_lead(now=now)
    offer = offer_to(owner)
    price = offer.price

    def refused():
        answer = tap(browser, owner, price=price)
        assert answer.status_code == 409 and not Match.objects.filter(pro=owner.pro_id).exists()
        return text_of(answer)

    purchase_settings.pause(owner.pro, by=owner, now=now)
    assert "Your leads were paused" in refused()
    assert "Your leads are paused. Start again" in text_of(browser.get(page_of(owner)))
    purchase_settings.resume(owner.pro, by=owner, now=now)
    ProState.objects.filter(pro=owner.pro_id).update(wallet=price - 1)
    assert "Your balance is too low for this. Add money to your wallet" in refused()
    page = text_of(browser.get(page_of(owner)))
    assert f"Your wallet holds {money(price - 1)}, and this costs {money(price)}. How to add money" in page and "Accept for" not in page
    ProState.objects.filter(pro=owner.pro_id).update(wallet=1_000_000)

    def full(*args, **options):
        raise numbers.NoNumber

    with monkeypatch.context() as patched:
        patched.setattr("leads.matching.open_lines", full)
        assert "No phone number is free for this lead." in refused()
    assert wallet_of(owner) == 1_000_000 and not Charge.objects.exists()
    clock.now = now + 4 * HOUR
    assert "This offer has expired. Nothing was charged." in refused()
    clock.now = now + HOUR
    withdrawal.stop_all_contact(links.lead_of(links.token(lead)), now=clock.now)
    page = refused()
    assert "The homeowner withdrew this request. Nothing was charged." in page and "leaking" not in page


def test_the_fifth_reads_taken_and_who_waits_for_a_free_seat_can_have_it(browser, owner, clock, now):
    others = [a_team(3) for _ in range(4)]
    lead = an_offered_lead(now=now)
    matches = [offers.accept(offer_to(team), by=team, shown_price=offer_to(team).price, now=now) for team in others]
    answer = tap(browser, owner)
    assert answer.status_code == 409 and "Taken: other pros had the last seats" in text_of(answer)
    assert "All seats are taken right now. One may still be given back" in text_of(answer)
    offers.undo(matches[0], by=others[0], now=now + MINUTE)
    assert tap(browser, owner).status_code == 302
    matching.route(lead_id=lead.pk, now=now + 12 * MINUTE)
    clock.now = now + 12 * MINUTE
    assert Lead.objects.get().outcome == "filled" and "You accepted it for" in text_of(browser.get(page_of(owner)))


def test_the_kept_seats_are_said_with_the_time(browser, owner, now):
    early = [a_team(3) for _ in range(2)]
    a_team(0)
    an_offered_lead(now=now)
    for team in early:
        offers.accept(offer_to(team), by=team, shown_price=offer_to(team).price, now=now)
    page = text_of(browser.get(page_of(owner)))
    assert "The first seats are taken. 2 seats left, kept until all pros can accept at 12:15 PM." in page and "Accept for" not in page
    answer = tap(browser, owner)
    assert answer.status_code == 409 and "try again at 12:15 PM" in text_of(answer)


def test_a_seat_kept_for_a_pick_is_neither_free_nor_taken(browser, owner, signed_in, now):
    sections = [replace(each, lead_types=("choice", "opt_in")) if isinstance(each, Leads) else each for each in PRESETS["opt_in"].sections]
    publish(sections, now=now)
    picked = a_team(0, name="Mueller Pipe Works")
    lead = a_lead(now=now, way="choose")
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    choice.choose(lead, [picked.pro_id], fill=True, now=now, page="/choose/")
    matching.route(lead_id=lead.pk, now=now)
    assert "0 of 4 seats taken, 1 kept for a pro the homeowner picked" in text_of(browser.get(FEED))
    page = text_of(browser.get(page_of(owner)))
    assert "3 seats left" in page and "1 is kept for a pro the homeowner picked." in page and "Mueller" not in page
    theirs = text_of(signed_in(picked, host=HOST).get(page_of(picked)))
    assert "The homeowner picked you. A seat is kept for you until 12:30 PM." in theirs
    assert "4 seats left" in theirs and "kept for a pro" not in theirs


def test_a_confirmed_phone_is_said(browser, owner, now):
    an_offered_lead(now=now)
    assert "Phone confirmed" not in text_of(browser.get(FEED)) + text_of(browser.get(page_of(owner)))
    Lead.objects.update(phone_check="optional", phone_confirmed_at=now)
    assert "Phone confirmed" in text_of(browser.get(FEED)) and "Phone confirmed" in text_of(browser.get(page_of(owner)))


def test_in_the_draw_the_reserved_price_is_said(browser, owner, now):
    an_offered_lead(now=now)
    Offer.objects.update(state=Offer.State.WAITING)
    page = text_of(browser.get(FEED))
    assert f"In the draw; {money(offer_to(owner).price)} is reserved. You pay only if you are drawn." in page
    assert "Accept for" not in page and "Pass, free" not in page


def test_where_seats_are_drawn_the_button_says_so_before(browser, owner, clock, now):
    sections = [replace(each, allocation="draw") if isinstance(each, OptIn) else each for each in PRESETS["opt_in"].sections]
    publish(sections, now=now)
    a_team(0)
    an_offered_lead(now=now)
    assert "Accept for $" in text_of(browser.get(page_of(owner))), "the first seats are for who comes first"
    clock.now = now + 15 * MINUTE
    page = text_of(browser.get(page_of(owner)))
    assert f"Enter the draw for {money(offer_to(owner).price)}" in page and "Accept for $" not in page
    assert "Who accepts until 12:20 PM takes part in a draw for the seats. The price is reserved" in page
    price = offer_to(owner).price
    tap(browser, owner)
    assert f"In the draw until 12:20 PM; {money(price)} is reserved." in text_of(browser.get(page_of(owner)))
    statement = text_of(browser.get("/pro/billing/"))
    assert f"{money(price)} more is reserved for draws." in statement and f"Left {money(100_000 - price)}" in statement
    assert f"You can spend {money(1_000_000 - price)}" in statement and f"{money(price)} of it is reserved for draws." in statement
    assert f"{money(price)} more is reserved for draws." in text_of(browser.get("/pro/leads/"))


# Passing


def test_passing_is_one_tap_on_a_reason(browser, owner, now):
    an_offered_lead(now=now)
    page = browser.get(FEED).content.decode()
    assert {code for code in Offer.Reason.values if f'name="reason" value="{code}"' in page} == set(Offer.Reason.values)
    for said in ({}, {"reason": "nothing"}):
        answer = browser.post(page_of(owner, "decline/"), said)
        assert answer.status_code == 422 and "Say why you do not want it" in text_of(answer)
    for _ in range(2):
        assert browser.post(page_of(owner, "decline/"), {"reason": "too_far"})["Location"] == FEED
    assert (offer_to(owner).state, offer_to(owner).reason) == ("declined", "too_far")
    assert "You passed: Too far away" in text_of(browser.get(page_of(owner)))


# Who accepts, and up to what price


def test_a_plain_member_accepts_what_it_is_let(browser, owner, signed_in, now):
    an_offered_lead(now=now)
    price = offer_to(owner).price
    joy = a_member(owner.pro, role=Member.Role.MEMBER, email="joy@saltgrass.example")
    hers = signed_in(joy, host=HOST)
    page = text_of(hers.get(page_of(owner)))
    assert "Accepting offers is for the owner of your company" in page and "Accept for" not in page and "Pass, free" in page
    answer = tap(hers, owner)
    assert answer.status_code == 403 and f"Accepting this for {money(price)} is for the owner" in text_of(answer)
    assert tap(hers, owner, price=0).status_code == 409, "a lower price than the one it has is no way around"
    Member.objects.filter(pk=joy.pk).update(accept_up_to=price - 1)
    answer = tap(hers, owner)
    assert answer.status_code == 403
    assert f"You may accept offers up to {money(price - 1)}, and this one costs {money(price)}." in text_of(answer)
    assert not Match.objects.exists()
    Member.objects.filter(pk=joy.pk).update(accept_up_to=price)
    assert tap(hers, owner).status_code == 302 and Match.objects.count() == 1


def test_owner_and_billing_say_who_accepts(browser, owner, signed_in, now):
    from web.pros.team import reference

    joy = a_member(owner.pro, role=Member.Role.MEMBER, email="joy@saltgrass.example")
    priya = a_member(owner.pro, role=Member.Role.BILLING, email="priya@saltgrass.example")
    path = f"/pro/account/team/members/{reference(joy)}/"
    assert "accepts no offers" in text_of(browser.get("/pro/account/team/"))
    for who, said, cents in (
        (browser, {"accepts": "up_to", "up_to": "$50.00"}, 5_000),
        (signed_in(priya, host=HOST), {"accepts": "any"}, None),
        (browser, {"accepts": "none", "up_to": "50"}, 0),
    ):
        assert "Offers: Marcus" in text_of(who.get(path))
        assert who.post(path, {"do": "accept", **said}).status_code == 302
        joy.refresh_from_db()
        assert joy.accept_up_to == cents
    wrong = ({}, {"accepts": "up_to"}, {"accepts": "x"}, *({"accepts": "up_to", "up_to": typed} for typed in ("lots", "99999999", "٣")))
    for said in wrong:
        answer = browser.post(path, {"do": "accept", **said})
        assert answer.status_code == 422 and 'class="err"' in answer.content.decode()
    hers = signed_in(joy, host=HOST)
    assert hers.post(path, {"do": "accept", "accepts": "any"}).status_code == 403
    assert "Offers: Marcus" not in text_of(hers.get(path))
    joy.refresh_from_db()
    assert joy.accept_up_to == 0


# Others


def test_another_pro_s_offer_and_none_answer_the_same(browser, owner, signed_in, now):
    an_offered_lead(now=now)
    other = signed_in(a_team(3), host=HOST)
    for ending, body in (("", None), ("accept/", {"price": 1}), ("decline/", {"reason": "busy"}), ("undo/", {}), ("open/", {})):
        ask = other.get if body is None else other.post
        assert ask(page_of(owner, ending), body).status_code == 404
    assert browser.post(page_of(owner, "undo/")).status_code == browser.post(page_of(owner, "open/")).status_code == 404
    assert browser.get(page_of(owner, "accept/")).status_code == 405
