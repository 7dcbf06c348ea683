"""The carrier's webhooks: only what it signed changes anything (INVARIANTS 21, 27, Bad input)."""

import pytest
from django.conf import settings
from twilio.request_validator import RequestValidator

from core.ids import new_id
from notifications import delivery, stop
from notifications.channels import Accepted
from notifications.models import Channel, FirstDelivery, Message, Suppression
from tests.notifications.post import Scripted, promised

SID = "SM" + "0" * 32
HOME = f"http://craftyard.localhost:{settings.PORT}"
STATUS, INBOUND = "/hooks/craftyard/sms/status/", "/hooks/craftyard/sms/inbound/"
DELIVERED = {"MessageSid": SID, "MessageStatus": "delivered"}
STOP = {"MessageSid": SID, "From": "+13125550142", "To": "+13125550100", "Body": "STOP"}


@pytest.fixture
def sent(marketplace, now, monkeypatch):
    """A text message that Twilio took as SID."""
    monkeypatch.setitem(delivery.PROVIDER, Channel.SMS, lambda _: Scripted(Accepted(provider_id=SID)))
    message = promised(now=now, channel=Channel.SMS)
    delivery.deliver_due(marketplace, now=now)
    return message


@pytest.fixture
def post(client, settings):
    """Post as Twilio does, signed over craftyard's public address unless `signature` or `url` is given."""

    def send(path, data, signature=None, url=None, token=None):
        if signature is None:
            signer = RequestValidator(token or settings.TWILIO_AUTH_TOKEN)
            signature = signer.compute_signature(url or HOME + path, data)
        headers = {} if signature == "none" else {"X-Twilio-Signature": signature}
        return client.post(path, data, headers=headers)

    return send


def test_a_report_confirms_once(sent, post):
    for _ in range(3):
        assert post(STATUS, DELIVERED).status_code == 204
    sent.refresh_from_db()
    confirmed = sent.confirmed_at
    assert sent.state == "confirmed" and FirstDelivery.objects.get().confirmed_at == confirmed
    assert post(STATUS, {**DELIVERED, "MessageStatus": "failed", "ErrorCode": "30003"}).status_code == 204
    sent.refresh_from_db()
    assert (sent.state, sent.confirmed_at) == ("confirmed", confirmed)


def test_our_own_id_in_the_callback_is_enough(marketplace, now, post):
    message = promised(now=now, channel=Channel.SMS)
    Message.objects.update(state="sending")
    assert post(f"{STATUS}?message={message.pk}", DELIVERED).status_code == 204
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("confirmed", SID)


def test_a_failure_that_blames_the_number_suppresses_it(sent, post):
    post(STATUS, {**DELIVERED, "MessageStatus": "undelivered", "ErrorCode": "30006"})
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("failed", "undelivered 30006")
    assert stop.is_stopped(Channel.SMS, sent.address)


@pytest.mark.parametrize("word", ["sent", "queued", "partially_delivered", "a_word_of_tomorrow"])
def test_words_that_say_nothing_new_change_nothing(sent, post, word):
    assert post(STATUS, {**DELIVERED, "MessageStatus": word}).status_code == 204
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_somebody_elses_message_is_ignored(sent, post):
    assert post(STATUS, {**DELIVERED, "MessageSid": "SM" + "1" * 32}).status_code == 204
    assert post(f"{STATUS}?message={new_id()}", DELIVERED).status_code == 204
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_stop_start_and_help(marketplace, post):
    answer = post(INBOUND, STOP)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    assert b"<Message>" not in answer.content and stop.is_stopped(Channel.SMS, "+13125550142")
    post(INBOUND, {**STOP, "Body": "START"})
    assert not stop.is_stopped(Channel.SMS, "+13125550142")
    assert b"<Message>Craftyard: texts about" in post(INBOUND, {**STOP, "Body": "help"}).content
    assert b"<Message>" not in post(INBOUND, {**STOP, "Body": "See you at 5"}).content
    post(INBOUND, {**STOP, "Body": "arret", "OptOutType": "STOP"})
    assert stop.is_stopped(Channel.SMS, "+13125550142")


