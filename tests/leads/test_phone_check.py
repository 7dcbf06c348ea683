"""RULES 5: a phone is confirmed by a one-time code before a lead is sold, where the policy says so. INVARIANTS 4, 15, 26-28, 35."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.contact_data import ServicePhone
from core import limits
from core.events import history
from core.models import LimitUse
from core.policy import publish, read
from leads import choice, intake, matching, phone_check, withdrawal
from leads.models import Lead, Match, PhoneCode
from leads.policy import PhoneCheck
from leads.tasks import route_once
from notifications import delivery, stop
from notifications.models import Channel, LocalDelivery, Message
from operations.presets import PRESETS
from tests.factories import a_lead, a_pro, a_request, the_code

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "+13125550142"


def required(now, **numbers):
    """The marketplace wants phones confirmed first."""
    sections = PRESETS["lead_manager"].sections
    publish([PhoneCheck(mode="required", **numbers) if isinstance(each, PhoneCheck) else each for each in sections], now=now)


@pytest.fixture
def strict(marketplace, now):
    required(now)
    return marketplace


def a_draft(now, **changes):
    return a_lead(now=now, source="form", **{"phone": PHONE} | changes)


def wrong(code) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def fresh_of(lead):
    return Lead.objects.select_related("homeowner", "consent", "service").get(pk=lead.pk)


# A draft


def test_a_draft_is_nobody_s_until_its_phone_is_confirmed(strict, now):
    a_pro()
    draft = a_draft(now)
    assert (draft.state, draft.confirm_by, draft.due_at) == ("draft", now + DAY, now + DAY)
    assert (draft.closes_at, draft.review_due_at, draft.phone_confirmed_at) == (None, None, None)
    assert draft.consent.at == now
    assert matching.route(lead_id=draft.pk, now=now) == [] and not Match.objects.exists()
    assert not Message.objects.exists(), "nobody is told of it, the homeowner neither"
    assert [event.kind for event in history(draft.pk)] == ["lead.drafted"]


def test_the_code_makes_a_lead_of_it_whose_deadlines_begin_then(strict, now):
    a_pro()
    draft, later = a_draft(now, way="choose", then_automatch=True), now + 20 * MINUTE
    phone_check.send(draft, now=later)
    assert phone_check.confirm(draft, the_code(draft), now=later)
    lead = fresh_of(draft)
    assert (lead.state, lead.phone_confirmed_at, lead.submitted_at, lead.due_at) == ("new", later, later, later)
    assert lead.closes_at == later + timedelta(seconds=259_200)
    assert lead.choice_ends_at == lead.automatch_from == later + 15 * MINUTE
    assert lead.review_due_at == later + 7 * DAY and lead.consent.at == now
    assert choice.is_open(lead, now=later)
    assert set(Message.objects.values_list("kind", flat=True)) == {"phone_code", "request_received"}
    assert [event.kind for event in history(lead.pk)] == ["lead.drafted", "lead.code_sent", "lead.phone_confirmed", "lead.submitted"]
    assert len(route_once(strict, lead.pk, now=later + 16 * MINUTE)) == 1


def test_a_draft_that_nobody_confirms_ends_after_a_day_with_its_reason(strict, now):
    draft = a_draft(now)
    matching.route(lead_id=draft.pk, now=now + DAY - timedelta(seconds=1))
    assert fresh_of(draft).is_draft
    matching.route(lead_id=draft.pk, now=now + DAY + MINUTE)
    ended = fresh_of(draft)
    assert (ended.state, ended.outcome, ended.outcome_reason) == ("closed", "rejected", "phone_not_confirmed")
    assert (ended.ended_at, ended.due_at, ended.closes_at) == (now + DAY, None, None)
    assert not Message.objects.exists()
    with pytest.raises(phone_check.NothingToConfirm):
        phone_check.send(draft, now=now + DAY + MINUTE)


def test_a_code_that_comes_with_the_last_second_is_too_late(strict, now):
    draft, last = a_draft(now), now + DAY
    phone_check.send(draft, now=last - MINUTE)
    with pytest.raises(phone_check.NothingToConfirm):
        phone_check.confirm(draft, the_code(draft), now=last)
    assert phone_check.confirm(draft, the_code(draft), now=last - timedelta(seconds=1))


def test_the_form_sent_again_answers_with_the_same_draft(strict, now):
    said = a_request(phone=PHONE)
    first = intake.submit(said, submit_key="one", now=now)
    assert intake.submit(said, submit_key="one", now=now + MINUTE).lead == first.lead
    assert intake.submit(said, submit_key="two", now=now + MINUTE / 2).lead == first.lead
    assert Lead.objects.count() == 1


def test_whoever_types_somebody_s_number_joins_nobody_s_group(strict, now):
    """Drafts take no seat, hold no group, and are in none: the number's owner has its four seats."""
    stranger = a_draft(now, email="stranger@else.example")
    owner = a_draft(now + MINUTE, email="owner@home.example")
    assert (stranger.group_id, owner.group_id) == (stranger.pk, owner.pk)
    phone_check.send(owner, now=now + MINUTE)
    phone_check.confirm(owner, the_code(owner), now=now + MINUTE)
    assert fresh_of(owner).group_id == owner.pk
    phone_check.send(stranger, now=now + 2 * MINUTE)
    phone_check.confirm(stranger, the_code(stranger), now=now + 2 * MINUTE)
    assert fresh_of(stranger).group_id == owner.pk, "it was the same person after all"


