"""The lead inbox: what to do first, what is found, what a withdrawn lead leaves, and why nothing comes."""

import itertools
import re
from datetime import timedelta

import pytest

from accounts import purchase_settings
from accounts.models import Member, Pro, User
from contact.models import Line
from credits import requests
from leads import withdrawal
from leads.matching import route
from leads.models import Match
from leads.opening import open_match
from leads.progress import set_progress
from tests.calls import a_call
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro

_numbers = itertools.count()


def text_of(answer):
    """The words of a page, without its tags."""
    body = re.sub(r"(?s)<head>.*?</head>|<svg.*?</svg>|<[^>]+>", " ", answer.content.decode().replace("<wbr>", ""))
    return " ".join(body.split())


def match_of(pro, lead):
    return Match.objects.get(pro=pro, lead=lead)


def a_seat(pro, *, now, **said):
    """The pro's match on a new lead of somebody with a phone."""
    return match_of(pro, a_matched_lead(now=now, **{"phone": f"+1847555{100 + next(_numbers) % 100:04}"} | said))


def groups_of(answer):
    """{title of a group: the names in it} of an inbox."""
    shown = {}
    for _group, title, _about, rows in answer.context["groups"]:
        shown[title] = [row.name or row.code for row in rows]
    return shown


def opened(pro, owner, *, at, **said):
    """A lead of the pro, opened two minutes after it came."""
    match = a_seat(pro, now=at, **said)
    open_match(match, by=owner, now=at + timedelta(minutes=2))
    return match


def test_leads_stand_in_groups_by_what_to_do(browser, prairie, owner, now):
    minute, day = timedelta(minutes=1), timedelta(days=1)
    opened(prairie, owner, at=now - 5 * minute, name="Dana Whitfield")
    a_seat(prairie, now=now - day, name="Ada Lindqvist")
    opened(prairie, owner, at=now - 6 * minute, name="Eve Calloway", reach="evenings")
    called = opened(prairie, owner, at=now - 40 * minute, name="Homer Price")
    a_call(called, by=owner, at=now - 30 * minute)
    opened(prairie, owner, at=now - 90 * minute, name="Luis Romero")
    opened(prairie, owner, at=now - 8 * minute, name="Noa Fischer", phone="")
    for name, progress, said in (("Quinn Ash", "quoted", {}), ("Wes Otto", "won", {"won_amount": 120_000}), ("Al Gone", "archived", {})):
        set_progress(opened(prairie, owner, at=now - 2 * day, name=name), progress, by=owner, now=now - day, **said)
    gone = match_of(prairie, a_matched_lead(now=now - day, name="Priya Nair"))
    withdrawal.stop_all_contact(gone.lead, now=now)
    answer = browser.get("/pro/leads/")
    assert groups_of(answer) == {
        "Call now": ["Dana W.", "Ada L."],
        "Call later": ["Eve C."],
        "Follow up": ["Noa F.", "Homer P.", "Luis R."],
        "Quoted and waiting": ["Quinn A."],
        "Closed": [gone.code, "Wes O."],
    }
    page = text_of(answer)
    assert "All 9 New 1 Follow up 3 Choice Match 0 AutoMatch 8 Closed 2 Archived 1" in page
    assert "Call now Speed-To-Call: 20% off within 30 minutes" in page and "Closed Last 7 days" in page
    assert "Won $1,200.00" in page and "Quoted" in page and "Al G." not in page
    assert groups_of(browser.get("/pro/leads/?show=archived")) == {"Archived": ["Al G."]}
    assert groups_of(browser.get("/pro/leads/?show=follow-up")) == {"Follow up": ["Noa F.", "Homer P.", "Luis R."]}
    assert groups_of(browser.get("/pro/leads/?show=new")) == {"Call now": ["Ada L."]}


