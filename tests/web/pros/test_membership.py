"""My Account, Membership: what it gives, what it costs, one button for each decision (RULES 2, 15, 30, 31)."""

import csv
import io
import re
from datetime import timedelta

import pytest

from accounts.models import Member, Pro, ProState, User
from billing.models import Membership, MembershipCharge, Transfer
from billing.queries import membership_of
from core.policy import publish
from leads.policy import Leads
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_member, a_membership, a_pro
from tests.web.pros.test_inbox import text_of

PAGE, HOST = "/pro/account/membership/", "hearthline.localhost"
DAY = timedelta(days=1)
SILVER, GOLD, PLATINUM = 1, 2, 3


@pytest.fixture
def owner(opt_in):
    return a_member(a_funded_pro("Hill Country Plumbing", cents=20_000))


@pytest.fixture
def browser(owner, signed_in):
    return signed_in(owner, host=HOST)


def buttons(answer) -> dict:
    """{the words of a button: what its form sends}."""
    found = {}
    for form in re.findall(r'<form method="post">.*?</form>', answer.content.decode(), re.DOTALL):
        words = re.sub(r"<.*?>", "", re.search(r"<button.*?</button>", form, re.DOTALL)[0]).strip()
        sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        sent.pop("csrfmiddlewaretoken", None)
        found[words] = sent
    return found


def press(browser, words, **more):
    found = buttons(browser.get(PAGE))
    assert words in found, list(found)
    return browser.post(PAGE, found[words] | more, **{"follow": True} if not more else {})


def test_what_each_gives_and_costs_in_plain_words(browser):
    page = text_of(browser.get(PAGE))
    for words in (
        "You have none, and need none: leads reach you all the same.",
        "You are told of new offers 15 minutes after the first pros.",
        "Silver A month $29.00 Told of new offers after 10 minutes",
        "Gold A month $79.00 Told of new offers after 5 minutes Analytics Yes Named account manager No",
        "Platinum A month $149.00 Told of new offers at once Analytics Yes Named account manager Yes",
        "It hides no lead from anybody.",
        "at most 2 of the 4 seats are sold",
        "Your wallet has $200.00",
        "It does not count against your budget cap",
    ):
        assert words in page, words
    assert list(buttons(browser.get(PAGE))) == [
        "Buy Silver for $29.00 now, then $29.00 a month",
        "Buy Gold for $79.00 now, then $79.00 a month",
        "Buy Platinum for $149.00 now, then $149.00 a month",
    ]


def test_the_price_on_the_button_is_what_is_charged(browser, owner, clock):
    page = text_of(press(browser, "Buy Silver for $29.00 now, then $29.00 a month"))
    assert "You are a Silver member." in page and "Silver, $29.00 on Jun 20, 2026" in page and "Your wallet has $171.00" in page
    clock.now += 10 * DAY
    page = text_of(press(browser, "Change to Gold for $33.87 now, then $79.00 a month"))
    assert "You are a Gold member." in page and Transfer.objects.latest("at").amount == 3_387
    page = text_of(press(browser, "Change to Silver from Jun 20, 2026, $29.00 a month"))
    assert "Gold stays until Jun 20, 2026, then you are a Silver member." in page and "From Jun 20, 2026" in page
    page = text_of(press(browser, "Cancel the membership"))
    assert "Cancelled. Gold stays until Jun 20, 2026, and nothing more is charged." in page and "It ends. Nothing is charged." in page
    assert "Cancel the membership" not in page
    page = text_of(press(browser, "Keep Gold, $79.00 a month from Jun 20, 2026"))
    assert "You are a Gold member." in page and MembershipCharge.objects.count() == 2


def test_a_double_click_is_one_purchase(browser):
    sent = buttons(browser.get(PAGE))["Buy Gold for $79.00 now, then $79.00 a month"]
    for _ in range(2):
        assert browser.post(PAGE, sent).status_code == 302
    assert MembershipCharge.objects.count() == Membership.objects.count() == 1


def test_who_looks_at_an_old_page_reads_the_truth(browser, owner, clock):
    a_membership(owner, SILVER, now=clock.now)
    old = buttons(browser.get(PAGE))
    press(browser, "Change to Gold for $50.00 now, then $79.00 a month")
    answer = browser.post(PAGE, old["Change to Platinum for $120.00 now, then $149.00 a month"])
    assert answer.status_code == 409 and "This has changed in the meantime." in text_of(answer)
    assert "Gold Yours" in text_of(answer) and membership_of(owner.pro).tier == GOLD


def test_what_the_wallet_does_not_cover_says_how_much_is_missing(opt_in, signed_in):
    poor = signed_in(a_member(a_funded_pro(cents=5_000)), host=HOST)
    assert "This costs $79.00 now. Add $29.00 to your wallet first." in text_of(poor.get(PAGE))
    answer = poor.post(PAGE, {"tier": "2", "seen": "", "at_once": "7900", "monthly": "7900"})
    assert answer.status_code == 409 and "Your balance is too low" in text_of(answer) and not Membership.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"tier": "gold"}, 422),
        ({"tier": "-1"}, 422),
        ({"tier": "\u0662", "at_once": "7900", "monthly": "7900"}, 422),
        ({"tier": "2", "at_once": "1e9", "monthly": "7900"}, 422),
        ({"tier": "9" * 5_000}, 422),
        ({"tier": "2", "seen": "x" * 81, "at_once": "7900", "monthly": "7900"}, 422),
        ({"tier": "2", "seen": "\0", "at_once": "7900", "monthly": "7900"}, 422),
        ({"tier": "2"}, 409),
        ({"tier": "2", "at_once": "7899", "monthly": "7900"}, 409),
        ({"tier": "2", "seen": "x", "at_once": "7900", "monthly": "7900"}, 409),
        ({"tier": "0"}, 409),
        ({"tier": "4", "at_once": "7900", "monthly": "7900"}, 404),
        ({"tier": "999999999", "at_once": "7900", "monthly": "7900"}, 404),
    ],
)
def test_nonsense_is_refused_and_charges_nothing(browser, owner, sent, status):
    answer = browser.post(PAGE, sent)
    assert answer.status_code == status
    assert not Membership.objects.exists() and not MembershipCharge.objects.exists()
    assert ProState.objects.get(pro=owner.pro).wallet == 20_000


