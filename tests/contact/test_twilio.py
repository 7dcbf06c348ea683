"""Calls and numbers by Twilio's own client over a line that we hold (INVARIANTS 21, 39)."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioException

from contact.carriers import TIME_OUT, NewNumber, Record, Unreachable
from contact.carriers.chosen import carrier
from contact.carriers.local import LocalCarrier
from contact.carriers.twilio import Twilio
from contact.models import Number
from tests.twilio_api import Line, described, strays

SID, CHILD = "CA" + "0" * 32, "CA" + "1" * 32
OURS, PRO, HOMEOWNER = "+13125550110", "+17085550117", "+13125550142"
HOOKS = "http://craftyard.localhost:8000/hooks/craftyard/voice/"
INBOUND = {
    "sid": SID,
    "parent_call_sid": None,
    "from": PRO,
    "to": OURS,
    "direction": "inbound",
    "status": "completed",
    "start_time": "Wed, 20 May 2026 17:00:00 +0000",
    "end_time": "Wed, 20 May 2026 17:01:09 +0000",
    "duration": "69",
    "answered_by": None,
}
DIALLED = INBOUND | {
    "sid": CHILD,
    "parent_call_sid": SID,
    "from": OURS,
    "to": HOMEOWNER,
    "direction": "outbound-dial",
    "status": "no-answer",
    "start_time": "Wed, 20 May 2026 17:00:04 +0000",
    "end_time": "Wed, 20 May 2026 17:00:34 +0000",
    "duration": "0",
}
STARTED = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
RECORD = Record(SID, "", PRO, OURS, True, "completed", STARTED, STARTED + timedelta(seconds=69), 69)
CHILDS = Record(CHILD, SID, OURS, HOMEOWNER, False, "no-answer", STARTED + timedelta(seconds=4), STARTED + timedelta(seconds=34), None)


def calls(*found):
    return 200, {"calls": list(found), "uri": "/x", "next_page_uri": None}


def numbers(*found, kind="incoming"):
    return 200, {f"{kind}_phone_numbers": [{"sid": f"PN{number[1:]:0>32}", "phone_number": number} for number in found], "uri": "/x"}


def bought(number):
    return 201, {"sid": "PN" + "0" * 32, "phone_number": number}


@pytest.fixture
def over(marketplace):
    return lambda line: Twilio(marketplace, client=line.client)


def place(twilio, now):
    return twilio.place(to=PRO, from_number=OURS, url=f"{HOOKS}bridge/?call=1", status_url=f"{HOOKS}status/?call=1", now=now)


def test_a_call_is_placed_with_all_its_events(over, now):
    line = Line((201, INBOUND | {"direction": "outbound-api", "status": "queued", "start_time": None}))
    assert place(over(line), now) == SID
    [(method, url, said)] = line.asked
    assert (method, url.rpartition("/")[2]) == ("POST", "Calls.json")
    assert said == {
        "To": PRO,
        "From": OURS,
        "Url": f"{HOOKS}bridge/?call=1",
        "StatusCallback": f"{HOOKS}status/?call=1",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": 30,
    }


def test_a_call_is_looked_up_with_those_it_dialled(over):
    line = Line((200, INBOUND), calls(DIALLED))
    assert over(line).look_up(SID) == [RECORD, CHILDS]
    (first, second) = line.asked
    assert first[1].endswith(f"/Calls/{SID}.json") and second[2]["ParentCallSid"] == SID


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"status": "queued", "start_time": None, "end_time": None, "duration": None}, ("queued", None, None, None, None)),
        ({"status": "in-progress", "end_time": None, "duration": None}, ("in-progress", STARTED, None, None, None)),
        ({"status": "failed", "end_time": "", "duration": ""}, ("failed", STARTED, None, None, None)),
        ({"answered_by": "human"}, ("completed", STARTED, RECORD.ended_at, 69, False)),
        ({"answered_by": "machine_start"}, ("completed", STARTED, RECORD.ended_at, 69, True)),
    ],
)
def test_what_has_not_happened_is_none(over, told, known):
    [record] = over(Line((200, INBOUND | told), calls())).look_up(SID)
    assert (record.status, record.started_at, record.ended_at, record.seconds, record.machine) == known


def test_a_call_twilio_does_not_know(over):
    assert over(Line((404, {"status": 404, "code": 20404, "message": "not found"}))).look_up(SID) == []


def test_a_call_is_ended(over, now):
    line = Line((200, INBOUND))
    over(line).cut(SID, now=now)
    [(method, url, said)] = line.asked
    assert (method, url.rpartition("/")[2], said) == ("POST", f"{SID}.json", {"Status": "completed"})


@pytest.mark.parametrize(("status", "code"), [(400, 21220), (404, 20404)])
def test_a_call_that_is_over_is_not_ended_again(over, now, status, code):
    over(Line((status, {"status": status, "code": code, "message": "not in progress"}))).cut(SID, now=now)


def test_the_calls_of_a_number_since_then(over):
    early = INBOUND | {"sid": "CA" + "2" * 32, "start_time": "Wed, 20 May 2026 16:59:59 +0000"}
    queued = INBOUND | {"sid": "CA" + "3" * 32, "start_time": None}
    line = Line(calls(INBOUND, early, queued), calls(DIALLED, INBOUND))
    assert over(line).since(OURS, STARTED) == [RECORD, CHILDS]
    assert [said.get("To") or said.get("From") for _method, _url, said in line.asked] == [OURS, OURS]
    assert {said["StartTime>"] for _method, _url, said in line.asked} == {"2026-05-20T17:00:00Z"}


def test_it_is_asked_in_utc_wherever_the_start_was_told(over):
    from zoneinfo import ZoneInfo

    line = Line(calls())
    over(line).since(OURS, STARTED.astimezone(ZoneInfo("America/Chicago")))
    assert line.asked[0][2]["StartTime>"] == "2026-05-20T17:00:00Z"


def test_a_number_is_bought_near_another(over, now):
    line = Line(numbers(), numbers("+16305550123", kind="available"), bought("+16305550123"))
    assert over(line).new_number(near="+16305550100", now=now) == NewNumber("+16305550123", "PN" + "0" * 32)
    _mine, shop, buy = line.asked
    assert shop[1].endswith("/AvailablePhoneNumbers/US/Local.json")
    assert (shop[2]["AreaCode"], shop[2]["VoiceEnabled"]) == (630, "true")
    assert (buy[0], buy[1].rpartition("/")[2]) == ("POST", "IncomingPhoneNumbers.json")
    assert buy[2] == {
        "PhoneNumber": "+16305550123",
        "FriendlyName": "Craftyard (craftyard)",
        "VoiceUrl": HOOKS,
        "VoiceFallbackUrl": HOOKS,
        "StatusCallback": f"{HOOKS}status/",
    }


@pytest.mark.parametrize("near", ["", "+442071838750", "nonsense"])
def test_a_number_from_anywhere_when_there_is_none_near(over, now, near):
    line = Line(numbers(), numbers("+12125550123", kind="available"), bought("+12125550123"))
    assert over(line).new_number(near=near, now=now).number == "+12125550123"
    assert "AreaCode" not in line.asked[1][2]
    line = Line(numbers(), numbers(kind="available"), numbers("+12125550123", kind="available"), bought("+12125550123"))
    assert over(line).new_number(near=OURS, now=now).number == "+12125550123"
    assert "AreaCode" not in line.asked[2][2]


def test_a_number_bought_without_our_hearing_of_it_is_taken_first(over, now):
    Number.objects.create(number="+16305550111", added_at=now, heard_until=now)
    line = Line(numbers("+16305550111", "+16305550112"))
    assert over(line).new_number(near=OURS, now=now).number == "+16305550112"
    assert len(line.asked) == 1


def test_no_number_is_for_sale(over, now):
    with pytest.raises(Unreachable):
        over(Line(numbers(), numbers(kind="available"))).new_number(near=OURS, now=now)


@pytest.mark.parametrize(
    "trouble",
    [
        (500, {"status": 500}),
        (429, {"status": 429, "code": 20429, "message": "later"}),
        (400, {"status": 400, "code": 21211, "message": f"The number {PRO} is invalid"}),
        (401, {"status": 401, "code": 20003, "message": "no"}),
        requests.ConnectTimeout(),
        requests.ReadTimeout(),
        requests.ConnectionError(),
        TwilioException("lost"),
    ],
    ids=lambda trouble: str(trouble)[:30],
)
def test_every_trouble_is_unreachable_and_names_no_number(over, now, trouble):
    twilio = over(Line(trouble))
    for ask in (
        lambda: place(twilio, now),
        lambda: twilio.look_up(SID),
        lambda: twilio.since(OURS, now),
        lambda: twilio.new_number(near=OURS, now=now),
    ):
        with pytest.raises(Unreachable) as raised:
            ask()
        assert PRO not in str(raised.value)


def test_no_children_were_told_is_trouble_too(over):
    with pytest.raises(Unreachable):
        over(Line((200, INBOUND), (404, {"status": 404}))).look_up(SID)


def test_the_settings_choose_but_a_replay_is_local(marketplace, settings):
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    settings.CARRIER = "twilio"
    chosen = carrier(marketplace)
    assert isinstance(chosen, Twilio) and 0 < chosen.client.http_client.timeout == TIME_OUT < 10
    marketplace.replay = True
    assert isinstance(carrier(marketplace), LocalCarrier)


def test_what_we_say_is_in_the_public_description(over, now):
    api = described()
    line = Line((201, INBOUND))
    place(over(line), now)
    assert set(line.asked[0][2]["StatusCallbackEvent"]) == set(api["components"]["schemas"]["call_enum_event"]["enum"])
    assert strays(api, line) == []
    asking = Line((200, INBOUND), calls(DIALLED), calls(), calls())
    over(asking).look_up(SID)
    over(asking).since(OURS, now)
    assert len(asking.asked) == 4 and strays(api, asking) == []
    buying = Line(numbers(), numbers(kind="available"), numbers(OURS, kind="available"), bought(OURS))
    over(buying).new_number(near=PRO, now=now)
    assert len(buying.asked) == 4 and strays(api, buying) == []
    wrong = Line((200, {}))
    wrong.asked = [("POST", "https://x/2010-04-01/Accounts/AC0/Calls.json", {"To": PRO, "Timeout": "soon", "Colour": "red"})]
    assert len(strays(api, wrong)) == 3  # no From, a word for a number, and a name nobody knows
