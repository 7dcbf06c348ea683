"""The carrier's voice webhooks: only what it signed for our account changes anything, and once (INVARIANTS 19, 21, Bad input)."""

import random
from datetime import timedelta

import pytest
from django.conf import settings
from twilio.request_validator import RequestValidator

from billing.models import Charge
from contact import calls
from contact.models import Call, Leg, LegEvent, Line, WrongPin
from tests.contact.telephone import PRO_PHONE, Story

HOME = f"http://craftyard.localhost:{settings.PORT}"
VOICE = "/hooks/craftyard/voice/"
SID, CHILD = "CA" + "0" * 32, "CA" + "1" * 32


@pytest.fixture
def story(marketplace, now):
    return Story(now)


@pytest.fixture
def post(client, story, settings):
    """Post as the carrier does at the story's instant, signed over craftyard's public address unless `signature` or `token` is given."""

    def send(path, data, signature=None, token=None):
        if signature is None:
            signature = RequestValidator(token or settings.TWILIO_AUTH_TOKEN).compute_signature(HOME + path, data)
        headers = {} if signature == "none" else {"X-Twilio-Signature": signature}
        with story.clock():
            return client.post(path, data, headers=headers)

    return send


def arriving(story, sid=SID, from_number=PRO_PHONE):
    return {"CallSid": sid, "From": from_number, "To": story.line.number.number, "CallStatus": "ringing"}


def everything(story):
    """All that a webhook could change."""
    story.line.refresh_from_db()
    return (
        [model.objects.count() for model in (Call, Leg, LegEvent, WrongPin)],
        list(Leg.objects.order_by("pk").values()),
        list(Line.objects.order_by("pk").values()),
        list(Charge.objects.order_by("pk").values()),
        list(Call.objects.order_by("pk").values("line", "member", "closed_at", "wrong_pins")),
    )


def addresses(call, digits="0000"):
    """Every voice webhook with something it would act on. Nobody is dialled before the right PIN."""
    finished = {
        "CallSid": CHILD,
        "ParentCallSid": SID,
        "CallStatus": "busy",
        "SequenceNumber": "3",
        "Timestamp": "Wed, 20 May 2026 17:00:09 +0000",
    }
    return [
        (f"{VOICE}pin/?call={call.pk}&n=1", {"CallSid": SID, "From": PRO_PHONE, "Digits": digits}),
        (f"{VOICE}choice/?call={call.pk}&n=1", {"CallSid": SID, "From": PRO_PHONE, "Digits": "1"}),
        (f"{VOICE}bridge/?call={call.pk}", {"CallSid": SID, "From": PRO_PHONE}),
        (f"{VOICE}key/?call={call.pk}", {"CallSid": SID, "From": PRO_PHONE, "Digits": "1"}),
        (f"{VOICE}whisper/?call={call.pk}", {"CallSid": CHILD, "ParentCallSid": SID}),
        (f"{VOICE}status/?call={call.pk}", finished),
        (f"{VOICE}dialled/?call={call.pk}", {"CallSid": SID, "CallStatus": "in-progress", "DialCallSid": CHILD, "DialCallStatus": "busy"}),
    ]


def test_forged_unsigned_and_foreign_requests_change_nothing(story, post, settings):
    assert post(VOICE, arriving(story)).status_code == 200
    before = everything(story)
    requests = [*addresses(Call.objects.get()), (VOICE, arriving(story, sid="CA" + "2" * 32))]
    for path, data in requests:
        assert post(path, data, signature="none").status_code == 403
        assert post(path, data, signature="").status_code == 403
        assert post(path, data, signature="None").status_code == 403
        assert post(path, data, token="somebody else's").status_code == 403
        assert post(path, data, token="None").status_code == 403
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    for path, data in requests:
        assert post(path, data).status_code == 403  # signed with our token, and of no account
        assert post(path, {**data, "AccountSid": "AC" + "9" * 32}).status_code == 403
    settings.TWILIO_AUTH_TOKEN = ""
    for path, data in requests:
        assert post(path, data, token="x").status_code == 403
    assert everything(story) == before


def test_what_is_played_back_changes_nothing_and_is_refused(story, post):
    assert post(VOICE, arriving(story)).status_code == 200
    requests = addresses(Call.objects.get(), digits=story.line.pin)
    for path, data in requests:
        assert post(path, data).status_code in (200, 204)
    before = everything(story)
    for path, data in [*requests, (VOICE, arriving(story))]:
        for _each in range(3):
            assert post(path, data).status_code == 409
    assert everything(story) == before


def test_a_call_of_the_other_marketplace_is_unknown(story, post, opt_in_marketplace):
    assert post(VOICE, arriving(story)).status_code == 200
    before = everything(story)
    for path, data in addresses(Call.objects.get()):
        there = path.replace("craftyard", "hearthline")
        signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(HOME.replace("craftyard", "hearthline") + there, data)
        assert post(there, data, signature=signature).status_code == 404
    assert everything(story) == before


