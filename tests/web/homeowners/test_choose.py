"""The homeowner chooses on the page (RULES 3, 14): what is shown, what is sent, and what is said when it cannot be."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from accounts import purchase_settings
from accounts.models import ProState, User
from contact import lines
from contact.models import Line
from core.policy import publish
from leads import links, matching, offers, reviews
from leads.models import Lead, Match, Offer, PickConsent, Review
from leads.opening import open_match
from leads.policy import Leads
from operations.presets import PRESETS
from tests.calls import a_call
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import text_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pros(marketplace):
    return [a_pro(name) for name in ("Prairie State Plumbing", "Fox River Plumbing", "Oakhurst Mechanical", "DuPage Heaters", "Herrera")]


@pytest.fixture
def lead(pros, now):
    return a_lead(now=now, way="choose", then_automatch=True)


def choose_page(lead):
    return f"/request/{links.token(lead)}/choose/"


def ticked(*pros):
    return {"pro": [str(pro.public_id) for pro in pros]}


# The last question of the form


def test_the_last_question_has_no_default_and_must_be_answered(visitor):
    visitor.reach_last_step()
    page = visitor.look("you")
    assert "How do we find your pros?" in text_of(page) and not re.search(r'name="way"[^>]* checked', page.content.decode())
    answer = visitor.send(way="")
    assert answer.status_code == 422 and "Choose one of the answers." in text_of(answer) and not Lead.objects.exists()


def test_who_wants_to_choose_comes_to_the_pros_at_once(visitor, pros, now):
    answer = visitor.send(way="choose", then_automatch="on")
    lead = Lead.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, choose_page(lead))
    assert (lead.way, lead.automatch_from) == ("choose", now + 15 * MINUTE)
    assert lead.submitted_at == now and visitor.get(answer["Location"]).status_code == 200


def test_where_there_is_no_choice_match_nothing_is_asked(visitor, pros, now, monkeypatch):
    monkeypatch.setattr("leads.policy.Leads.choice", False)
    visitor.reach_last_step()
    assert "How do we find your pros?" not in text_of(visitor.look("you"))
    assert visitor.send(way="").status_code == 302 and Lead.objects.get().way == "match"


# The page


def test_the_page_shows_who_fits_and_says_what_is_paid_and_how_the_order_is_made(visitor, lead, pros):
    purchase_settings.set_choice_match(pros[4], False, by=a_member(pros[4]), now=lead.submitted_at)
    page = text_of(visitor.get(choose_page(lead)))
    assert "Choose up to four pros" in page
    assert "4 fit your job in Chicago 60614. Only the ones you tick get your details." in page
    assert all(pro.name in page for pro in pros[:4]) and "Herrera" not in page
    assert "Pros pay us a fee when you choose them" in page and "over time every pro stands first equally often" in page
    assert "If you choose nobody by 12:15 PM, we match you, as you asked." in page


def test_what_is_ticked_is_shown_with_the_words_before_it_is_sent(visitor, lead, pros, htmx):
    part = visitor.get(choose_page(lead), ticked(pros[0], pros[2]), headers=htmx | {"HX-Target": "picked"})
    said = text_of(part)
    assert "Prairie State Plumbing and Oakhurst Mechanical may contact me about this request" in said
    assert said.count("Free. You can fill it later.") == 2 and "<html" not in part.content.decode()
    too_many = visitor.get(choose_page(lead), ticked(*pros), headers=htmx | {"HX-Target": "picked"})
    assert "Only 4 seats are free. Choose fewer." in text_of(too_many)


def test_looking_at_the_page_keeps_automatch_waiting(visitor, lead, clock, now):
    clock.now = now + 14 * MINUTE + timedelta(seconds=30)
    visitor.get(choose_page(lead))
    matching.route(lead_id=lead.pk, now=now + 15 * MINUTE)
    assert not Match.objects.exists()


def test_how_soon_a_pro_calls_is_measured_from_real_calls(visitor, lead, pros, now):
    owner = a_member(pros[0], phone="+17735550111")
    ProState.objects.filter(pro=pros[4]).update(paused=True)
    for number in range(5):
        at = now - timedelta(days=3 + number)
        match = Match.objects.get(pro=pros[0], lead=a_matched_lead(now=at, phone=f"+1847555{100 + number:04}"))
        open_match(match, by=owner, now=at + MINUTE)
        a_call(match, by=owner, at=at + (number + 2) * MINUTE)
    ProState.objects.filter(pro=pros[4]).update(paused=False)
    page = text_of(visitor.get(choose_page(lead)))
    assert "Calls in 4 min (half of the calls; called 5 of 5)" in page
    assert page.count("Too few calls so far to say how soon it calls") == 4


def test_another_order_is_offered(visitor, lead, pros):
    far = a_pro("Far Away Plumbing")
    type(far).objects.filter(pk=far.pk).update(zip="60621", place="Chicago")
    page = text_of(visitor.get(choose_page(lead), {"order": "near"}))
    assert page.index("Far Away Plumbing") > max(page.index(pro.name) for pro in pros)
    assert visitor.get(choose_page(lead), {"order": "x" * 500}).status_code == 200


def reviewed(pro, owner, *, at, stars, words=""):
    """A homeowner of the pro says how it went, a week after a call."""
    match = Match.objects.get(pro=pro, lead=a_matched_lead(now=at, name="Ida Sundberg", phone=""))
    lines.touched(Line.objects.get(pk=match.pk), at=at)
    return reviews.write(match.lead, match.pk, stars=stars, words=words, now=at + timedelta(days=7))


@pytest.fixture
def scores(pros, now):
    """The third pro has a better score than the second, the others have none. Each gets its leads alone."""
    ProState.objects.update(paused=True)
    for pro, given in ((pros[1], (4, 4, 5, 4, 4)), (pros[2], (5, 5, 4, 5, 5)), (pros[3], (5,))):
        ProState.objects.filter(pro=pro).update(paused=False)
        owner = a_member(pro)
        for number, stars in enumerate(given):
            reviewed(pro, owner, at=now - timedelta(days=60 - number), stars=stars, words=f"Job {number} by Sundberg.")
        ProState.objects.filter(pro=pro).update(paused=True)
    ProState.objects.update(paused=False)


def test_reviews_of_real_jobs_make_the_score_and_the_order(visitor, scores, lead, pros):
    page = text_of(visitor.get(choose_page(lead), {"order": "best"}))
    assert "4.8 from 5 real jobs" in page and "4.2 from 5 real jobs" in page
    assert page.count("New here: too few reviews for a score") == 3
    places = [page.index(pros[number].name) for number in (2, 1, 0, 3, 4)]
    assert places[:2] == sorted(places)[:2], "those without a score come after"
    assert "“Job 4 by S..” Ida S., Chicago, Apr 2026" in page and "“Job 0 by S..” Ida S., Chicago" in page and "Sundberg" not in page


def test_a_review_that_was_taken_down_leaves_its_reason(visitor, scores, lead, pros, now):
    staff = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    reviews.take_down(Review.objects.filter(pro=pros[2]).latest("at").pk, "It names a neighbour.", by=staff, now=now)
    page = text_of(visitor.get(choose_page(lead)))
    assert "Taken down by the marketplace: It names a neighbour." in page and "4.8 from" not in page
    assert page.count("New here: too few reviews for a score") == 4 and "“Job 3 by S..” Ida S." in page


# Sending


def test_the_picks_get_the_request_and_the_homeowner_sees_who(visitor, lead, pros, now):
    answer = visitor.post(choose_page(lead), ticked(pros[0], pros[2]), follow=True)
    page = text_of(answer)
    assert "Sent to 2 pros. Nobody else has your details." in page and "You chose 2 pros" in page
    assert "Prairie State Plumbing" in page and "Oakhurst Mechanical" in page and "Fox River" not in page
    assert "“Prairie State Plumbing and Oakhurst Mechanical may contact me about this request" in page
    assert "Choose another pro" in page and "You can choose a pro until" in page
    assert set(Match.objects.values_list("pro", "lead_type")) == {(pros[0].pk, "choice"), (pros[2].pk, "choice")}
    kept = PickConsent.objects.get()
    assert "Prairie State Plumbing and Oakhurst Mechanical" in kept.words and kept.page == "craftyard.localhost" + choose_page(lead)


def test_who_lets_automatch_fill_the_rest_is_told_so(visitor, lead, pros):
    page = text_of(visitor.post(choose_page(lead), ticked(pros[0]) | {"fill": "1"}, follow=True))
    assert "Sent to 1 pro. We look for pros for the free seats." in page
    matching.route(lead_id=lead.pk, now=lead.submitted_at)
    assert sorted(Match.objects.values_list("lead_type", flat=True)) == ["automatch"] * 3 + ["choice"]


def test_a_pick_that_is_gone_is_named_and_the_others_stay_ticked(visitor, lead, pros, now):
    ProState.objects.filter(pro=pros[1]).update(paused=True)
    answer = visitor.post(choose_page(lead), ticked(pros[0], pros[1]))
    assert answer.status_code == 409 and not Match.objects.exists()
    page = answer.content.decode()
    assert "No longer free for this job: Fox River Plumbing. Nobody got your details yet." in text_of(answer)
    assert re.search(f'value="{pros[0].public_id}"[^>]* checked', page) and str(pros[1].public_id) not in page


@pytest.mark.parametrize("picks", [[], ["nobody"], ["9" * 5000], ["\u0665"], ["00000000-0000-0000-0000-000000000000"]])
def test_who_ticks_nobody_or_nonsense_is_told_so(visitor, lead, picks):
    answer = visitor.post(choose_page(lead), {"pro": picks})
    assert answer.status_code == 422 and "Choose at least one pro." in text_of(answer) and not Match.objects.exists()


def test_a_pro_of_another_marketplace_or_outside_the_area_cannot_be_ticked(visitor, lead, pros, now):
    elsewhere = a_pro("Elsewhere", zips=("60622",))
    answer = visitor.post(choose_page(lead), ticked(elsewhere))
    assert answer.status_code == 409 and not Match.objects.exists()


def test_who_did_not_want_to_choose_or_has_no_seat_left_is_sent_back(visitor, lead, pros, now):
    matched = a_lead(now=now)
    for one in (matched, lead):
        if one == lead:
            visitor.post(choose_page(lead), ticked(*pros[:4]))
        answer = visitor.get(choose_page(one))
        assert (answer.status_code, answer["Location"]) == (302, f"/request/{links.token(one)}/")


def test_nobody_who_fits_is_said_honestly(visitor, marketplace, now):
    alone = a_lead(now=now, way="choose")
    page = text_of(visitor.get(choose_page(alone)))
    assert "No pro fits right now" in page and "Come back to this page later" in page


def test_the_page_takes_few_queries_however_many_pros(visitor, scores, lead, pros, django_assert_max_num_queries):
    visitor.get(choose_page(lead))
    with django_assert_max_num_queries(19):
        visitor.get(choose_page(lead))
    for _each in range(10):
        a_pro()
    with django_assert_max_num_queries(19):
        visitor.get(choose_page(lead))


# Where pros opt in, a pick asks


@pytest.fixture
def asking(opt_in, now):
    """A request at hearthline, where homeowners may choose too; two pros can pay."""
    both = [replace(one, lead_types=("choice", "opt_in")) if isinstance(one, Leads) else one for one in PRESETS["opt_in"].sections]
    publish(both, now=now)
    pros = [a_funded_pro(name) for name in ("Prairie State Plumbing", "Fox River Plumbing")]
    return a_lead(now=now, way="choose"), pros


def test_who_is_picked_is_asked_and_has_the_details_only_on_accepting(asking, clock):
    lead, pros = asking
    visitor, owner = Client(HTTP_HOST="hearthline.localhost"), a_member(pros[0])
    page = text_of(visitor.get(choose_page(lead)))
    assert "2 fit your job in Chicago 60614. Those you tick are asked; your details are given only to those who accept." in page
    assert "Offer the seats I leave free to other pros" in page and "AutoMatch" not in page
    answer = visitor.post(choose_page(lead), ticked(pros[0]))
    page = text_of(visitor.get(answer["Location"]))
    assert "1 pro was asked. Your details are given only to those who accept." in page
    assert "1 pro was asked and answers until 12:30 PM." in page and "asked, answers until 12:30 PM" in page
    assert "Nobody has your details yet." in page and "Choose another pro" in page
    offer = Offer.objects.get()
    offers.accept(offer, by=owner, shown_price=offer.price, now=clock.now + MINUTE)
    page = text_of(visitor.get(answer["Location"]))
    assert "One pro has your details." in page and "asked" not in page


def test_who_declined_is_not_shown_again_and_the_seat_is_free(asking, clock):
    lead, pros = asking
    visitor, owner = Client(HTTP_HOST="hearthline.localhost"), a_member(pros[0])
    visitor.post(choose_page(lead), ticked(*pros))
    offers.decline(Offer.objects.get(pro=pros[0]), reason="busy", by=owner, now=clock.now)
    page = text_of(visitor.get(f"/request/{links.token(lead)}/"))
    assert "Prairie State Plumbing and Fox River Plumbing may contact me" in page and "1 pro was asked" in page
    assert "Prairie State" not in text_of(visitor.get(choose_page(lead))).partition("You agree to this")[0]