def test_a_row_shows_the_clock_and_the_price_now_and_when_called_in_time(browser, prairie, owner, now, clock, htmx):
    match = opened(prairie, owner, at=now, name="Dana Whitfield")
    price, less = f"${match.price / 100:.2f}", f"${(match.price - match.price // 5) / 100:.2f}"
    clock.now = now + timedelta(minutes=14, seconds=18)
    answer = browser.get("/pro/leads/")
    page = text_of(answer)
    assert 'aria-label="Speed-To-Call: 17 minutes 42 seconds left, until 12:32 PM"' in answer.content.decode()
    assert f"{price} {less} if you call by 12:32 PM" in page
    assert f'href="tel:{match.line.number.number},,{match.line.pin}"' in answer.content.decode()
    clock.now += timedelta(seconds=5)
    assert browser.get("/pro/leads/", HTTP_IF_NONE_MATCH=answer["ETag"], **htmx).status_code == 304, "a clock that goes on is no news"
    a_call(match, by=owner, at=clock.now)
    page = text_of(browser.get("/pro/leads/", HTTP_IF_NONE_MATCH=answer["ETag"], **htmx))
    assert "Follow up" in page and "20% earned" in page and less in page and price not in page


def test_the_row_of_a_clock_that_ended_or_waits(browser, prairie, owner, now, clock):
    opened(prairie, owner, at=now, name="Dana Whitfield")
    opened(prairie, owner, at=now, name="Eve Calloway", reach="evenings")
    clock.now = now + timedelta(minutes=32)
    assert groups_of(browser.get("/pro/leads/")) == {"Call now": ["Dana W."], "Call later": ["Eve C."]}
    clock.now = now + timedelta(minutes=32, microseconds=1)
    answer = browser.get("/pro/leads/")
    assert groups_of(answer) == {"Call later": ["Eve C."], "Follow up": ["Dana W."]}
    assert 'role="timer"' not in answer.content.decode() and "if you call from 5:00 PM" in text_of(answer)
    clock.now = now + timedelta(hours=5)
    assert groups_of(browser.get("/pro/leads/")) == {"Call now": ["Eve C."], "Follow up": ["Dana W."]}


def test_a_lead_to_follow_up_says_which_call_is_next_and_until_when_a_credit_may_be_asked_for(
    browser, prairie, owner, now, clock, signed_in
):
    match = opened(prairie, owner, at=now, name="Dana Whitfield")
    Line.objects.filter(pk=match.pk).update(delivered_at=now + timedelta(minutes=1))
    clock.now = now + timedelta(hours=1)
    page = text_of(browser.get("/pro/leads/"))
    assert "Call 1 of 3" in page and "Claim by" not in page
    for days, words in ((0, "Call 2 of 3"), (0, "Call 2 of 3"), (1, "Call 3 of 3"), (2, "3 calls")):
        clock.now = now + timedelta(days=days, hours=2)
        a_call(match, by=owner, at=clock.now)
        assert words in text_of(browser.get("/pro/leads/")), "at most one call a day counts"
    for before, words in ((timedelta(days=3), "Claim by Fri, Jun 19, 12:01 PM"), (timedelta(minutes=1), "Claim by 12:01 PM")):
        clock.now = now + timedelta(days=30, minutes=1) - before
        browser = signed_in(owner)
        assert words in text_of(browser.get("/pro/leads/"))
    clock.now = now + timedelta(days=30, minutes=1, microseconds=1)
    assert "Claim by" not in text_of(browser.get("/pro/leads/"))


def test_a_week_that_ended_without_calls_asks_for_none(browser, prairie, owner, now, clock):
    opened(prairie, owner, at=now, name="Dana Whitfield")
    clock.now = now + timedelta(days=7)
    assert "Call 1 of 3" in text_of(browser.get("/pro/leads/"))
    clock.now += timedelta(seconds=1)
    page = text_of(browser.get("/pro/leads/"))
    assert "Dana W." in page and "of 3" not in page