def test_a_draft_is_stopped_like_any_request(strict, now):
    draft = a_draft(now, agreed_sms=True)
    phone_check.send(draft, now=now)
    withdrawal.stop_all_contact(draft, now=now + MINUTE)
    stopped = fresh_of(draft)
    assert (stopped.state, stopped.outcome, stopped.withdrawn_at) == ("closed", "withdrawn", now + MINUTE)
    assert set(Message.objects.exclude(state="cancelled").values_list("kind", "channel")) == {("request_withdrawn", "email")}
    assert "code" not in Message.objects.get(kind="phone_code").context


def test_who_leaves_no_number_cannot_be_sent_a_code(strict, now):
    with pytest.raises(intake.PhoneMissing) as refusal:
        intake.submit(a_request(phone=""), submit_key="one", now=now)
    assert set(refusal.value.fields) == {"phone"}


@pytest.mark.parametrize(("source", "test"), [("partner", False), ("replay", False), ("form", True)])
def test_only_the_form_asks_for_a_code_and_never_test_traffic(strict, now, source, test):
    lead = a_lead(now=now, source=source, test=test)
    assert (lead.state, lead.phone_check) == ("new", "off")


# Optional


def test_where_it_is_optional_the_lead_goes_on_at_once_and_pros_see_a_phone_that_was_confirmed(marketplace, now):
    a_pro()
    lead = a_draft(now)
    assert (lead.state, lead.phone_check) == ("new", "optional")
    matching.route(lead_id=lead.pk, now=now)
    phone_check.send(lead, now=now + MINUTE)
    assert phone_check.confirm(lead, the_code(lead), now=now + MINUTE)
    lead = fresh_of(lead)
    assert lead.phone_confirmed_at == now + MINUTE and lead.submitted_at == now and lead.state == "open"


def test_the_number_of_a_request_that_was_sent_stays(marketplace, now):
    lead = a_draft(now)
    with pytest.raises(phone_check.NumberStays):
        phone_check.send(lead, phone="(312) 555-0143", now=now)


# The code


def test_a_code_is_good_once_it_is_the_newest_for_ten_minutes_and_its_lead(strict, now):
    draft, other = a_draft(now), a_draft(now, phone="+13125550143")
    phone_check.send(draft, now=now)
    phone_check.send(other, now=now)
    first = the_code(draft)
    assert len(first) == 6 and first.isdecimal()
    assert not phone_check.confirm(other, first, now=now) or first == the_code(other)
    phone_check.send(draft, now=now + MINUTE)
    newest = the_code(draft)
    assert not phone_check.confirm(draft, first, now=now + MINUTE) or first == newest
    assert not phone_check.confirm(draft, newest, now=now + 11 * MINUTE), "ten minutes are over"
    assert phone_check.confirm(draft, f" {newest[:3]}-{newest[3:]} ", now=now + 11 * MINUTE - timedelta(seconds=1))
    assert phone_check.confirm(draft, "anything", now=now + DAY), "said again, it stays confirmed"


def test_five_wrong_guesses_use_a_code_up(strict, now):
    draft = a_draft(now)
    phone_check.send(draft, now=now)
    right = the_code(draft)
    assert [phone_check.confirm(draft, wrong(right), now=now) for _ in range(5)] == [False] * 5
    assert not phone_check.confirm(draft, right, now=now)
    assert PhoneCode.objects.get().attempts == 5


@pytest.mark.parametrize("typed", ["", "abc", "١٢٣٤٥٦", "1" * 5000, "\x00", "12 34", "-1", "1e5"])
def test_nonsense_is_a_wrong_code(strict, now, typed):
    draft = a_draft(now)
    assert not phone_check.confirm(draft, typed, now=now), "none was sent"
    phone_check.send(draft, now=now)
    assert not phone_check.confirm(draft, typed, now=now)


def test_the_code_stands_nowhere_once_it_was_sent(strict, now):
    draft = a_draft(now)
    phone_check.send(draft, now=now)
    code = the_code(draft)
    delivery.drain(strict, now=now)
    text = LocalDelivery.objects.get().text
    assert text == f"Craftyard: {code} is your code, good for 10 minutes. Nobody from us asks you for it.\n\n@craftyard.localhost #{code}"
    assert "code" not in Message.objects.get().context
    assert code not in PhoneCode.objects.get().digest
    assert all(code not in str(event.data) for event in history(draft.pk))


# The number


