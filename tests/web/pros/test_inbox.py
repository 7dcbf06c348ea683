"""The lead inbox: what to do first, what is found, what a withdrawn lead leaves, and why nothing comes."""

import re
from datetime import timedelta

import pytest

from accounts import purchase_settings
from accounts.models import Member, Pro, User
from leads import withdrawal
from leads.matching import route
from leads.models import Match
from leads.opening import open_match
from tests.factories import a_lead, a_matched_lead, a_member, a_pro


def text_of(answer):
    """The words of a page, without its tags."""
    body = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", answer.content.decode().replace("<wbr>", ""))
    return " ".join(body.split())


def match_of(pro, lead):
    return Match.objects.get(pro=pro, lead=lead)


def test_new_leads_stand_before_opened_ones_and_withdrawn_ones_last(browser, prairie, owner, now):
    day = timedelta(days=1)
    opened = a_matched_lead(now=now - 2 * day, name="Luis Romero")
    open_match(match_of(prairie, opened), by=owner, now=now - 2 * day)
    new = a_matched_lead(now=now - 3 * day, name="Dana Whitfield")
    gone = a_matched_lead(now=now - day, name="Priya Nair")
    withdrawal.stop_all_contact(gone, now=now)
    page = text_of(browser.get("/pro/leads/"))
    assert page.index("Not opened yet") < page.index("Dana W.") < page.index("Luis R.") < page.index("Last 7 days")
    assert page.index("Last 7 days") < page.index("Closed by the homeowner")
    code = match_of(prairie, new).code
    assert code in page and "AutoMatch" in page and "Dana W. in Chicago 60614" in page and "1 of 4 seats" in page
    assert "All 3" in page and "New 1" in page and "AutoMatch 2" in page and "Choice Match 0" in page and "Closed 1" in page


def test_the_inbox_never_shows_who_the_homeowner_is(browser, prairie, now):
    lead = a_matched_lead(now=now, phone="+13125550177", email="dana@homeowners.example", street="1201 N Hoyne Ave")
    page = browser.get("/pro/leads/").content.decode()
    assert "Dana W." in page
    for secret in ("Whitfield", "5550177", "555-0177", "dana@", "Hoyne", lead.description):
        assert secret not in page


