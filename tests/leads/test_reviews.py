"""Reviews: only of real matches, one each, some days after; answered once, taken down with a reason, counted for the score."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.models import User
from core.errors import NotAllowed, NotFound
from core.models import Event, Marketplace
from core.policy import publish
from core.tenancy import current, scope
from leads import matching, reviews, tasks, withdrawal
from leads.intake import submit
from leads.masking import nameless
from leads.models import Lead, Match, Review
from leads.policy import Reviews
from leads.ratings import Rating, ratings_of, told_of
from notifications import preferences
from notifications.models import Message
from tests.calls import a_call
from tests.factories import a_lead, a_matched_lead, a_member, a_pro, a_request

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def pro(marketplace):
    return a_pro("Prairie State Plumbing")


@pytest.fixture
def owner(pro):
    return a_member(pro)


@pytest.fixture
def lead(pro, owner, now):
    return a_matched_lead(now=now, name="Dana Whitfield", phone="+13125550177")


@pytest.fixture
def match(lead, owner, now):
    """A seat whose pro has called."""
    return called(Match.objects.get(lead=lead), by=owner)


@pytest.fixture
def staff(marketplace):
    return User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)


def called(match, *, by):
    a_call(match, by=by, at=match.at + 5 * MINUTE, talked=60)
    return match


def a_review(pro, owner, *, now, stars, words="", **said) -> Review:
    """What somebody says of the pro a week after a call."""
    match = called(Match.objects.get(pro=pro, lead=a_matched_lead(now=now, **said)), by=owner)
    return reviews.write(match.lead, match.pk, stars=stars, words=words, now=now + WEEK)


# Who may write


def test_a_week_after_a_call_the_homeowner_says_how_it_went(lead, match, now):
    kept = reviews.write(lead, match.pk, stars=4, words="  Came in time.\r\nGood work.\0 ", now=now + WEEK)
    assert (kept.match_id, kept.pro_id, kept.stars, kept.words, kept.at) == (
        match.pk,
        match.pro_id,
        4,
        "Came in time.\nGood work.",
        now + WEEK,
    )
    event = Event.objects.get(kind="review.written")
    assert (event.subject, event.data) == (str(match.pk), {"stars": 4}), "nothing of the words"


def test_there_is_one_review_of_a_match_and_the_first_one_stays(lead, match, now):
    first = reviews.write(lead, match.pk, stars=5, now=now + WEEK)
    again = reviews.write(lead, str(match.pk), stars=1, words="Changed my mind.", now=now + 2 * WEEK)
    assert again == first and (again.stars, again.words) == (5, "")
    assert Review.objects.count() == Event.objects.filter(kind="review.written").count() == 1


def test_the_team_is_told_once_by_e_mail_unless_somebody_wants_no_such_notice(lead, match, owner, pro, now):
    other = a_member(pro, role="member")
    preferences.switch(recipient=other.subject, kind="review_written", channel="email", wanted=False)
    for _twice in range(2):
        reviews.write(lead, match.pk, stars=4, words="By Whitfield.", now=now + WEEK)
    told = Message.objects.get(kind="review_written")
    assert (told.recipient, told.channel, told.subject, told.context["stars"]) == (owner.subject, "email", str(match.pk), 4)
    assert not any(secret in str(told.context) for secret in ("Whitfield", "Dana", "555"))


def test_nobody_reviews_a_pro_without_contact_too_early_too_late_or_after_a_credit(lead, match, now):
    silent = Match.objects.get(lead=a_matched_lead(now=now))
    for one, at, code in (
        (silent, now + WEEK, "no_contact"),
        (match, now + WEEK - MINUTE, "too_early"),
        (match, now + 60 * DAY, "reviews_over"),
    ):
        with pytest.raises(reviews.Refusal) as refusal:
            reviews.write(one.lead, one.pk, stars=5, now=at)
        assert refusal.value.code == code
    Match.objects.filter(pk=match.pk).update(state="credited", state_at=now)
    with pytest.raises(reviews.WasCredited):
        reviews.write(lead, match.pk, stars=5, now=now + WEEK)
    assert not Review.objects.exists()


def test_who_stopped_all_contact_may_still_say_how_it_went(lead, match, now):
    withdrawal.stop_all_contact(lead, now=now + DAY)
    assert reviews.write(lead, match.pk, stars=1, now=now + WEEK).stars == 1


def test_only_the_matches_of_ones_own_request_can_be_named(lead, match, owner, now):
    others = called(Match.objects.get(lead=a_matched_lead(now=now)), by=owner)
    for strange in (others.pk, lead.pk, "", "x", "\0", "9" * 5_000, None):
        with pytest.raises(reviews.NotOnRequest):
            reviews.write(lead, strange, stars=5, now=now + WEEK)
    with scope(Marketplace.objects.get(slug="hearthline")), pytest.raises(reviews.NotOnRequest):
        reviews.write(lead, match.pk, stars=5, now=now + WEEK)


@pytest.mark.parametrize("stars", [0, 6, -1, None, "5", True, 10**30])
def test_no_number_of_stars_is_refused(lead, match, now, stars):
    with pytest.raises(reviews.BadStars):
        reviews.write(lead, match.pk, stars=stars, now=now + WEEK)


def test_words_have_an_end(lead, match, now):
    with pytest.raises(reviews.TooLong):
        reviews.write(lead, match.pk, stars=5, words="x" * 1_001, now=now + WEEK)
    assert reviews.write(lead, match.pk, stars=5, words="\u200b\u200b", now=now + WEEK).words == "", "what shows nothing is nothing"


def test_an_operator_sets_the_days(lead, match, now):
    publish([Reviews(ask_days=1, open_days=2)], now=now)
    assert reviews.objection(reviews.matches_of(lead)[0], now=now + DAY) is None
    assert isinstance(reviews.objection(reviews.matches_of(lead)[0], now=now + 2 * DAY), reviews.ReviewsOver)


# What others read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Ask Dana Whitfield, 312-555-0177.", "Ask Dana W., [phone number hidden]."),
        ("whitfield's cellar is dry", "W.'s cellar is dry"),
        ("Whitfieldstone is what they laid", "Whitfieldstone is what they laid"),
        ("dana@homeowners.example", "[email hidden]"),
        ("In Thistledown they know 555 0142.", "In [street hidden] they know [phone number hidden]."),
    ],
)
def test_nothing_in_a_review_leads_to_its_writer(said, read):
    dana = SimpleNamespace(name="Dana Whitfield", phone="+13125550142", email="dana@feather.example", street="4471 Thistledown Ave")
    assert nameless(said, dana) == read


def test_it_is_shown_with_the_first_name_and_the_city(lead, match, owner, staff, now):
    kept = reviews.write(lead, match.pk, stars=5, words="I am Dana Whitfield.", now=now + WEEK)
    reviews.answer(match, "Thank you, Mrs. Whitfield.", by=owner, now=now + WEEK)
    said = reviews.shown(Review.objects.get(pk=kept.pk))
    assert (said.by, said.place, said.words, said.answer) == ("Dana W.", "Chicago", "I am Dana W..", "Thank you, Mrs. W..")
    reviews.take_down(kept.pk, "Dana Whitfield asked for it.", by=staff, now=now + WEEK)
    said = reviews.shown(Review.objects.get(pk=kept.pk))
    assert (said.words, said.answer, said.reason, said.is_down) == ("", "", "Dana W. asked for it.", True)


# The answer and the taking down


def test_the_pro_answers_once(lead, match, owner, now):
    with pytest.raises(NotFound):
        reviews.answer(match, "Thank you.", by=owner, now=now + WEEK)
    reviews.write(lead, match.pk, stars=2, now=now + WEEK)
    for words, refusal in (("", reviews.NothingSaid), (" \u200b ", reviews.NothingSaid), ("x" * 1_001, reviews.TooLong)):
        with pytest.raises(refusal) as caught:
            reviews.answer(match, words, by=owner, now=now + WEEK)
        assert "words" in caught.value.fields
    kept = reviews.answer(match, "We are sorry.", by=owner, now=now + WEEK)
    assert (kept.answer, kept.answered_at, kept.answered_by) == ("We are sorry.", now + WEEK, owner)
    with pytest.raises(reviews.AlreadyAnswered):
        reviews.answer(match, "Once more.", by=owner, now=now + WEEK)
    event = Event.objects.get(kind="review.answered")
    assert (event.subject, event.actor, event.data) == (str(match.pk), owner.subject, {})


def test_staff_take_one_down_with_a_reason_and_once(lead, match, owner, staff, now):
    kept = reviews.write(lead, match.pk, stars=1, now=now + WEEK)
    with pytest.raises(reviews.ReasonMissing):
        reviews.take_down(kept.pk, " ", by=staff, now=now + WEEK)
    with pytest.raises(reviews.TooLong):
        reviews.take_down(kept.pk, "x" * 301, by=staff, now=now + WEEK)
    with pytest.raises(NotAllowed):
        reviews.take_down(kept.pk, "We do not like it.", by=owner.user, now=now + WEEK)
    reviews.take_down(kept.pk, "It names a neighbour.", by=staff, now=now + WEEK)
    with pytest.raises(reviews.IsDown):
        reviews.take_down(kept.pk, "Again.", by=staff, now=now + WEEK)
    with pytest.raises(reviews.IsDown):
        reviews.answer(match, "Good.", by=owner, now=now + WEEK)
    kept.refresh_from_db()
    assert (kept.taken_down_by, kept.taken_down_reason) == (staff, "It names a neighbour.")
    assert Event.objects.get(kind="review.taken_down").actor == staff.subject


# The score


def test_the_score_is_the_average_in_tenths_once_there_are_enough(pro, owner, staff, now):
    assert ratings_of([pro.pk]) == {}
    written = [a_review(pro, owner, now=now + number * DAY, stars=stars) for number, stars in enumerate((5, 5, 4, 5))]
    assert ratings_of([pro.pk]) == {pro.pk: Rating(48, 4, True)}, "4.75 is 4.8"
    written.append(a_review(pro, owner, now=now + 5 * DAY, stars=1))
    assert ratings_of([pro.pk]) == {pro.pk: Rating(40, 5, False)} and ratings_of([pro.pk])[pro.pk].score == "4.0"
    reviews.take_down(written[-1].pk, "Not of this pro.", by=staff, now=now + 20 * DAY)
    assert ratings_of([pro.pk]) == {pro.pk: Rating(48, 4, True)}, "what was taken down does not count"


def test_the_latest_words_are_told_and_every_reason(pro, owner, staff, now):
    for number, (stars, words) in enumerate(((5, "First."), (4, "Second, by Whitfield."), (3, ""), (1, "A lie."))):
        kept = a_review(pro, owner, now=now + number * DAY, stars=stars, words=words, name="Dana Whitfield")
    reviews.take_down(kept.pk, "It was about somebody else.", by=staff, now=now + 20 * DAY)
    told = told_of([pro.pk])[pro.pk]
    assert (told.quote.words, told.quote.by, told.quote.at) == ("Second, by W..", "Dana W.", now + DAY + WEEK)
    assert [(one.reason, one.words) for one in told.down] == [("It was about somebody else.", "")]


def test_test_traffic_counts_nowhere(marketplace, now):
    pro = a_pro(test=True)
    lead = a_lead(now=now, test=True)
    matching.route(lead_id=lead.pk, now=now)
    match = called(Match.objects.get(lead=lead), by=a_member(pro))
    kept = reviews.write(lead, match.pk, stars=5, words="Fine.", now=now + WEEK)
    assert kept.test and ratings_of([pro.pk]) == told_of([pro.pk]) == {}


def test_scores_and_words_take_three_queries_however_many_pros(pro, owner, now, django_assert_max_num_queries):
    a_review(pro, owner, now=now, stars=5, words="Good.")
    others = [a_pro().pk for _ in range(5)]
    for ids in ([pro.pk], [pro.pk, *others], others, []):
        with django_assert_max_num_queries(3):
            ratings_of(ids), told_of(ids)


# Being asked


def asked() -> list:
    return sorted(Message.objects.filter(kind="review_asked").values_list("channel", flat=True))


def ask(now) -> None:
    """The sweep comes by."""
    tasks.ask_for_reviews(current(), now=now)


def test_the_homeowner_is_asked_once_a_week_after(lead, match, now):
    ask(now + WEEK - MINUTE)
    assert asked() == []
    ask(now + WEEK)
    assert asked() == ["email", "sms"]
    message = Message.objects.filter(kind="review_asked").first()
    assert message.context["url"].endswith("/review/") and message.respects_quiet_hours and message.recipient == f"lead:{lead.pk}"
    for days in (7, 8, 30):
        ask(now + days * DAY)
    lead.refresh_from_db()
    assert len(asked()) == 2 and lead.review_due_at is None


def test_only_who_agreed_to_texts_gets_one(pro, owner, now):
    called(Match.objects.get(lead=a_matched_lead(now=now, phone="+13125550177", agreed_sms=False)), by=owner)
    ask(now + WEEK)
    assert asked() == ["email"]


def test_without_a_call_nobody_is_asked_until_there_was_one(lead, owner, now):
    for days in (7, 8, 9):
        ask(now + days * DAY)
        lead.refresh_from_db()
        assert asked() == [] and lead.review_due_at == now + (days + 1) * DAY
    a_call(Match.objects.get(lead=lead), by=owner, at=now + 9 * DAY + MINUTE)
    ask(now + 10 * DAY)
    assert asked() == ["email", "sms"]


def test_a_request_that_nobody_ever_called_is_forgotten_in_the_end(lead, now):
    matching.route(lead_id=lead.pk, now=now + 3 * DAY)
    ask(now + 59 * DAY)
    lead.refresh_from_db()
    assert lead.review_due_at == now + 60 * DAY
    ask(now + 60 * DAY)
    lead.refresh_from_db()
    assert lead.review_due_at is None and asked() == []


def test_a_request_that_nobody_got_is_not_asked_about(marketplace, now):
    lead = a_lead(now=now)
    for days in (0, 3):
        matching.route(lead_id=lead.pk, now=now + days * DAY)
    ask(now + WEEK)
    lead.refresh_from_db()
    assert (lead.outcome, lead.review_due_at) == ("unfilled", None) and asked() == []


def test_nobody_is_asked_after_stop_all_contact(lead, match, now):
    other = a_matched_lead(now=now)
    called(Match.objects.get(lead=other), by=match.pro.members.first())
    withdrawal.stop_all_contact(lead, now=now + DAY)
    ask(now + WEEK)
    assert set(Message.objects.filter(kind="review_asked").values_list("subject", flat=True)) == {str(other.pk)}
    withdrawal.stop_all_contact(other, now=now + WEEK + MINUTE)
    assert set(Message.objects.filter(kind="review_asked").values_list("state", flat=True)) == {"cancelled"}, "what waits is taken back"


def test_who_has_reviewed_already_is_not_asked(lead, match, now):
    Lead.objects.filter(pk=lead.pk).update(state="closed", outcome="part_filled", outcome_reason="x", ended_at=now, due_at=None)
    reviews.write(lead, match.pk, stars=5, now=now + WEEK)
    ask(now + WEEK)
    lead.refresh_from_db()
    assert asked() == [] and lead.review_due_at is None


def test_a_seat_that_came_late_is_asked_about_when_its_own_days_are_over(marketplace, now):
    lead = a_lead(now=now, phone="+13125550177")
    matching.route(lead_id=lead.pk, now=now)
    pro = a_pro()
    owner = a_member(pro)
    matching.route(lead_id=lead.pk, now=now + 2 * DAY)
    called(Match.objects.get(lead=lead), by=owner)
    ask(now + WEEK)
    assert asked() == []
    lead.refresh_from_db()
    assert lead.review_due_at is not None
    ask(now + 9 * DAY)
    assert asked() == ["email", "sms"]


def test_test_requests_are_asked_by_nobody(marketplace, now):
    pro = a_pro(test=True)
    lead = submit(a_request(), submit_key="test", now=now, test=True).lead
    matching.route(lead_id=lead.pk, now=now)
    called(Match.objects.get(lead=lead), by=a_member(pro))
    ask(now + WEEK)
    assert set(Message.objects.filter(kind="review_asked").values_list("state", flat=True)) == {"suppressed"}
