"""The call card, the clock and follow-up on a lead, in the words of RULES 19-27."""

from datetime import timedelta

import pytest

from accounts.contact_data import shown_phone
from accounts.models import Member, User
from billing import terms
from contact import lines, listening, timers
from contact.calls import caller_of
from contact.merging import Facts
from contact.models import Call, Line
from leads import matching
from leads.models import Match
from notifications.models import FirstDelivery, Message
from tests.calls import a_call, a_call_back, a_fault, dialled
from tests.factories import a_lead, a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import a_seat, match_of, text_of
from tests.web.pros.test_lead import page_of

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PHONE = "+17735550123"


@pytest.fixture
def match(prairie, now):
    return match_of(prairie, a_matched_lead(now=now, phone="+13125550177"))


@pytest.fixture
def owner(prairie):
    return a_member(prairie, email="marcus@prairie.example", phone=PHONE)


def read(browser, match):
    return text_of(browser.get(page_of(match)))


def money(cents):
    return f"${cents / 100:.2f}"


def prices(match):
    """(the full price, the price when called in time) in words."""
    return money(match.price), money(match.price - match.price // 5)


def line_of(match):
    return Line.objects.select_related("number").get(pk=match.pk)


# The card


def test_a_match_shows_a_10_digit_number_and_a_4_digit_pin(browser, match):
    answer, line = browser.get(page_of(match)), line_of(match)
    page, source = text_of(answer), answer.content.decode()
    assert f"Dial this number {shown_phone(line.number.number)} Then enter the PIN {' '.join(line.pin)}" in page
    assert f'aria-label="PIN {" ".join(line.pin)}"' in source
    assert source.count(f'href="tel:{line.number.number},,{line.pin}"') == 3  # the number, the button and the bar of a phone
    assert f'data-copy="{shown_phone(line.number.number)}, PIN {line.pin}"' in source
    assert '<section class="act phone" id="bar"' in source and 'class="dock"' not in source
    assert "5550177" not in source and "555-0177" not in source


def test_the_clock_starts_when_the_lead_is_opened_and_lasts_30_minutes(browser, match, clock, now):
    price, less = prices(match)
    page = read(browser, match)
    assert f"{less} instead of {price} if you call by 12:30 PM" in page and "It counts even if nobody answers." in page
    assert "It started at 12:00:00 PM, when you opened the lead." in page and "It lasts 30 minutes, to 12:30:00 PM" in page
    assert f"You pay {price} If you call by 12:30 PM Speed-To-Call 20% off {less}" in page
    assert "Speed-To-Call ends, price stays at" in page and "0 of 3 done" in page and "by 12:30 PM" in page
    clock.now = now + 30 * MINUTE
    answer = browser.get(page_of(match))
    assert "if you call by 12:30 PM" in text_of(answer) and 'class="ring huge low"' in answer.content.decode(), "both ends are included"
    clock.now += timedelta(microseconds=1)
    page = text_of(browser.get(page_of(match)))
    assert f"30 minutes have passed: {price}." in page and f"Speed-To-Call 20% Not contacted in time $0.00 You pay {price}" in page
    assert less not in page and "There was no call in time." in page and "Speed-To-Call ended, the price is" in page


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"confirmed_at": -3}, "It started at 11:59:57 AM, when our notice reached you."),
        ({"accepted_at": -125}, "It started at 11:59:55 AM, two minutes after our notice was sent, since no report of its arrival came."),
    ],
)
def test_the_notice_starts_it_when_it_comes_before_the_opening(browser, prairie, now, clock, how, words):
    match = a_seat(prairie, now=now - 5 * MINUTE)
    times = {name: now + seconds * SECOND for name, seconds in how.items()}
    FirstDelivery.objects.update_or_create(subject=str(match.pk), defaults=times)
    Message.objects.filter(kind="new_lead", subject=str(match.pk)).update(**times)
    timers._look_at([match.pk], now=now)  # as the sweep does
    assert words in read(browser, match)


