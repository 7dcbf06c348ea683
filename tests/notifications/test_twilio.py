"""Text messages by Twilio's own client over a line that we hold (INVARIANTS 26, 39)."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from core.ids import new_id
from notifications.channels import TIME_OUT, Accepted, Confirmed, Letter, NeverSeen, PermanentFailure, TemporaryFailure, Unknown
from notifications.channels import sms as sms_channel
from notifications.channels.local import Local
from notifications.channels.twilio import Twilio, told
from tests.twilio_api import Line, described, strays

SID = "SM" + "0" * 32
TAKEN, ARRIVED = datetime(2026, 5, 20, 17, 0, 0, tzinfo=UTC), datetime(2026, 5, 20, 17, 0, 7, tzinfo=UTC)
RESOURCE = {
    "sid": SID,
    "status": "queued",
    "error_code": None,
    "body": "Text",
    "to": "+13125550142",
    "from": "+13125550100",
    "date_created": "Wed, 20 May 2026 17:00:00 +0000",
    "date_updated": "Wed, 20 May 2026 17:00:07 +0000",
}


@pytest.fixture
def letter(marketplace, now):
    return Letter(new_id(), marketplace, "sms", "+13125550142", "", 1, now, text="Text")


def line_with(content=None, status=201):
    return Line((status, RESOURCE if content is None else content))


def over(line):
    return Twilio(client=line.client)


def test_a_text_goes_out_with_a_callback_that_names_it(letter, now, settings):
    line = line_with()
    assert over(line).send([letter], now=now) == [Accepted(provider_id=SID)]
    [(method, url, data)] = line.asked
    assert (method, urlsplit(url).path.endswith("/Messages.json")) == ("POST", True)
    assert (data["To"], data["From"], data["Body"]) == ("+13125550142", settings.SMS_FROM, "Text")
    callback = urlsplit(data["StatusCallback"])
    assert callback.hostname == "craftyard.localhost" and callback.path == "/hooks/craftyard/sms/status/"
    assert parse_qs(callback.query) == {"message": [str(letter.id)]}


@pytest.mark.parametrize(
    ("status", "content", "fact"),
    [
        (400, {"code": 21211, "message": "invalid", "status": 400}, PermanentFailure("refused 21211", suppress="unreachable")),
        (400, {"code": 21610, "message": "stopped", "status": 400}, PermanentFailure("refused 21610", suppress="stop")),
        (400, {"code": 21617, "message": "too long", "status": 400}, PermanentFailure("refused 21617")),
        (401, {"code": 20003, "message": "no", "status": 401}, TemporaryFailure("refused 401")),
        (429, {"code": 20429, "message": "later", "status": 429}, TemporaryFailure("refused 429")),
        (500, {"message": "oops", "status": 500}, Unknown("error 500")),
        (0, requests.ConnectTimeout(), TemporaryFailure("no connection")),
        (0, requests.ReadTimeout(), Unknown("ReadTimeout")),
        (0, requests.ConnectionError(), Unknown("ConnectionError")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_every_refusal_becomes_a_fact(letter, now, status, content, fact):
    assert over(Line(content if isinstance(content, Exception) else (status, content))).send([letter], now=now) == [fact]


@pytest.mark.parametrize(
    ("found", "fact"),
    [
        ([], NeverSeen()),
        ([RESOURCE], Accepted(provider_id=SID, at=TAKEN)),
        ([{**RESOURCE, "status": "delivered"}], Confirmed(provider_id=SID, at=ARRIVED)),
        (
            [{**RESOURCE, "status": "undelivered", "error_code": 30006}],
            PermanentFailure("undelivered 30006", suppress="unreachable", at=ARRIVED),
        ),
        ([{**RESOURCE, "body": "Other words"}], NeverSeen()),
        ([{**RESOURCE, "date_created": "Wed, 20 May 2026 16:59:00 +0000"}], NeverSeen()),
        ([{**RESOURCE, "status": "dreaming"}], Unknown("status dreaming")),
    ],
)
def test_a_text_without_a_known_id_is_found_by_its_words(letter, now, found, fact):
    line = line_with({"messages": found, "uri": "/x", "next_page_uri": None}, 200)
    assert over(line).look_up([letter], now=now) == [fact]
    assert (line.asked[0][0], line.asked[0][2]["To"]) == ("GET", letter.address)


def test_a_text_with_a_known_id_is_asked_for(letter, now):
    known = Letter(**{**letter.__dict__, "provider_id": SID})
    line = line_with({**RESOURCE, "status": "delivered"}, 200)
    assert over(line).look_up([known], now=now) == [Confirmed(provider_id=SID, at=ARRIVED)]
    assert line.asked[0][1].endswith(f"/Messages/{SID}.json")


@pytest.mark.parametrize("trouble", [Line((500, {"status": 500})), Line(requests.ReadTimeout()), Line((404, {"status": 404}))])
def test_a_look_up_that_fails_proves_nothing(letter, now, trouble):
    [fact] = over(trouble).look_up([Letter(**{**letter.__dict__, "provider_id": SID})], now=now)
    assert isinstance(fact, Unknown)


def test_words_of_twilio():
    assert isinstance(told("sent"), Accepted) and isinstance(told("read"), Confirmed)
    assert isinstance(told("canceled"), PermanentFailure) and told("receiving") is None


def test_the_settings_choose_the_carrier_but_a_replay_is_local(marketplace, settings):
    settings.TWILIO_ACCOUNT_SID = "AC" + "0" * 32
    settings.CARRIER = "twilio"
    carrier = sms_channel.provider(marketplace)
    assert isinstance(carrier, Twilio) and 0 < carrier.client.http_client.timeout == TIME_OUT < 10
    marketplace.replay = True
    assert isinstance(sms_channel.provider(marketplace), Local)


def test_what_we_say_is_in_the_public_description(letter, now):
    api = described()
    line = line_with()
    over(line).send([letter], now=now)
    assert strays(api, line) == [] and len(line.asked) == 1
    line = line_with({"messages": [], "uri": "/x"}, 200)
    over(line).look_up([letter], now=now)
    over(line).look_up([Letter(**{**letter.__dict__, "provider_id": SID})], now=now)
    assert strays(api, line) == [] and len(line.asked) == 2
    known = api["components"]["schemas"]["message_enum_status"]["enum"]
    assert {status for status in known if told(status) is None} == {"received", "receiving", "partially_delivered"}