def test_who_has_asked_for_a_credit_is_not_reminded_to(browser, prairie, owner, now, clock):
    match = opened(prairie, owner, at=now, name="Dana Whitfield")
    Line.objects.filter(pk=match.pk).update(delivered_at=now)
    clock.now = now + timedelta(days=29)
    assert "Claim by" in text_of(browser.get("/pro/leads/"))
    requests.submit(Match.objects.get(pk=match.pk), reason="wrong_contact", words="A bakery picked up.", by=owner, now=clock.now)
    page = text_of(browser.get("/pro/leads/"))
    assert "Dana W." in page and "Claim by" not in page


def test_a_credited_lead_is_a_tombstone_too(browser, prairie, owner, now):
    match = opened(prairie, owner, at=now, name="Dana Whitfield")
    Match.objects.filter(pk=match.pk).update(state="credited", state_at=now)
    page = text_of(browser.get("/pro/leads/"))
    assert "Credited" in page and "Given back on Wed, May 20" in page and match.code in page and "Dana" not in page


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


NO_CURSORS = ["~~", "1~x~y", "0~2026-01-01T00:00:00~" + "0" * 32, "2~9999-12-31T23:59:59-23:59~" + "0" * 32, "9~~"]


@pytest.mark.parametrize("bad", ["\x00", "\u200b", "a" * 5000, "9" * 5000, "%00", *NO_CURSORS])
@pytest.mark.parametrize("name", ["q", "after", "show"])
def test_nonsense_in_the_address_is_answered(browser, prairie, now, name, bad):
    a_matched_lead(now=now)
    assert browser.get("/pro/leads/", {name: bad}).status_code == (400 if bad == "\x00" else 200)


def test_a_long_inbox_goes_on_and_every_lead_is_shown_once(browser, prairie, owner, now, monkeypatch):
    monkeypatch.setattr("leads.inbox.PAGE", 4)
    codes = []
    for number in range(10):
        match = a_seat(prairie, now=now - timedelta(hours=number // 2))
        if number % 3:
            open_match(match, by=owner, now=now - timedelta(hours=number % 3 - 1))  # the clock runs, or has ended
        if number == 5:
            set_progress(match, "quoted", by=owner, now=now)
        codes.append(match.code)
    seen, address, pages = [], "/pro/leads/", 0
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r"AM-[0-9A-F]{6}(?=</small>)", page)
        further = re.search(r'href="(/pro/leads/\?[^"]*after=[^"]+)"', page)
        address, pages = further and further[1].replace("&amp;", "&"), pages + 1
    assert pages == 3 and sorted(seen) == sorted(codes)


def test_the_number_of_queries_does_not_grow_with_the_inbox(browser, prairie, owner, now, django_assert_num_queries):
    User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True, phone="+18665550134")
    Pro.objects.filter(pk=prairie.pk).update(account_manager=User.objects.get(email="renee@craftyard.example"))
    a_matched_lead(now=now, phone="+18475550177")
    with django_assert_num_queries(12):
        assert "Renee Okafor" in text_of(browser.get("/pro/leads/"))
    for leads in (2, 12):  # some to follow up: their calls and their windows are asked for
        for number in range(leads):
            match = a_seat(prairie, now=now)
            if number % 2:
                open_match(match, by=owner, now=now)
                a_call(match, by=owner, at=now)
        with django_assert_num_queries(15):
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
    assert body.count("<title>") == 1 and 'hx-trigger="every 5s, wake from:body, clock:end delay:1500ms"' in body


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


def test_where_leads_are_offered_the_inbox_leads_to_the_offers(opt_in, signed_in, now):
    browser = signed_in(a_member(a_funded_pro()), host="hearthline.localhost")
    page = text_of(browser.get("/pro/leads/"))
    assert "You are on, in 1 ZIP code. Offers come by e-mail and text" in page and "See your offers" in page
    assert "Opt-in 0" in page and "AutoMatch" not in page and "Choice Match" not in page
    assert browser.get("/pro/").status_code == 302 and browser.get("/pro/billing/").status_code == 200