def test_a_plain_member_may_cancel_and_go_lower_but_not_raise(browser, owner, signed_in, clock):
    a_membership(owner, GOLD, now=clock.now)
    plain = signed_in(a_member(owner.pro, role=Member.Role.MEMBER), host=HOST)
    answer = plain.get(PAGE)
    assert list(buttons(answer)) == ["Cancel the membership", "Change to Silver from Jun 20, 2026, $29.00 a month"]
    assert "Only the owner or a billing member may buy or raise one." in text_of(answer) and "Your wallet has" not in text_of(answer)
    sent = buttons(browser.get(PAGE))["Change to Platinum for $70.00 now, then $149.00 a month"]
    assert plain.post(PAGE, sent).status_code == 403 and membership_of(owner.pro).tier == GOLD
    assert "Cancelled." in text_of(press(plain, "Cancel the membership"))


def test_where_no_membership_is_sold_there_is_no_such_page(marketplace, signed_in):
    here = signed_in(a_member(a_pro()))
    assert here.get(PAGE).status_code == here.post(PAGE, {"tier": "1"}).status_code == 404
    assert "/account/membership/" not in here.get("/pro/account/").content.decode()


def test_the_account_leads_to_it(browser):
    assert f'href="{PAGE}"' in browser.get("/pro/account/").content.decode()


def test_where_leads_are_shared_out_a_weight_is_said(browser, clock):
    sections = [each for each in PRESETS["opt_in"].sections if not isinstance(each, Leads)]
    publish([*sections, Leads(lead_types=("automatch", "choice"))], now=clock.now)
    page = text_of(browser.get(PAGE))
    assert "Your share where leads are shared out twice that of a pro without" in page and "4 times that of a pro without" in page
    assert "Told of new offers" not in page and "first to accept" not in page


def test_the_page_takes_few_queries(browser, owner, clock, django_assert_max_num_queries):
    a_membership(owner, GOLD, now=clock.now)
    with django_assert_max_num_queries(8 + 2):
        browser.get(PAGE)


# The statement


def test_the_statement_has_the_membership_beside_the_leads(browser, owner, clock):
    a_membership(owner, SILVER, now=clock.now)
    clock.now += 10 * DAY
    press(browser, "Change to Gold for $33.87 now, then $79.00 a month")
    page = text_of(browser.get("/pro/billing/"))
    assert "Membership Beside the budget cap, which is for leads." in page
    assert "Gold May 30, 2026 – Jun 20, 2026 $79.00 $33.87" in page and "Silver May 20, 2026 – Jun 20, 2026 $29.00 $29.00" in page
    assert "Total of the period $62.87" in page and "0 leads" in page
    rows = list(csv.DictReader(io.StringIO(browser.get("/pro/billing/statement.csv").content.decode())))
    assert [(row["Service"], row["Lead type"], row["Price"], row["You pay"]) for row in rows] == [
        ("Gold membership", "Membership", "33.87", "33.87"),
        ("Silver membership", "Membership", "29.00", "29.00"),
    ]
    assert ProState.objects.get(pro=owner.pro).spent == 0


def test_a_period_with_a_membership_alone_can_be_looked_at(browser, owner, clock):
    a_membership(owner, SILVER, now=clock.now - 60 * DAY)
    (first,) = re.findall(r'href="\?period=(\d+)"', browser.get("/pro/billing/").content.decode())
    assert "Silver Mar 21, 2026 – Apr 21, 2026" in text_of(browser.get("/pro/billing/", {"period": first}))


# The named account manager


@pytest.fixture
def nadia(owner):
    manager = User.objects.create_user("nadia@hearthline.example", "x", name="Nadia Flores", phone="+15125550191", is_staff=True)
    Pro.objects.update(account_manager=manager)
    return manager


def test_who_and_how_where_the_membership_says_so(browser, owner, nadia, clock):
    assert "Nadia Flores" not in text_of(browser.get("/pro/account/"))
    a_membership(owner, PLATINUM, now=clock.now)
    for address in ("/pro/account/", "/pro/leads/", PAGE):
        page = browser.get(address).content.decode()
        assert "Nadia Flores" in page and 'href="tel:+15125550191"' in page and 'href="mailto:nadia@hearthline.example"' in page


def test_where_no_membership_is_sold_everybody_has_one(marketplace, signed_in):
    pro = a_pro()
    grace = User.objects.create_user("grace@craftyard.example", "x", name="Grace Oduya", is_staff=True)
    Pro.objects.filter(pk=pro.pk).update(account_manager=grace)
    page = signed_in(a_member(pro)).get("/pro/account/").content.decode()
    assert page.count("mailto:grace@craftyard.example") == 2, "on the page and in the menu"