def test_the_clock_waits_for_the_homeowners_hours(browser, prairie, now, clock):
    match = a_seat(prairie, now=now, reach="evenings", name="Dana Whitfield")
    price, less = prices(match)
    answer = browser.get(page_of(match))
    page = text_of(answer)
    assert "Starts at 5:00 PM , when Dana takes calls." in page and f"From then you have 30 minutes: {less} instead of {price}." in page
    assert "A call before that does not earn the 20%." in page and "Speed-To-Call starts 5:00 PM" in page
    assert "If you call within 30 minutes from 5:00 PM" in page
    assert 'role="timer"' not in answer.content.decode() and "btn main big" not in answer.content.decode()
    clock.now = now + timedelta(hours=5)
    page = read(browser, match)
    assert "if you call by 5:30 PM" in page and "It started at 5:00:00 PM, the first minute in which Dana takes calls." in page


def test_late_in_the_evening_it_starts_on_the_next_morning(browser, prairie, now, clock):
    clock.now = now + timedelta(hours=9)
    match = a_seat(prairie, now=clock.now, name="Dana Whitfield")
    page = read(browser, match)
    assert "Starts Thu, May 21, 8:00 AM , when Dana takes calls." in page


def test_terms_without_a_discount_have_a_step_and_no_word_of_money(browser, prairie, owner, now):
    old = terms.in_force(now)
    terms.publish(now=now, pricing=old.pricing, prices=old.prices, discount_bp=0, claim_seconds=old.claim_seconds)
    match = a_seat(prairie, now=now)
    answer = browser.get(page_of(match))
    page = text_of(answer)
    assert "Dial this number" in page and "Call within 30 minutes: by 12:30 PM ." in page and "Call Lead Within 30 Minutes" in page
    assert "Speed-To-Call" not in page and "instead of" not in page and 'role="timer"' not in answer.content.decode()
    assert "if you call" not in text_of(browser.get("/pro/leads/"))
    a_call(match, by=owner, at=now + MINUTE)
    page = read(browser, match)
    assert "Called within 30 minutes" in page and "1 of 3 done" in page and "%" not in page.split("Dial this")[1].split("The job")[0]


def test_a_homeowner_without_a_phone_has_a_sentence_and_no_card(browser, prairie, now, clock):
    match = match_of(prairie, a_matched_lead(now=now, phone="", name="Noa Fischer"))
    answer = browser.get(page_of(match))
    assert "Noa gave no phone number." in text_of(answer)
    assert "tel:" not in answer.content.decode() and 'class="dock"' in answer.content.decode()
    assert "There is no number to call." in text_of(answer) and "Speed-To-Call" not in text_of(answer)
    clock.now = now + timedelta(days=1)
    assert "Speed-To-Call" not in read(browser, match) and "no call in time" not in read(browser, match)


@pytest.mark.parametrize(("reason", "words"), [("expired", "Nobody called for 90 days"), ("credited", "The price was given back.")])
def test_a_closed_line_says_why_and_shows_no_number(browser, match, now, reason, words):
    browser.get(page_of(match))
    lines.close([match.pk], reason=reason, now=now)
    answer, line = browser.get(page_of(match)), line_of(match)
    page = text_of(answer)
    assert "This number is closed" in page and words in page
    assert line.number.number not in answer.content.decode() and shown_phone(line.number.number) not in page


def test_a_match_from_before_there_were_lines_has_no_number(browser, match, prairie, now):
    lead = a_lead(now=now)
    old = Match(lead=lead, group=lead, slot=1, pro=prairie, lead_type="automatch", decision=match.decision, terms=match.terms, price=0,
                estimate=lead.estimate, at=now)  # fmt: skip
    old.save()
    answer = browser.get(page_of(old))
    assert "It has no 10-digit number and no PIN." in text_of(answer) and "tel:" not in answer.content.decode()
    assert old.code in text_of(browser.get("/pro/leads/"))
    for end, said in (("call/", {}), ("caller/", {"phone": "773-555-0166"})):
        browser.post(page_of(old) + end, said)
        assert "This lead is closed." in read(browser, old)
    assert browser.post(f"{page_of(old)}status/", {"progress": "won", "won_amount": "5"}).status_code == 302


# What earns it


