"""Twilio's own client over a line that we hold (INVARIANTS 26, 39). The public API description checks what we say on it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from core.ids import new_id
from notifications.channels import TIME_OUT, Accepted, Confirmed, Letter, NeverSeen, PermanentFailure, TemporaryFailure, Unknown
from notifications.channels import sms as sms_channel
from notifications.channels.local import Local
from notifications.channels.twilio import Twilio, told

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


class Line(HttpClient):
    """Answers each request with `status` and `content`, or raises `content`; keeps what was asked."""

    def __init__(self, status=201, content=None):
        super().__init__(None, False, None)
        self.status, self.content, self.asked = status, RESOURCE if content is None else content, []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False):
        self.asked.append((method, url, {**(params or {}), **(data or {})}))
        if isinstance(self.content, Exception):
            raise self.content
        return Response(self.status, json.dumps(self.content), {})


@pytest.fixture
def letter(marketplace, now):
    return Letter(new_id(), marketplace, "sms", "+13125550142", "", 1, now, text="Text")


def over(line):
    return Twilio(client=Client("AC" + "0" * 32, "token", http_client=line))


def test_a_text_goes_out_with_a_callback_that_names_it(letter, now, settings):
    line = Line()
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
    assert over(Line(status, content)).send([letter], now=now) == [fact]


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
    line = Line(200, {"messages": found, "uri": "/x", "next_page_uri": None})
    assert over(line).look_up([letter], now=now) == [fact]
    assert (line.asked[0][0], line.asked[0][2]["To"]) == ("GET", letter.address)


def test_a_text_with_a_known_id_is_asked_for(letter, now):
    known = Letter(**{**letter.__dict__, "provider_id": SID})
    line = Line(200, {**RESOURCE, "status": "delivered"})
    assert over(line).look_up([known], now=now) == [Confirmed(provider_id=SID, at=ARRIVED)]
    assert line.asked[0][1].endswith(f"/Messages/{SID}.json")


@pytest.mark.parametrize("trouble", [Line(500, {"status": 500}), Line(content=requests.ReadTimeout()), Line(404, {"status": 404})])
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
    """Twilio's OpenAPI document is not part of the project: TWILIO_OPENAPI names a copy of twilio_api_v2010.json."""
    path = os.environ.get("TWILIO_OPENAPI", "")
    if not path or not Path(path).is_file():
        pytest.skip("TWILIO_OPENAPI names no copy of Twilio's twilio_api_v2010.json")
    described = json.loads(Path(path).read_text())
    messages = described["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]
    line = Line()
    over(line).send([letter], now=now)
    schema = messages["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert line.asked[0][2].keys() <= schema["properties"].keys() and set(schema["required"]) <= line.asked[0][2].keys()
    line = Line(200, {"messages": [], "uri": "/x"})
    over(line).look_up([letter], now=now)
    asked = {name.rstrip("<>") for name in line.asked[0][2]}
    assert asked <= {parameter["name"] for parameter in messages["get"]["parameters"]}
    known = described["components"]["schemas"]["message_enum_status"]["enum"]
    assert {status for status in known if told(status) is None} == {"received", "receiving", "partially_delivered"}
