"""The homeowner chooses on the page (RULES 3, 14): what is shown, what is sent, and what is said when it cannot be."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts import checks, pro_profile, purchase_settings
from accounts.models import ProState, User
from billing.policy import Memberships, Tier
from contact import lines
from contact.models import Line
from core.policy import publish
from leads import links, matching, offers, reviews
from leads.models import Decision, Lead, Match, Offer, PickConsent, Review
from leads.opening import open_match
from leads.policy import Leads
from operations.presets import PRESETS
from tests.calls import a_call
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_membership, a_picture, a_pro, a_staff_user
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


def test_members_are_marked_and_the_order_says_how(visitor, pros, lead, now):
    page = text_of(visitor.get(choose_page(lead)))
    assert "every pro stands first equally often" in page and "member" not in page.lower()
    publish([*PRESETS["lead_manager"].sections, Memberships(tiers=(Tier("Plus", 2_900, weight=2),))], now=now)
    a_membership(a_member(pros[1]), 1, now=now)
    page = text_of(visitor.get(choose_page(lead)))
    assert page.count("Plus member, pays us monthly") == 1 and "Fox River Plumbing" in page
    assert "Members pay us a monthly fee and come first more often; they are marked. Plus member: 2 times as often" in page
    assert "equally often" not in page and "You never pay us." in page


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
    assert "2 of 4 chosen" in said and "Send to 2 pros" in said
    assert "of 4 chosen" not in text_of(visitor.get(choose_page(lead), ticked(pros[0]))), "without scripts it would soon be untrue"
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
    assert "Calls in 3 min (half of the calls; called 5 of 5)" in page
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
    assert page.count("New here: no reviews yet") == 2 and page.count("New here: 1 review, too few for a score") == 1
    places = [page.index(pros[number].name) for number in (2, 1, 0, 3, 4)]
    assert places[:2] == sorted(places)[:2], "those without a score come after"
    assert "“Job 4 by S..” Ida S., Chicago, Apr 2026" in page and "“Job 0 by S..” Ida S., Chicago" in page and "Sundberg" not in page


def test_a_review_that_was_taken_down_leaves_its_reason(visitor, scores, lead, pros, now):
    staff = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    reviews.take_down(Review.objects.filter(pro=pros[2]).latest("at").pk, "It names a neighbour.", by=staff, now=now)
    page = text_of(visitor.get(choose_page(lead)))
    assert "Taken down by the marketplace: It names a neighbour." in page and "4.8 from" not in page
    assert "New here: 4 reviews, too few for a score" in page and "“Job 3 by S..” Ida S." in page


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


@pytest.mark.parametrize(("asked", "most"), [({}, 19), ({"order": "fast"}, 20), ({"order": "near"}, 21)])
def test_the_page_takes_few_queries_however_many_pros(visitor, scores, lead, pros, asked, most, django_assert_max_num_queries):
    visitor.get(choose_page(lead), asked)
    with django_assert_max_num_queries(most):
        visitor.get(choose_page(lead), asked)
    for _each in range(30):
        a_pro()
    with django_assert_max_num_queries(most):
        visitor.get(choose_page(lead), asked)


# Turning the page: whatever a button asks for, what is ticked stays


def turned(visitor, lead, show, *picked, **said):
    """Where a button of the form leads."""
    answer = visitor.post(choose_page(lead), ticked(*picked) | {"show": show} | said)
    assert answer.status_code == 302 and not Match.objects.exists()
    return answer["Location"]


def names_on(page, pros):
    return [pro.name for pro in pros if f'id="p-{pro.public_id}"' in page.content.decode()]


def test_pros_are_found_by_name_and_by_what_was_checked(visitor, lead, pros, now):
    checks.record(pros[2], "licence", by=a_staff_user(), now=now, valid_until=now.date())
    where = turned(visitor, lead, "filter", pros[0], name=" plumbing ", badge="", fill="1", page="7")
    assert where == f"{choose_page(lead)}?name=plumbing&pro={pros[0].public_id}&fill=1"
    page = visitor.get(where)
    assert names_on(page, pros) == ["Prairie State Plumbing", "Fox River Plumbing"]
    assert "2 pros fit what you look for." in text_of(page) and 'name="fill" value="1" checked' in page.content.decode()
    page = visitor.get(choose_page(lead), {"badge": "licence"} | ticked(pros[0]))
    assert names_on(page, pros) == ["Oakhurst Mechanical"]
    assert "Ticked, not on this page Prairie State Plumbing" in text_of(page)
    assert "License checked May 20, 2026 (until May 20, 2026)" in text_of(page)
    assert "0 pros fit what you look for." in text_of(visitor.get(choose_page(lead), {"name": "nobody"}))


def test_a_badge_is_gone_on_the_day_after_its_last(visitor, lead, pros, now, clock):
    checks.record(pros[2], "licence", by=a_staff_user(), now=now, valid_until=now.date())
    clock.now = now + timedelta(hours=11, minutes=59)
    assert "License checked" in text_of(visitor.get(choose_page(lead)))
    clock.now = now + timedelta(hours=12)
    assert "License checked" not in text_of(visitor.get(choose_page(lead)))


def test_more_pros_than_a_page_holds_are_turned_without_losing_a_tick(visitor, lead, pros, now):
    many = [*pros, *(a_pro() for _each in range(95))]
    pages = [names_on(visitor.get(choose_page(lead), {"page": number}), many) for number in (1, 2, 3, 4, 5)]
    assert [len(names) for names in pages] == [24, 24, 24, 24, 4] and len({name for names in pages for name in names}) == 100
    first = next(pro for pro in many if pro.name in pages[0])
    where = turned(visitor, lead, "page:5", first, order="")
    page = visitor.get(where)
    assert where.endswith(f"?page=5&pro={first.public_id}") and f"Ticked, not on this page {first.name}" in text_of(page)
    last = next(pro for pro in many if pro.name in pages[4])
    visitor.post(where, ticked(first, last))
    assert set(Match.objects.values_list("pro", flat=True)) == {first.pk, last.pk}
    kept = Decision.objects.get()
    assert len(kept.candidates) in (96, 97), "the first of the order, and the picks"


def test_the_ticked_ones_are_compared_side_by_side(visitor, lead, pros, now):
    where = turned(visitor, lead, "compare", pros[0], pros[2])
    page = visitor.get(where)
    said = text_of(page)
    assert where.count("compare=") == where.count("pro=") == 2
    assert "Side by side" in said and "How soon it calls" in said and "Checked by us" in said
    html = page.content.decode()
    assert html.count('type="checkbox" name="pro"') == 2 and "Fox River" not in said
    [asked] = re.findall(r'hx-get="([^"]+)"', html)
    part = visitor.get(asked.replace("&amp;", "&"), {}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="picked")
    assert part.status_code == 200 and "Compare them" not in text_of(part), "they are already compared"
    assert turned(visitor, lead, "all", pros[0], pros[2]).count("compare=") == 0
    assert "Side by side" not in text_of(visitor.get(choose_page(lead), {"compare": "nobody"}))


def test_the_seats_that_are_taken_stand_with_their_names(visitor, lead, pros):
    visitor.post(choose_page(lead), ticked(pros[0]))
    seats = visitor.get(choose_page(lead), ticked(pros[1])).context["seats"]
    assert [(seat["no"], seat["kind"], seat["name"]) for seat in seats] == [
        (1, "taken", "Prairie State Plumbing"),
        (2, "me", "Fox River Plumbing"),
        (3, "free", ""),
        (4, "free", ""),
    ]


@pytest.mark.parametrize(
    "show", ["", ":", "page:", "page:-1", "page:99999999", "order:x", "pro:", "pro:nobody", "pro:../..", "\0", "x" * 5000]
)
def test_nonsense_turns_to_the_page_as_it_is(visitor, lead, pros, show):
    assert visitor.get(turned(visitor, lead, show, name="\0" * 9, badge="x")).status_code == 200


# The profile


def profile_page(lead, pro):
    return f"/request/{links.token(lead)}/pros/{pro.public_id}/"


def test_a_profile_tells_all_that_is_known(visitor, scores, lead, pros, now):
    owner = a_member(pros[2])
    pro_profile.present(pros[2], since_year=1998, about="We fix heaters. Call 312 555 0142 or acme.com.", by=owner, now=now)
    checks.record(pros[2], "licence", by=a_staff_user("Renee Okafor"), now=now, fact="IL 055-012345", valid_until=date(2027, 8, 31))
    page = text_of(visitor.get(profile_page(lead, pros[2])))
    assert "In business since 1998" in page and "We fix heaters. Call [phone number hidden] or [web address hidden]." in page
    assert "License IL 055-012345 Checked May 20, 2026 by Renee O. of Craftyard, valid until Aug 31, 2027" in page
    assert "4.8 from 5 real jobs" in page and page.count("5 of 5 stars") == 4 and "Sundberg" not in page
    assert "Water heater replacement" in page and "1 ZIP code in Chicago" in page
    assert "Pros pay us to be introduced. That changes no score, no check and no review." in page


def test_reviews_come_by_page_with_answers_and_the_reasons_of_those_taken_down(visitor, lead, pros, now, monkeypatch):
    monkeypatch.setattr("leads.ratings.PAGE", 2)
    ProState.objects.exclude(pro=pros[1]).update(paused=True)
    owner = a_member(pros[1])
    given = [reviewed(pros[1], owner, at=now - timedelta(days=60 - n), stars=5, words=f"Job {n}.") for n in range(3)]
    ProState.objects.update(paused=False)
    reviews.answer(given[2].match, "Thank you.", by=owner, now=now)
    reviews.take_down(given[1].pk, "It names a neighbour.", by=a_staff_user(), now=now)
    first, last = (text_of(visitor.get(profile_page(lead, pros[1]), {"reviews": number})) for number in (1, 2))
    assert "“Job 2.”" in first and "“Thank you.”" in first and "It names a neighbour." in first and "Job 1" not in first
    assert "Page 1 of 2" in first and "“Job 0.”" in last and "Page 2 of 2" in last
    for odd in ("0", "-1", "99999999999", "x", "٣"):
        assert visitor.get(profile_page(lead, pros[1]), {"reviews": odd}).status_code == 200


def test_the_profile_keeps_what_is_ticked_and_ticks_one_more(visitor, lead, pros):
    where = turned(visitor, lead, f"pro:{pros[2].public_id}", pros[0], order="near")
    page = visitor.get(where)
    assert page.context["back"] == f"{choose_page(lead)}?order=near&pro={pros[0].public_id}"
    assert page.context["tick"] == f"{page.context['back']}&pro={pros[2].public_id}"
    assert page.context["tick"].replace("&", "&amp;") in page.content.decode()


def test_only_who_can_be_picked_or_has_a_seat_is_shown(visitor, lead, pros, now):
    paused, elsewhere = pros[4], a_pro("Elsewhere", zips=("60622",))
    ProState.objects.filter(pro=paused).update(paused=True)
    for other in (paused, elsewhere):
        assert visitor.get(profile_page(lead, other)).status_code == 404
    visitor.post(choose_page(lead), ticked(pros[0], pros[1], pros[2], pros[3]))
    ProState.objects.filter(pro=pros[0]).update(paused=True)
    page = visitor.get(profile_page(lead, pros[0]))
    assert page.status_code == 200 and "Tick this pro" not in text_of(page), "it has a seat"
    assert visitor.get(profile_page(lead, pros[4])).status_code == 404, "the choice is over"
    matched = a_lead(now=now)
    assert visitor.get(profile_page(matched, pros[0])).status_code == 404, "that request does not choose"


def test_a_profile_takes_few_queries(visitor, scores, lead, pros, django_assert_max_num_queries):
    visitor.get(profile_page(lead, pros[2]))
    with django_assert_max_num_queries(23):
        visitor.get(profile_page(lead, pros[2]))


def test_a_photo_may_be_kept_for_ever_and_another_has_another_address(visitor, lead, pros, now):
    owner = a_member(pros[0])
    pro_profile.set_photo(pros[0], a_picture(1), by=owner, now=now)
    key = pros[0].photo_key
    assert f'src="/photos/{key}.webp"' in visitor.get(choose_page(lead)).content.decode()
    answer = visitor.get(f"/photos/{key}.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp") and answer.content[8:12] == b"WEBP"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable" and answer["X-Content-Type-Options"] == "nosniff"
    pro_profile.set_photo(pros[0], a_picture(2), by=owner, now=now)
    assert visitor.get(f"/photos/{key}.webp").status_code == 404


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
