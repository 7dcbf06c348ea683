"""The statement: every cent, as the books have it."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.models import Member, ProState
from billing import queries
from billing.models import Charge, Transfer
from billing.statement import how_made, percent, whole_dollars
from leads import matching, offers, withdrawal
from leads.models import Match, Offer
from tests.factories import SIGN_UP, a_funded_pro, a_lead, a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import text_of
from web.pros.statement import disarmed, dollars

PERIOD = timedelta(days=30)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def cents(text):
    return round(float(text) * 100)


def owed_for(pro, period):
    """What the books say the pro owes for the charges of a period: debits less credits of its account."""
    posted = Transfer.objects.filter(charge__pro=pro, charge__period=period)
    sides = [posted.filter(**{f"{side}__kind": "receivable", f"{side}__pro": pro}) for side in ("debit", "credit")]
    debits, credits = (sum(side.values_list("amount", flat=True)) for side in sides)
    return debits - credits


@pytest.fixture
def leads(prairie, now):
    """Three leads in the running period, two in the one before."""
    return [a_matched_lead(now=at) for at in (now - PERIOD, now - PERIOD, now - timedelta(days=3), now - timedelta(hours=1), now)]


def test_the_statement_equals_the_books(browser, prairie, leads, now):
    sums = queries.sums_of(prairie)
    assert [each.charges for each in sums.values()] == [3, 2] and list(sums) == sorted(sums, reverse=True)
    for period, each in sums.items():
        rows = rows_of(browser.get("/pro/billing/statement.csv", {"period": period}))
        assert sum(cents(row["You pay"]) for row in rows) == each.net == owed_for(prairie, period) > 0
        assert len(rows) == each.charges
    running = next(iter(sums.values()))
    prairie.state_row.refresh_from_db()
    assert running.net == prairie.state_row.spent


def test_the_page_shows_used_left_each_charge_and_the_total(browser, prairie, leads, now):
    page = text_of(browser.get("/pro/billing/"))
    price = Charge.objects.filter(pro=prairie).first().price
    used = f"${3 * price / 100:,.2f}"
    assert f"Used this period, {round(3 * price / 600)}% {used}" in page and f"Left ${600 - 3 * price / 100:,.2f}" in page
    assert "3 leads" in page and page.count("Flat price, price list 1") == 3
    assert f"Total of the period ${3 * price / 100:,.2f} $0.00 $0.00 {used}" in page
    for match in Match.objects.filter(pro=prairie, lead__in=leads[2:]):
        assert match.code in page and f'href="/pro/leads/{match.pk}/"' in browser.get("/pro/billing/").content.decode()
    assert "Dana" not in page, "the books carry no homeowner"


def test_an_earlier_period_has_its_own_dates_and_total(browser, prairie, leads):
    earlier = list(queries.sums_of(prairie))[1]
    page = text_of(browser.get("/pro/billing/", {"period": earlier}))
    first = SIGN_UP.date() + earlier * PERIOD
    assert f"Period {first:%b} {first.day} to" in page and "2 leads" in page and "Used this period" not in page
    assert text_of(browser.get("/pro/billing/")).count(f"{first:%b} {first.day}") == 1


@pytest.mark.parametrize("period", ["99", "-1", "--5", "-", "x", "9" * 5000, "\u0663", "1.5"])
def test_a_period_that_is_none(browser, leads, period):
    assert browser.get("/pro/billing/", {"period": period}).status_code == 404
    assert browser.get("/pro/billing/statement.csv", {"period": period}).status_code == 404


def test_a_withdrawn_lead_keeps_its_line_without_the_job(browser, prairie, leads, now):
    withdrawal.stop_all_contact(leads[-1], now=now)
    match = Match.objects.get(pro=prairie, lead=leads[-1])
    row = rows_of(browser.get("/pro/billing/statement.csv"))[0]
    assert row["Service"] == "Closed by the homeowner" and row["Lead"] == match.code and cents(row["You pay"]) == match.price
    assert "Closed by the homeowner" in text_of(browser.get("/pro/billing/"))


def test_a_credited_lead_says_so_and_not_that_the_homeowner_closed_it(browser, prairie, leads, now):
    Match.objects.filter(pro=prairie, lead=leads[-1]).update(state="credited", state_at=now)
    assert rows_of(browser.get("/pro/billing/statement.csv"))[0]["Service"] == "Credited"
    page = text_of(browser.get("/pro/billing/"))
    assert "Credited" in page and "Closed by the homeowner" not in page


def test_a_new_pro_has_an_empty_statement(browser, prairie):
    page = text_of(browser.get("/pro/billing/"))
    assert "No charge in this period" in page and "$0.00" in page and "Other periods" not in page
    assert rows_of(browser.get("/pro/billing/statement.csv")) == []


def test_a_long_statement_goes_on(browser, prairie, leads, monkeypatch):
    monkeypatch.setattr("billing.queries.PAGE", 2)
    first = browser.get("/pro/billing/").content.decode()
    assert first.count("price list 1") == 2 and "Older charges" in first
    address = first.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(f"/pro/billing/?{address}").content.decode()
    assert second.count("price list 1") == 1 and "Older charges" not in second and "3 leads" in second
    for nonsense in ("~", "1~x", f"9999-12-31T23:59:59-23:59~{'0' * 32}"):
        assert browser.get("/pro/billing/", {"after": nonsense}).content.decode().count("price list 1") == 2, "it begins at the top"


def test_the_statement_costs_at_most_10_queries(browser, prairie, leads, django_assert_max_num_queries):
    with django_assert_max_num_queries(10 + 2):  # the test itself adds a savepoint and its release
        browser.get("/pro/billing/")


def test_it_is_for_owner_and_billing(signed_in, prairie, leads):
    member = signed_in(a_member(prairie, role=Member.Role.MEMBER))
    for address in ("/pro/billing/", "/pro/billing/statement.csv"):
        answer = member.get(address)
        assert answer.status_code == 403 and "for the owner and the billing members" in answer.content.decode()
    assert signed_in(a_member(prairie, role=Member.Role.BILLING)).get("/pro/billing/").status_code == 200


def test_no_cap_is_said(opt_in, signed_in):
    pro = a_pro(budget=None)
    assert "You have set no cap." in text_of(signed_in(a_member(pro), host="hearthline.localhost").get("/pro/billing/"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_a_file_holds_no_formula(text):
    assert disarmed(text) == f"'{text}"
    assert disarmed(f"x{text}") == f"x{text}"


@pytest.mark.parametrize(("amount", "text"), [(0, "0.00"), (5, "0.05"), (-960, "-9.60"), (-5, "-0.05"), (123456, "1234.56")])
def test_amounts_in_a_file(amount, text):
    assert dollars(amount) == text


def a_charge(price, estimate, basis_points=100, **terms):
    conditions = SimpleNamespace(**({"price_min": None, "price_max": None} | terms))
    basis = {"pricing": "percent", "basis_points": basis_points, "estimate": estimate, "terms": 1}
    return SimpleNamespace(price=price, terms=conditions, basis=basis)


@pytest.mark.parametrize(
    ("charge", "words"),
    [
        (a_charge(2_500, 250_000), "1% of $2,500"),
        (a_charge(10_000, 1_000_000), "1% of $10,000"),
        (a_charge(313, 25_050, 125), "1.25% of $250.50"),
        (a_charge(1_000, 50_000, price_min=1_000), "1% of $500, at least $10"),
        (a_charge(9_000, 1_000_000, price_max=9_000), "1% of $10,000, at most $90"),
    ],
)
def test_how_a_share_was_made(charge, words):
    assert how_made(charge) == words


def test_percent_and_dollars():
    assert [percent(bp) for bp in (100, 125, 150, 1000, 5)] == ["1%", "1.25%", "1.5%", "10%", "0.05%"]
    assert [whole_dollars(c) for c in (250_000, 250_050, 0)] == ["$2,500", "$2,500.50", "$0"]


def test_the_wallet_stands_on_the_statement_with_what_came_into_it(opt_in, signed_in, now):
    at = now - timedelta(days=1)
    pro = a_funded_pro(cents=50_000, now=at)
    lead = a_lead(now=now)
    matching.route(lead_id=lead.pk, now=now)
    offer = Offer.objects.get(pro=pro)
    ProState.objects.filter(pro=pro).update(tier=3)
    Offer.objects.update(opens_at=now)
    owner = a_member(pro)
    match = offers.accept(offer, by=owner, shown_price=offer.price, now=now)
    browser = signed_in(owner, host="hearthline.localhost")
    page = text_of(browser.get("/pro/billing/"))
    left = f"${(50_000 - match.price) / 100:,.2f}"
    assert f"Your wallet Balance {left} It never falls below $0.00." in page and "Pay by bank transfer and name" in page
    assert "Added to your wallet" in page and "$500.00" in page and "wire " in page
    rows = rows_of(browser.get("/pro/billing/statement.csv"))
    assert [row["Lead type"] for row in rows] == ["Opt-in", ""], "the latest first"
    assert (rows[0]["You pay"], rows[0]["Added to your wallet"]) == (dollars(match.price), "")
    assert (rows[1]["Service"], rows[1]["You pay"], rows[1]["Added to your wallet"]) == ("Payment received", "", "500.00")
    assert rows[1]["Lead"].startswith("wire ")


def test_who_pays_afterwards_has_no_wallet(browser, prairie):
    assert "Your wallet" not in text_of(browser.get("/pro/billing/"))
    assert "wallet" not in browser.get("/pro/billing/statement.csv").content.decode()