@pytest.fixture
def opt_in_marketplace(db):
    from core.models import Marketplace

    return Marketplace.objects.get(slug="hearthline")


NONSENSE = [
    "",
    "\0",
    "x" * 5000,
    "٣٤",
    "-1",
    "CA" + "G" * 32,
    "1e9",
    "' or 1=1",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
]


def test_nonsense_is_answered_with_4xx(story, post):
    assert post(VOICE, arriving(story)).status_code == 200
    call = Call.objects.get()
    for path, data in [*addresses(call), (VOICE, arriving(story, sid="CA" + "3" * 32))]:
        for name in data:
            for value in NONSENSE:
                assert post(path, {**data, name: value}).status_code < 500
        for query in ("", "?call=", "?call=x", "?call=" + "9" * 500, f"?call={call.pk}&n=x", f"?call={call.pk}&n=999"):
            assert post(path.partition("?")[0] + query, data).status_code < 500
    for when in ("yesterday", "Wed, 99 May 2026 17:00:09 +0000", "Wed, 20 May 99999 17:00:09 +0000", "0"):
        path, data = addresses(call)[4]
        assert post(path, {**data, "Timestamp": when}).status_code == 400


@pytest.mark.parametrize("year", ["0100", "0999", "9999"])
@pytest.mark.parametrize("status", ["initiated", "ringing", "in-progress", "completed", "failed"])
def test_a_time_far_from_ours_is_not_understood_though_a_line_lives_by_it(story, post, year, status):
    assert post(VOICE, arriving(story)).status_code == 200
    call = Call.objects.get()
    assert post(f"{VOICE}pin/?call={call.pk}&n=1", {"CallSid": SID, "From": PRO_PHONE, "Digits": story.line.pin}).status_code == 200
    before = everything(story)
    said = {"CallSid": CHILD, "ParentCallSid": SID, "CallStatus": status, "SequenceNumber": "1", "CallDuration": "999999"}
    assert post(f"{VOICE}status/?call={call.pk}", {**said, "Timestamp": f"Fri, 31 Dec {year} 23:59:59 +0000"}).status_code == 400
    assert everything(story) == before


@pytest.mark.parametrize(("code", "status"), [("404", 204), ("", 204), ("999", 204), ("32768", 400), ("999999", 400), ("-1", 400)])
def test_a_code_is_of_three_digits(story, post, code, status):
    assert post(VOICE, arriving(story)).status_code == 200
    pin, *_others, (path, said), _dialled = addresses(Call.objects.get(), digits=story.line.pin)
    assert post(*pin).status_code == 200
    assert post(path, {**said, "CallStatus": "failed", "SipResponseCode": code}).status_code == status


def test_a_leg_may_be_told_of_before_the_one_that_dialled_it(story, post):
    call = calls.bridge(story.line, member=story.member, now=story.now)
    path, said = addresses(call)[-2]
    assert post(path, said).status_code == 204
    assert Leg.objects.get().status == "busy" and Call.objects.get().closed_at is None


def test_nobody_is_dialled_in_a_call_without_a_line(story, post):
    assert post(VOICE, arriving(story)).status_code == 200
    path, said = addresses(Call.objects.get())[-2]
    assert post(path, said).status_code == 404 and not Leg.objects.filter(side="homeowner").exists()


# Guessing (RULES 27)


@pytest.mark.parametrize(("callers", "guesses"), [(1, 60), (20, 3), (120, 1)])
def test_strangers_who_guess_reach_nobody_and_the_owner_gets_through_at_first(story, post, callers, guesses):
    """A few of the 10,000 (tests/endurance/test_guessing.py): every PIN a stranger enters may be the right one, for all it helps."""
    chance = random.Random(f"{callers}")
    tried = 0
    for number in range(callers):
        phone = f"+1206555{1000 + number:04}"
        for _each in range(guesses):
            tried += 1
            digits = story.line.pin if tried % 7 == 0 else f"{chance.randrange(10_000):04}"
            sid = f"CA{tried:032x}"
            assert "<Dial" not in guess(story, post, sid, phone, digits)
        if number % 40 == 0:
            assert "<Dial" in guess(story, post, f"CA{10**9 + number:032x}", PRO_PHONE, story.line.pin)
    assert "<Dial" in guess(story, post, f"CA{10**10:032x}", PRO_PHONE, story.line.pin)
    assert WrongPin.objects.filter(known=False, at__gt=story.now - timedelta(hours=1)).count() <= 30


def guess(story, post, sid, phone, digits):
    """The answer to a caller who enters one PIN."""
    answer = post(VOICE, arriving(story, sid=sid, from_number=phone))
    if "<Gather" not in answer.content.decode():
        return answer.content.decode()
    call = Leg.objects.get(provider_id=sid).call
    return post(f"{VOICE}pin/?call={call.pk}&n=1", {"CallSid": sid, "From": phone, "Digits": digits}).content.decode()