def test_a_call_in_time_earns_20_percent_at_once_and_the_open_page_finds_out(browser, match, owner, clock, now, htmx):
    price, less = prices(match)
    first = browser.get(page_of(match))
    a_call(match, by=owner, at=now + 9 * MINUTE, rang=22)
    clock.now = now + 10 * MINUTE
    part = browser.get(page_of(match), HTTP_IF_NONE_MATCH=first["ETag"], **htmx)
    page = text_of(part)
    assert f"20% earned: you pay {less} Your call of 12:09 PM counted." in page
    assert 'class="ring huge won"' in part.content.decode() and 'role="timer"' not in part.content.decode()
    assert f"Speed-To-Call 20% Contacted in time −{money(match.price // 5)} You pay {less}" in page
    assert "1 of 3 done" in page and "Done at 12:09 PM." in page and "called 12:09 PM" in page and "1 of 3" in page
    assert page.index(f"Speed-To-Call earned: {money(match.price // 5)} taken off") < page.index("Speed-To-Call started")
    assert "You called: no answer after 22 seconds" in page and price in page


def told(match, owner, at):
    """Each kind of call, what the timeline says of it, and whether it earns."""
    pro, person = {"ended_by": "pro"}, {"ended_by": "homeowner"}
    return [
        (lambda: a_call(match, by=owner, at=at, rang=30), "You called: no answer after 30 seconds", True),
        (lambda: a_call(match, by=owner, at=at, rang=0, status="busy"), "You called: busy", True),
        (lambda: a_call(match, by=owner, at=at, rang=0, status="failed", code=404), "You called: the number does not work", True),
        (lambda: a_call(match, by=owner, at=at, rang=0, status="failed", code=503), "You called: it did not go through", True),
        (lambda: a_call(match, by=owner, at=at, rang=8, talked=192, **person), "You spoke with the homeowner for 3 min", True),
        (lambda: a_call(match, by=owner, at=at, rang=3, talked=24, machine=True), "You called: an answering machine, 24 seconds", True),
        (lambda: a_call(match, by=owner, at=at, rang=3, talked=2, **pro), "You called and hung up 2 seconds after the answer", False),
        (lambda: a_call(match, by=owner, at=at, rang=4, **pro), "You called and hung up after 4 seconds of ringing", False),
        (lambda: a_call_back(match, at=at, talked=75), "The homeowner called back, for 1 min", True),
        (lambda: a_call_back(match, at=at, talked=None), "The homeowner called back: nobody answered", False),
        (lambda: a_fault(match, by=owner, at=at), "You called. It could not be placed: our fault, it counts", True),
    ]


@pytest.mark.parametrize("number", range(11))
def test_every_call_stands_on_the_timeline_in_words(browser, match, owner, clock, now, number):
    browser.get(page_of(match))
    happens, words, earns = told(match, owner, now + 5 * MINUTE)[number]
    happens()
    clock.now = now + 10 * MINUTE
    page = read(browser, match).replace("\xa0", " ")
    assert f"{words} 12:05 PM" in page
    assert ("20% earned" in page) is earns


def test_a_call_that_ended_too_soon_is_explained_while_there_is_time(browser, match, owner, clock, now):
    browser.get(page_of(match))
    a_call(match, by=owner, at=now + MINUTE, rang=4, ended_by="pro")
    clock.now = now + 2 * MINUTE
    page = read(browser, match)
    assert "Your call of 12:01 PM ended too soon to count: let it ring for 10 seconds." in page and "if you call by 12:30 PM" in page


def test_a_call_in_time_of_which_nothing_is_known_yet_is_not_called_missed(browser, match, owner, clock, now):
    browser.get(page_of(match))
    call = dialled(match, by=owner, at=now + 29 * MINUTE)
    begun = Facts(status="ringing", initiated_at=now + 29 * MINUTE, ringing_at=now + 29 * MINUTE)
    listening.note(call, "CAfar", begun, now=now + 29 * MINUTE, parent=False)
    clock.now = now + 31 * MINUTE
    page = read(browser, match)
    assert "Your call of 12:29 PM was in time." in page and "have passed" not in page and "You: calling the homeowner now" in page


def test_a_colleagues_call_bears_their_name(browser, match, prairie, now):
    colleague = a_member(prairie, role=Member.Role.MEMBER)
    browser.get(page_of(match))
    a_call(match, by=colleague, at=now + MINUTE)
    assert f"{colleague.user.name} called: no answer after 22 seconds" in read(browser, match)