@pytest.mark.parametrize(
    "forgery",
    [
        {"signature": "none"},
        {"signature": ""},
        {"signature": "None"},
        {"signature": "x" * 10_000},
        {"signature": "\u00fc\u00e4"},
        {"token": "some other token"},
        {"url": "http://evil.example/hooks/craftyard/sms/inbound/"},
        {"url": HOME + "/hooks/hearthline/sms/inbound/"},
    ],
    ids=lambda forgery: str(forgery)[:40],
)
def test_what_is_not_signed_for_this_address_changes_nothing(marketplace, post, forgery):
    assert post(INBOUND, STOP, **forgery).status_code == 403
    assert not Suppression.objects.exists()


def test_a_signature_covers_every_field(marketplace, client, settings):
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(HOME + INBOUND, STOP)
    headers = {"X-Twilio-Signature": signature}
    for changed in ({**STOP, "From": "+13125550143"}, {**STOP, "Extra": "1"}, {key: STOP[key] for key in ("MessageSid", "From", "Body")}):
        assert client.post(INBOUND, changed, headers=headers).status_code == 403
    assert client.post(INBOUND + "?x=1", STOP, headers=headers).status_code == 403
    assert client.post(INBOUND, b'{"From": "+13125550142"}', content_type="application/json", headers=headers).status_code == 403
    assert not Suppression.objects.exists()


def test_an_empty_token_opens_nothing(marketplace, post, settings):
    settings.TWILIO_AUTH_TOKEN = ""
    assert post(INBOUND, STOP, signature=RequestValidator("").compute_signature(HOME + INBOUND, STOP)).status_code == 403
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("host", ["craftyard.localhost:8000", "hearthline.localhost", "localhost", "testserver"])
def test_the_host_of_the_request_says_nothing(marketplace, client, settings, host):
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(HOME + INBOUND, STOP)
    answer = client.post(INBOUND, STOP, headers={"X-Twilio-Signature": signature, "Host": host, "X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200 and Suppression.objects.get().marketplace_id == marketplace.pk


def test_an_unknown_marketplace_is_like_any_page_that_is_not_there(marketplace, post):
    for path in ("/hooks/nobody/sms/inbound/", "/hooks/nobody/sms/status/", "/hooks/nobody/email/", "/hooks/"):
        assert post(path, STOP).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_posts(marketplace, client, method):
    assert getattr(client, method)(INBOUND).status_code == 405


@pytest.mark.parametrize(
    "change",
    [
        {"MessageSid": ""},
        {"MessageSid": "SM\x00" + "0" * 31},
        {"MessageSid": "SM" + "\u0660" * 32},
        {"MessageSid": SID + "\n"},
        {"MessageStatus": ""},
        {"MessageStatus": "delivered\x00"},
        {"MessageStatus": "x" * 5000},
        {"ErrorCode": "\u0663\u0660"},
        {"ErrorCode": "9" * 5000},
    ],
    ids=lambda change: ascii(change)[:40],
)
def test_signed_nonsense_is_refused(sent, post, change):
    assert post(STATUS, {**DELIVERED, **change}).status_code == 400
    sent.refresh_from_db()
    assert sent.state == "accepted"


@pytest.mark.parametrize("message", ["x", "0", "'", "9" * 5000, "%00", "01a20016-9d01-798a-8bcd-09780c19868"])
def test_a_nonsensical_id_of_ours_is_refused(sent, post, message):
    assert post(f"{STATUS}?message={message}", DELIVERED).status_code == 400


@pytest.mark.parametrize("change", [{"From": ""}, {"From": "Dana"}, {"From": "+1312\x00"}, {"MessageSid": "x"}])
def test_an_inbound_text_from_nobody_is_refused(marketplace, post, change):
    assert post(INBOUND, {**STOP, **change}).status_code == 400
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", ["\x00", "\ud83d\ude00" * 800, "<Message>hi</Message>", "STOP\x00"])
def test_whatever_a_person_types_is_answered(marketplace, post, body):
    body = body.encode("utf-16", "surrogatepass").decode("utf-16")
    assert post(INBOUND, {**STOP, "Body": body}).status_code == 200


def test_a_report_reaches_its_own_marketplace_only(sent, post):
    path = f"/hooks/hearthline/sms/status/?message={sent.pk}"
    assert post(path, DELIVERED, url=HOME.replace("craftyard", "hearthline") + path).status_code == 204
    sent.refresh_from_db()
    assert sent.state == "accepted"
