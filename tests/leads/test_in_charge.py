"""What else the homeowner decides: the job, what one pro is shown, who was hired, photos, the waiting list (RULES 4, 18, 19)."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from core import pictures
from core.errors import NotFound
from core.models import Event
from credits import stopping
from leads import again, choice, correcting, hiring, matching, offers, photos, replacing, revealing, sight, waiting
from leads.models import Consent, Decision, Lead, Match, Offer, Photo, Reveal
from leads.queries import match_for
from notifications.models import Message
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_photo, a_pro

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "+13125550142"


def kinds(subject) -> list:
    return list(Event.objects.filter(subject=str(subject)).order_by("at", "pk").values_list("kind", flat=True))


def corrected(lead, **changes) -> correcting.Job:
    said = {"description": lead.description, "answers": lead.answers, "timing": lead.timing, "reach": lead.reach}
    return correcting.Job(**said | changes)


# The job


def test_the_job_is_corrected_with_a_new_estimate_and_what_it_was_before(marketplace, now):
    lead = a_lead(now=now, answers={"heaters": 1})
    before, seed = lead.estimate, lead.seed
    answers = lead.answers | {"heaters": 3}
    assert correcting.correct(lead, corrected(lead, answers=answers, reach="evenings", description="Two tanks."), now=now + MINUTE)
    lead.refresh_from_db()
    assert (lead.answers["heaters"], lead.reach, lead.description, lead.seed) == (3, "evenings", "Two tanks.", seed)
    assert lead.estimate > before and lead.estimate_low <= lead.estimate <= lead.estimate_high
    assert any("3" in reason for reason in lead.estimate_reasons)
    event = Event.objects.get(kind="lead.corrected")
    assert ["Reach", "Call or text, 8 AM to 8 PM", "Evenings only, 5 PM to 8 PM"] in event.data["changes"]
    assert event.data["estimate"] == [before, lead.estimate]
    assert "tank" not in str(event.data), "an event is never erased: of the own words only that they changed"


def test_the_same_job_again_is_no_correction(marketplace, now):
    lead = a_lead(now=now)
    assert not correcting.correct(lead, corrected(lead), now=now)
    assert not Event.objects.filter(kind="lead.corrected").exists()


@pytest.mark.parametrize("answers", [{}, {"heaters": "many"}, {"heaters": 3, "colour": "red"}])
def test_answers_that_answer_nothing_are_refused_by_their_questions(marketplace, now, answers):
    lead = a_lead(now=now)
    with pytest.raises(correcting.guides.BadAnswers) as raised:
        correcting.correct(lead, corrected(lead, answers=answers), now=now)
    assert raised.value.fields and not Event.objects.filter(kind="lead.corrected").exists()


def test_after_the_first_seat_the_job_stays(marketplace, now):
    a_pro()
    lead = a_matched_lead(now=now)
    with pytest.raises(correcting.SeatSold):
        correcting.correct(lead, corrected(lead, description="Another one"), now=now + MINUTE)
    stopping.stop_one(lead.matches.get(), now=now + MINUTE)
    with pytest.raises(correcting.SeatSold):
        correcting.correct(lead, corrected(lead, description="Another one"), now=now + 2 * MINUTE)


def test_a_closed_request_is_not_corrected(marketplace, now):
    lead = a_matched_lead(now=now)
    stopping.stop_all_contact(lead, now=now)
    with pytest.raises(correcting.RequestClosed):
        correcting.correct(lead, corrected(lead, description="Another one"), now=now)


def test_an_offer_shows_the_price_of_the_corrected_job(opt_in, now):
    member = a_member(a_funded_pro())
    lead = a_matched_lead(now=now, answers={"heaters": 1})
    offer = Offer.objects.select_related("pro").get(lead=lead)
    first = list(Decision.objects.values_list("pk", flat=True))
    correcting.correct(lead, corrected(lead, answers=lead.answers | {"heaters": 3}), now=now + MINUTE)
    assert list(Decision.objects.values_list("pk", flat=True)) == first
    at = now + 16 * MINUTE
    with pytest.raises(offers.PriceChanged) as raised:
        offers.accept(offer, by=member, shown_price=offer.price, now=at)
    lead.refresh_from_db()
    assert raised.value.new == (lead.estimate + 50) // 100 > offer.price
    assert offers.accept(offer, by=member, shown_price=raised.value.new, now=at).estimate == lead.estimate


# Shown to one pro


@pytest.fixture
def two(marketplace, now):
    """Two matches of one request."""
    for _each in range(2):
        a_member(a_pro())
    lead = a_matched_lead(now=now, phone=PHONE, street="4711 Quillwort Ave", unit="3B")
    return list(Match.objects.filter(lead=lead).select_related("pro", "lead__homeowner", "line").order_by("slot"))


def again_(match) -> Match:
    return Match.objects.select_related("lead__homeowner").get(pk=match.pk)


def test_a_number_is_shown_to_one_pro_and_logged(two, now):
    one, other = two
    revealing.reveal(one, "phone", now=now + HOUR)
    revealing.reveal(one, "phone", now=now + 2 * HOUR)
    assert Reveal.objects.get().at == now + HOUR
    assert revealing.revealed_to(again_(one)) == {"phone": PHONE} and revealing.revealed_to(again_(other)) == {}
    assert kinds(one.pk).count("match.revealed") == kinds(one.lead_id).count("lead.revealed") == 1
    told = Message.objects.filter(kind="details_shared")
    assert set(told.values_list("subject", flat=True)) == {str(one.pk)}
    assert not any(secret in str(each.context) for each in told for secret in (PHONE, "3125550142", "Quillwort"))


def test_an_address_is_street_and_unit(two, now):
    revealing.reveal(two[0], "address", now=now)
    assert revealing.revealed_to(again_(two[0])) == {"address": "4711 Quillwort Ave, 3B"}


@pytest.mark.parametrize("how", ["one", "all", "replaced"])
def test_who_is_closed_sees_it_no_more(two, now, how):
    one, _other = two
    revealing.reveal(one, "phone", now=now + HOUR)
    if how == "one":
        stopping.stop_one(one, now=now + 2 * HOUR)
    elif how == "all":
        stopping.stop_all_contact(one.lead, now=now + 2 * HOUR)
    else:
        replacing.warn_due(now=now + DAY)
        replacing.replace(one, now=now + 2 * DAY)
    assert revealing.revealed_to(again_(one)) == {}
    with pytest.raises(revealing.ProClosed):
        revealing.reveal(one, "address", now=now + 2 * DAY)


def test_what_was_not_given_cannot_be_shown(marketplace, now):
    a_pro()
    lead = a_matched_lead(now=now, phone="", street="")
    for what in Reveal.What.values:
        with pytest.raises(revealing.NothingToShow):
            revealing.reveal(lead.matches.get(), what, now=now)
    assert not Reveal.objects.exists()


# Whom the homeowner hired


def test_each_pro_learns_how_it_ended_and_nobody_else_s_name(two, now):
    one, other = two
    hiring.say(one.lead, "pro", match_id=one.pk, now=now + DAY)
    assert [hiring.decision_for(again_(match)) for match in two] == ["you", "another"]
    told = {each.subject: each.context for each in Message.objects.filter(kind="homeowner_decided", channel="email")}
    assert {subject: context["decision"] for subject, context in told.items()} == {str(one.pk): "you", str(other.pk): "another"}
    assert one.pro.name not in str(told[str(other.pk)])
    lead = Lead.objects.get(pk=one.lead_id)
    assert (lead.state, lead.outcome, lead.outcome_reason, lead.ended_at) == ("closed", "part_filled", "hired", now + DAY)
    assert {match.state for match in Match.objects.all()} == {"live"}, "the seats stand"
    late = a_pro("Too late")
    matching.route(lead_id=lead.pk, now=now + 2 * DAY)
    assert not Match.objects.filter(pro=late).exists()


def test_the_answer_may_change_and_is_told_again(two, now):
    one, other = two
    hiring.say(one.lead, "pro", match_id=one.pk, now=now + DAY)
    hiring.say(one.lead, "pro", match_id=one.pk, now=now + DAY + HOUR)
    assert Message.objects.filter(kind="homeowner_decided").count() == 2, "said twice, told once"
    hiring.say(one.lead, "nobody", now=now + 2 * DAY)
    assert [hiring.decision_for(again_(match)) for match in two] == ["nobody", "nobody"]
    hiring.say(one.lead, "pro", match_id=other.pk, now=now + 3 * DAY)
    assert [hiring.decision_for(again_(match)) for match in two] == ["another", "you"]
    assert kinds(one.lead_id).count("lead.closed") == 1


@pytest.mark.parametrize("hired", ["", "someone", "pro"])
def test_an_answer_that_names_nobody_is_refused(two, now, hired):
    with pytest.raises(hiring.AnswerMissing):
        hiring.say(two[0].lead, hired, now=now)


def test_a_pro_of_another_request_or_a_stopped_one_was_not_hired(two, now):
    stranger = a_matched_lead(now=now, phone="").matches.first()
    stopping.stop_one(two[1], now=now)
    for match in (stranger, two[1]):
        with pytest.raises(NotFound):
            hiring.say(two[0].lead, "pro", match_id=match.pk, now=now)
    stopping.stop_all_contact(two[0].lead, now=now)
    with pytest.raises(hiring.AlreadyStopped):
        hiring.say(two[0].lead, "other", now=now)


def test_an_undone_accept_after_a_hire_sells_no_seat(opt_in, now):
    members = [a_member(a_funded_pro()) for _each in range(5)]
    lead, at = a_matched_lead(now=now), now + 15 * MINUTE
    for member in members[:4]:
        offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro)
        match = offers.accept(offer, by=member, shown_price=offer.price, now=at)
    hiring.say(lead, "other", now=at + MINUTE)
    assert Lead.objects.get(pk=lead.pk).state == "open", "until nobody can undo any more"
    offers.undo(match, by=members[3], now=at + 2 * MINUTE)
    matching.route(lead_id=lead.pk, now=at + 3 * MINUTE)
    assert not Offer.objects.filter(lead=lead, state=Offer.State.OPEN).exists(), "the fifth is not offered it any more"
    lead.refresh_from_db()
    matching.route(lead_id=lead.pk, now=lead.due_at)
    lead.refresh_from_db()
    assert (lead.outcome, lead.outcome_reason, lead.ended_at) == ("part_filled", "hired_elsewhere", at + 10 * MINUTE)


# One more pro


def test_who_asked_to_be_matched_may_invite_one_more(marketplace, now):
    a_pro()
    lead = a_matched_lead(now=now)
    later = now + HOUR
    more = a_pro("Opted out of AutoMatch")
    found = choice.choices(lead, now=later)
    assert [pro.pk for pro in found.pros] == [more.pk] and found.free == 3
    [match] = choice.choose(lead, [more.pk], fill=False, now=later)
    assert (match.slot, match.lead_type) == (2, "choice")
    a_pro("Third")
    matching.route(lead_id=lead.pk, now=later + HOUR)
    assert lead.matches.count() == 3, "AutoMatch goes on as it was asked to"


def test_where_there_is_no_choice_match_nobody_is_invited(marketplace, now, monkeypatch):
    a_pro()
    lead = a_matched_lead(now=now)
    monkeypatch.setattr("leads.policy.Leads.choice", False)
    assert not choice.is_open(lead, now=now)


# Photos


def test_a_photo_is_kept_without_where_it_was_taken(marketplace, now):
    lead = a_lead(now=now)
    exif = Image.Exif()
    exif[0x010E] = "4711 Quillwort Ave"
    photo = photos.add(lead, a_photo(3_000, 2_000, exif=exif), now=now)
    assert (photo.width, photo.height) == (1_600, 1_067) and len(photo.webp) <= 400_000
    image = Image.open(BytesIO(bytes(photo.webp)))
    assert image.format == "WEBP" and not image.getexif() and b"Quillwort" not in bytes(photo.webp)


def test_six_photos_and_no_more(marketplace, now):
    lead = a_lead(now=now)
    for number in range(6):
        photos.add(lead, a_photo(color=(number * 20, 0, 0)), now=now)
    photos.add(lead, a_photo(color=(0, 0, 0)), now=now)
    assert Photo.objects.count() == 6, "the same once more is the one that is there"
    with pytest.raises(photos.TooManyPhotos):
        photos.add(lead, a_photo(color=(0, 0, 250)), now=now)
    first = photos.photos_of(lead)[0]
    photos.remove(lead, first.pk, now=now)
    photos.remove(lead, first.pk, now=now)
    assert Photo.objects.count() == 5 and kinds(lead.pk).count("lead.photo_removed") == 1


@pytest.mark.parametrize("data", [b"", b"nothing to see", b"\xff\xd8\xff" + b"\0" * 99, a_photo()[:200]])
def test_what_is_no_picture_is_not_kept(marketplace, now, data):
    with pytest.raises(pictures.NotAPicture):
        photos.add(a_lead(now=now), data, now=now)
    assert not Photo.objects.exists()


def test_only_a_pro_with_a_live_seat_sees_them(two, now):
    one, other = two
    photo = photos.add(one.lead, a_photo(), now=now)
    assert photos.photo_for(one, photo.pk).pk == photo.pk and [each.pk for each in photos.photos_for(other)] == [photo.pk]
    stopping.stop_one(one, now=now + HOUR)
    assert photos.photos_for(again_(one)) == []
    with pytest.raises(NotFound):
        photos.photo_for(again_(one), photo.pk)
    stranger = a_matched_lead(now=now, phone="").matches.select_related("lead").first()
    with pytest.raises(NotFound):
        photos.photo_for(stranger, photo.pk)


def test_after_all_contact_was_stopped_no_photo_is_added(two, now):
    stopping.stop_all_contact(two[0].lead, now=now)
    with pytest.raises(photos.PhotosClosed):
        photos.add(two[0].lead, a_photo(), now=now)


# The list


@pytest.fixture
def unfilled(marketplace, now):
    """A request that nobody took in its 72 hours."""
    lead = a_matched_lead(now=now, phone=PHONE, answers={"heaters": 2})
    matching.route(lead_id=lead.pk, now=now + 3 * DAY)
    lead.refresh_from_db()
    assert lead.outcome == "unfilled"
    return lead


def test_who_waits_is_told_once_when_somebody_can(unfilled, now):
    at = now + 4 * DAY
    waiting.wait(unfilled, now=at)
    waiting.wait(unfilled, now=at + HOUR)
    unfilled.refresh_from_db()
    assert (unfilled.waiting_until, unfilled.waiting_due_at) == (at + 30 * DAY, at)
    assert waiting.look_due(now=at) == 1 and waiting.look_due(now=at + 59 * MINUTE) == 0
    assert not Message.objects.filter(kind="somebody_can").exists()
    a_pro()
    assert waiting.look_due(now=at + HOUR) == 1 and waiting.look_due(now=at + DAY) == 0
    assert sorted(Message.objects.filter(kind="somebody_can").values_list("channel", flat=True)) == ["email", "sms"]
    assert not Match.objects.exists() and Decision.objects.filter(lead=unfilled).count() == 1, "nothing is decided without the homeowner"


def test_one_tap_sends_it_again_with_new_consent(unfilled, now):
    at = now + 5 * DAY
    waiting.wait(unfilled, now=now + 4 * DAY)
    a_pro()
    new = again.send_again(unfilled, agreed_sms=False, now=at)
    assert again.send_again(unfilled, agreed_sms=True, now=at + HOUR).pk == new.pk, "sent twice, it is one request"
    assert (new.answers, new.description, new.zip, new.submitted_at) == (unfilled.answers, unfilled.description, unfilled.zip, at)
    assert new.source == "waiting" and new.group_id == unfilled.pk
    assert (Consent.objects.get(lead=new).at, Consent.objects.get(lead=new).sms) == (at, False)
    matching.route(lead_id=new.pk, now=at)
    assert new.matches.get().slot == 1
    unfilled.refresh_from_db()
    assert (unfilled.waiting_until, unfilled.waiting_due_at) == (None, None)


def test_after_thirty_days_nobody_is_written_to(unfilled, now):
    waiting.wait(unfilled, now=now + 4 * DAY)
    waiting.look_due(now=now + 34 * DAY - MINUTE)
    a_pro()
    waiting.look_due(now=now + 34 * DAY)
    unfilled.refresh_from_db()
    assert unfilled.waiting_due_at is None and not Message.objects.filter(kind="somebody_can").exists()


def test_who_leaves_the_list_hears_nothing(unfilled, now):
    waiting.wait(unfilled, now=now + 4 * DAY)
    waiting.leave(unfilled, now=now + 5 * DAY)
    a_pro()
    assert waiting.look_due(now=now + 6 * DAY) == 0 and kinds(unfilled.pk)[-2:] == ["lead.waiting", "lead.left_list"]


def test_only_who_got_nobody_may_wait(two, now):
    with pytest.raises(waiting.NothingToWaitFor):
        waiting.wait(two[0].lead, now=now)
    stopping.stop_all_contact(two[0].lead, now=now)
    with pytest.raises(waiting.NothingToWaitFor):
        again.send_again(two[0].lead, agreed_sms=True, now=now)


def test_what_a_pro_is_shown_of_all_this(two, now):
    one, other = two
    photos.add(one.lead, a_photo(), now=now)
    revealing.reveal(one, "phone", now=now)
    hiring.say(one.lead, "pro", match_id=one.pk, now=now)
    mine, theirs = (sight.sheet_of(match_for(match.pro, match.pk), now=now + HOUR) for match in (one, other))
    assert (mine.revealed, mine.decision, len(mine.photos)) == ({"phone": PHONE}, "you", 1)
    assert (theirs.revealed, theirs.decision, len(theirs.photos)) == ({}, "another", 1)