def test_a_withdrawn_lead_is_a_tombstone(browser, prairie, now):
    lead = a_matched_lead(now=now - timedelta(hours=2))
    match = match_of(prairie, lead)
    withdrawal.stop_all_contact(lead, now=now)
    for address in ("/pro/leads/", "/pro/leads/?show=closed", f"/pro/leads/?q={match.code}"):
        page = browser.get(address).content.decode()
        assert "Closed by the homeowner" in page and match.code in page
        assert "Dana" not in page and "Water heater" not in page and "60614" not in page
    for words in ("Dana", "water", "60614", "chicago"):
        assert match.code not in browser.get("/pro/leads/", {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["Dana", "dana w.", "Water heat", "606", "60614", "chicago dana", "CODE", "code"])
def test_leads_are_found_by_what_is_seen_of_them(browser, prairie, now, words):
    found = match_of(prairie, a_matched_lead(now=now, name="Dana Whitfield"))
    a_pro(services=("roof-repair",))
    other = match_of(prairie, a_matched_lead(now=now, name="Luis Romero"))
    asked = words.replace("CODE", found.code).replace("code", found.code[3:].lower())
    page = browser.get("/pro/leads/", {"q": asked}).content.decode()
    assert found.code in page
    assert (other.code in page) == (words in ("Water heat", "606", "60614"))


@pytest.mark.parametrize("words", ["Whitfield", "hitf", "dana@homeowners", "5550177", "Hoyne", "leaking", "%", "_", "'; drop table"])
def test_nothing_is_found_by_what_is_hidden(browser, prairie, now, words):
    a_matched_lead(now=now, name="Dana Whitfield", phone="+13125550177", street="1201 N Hoyne Ave")
    page = text_of(browser.get("/pro/leads/", {"q": words}))
    assert "No lead fits" in page and "Dana W." not in page


NO_CURSORS = ["~~", "1~x~y", "0~2026-01-01T00:00:00~" + "0" * 32, "2~9999-12-31T23:59:59-23:59~" + "0" * 32]


@pytest.mark.parametrize("bad", ["\x00", "\u200b", "a" * 5000, "9" * 5000, "%00", *NO_CURSORS])
@pytest.mark.parametrize("name", ["q", "after", "show"])
def test_nonsense_in_the_address_is_answered(browser, prairie, now, name, bad):
    a_matched_lead(now=now)
    assert browser.get("/pro/leads/", {name: bad}).status_code == (400 if bad == "\x00" else 200)


def test_a_long_inbox_goes_on_and_every_lead_is_shown_once(browser, prairie, owner, now, monkeypatch):
    monkeypatch.setattr("leads.sight.PAGE", 4)
    codes = []
    for number in range(10):
        match = match_of(prairie, a_matched_lead(now=now - timedelta(hours=number // 2)))
        if number % 3:
            open_match(match, by=owner, now=now)
        codes.append(match.code)
    seen, address, pages = [], "/pro/leads/", 0
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r"AM-[0-9A-F]{6}(?=</small>)", page)
        further = re.search(r'href="(/pro/leads/\?[^"]*after=[^"]+)"', page)
        address, pages = further and further[1].replace("&amp;", "&"), pages + 1
    assert pages == 3 and sorted(seen) == sorted(codes)


def test_the_number_of_queries_does_not_grow_with_the_inbox(browser, prairie, now, django_assert_max_num_queries):
    User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True, phone="+18665550134")
    Pro.objects.filter(pk=prairie.pk).update(account_manager=User.objects.get(email="renee@craftyard.example"))
    a_matched_lead(now=now)
    with django_assert_max_num_queries(12):
        assert "Renee Okafor" in text_of(browser.get("/pro/leads/"))
    for _ in range(12):
        a_matched_lead(now=now)
    with django_assert_max_num_queries(12):
        browser.get("/pro/leads/")


def test_the_list_asks_for_itself_and_costs_nothing_when_nothing_changed(browser, prairie, now, htmx):
    a_matched_lead(now=now)
    page = browser.get("/pro/leads/")
    assert "<title>(1) Leads" in page.content.decode() and page["Vary"].count("HX-Request") == 1
    etag = page["ETag"]
    assert f'data-etag="{etag.replace(chr(34), "&quot;")}"' in page.content.decode()
    same = browser.get("/pro/leads/", HTTP_IF_NONE_MATCH=etag, **htmx)
    assert (same.status_code, same.content) == (304, b"")
    a_matched_lead(now=now, name="Luis Romero")
    part = browser.get("/pro/leads/", HTTP_IF_NONE_MATCH=etag, **htmx)
    body = part.content.decode()
    assert part.status_code == 200 and "<html" not in body and "Luis R." in body and "<title>(2) Leads" in body
    assert body.count("<title>") == 1 and 'hx-trigger="every 5s, wake from:body"' in body


@pytest.mark.parametrize(
    ("change", "title", "words"),
    [
        (lambda pro, by, now: purchase_settings.pause(pro, by=by, now=now), "Leads are paused", "nothing is charged until you start again"),
        (lambda pro, by, now: purchase_settings.set_automatch(pro, False, by=by, now=now), "AutoMatch is off", "stay yours"),
        (
            lambda pro, by, now: purchase_settings.set_hours(pro, 60, 120, by=by, now=now),
            "Outside your receiving hours",
            "1:00 AM to 2:00 AM",
        ),
    ],
)
def test_an_empty_inbox_says_what_is_true_and_why(browser, prairie, owner, now, change, title, words):
    change(prairie, owner, now)
    page = text_of(browser.get("/pro/leads/"))
    assert title in page and words in page and "lead-purchase-settings" in browser.get("/pro/leads/").content.decode()


def test_an_empty_inbox_with_everything_on_says_so(browser, prairie):
    page = text_of(browser.get("/pro/leads/"))
    assert "No leads yet" in page and "You are on, in 1 ZIP code, with $600.00 of budget left." in page


def test_no_service_no_area_no_approval(signed_in, marketplace, now):
    idle = a_member(a_pro(services=(), zips=("60614",)))
    assert "You offer no service yet" in text_of(signed_in(idle).get("/pro/leads/"))
    applied = a_member(a_pro(approved=False))
    assert "not approved yet" in text_of(signed_in(applied).get("/pro/leads/"))


def test_a_used_budget_is_said_above_the_list(signed_in, marketplace, now):
    pro = a_pro(budget=10_000)
    browser = signed_in(a_member(pro))
    while Match.objects.filter(pro=pro, lead=a_matched_lead(now=now)).exists():
        pass
    page = text_of(browser.get("/pro/leads/"))
    left = re.search(r"\$(\d+\.\d\d) of your \$100.00 are left, and your cheapest lead costs \$(\d+\.\d\d)", page)
    assert "Budget used" in page and float(left[1]) < float(left[2]) and "We never go over" in page


def test_a_day_that_is_full(signed_in, marketplace, now):
    pro = a_pro(day_cap=1)
    browser = signed_in(a_member(pro))
    a_matched_lead(now=now)
    assert "You receive no more than 1 lead a day. Leads come again tomorrow." in text_of(browser.get("/pro/leads/"))


def test_a_plain_member_sees_leads_and_no_way_to_the_statement_card(signed_in, prairie, now):
    a_matched_lead(now=now)
    page = signed_in(a_member(prairie, role=Member.Role.MEMBER)).get("/pro/leads/").content.decode()
    assert "Dana W." in page and '<a class="sm" href="/pro/billing/">' not in page


def test_another_pro_s_leads_are_nowhere(signed_in, prairie, now):
    a_matched_lead(now=now)
    other = a_member(a_pro(zips=("99501",)))
    page = text_of(signed_in(other).get("/pro/leads/"))
    assert "Dana" not in page and "All 0" in page


def test_a_test_lead_is_marked_and_costs_nothing(signed_in, marketplace, now):
    pro = a_pro(test=True)
    lead = a_lead(now=now, test=True)
    route(lead_id=lead.pk, now=now)
    page = text_of(signed_in(a_member(pro)).get("/pro/leads/"))
    assert "Dana W." in page and "Test" in page and "$0.00" in page


def test_offers_open_soon(opt_in, signed_in, now):
    browser = signed_in(a_member(a_pro(budget=None)), host="hearthline.localhost")
    page = text_of(browser.get("/pro/leads/"))
    assert "Offers open soon" in page and "Nothing is charged until you accept" in page
    assert "Opt-in 0" in page and "AutoMatch" not in page and "Choice Match" not in page
    assert browser.get("/pro/").status_code == 302 and browser.get("/pro/billing/").status_code == 200