def test_three_calls_over_the_week_not_on_the_same_day(browser, match, owner, clock, now):
    browser.get(page_of(match))
    for day, shown in ((0, "1 of 3"), (0, "1 of 3"), (1, "2 of 3"), (3, "3 of 3")):
        clock.now = now + timedelta(days=day, minutes=5)
        a_call(match, by=owner, at=clock.now)
        assert f"Follow Up That Week {'Calls' if shown == '3 of 3' else '3 calls'}" in read(browser, match)
        assert shown in read(browser, match)
    assert "2 of 3 done" in read(browser, match)


def test_the_week_ends_and_the_email_step_is_honest(browser, match, clock, now):
    assert "The week ends on Wed, May 27." in read(browser, match)
    clock.now = now + timedelta(days=7, seconds=1)
    page = read(browser, match)
    assert "The week ended on Wed, May 27." in page
    assert (
        "Send An Email E-mail through Lead Manager is not open yet. Until it is, nobody can do this step, and nobody holds that against"
        in page
    )


# Call me first


def test_call_me_first_calls_the_members_phone_and_says_so_after_a_reload(browser, match, owner, now):
    browser.get(page_of(match))
    answer = browser.post(f"{page_of(match)}call/")
    assert (answer.status_code, answer["Location"]) == (302, page_of(match))
    call = Call.objects.get(way="bridge")
    assert (call.line_id, call.member, call.due_at) == (match.pk, owner, now)
    for _reload in range(2):
        page = read(browser, match)
        assert "We are calling your phone (773) …-0123 now. Pick up and press any key: then we call Dana." in page
        assert "Call me first" not in page
    browser.post(f"{page_of(match)}call/")
    assert Call.objects.filter(way="bridge").count() == 1, "asked again while it is under way, it is the same call"
    listening.note(call, "CAnear", Facts(status="in-progress", initiated_at=now, answered_at=now), now=now)
    listening.note(call, "CAfar", Facts(status="ringing", initiated_at=now + SECOND, ringing_at=now + SECOND), now=now, parent=False)
    assert "You are on the line. We are calling Dana now." in read(browser, match)
    talking = Facts(status="in-progress", initiated_at=now + SECOND, answered_at=now + 9 * SECOND)
    listening.note(call, "CAfar", talking, now=now + 9 * SECOND, parent=False)
    assert "You are connected to Dana." in read(browser, match)
    listening.close(call, now=now + MINUTE)
    page = read(browser, match)
    assert "Call me first" in page and "You are connected" not in page


@pytest.mark.parametrize(("end", "said"), [("call/", {}), ("caller/", {"phone": "no number"}), ("status/", {"progress": "won"})])
def test_the_clock_of_a_lead_nobody_was_told_of_starts_with_what_is_done_there(browser, match, now, end, said):
    """A team that switched its notices off, or whose notices do not arrive, calls at once or pays in full like everybody."""
    assert browser.post(f"{page_of(match)}{end}", said).status_code == 302
    match.refresh_from_db()
    assert (match.opened_at, line_of(match).clock_starts_at, line_of(match).clock_ends_at) == (now, now, now + 30 * MINUTE)


def test_a_colleague_is_not_told_that_their_phone_rings(browser, match, prairie, signed_in):
    browser.post(f"{page_of(match)}call/")
    colleague = signed_in(a_member(prairie, role=Member.Role.MEMBER, phone="+17735550188"))
    assert "We are calling your phone" not in read(colleague, match) and "Call me first" in read(colleague, match)


def test_without_a_saved_phone_there_is_a_way_to_save_it(browser, match, owner):
    User.objects.filter(pk=owner.user_id).update(phone="")
    answer = browser.get(page_of(match))
    assert "Your phone number is not saved, so the PIN does not work for you yet. Save it under My Account" in text_of(answer)
    assert "Call me first" not in text_of(answer)
    browser.post(f"{page_of(match)}call/")
    assert "Save your phone number under My Account first: we call you on it." in read(browser, match)
    browser.post("/pro/account/", {"name": "Marcus Bell", "phone": "(773) 555-0144"})
    assert caller_of(line_of(match), "+17735550144").pk == owner.pk
    assert "Call me first" in read(browser, match)


