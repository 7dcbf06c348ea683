"""RULES 9: a service that is not listed is typed, added by staff, taken up by a pro in one tap, and the request goes out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Member, ProService, User
from accounts.queries import services_of
from billing import terms
from catalog.additions import BadService, ServiceExists
from catalog.models import GuideVersion, Service
from core.errors import NotAllowed, NotFound
from core.policy import publish
from leads import intake, unlisted
from leads.models import Lead, Match, Wish
from leads.policy import PhoneCheck
from leads.tasks import route_due
from leads.unlisted.tasks import send_wishes
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_member, a_pro, a_request

DAY = timedelta(days=1)


def a_wish(now, words="Solar tube for the hall", key="one", **changes):
    said = replace(a_request(**changes), service="", answers={})
    return unlisted.ask(words, "plumbing", said, submit_key=key, look_by=now + DAY, now=now, page="/request/unlisted/", ip="203.0.113.7")


@pytest.fixture
def staff(marketplace):
    return User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True)


def added(wish, staff, now, **changes):
    said = {"trade": "plumbing", "name": "Solar tube", "synonyms": ["sun tunnel"], "like": "", "amounts": (40_000, 80_000, 120_000)}
    return unlisted.add_to_catalogue(wish.pk, **said | {"lead_price": 2_500} | changes, by=staff, now=now)


def test_from_an_unlisted_service_to_its_first_match(marketplace, staff, now):
    pro = a_pro("Northside Plumbing")
    owner = a_member(pro, email="owner@northside.example")
    a_member(a_pro(zips=["60601"]), email="elsewhere@pros.example")
    wish = a_wish(now, description="Call me at (312) 555-0142.", agreed_sms=True)
    assert [each.words for each in unlisted.waiting()] == ["Solar tube for the hall"] and not Lead.objects.exists()
    assert Message.objects.get().kind == "wish_received"

    wish = added(wish, staff, now + DAY)
    service = Service.objects.get(code="solar-tube")
    assert service.synonyms == ["sun tunnel"]
    assert terms.in_force(now + DAY).prices["solar-tube"] == 2_500
    told = Message.objects.get(kind="service_wanted")
    assert told.recipient == owner.subject and told.context["price"] == "$25.00"
    send_wishes(marketplace, now=now + DAY)
    assert not Lead.objects.exists(), "nobody offers it yet"

    (wanted,) = unlisted.wanted_by(pro, service)
    assert (wanted.zip, wanted.description) == ("60614", "Call me at [phone number hidden].")
    before = services_of(pro)
    assert unlisted.take_up(pro, service, by=owner, now=now + 2 * DAY) == 1
    assert unlisted.take_up(pro, service, by=owner, now=now + 2 * DAY) == 0
    assert {*services_of(pro)} == {*before, service}
    lead = Lead.objects.select_related("consent").get()
    assert (lead.submitted_at, lead.source, lead.service) == (now + 2 * DAY, "unlisted", service)
    assert (lead.consent.at, lead.consent.ip, lead.consent.sms, lead.consent.page) == (now, "203.0.113.7", True, "/request/unlisted/")
    assert (lead.estimate_low, lead.estimate, lead.estimate_high) == (40_000, 80_000, 120_000)
    route_due(marketplace, now=now + 2 * DAY)
    assert (Match.objects.get().pro, Match.objects.get().price) == (pro, 2_500)
    wish.refresh_from_db()
    assert (wish.state, wish.lead_id, wish.due_at) == ("sent", lead.pk, None)


def test_a_pro_who_adds_it_among_its_services_is_found_by_the_sweep(marketplace, staff, now):
    wish = added(a_wish(now), staff, now)
    a_pro(services=["water-heater", "solar-tube"])
    send_wishes(marketplace, now=now + DAY)
    send_wishes(marketplace, now=now + DAY)
    wish.refresh_from_db()
    assert wish.state == "sent" and Lead.objects.count() == 1


def test_it_is_sent_as_a_service_there_is(staff, now):
    wish = unlisted.send_as(a_wish(now).pk, "water-heater", by=staff, now=now + DAY)
    assert Lead.objects.get().service.code == "water-heater" and wish.state == "sent"
    with pytest.raises(unlisted.AlreadyAnswered):
        unlisted.refuse(wish.pk, "Too late.", by=staff, now=now + DAY)


def test_a_refusal_is_told_with_its_reason(staff, now):
    wish = a_wish(now)
    for reason in ("", "\u200b", "x" * 301):
        with pytest.raises(unlisted.ReasonMissing):
            unlisted.refuse(wish.pk, reason, by=staff, now=now)
    unlisted.refuse(wish.pk, "Nobody does this here.", by=staff, now=now)
    assert Message.objects.get(kind="wish_over").context["why"] == "Nobody does this here."


def test_no_pro_in_two_weeks_ends_it(marketplace, staff, now):
    wish = added(a_wish(now), staff, now)
    send_wishes(marketplace, now=now + 14 * DAY)
    wish.refresh_from_db()
    assert (wish.state, wish.ended_at) == ("ended", now + 14 * DAY)
    a_pro(services=["solar-tube"])
    send_wishes(marketplace, now=now + 15 * DAY)
    assert not Lead.objects.exists() and Message.objects.filter(kind="wish_over").count() == 1


def test_the_homeowner_takes_it_back_once(marketplace, staff, now):
    wish = added(a_wish(now), staff, now)
    unlisted.take_back(wish, now=now)
    unlisted.take_back(wish, now=now + DAY)
    a_pro(services=["solar-tube"])
    send_wishes(marketplace, now=now)
    wish.refresh_from_db()
    assert (wish.state, wish.ended_at) == ("withdrawn", now) and not Lead.objects.exists()


def test_where_a_code_is_required_the_homeowner_is_asked_for_it_then(marketplace, staff, now):
    sections = PRESETS["lead_manager"].sections
    publish([PhoneCheck(mode="required") if isinstance(each, PhoneCheck) else each for each in sections], now=now)
    with pytest.raises(intake.PhoneMissing):
        a_wish(now, phone="")
    unlisted.send_as(a_wish(now, phone="+13125550142").pk, "water-heater", by=staff, now=now + DAY)
    assert Lead.objects.get().is_draft
    assert set(Message.objects.values_list("kind", flat=True)) == {"wish_received", "code_awaited"}


def test_sent_twice_it_is_one(marketplace, now):
    assert a_wish(now) == a_wish(now)
    assert Wish.objects.count() == 1


@pytest.mark.parametrize("words", ["", "ab", "123", "\u200b\u2800\x00", "x" * 81])
def test_what_names_nothing_is_refused(marketplace, now, words):
    with pytest.raises(unlisted.NothingNamed):
        a_wish(now, words=words)
    assert not Wish.objects.exists()


def test_consent_and_place_are_asked_as_usual(marketplace, now):
    for refusal, changes in {
        intake.ConsentMissing: {"agreed": False},
        intake.UnknownZip: {"zip": "00000"},
        intake.WayMissing: {"way": ""},
    }.items():
        with pytest.raises(refusal):
            a_wish(now, **changes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "Water Heater replacement"}, ServiceExists),
        ({"name": "!!!"}, BadService),
        ({"amounts": (None, 80_000, 120_000)}, BadService),
        ({"amounts": (90_000, 80_000, 120_000)}, BadService),
        ({"lead_price": 0}, BadService),
        ({"trade": "nothing"}, BadService),
    ],
)
def test_a_service_that_is_none_is_not_added(staff, now, changes, refusal):
    wish = a_wish(now)
    name = Service.objects.get(code="water-heater").name
    with pytest.raises(refusal):
        added(wish, staff, now, **({"name": name.upper()} if refusal is ServiceExists else changes))
    assert Wish.objects.get().state == "waiting"


def test_it_may_ask_and_cost_what_another_service_does(staff, now):
    added(a_wish(now), staff, now, like="water-heater", amounts=(None, None, None))
    like, new = (GuideVersion.objects.get(service__code=code) for code in ("water-heater", "solar-tube"))
    assert (new.questions, new.prices, new.lead_price) == (like.questions, like.prices, 2_500)


def test_only_who_may_raise_spending_adds_a_service(staff, now):
    pro = a_pro()
    added(a_wish(now), staff, now)
    with pytest.raises(NotAllowed):
        unlisted.take_up(pro, Service.objects.get(code="solar-tube"), by=a_member(pro, role=Member.Role.MEMBER), now=now)
    assert not ProService.objects.filter(service__code="solar-tube").exists()


def test_who_works_elsewhere_does_not_see_it(staff, now):
    added(a_wish(now), staff, now)
    assert unlisted.wanted_by(a_pro(zips=["60601"]), Service.objects.get(code="solar-tube")) == []


def test_announced_prices_know_the_new_service_too(staff, now):
    conditions = {"pricing": "flat", "claim_seconds": 60, "prices": {"water-heater": 4_000}}
    terms.publish(now=now, effective_from=now + 7 * DAY, **conditions)
    added(a_wish(now), staff, now)
    assert terms.in_force(now + 8 * DAY).prices == {"water-heater": 4_000, "solar-tube": 2_500}
    assert terms.in_force(now + 6 * DAY).prices["solar-tube"] == 2_500


def test_a_missing_request_is_not_found(staff, now):
    with pytest.raises(NotFound):
        unlisted.refuse("00000000-0000-7000-8000-000000000000", "Nothing.", by=staff, now=now)


def test_what_gives_the_person_away_is_not_kept_in_its_name(marketplace, now):
    assert a_wish(now, words="Taps, call 312-555-0142").words == "Taps, call [phone number hidden]"


def test_one_that_cannot_be_sent_any_more_ends_and_holds_nobody_up(marketplace, staff, now):
    wish = added(a_wish(now), staff, now)
    Wish.objects.filter(pk=wish.pk).update(answers=wish.answers | {"way": "nonsense"})
    a_pro(services=["solar-tube"])
    send_wishes(marketplace, now=now)
    wish.refresh_from_db()
    assert (wish.state, wish.reason) == ("ended", "Choose how we find your pros.")