def test_another_number_gets_its_own_code_and_the_old_one_is_worth_nothing(strict, now):
    draft = a_draft(now)
    phone_check.send(draft, now=now)
    old = the_code(draft)
    phone_check.send(draft, phone="(312) 555-0143", now=now + MINUTE)
    new = the_code(draft)
    assert fresh_of(draft).homeowner.phone == "+13125550143"
    assert not phone_check.confirm(draft, old, now=now + MINUTE) or old == new
    assert phone_check.confirm(draft, new, now=now + MINUTE)


def test_a_number_that_reaches_nobody_is_refused_and_changes_nothing(strict, now):
    draft = a_draft(now)
    with pytest.raises(ServicePhone):
        phone_check.send(draft, phone="800 555 0142", now=now)
    assert fresh_of(draft).homeowner.phone == PHONE and not PhoneCode.objects.exists()


def test_a_number_that_said_stop_gets_no_code(strict, now):
    draft = a_draft(now)
    stop.stop(Channel.SMS, PHONE, reason="stop", now=now)
    with pytest.raises(phone_check.NumberStopped):
        phone_check.send(draft, now=now)
    phone_check.send(draft, phone="(312) 555-0143", now=now)
    assert Message.objects.get().address == "+13125550143"


# Limits


def test_three_codes_a_request_a_minute_apart(strict, now):
    draft = a_draft(now)
    assert phone_check.standing(draft, now=now).again_at == now
    phone_check.send(draft, now=now)
    with pytest.raises(phone_check.CodeTooSoon) as soon:
        phone_check.send(draft, now=now + timedelta(seconds=59))
    assert soon.value.at == now + MINUTE
    phone_check.send(draft, now=now + MINUTE)
    phone_check.send(draft, now=now + 2 * MINUTE, phone="(312) 555-0143")
    assert phone_check.standing(draft, now=now + DAY / 2).again_at is None
    with pytest.raises(phone_check.NoMoreCodes):
        phone_check.send(draft, now=now + DAY / 2)


def send_to(now, numbers, *, ip=None):
    """A draft for each of these numbers, and a code to each."""
    for number in numbers:
        phone_check.send(a_draft(now, phone=number, email=""), ip=ip, now=now)


@pytest.mark.parametrize(
    ("limit", "within", "ip"),
    [
        ({"exchange_hour": 2}, HOUR, None),
        ({"hour": 2}, HOUR, None),
        ({"address_hour": 2}, HOUR, "::1"),
    ],
)
def test_codes_are_limited_by_exchange_network_and_all_together(marketplace, now, limit, within, ip):
    required(now, **limit)
    send_to(now, ["+13125550143", "+13125550144"], ip=ip)
    with pytest.raises(phone_check.TooManyCodes) as refusal:
        send_to(now + MINUTE, ["+13125550145"], ip=ip and "::2")
    assert refusal.value.at == now + within
    assert PhoneCode.objects.count() == 2
    send_to(now + within, ["+13125550146"], ip=ip)


def test_codes_to_one_number_are_limited_whatever_request_they_are_for(marketplace, now):
    required(now, phone_day=2)
    for minutes in (0, 2):
        send_to(now + minutes * MINUTE, [PHONE])
    with pytest.raises(phone_check.TooManyCodes):
        send_to(now + 3 * MINUTE, [PHONE])
    send_to(now + 4 * MINUTE, ["+17735550142"])
    send_to(now + DAY, [PHONE])


def test_requests_from_one_network_are_limited(marketplace, now):
    leads = PRESETS["lead_manager"].sections[0]
    publish([replace(leads, address_hour=2)], now=now)
    for number in range(2):
        intake.submit(a_request(), submit_key=f"key {number}", now=now, ip="2001:db8::1")
    with pytest.raises(intake.TooManyRequests):
        intake.submit(a_request(), submit_key="key 2", now=now + MINUTE, ip="2001:db8::ffff")
    intake.submit(a_request(), submit_key="key 2", now=now + MINUTE, ip="2001:db8:0:1::1")
    intake.submit(a_request(), submit_key="key 3", now=now + 60 * MINUTE, ip="2001:db8::1")


def test_limits_forget_what_no_limit_counts(marketplace, now):
    limits.use([limits.Limit("a thing", "somebody", 1, 60)], now=now)
    assert limits.use([limits.Limit("a thing", "somebody", 1, 60)], now=now) == now + MINUTE
    assert limits.use([limits.Limit("a thing", "somebody else", 1, 60)], now=now) is None
    assert limits.use([limits.Limit("a thing", "", 0, 60)], now=now) == now + MINUTE
    assert limits.forget(now=now + DAY) == 0
    assert limits.forget(now=now + 3 * DAY) == 2 and not LimitUse.objects.exists()


def test_the_policy_of_the_two_presets(marketplace, opt_in):
    assert read(PhoneCheck).mode_of("form", test=False) == "required"
    modes = {name: [each.mode for each in preset.sections if isinstance(each, PhoneCheck)] for name, preset in PRESETS.items()}
    assert modes == {"lead_manager": ["optional"], "opt_in": ["required"]}