def test_nobody_is_called_about_a_closed_lead(browser, match, now):
    lines.close([match.pk], reason="expired", now=now)
    assert browser.post(f"{page_of(match)}call/").status_code == 302
    assert "This lead is closed. Its number and PIN no longer work." in read(browser, match) and not Call.objects.exists()


def test_nobody_is_called_for_a_homeowner_without_a_phone(browser, prairie, owner, now):
    match = match_of(prairie, a_matched_lead(now=now, phone=""))
    browser.post(f"{page_of(match)}call/")
    assert "This homeowner gave no phone number." in read(browser, match) and not Call.objects.exists()


# From another phone


def test_the_pin_works_from_the_saved_numbers_of_the_team_and_one_more(browser, match, owner, prairie):
    a_member(prairie, role=Member.Role.MEMBER, phone="+17735550188")
    page = read(browser, match)
    assert f"{owner.user.name} (you): (773) …-0123" in page and "(773) …-0188" in page and "555-0188" not in page
    for typed, shown in (("773-555-0166", "(773) 555-0166"), ("+1 (773) 555-0167", "(773) 555-0167")):
        answer = browser.post(f"{page_of(match)}caller/", {"phone": typed})
        assert (answer.status_code, answer["Location"]) == (302, page_of(match))
        page = read(browser, match)
        assert f"The PIN works from {shown} now." in page and "You added one more number that the PIN works from" in page
    assert line_of(match).also_from == "+17735550167" and "And for this lead from (773) …-0167" in page
    assert caller_of(line_of(match), "+17735550167").pk == owner.pk and caller_of(line_of(match), "+17735550166") is None


@pytest.mark.parametrize("typed", ["", "12", "+44 20 7946 0958", "1-900-555-0123", "७७३५५५०१२३", "x" * 31, "\u200b"])
def test_what_is_no_number_is_refused_at_its_field(browser, match, typed):
    browser.get(page_of(match))
    answer = browser.post(f"{page_of(match)}caller/", {"phone": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="caller_phone_error"' in page and '<details id="caller" open' in page
    assert line_of(match).also_from == "" and f'hx-get="{page_of(match)}"' in page


def test_no_number_is_added_to_a_closed_lead(browser, match, now):
    lines.close([match.pk], reason="withdrawn", now=now)
    browser.post(f"{page_of(match)}caller/", {"phone": "773-555-0166"})
    assert "This lead is closed." in read(browser, match) and line_of(match).also_from == ""


# Others


@pytest.mark.parametrize(("end", "said"), [("call/", {}), ("caller/", {"phone": "773-555-0166"}), ("status/", {"progress": "won"})])
def test_foreign_and_missing_answer_alike(browser, match, signed_in, now, end, said):
    other = a_member(a_pro(zips=("60618",)), phone="+17735550155")
    theirs = match_of(other.pro, a_matched_lead(now=now, zip="60618"))
    wanted = [f"/pro/leads/{pk}/{end}" for pk in (theirs.pk, match.lead_id, "00000000-0000-7000-8000-000000000000")]
    answers = [browser.post(path, said) for path in wanted]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.decode().split("<main")[1] for answer in answers}) == 1
    assert browser.get(f"{page_of(match)}{end}").status_code == 405
    assert not Call.objects.exists() and line_of(theirs).also_from == ""


def test_nothing_of_other_pros_calls_is_shown(browser, match, signed_in, owner, now):
    rival = a_member(a_pro(), phone="+17735550155")
    matching.route(lead_id=match.lead_id, now=now + MINUTE)
    theirs = Match.objects.get(lead=match.lead, pro=rival.pro)
    browser.get(page_of(match))
    a_call(theirs, by=rival, at=now + 2 * MINUTE, talked=60)
    page = read(browser, match)
    assert "Another pro" in page and "not called" in page and "12:02 PM" not in page and "spoke" not in page


def test_an_early_call_earns_before_the_clock_has_started(browser, prairie, owner, now, clock):
    match = a_seat(prairie, now=now)
    a_call(match, by=owner, at=now + MINUTE)
    clock.now = now + 5 * MINUTE
    page = read(browser, match)
    assert "20% earned" in page and "Your call of 12:01 PM counted." in page
