"""The mail provider's webhook, spoken by anymail (INVARIANTS 21, Bad input)."""

import base64
import json

import pytest

from notifications import delivery, stop
from notifications.channels import Accepted
from notifications.models import Channel, Message, Suppression
from tests.notifications.post import Scripted, promised

PATH = "/hooks/craftyard/email/"


@pytest.fixture(autouse=True)
def postmark(settings):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "plumb:line", "POSTMARK_SERVER_TOKEN": "x"}


@pytest.fixture
def sent(marketplace, now, monkeypatch):
    monkeypatch.setitem(delivery.PROVIDER, Channel.EMAIL, lambda _: Scripted(Accepted(provider_id="pm-1")))
    message = promised(now=now)
    delivery.deliver_due(marketplace, now=now)
    return message


def post(client, event, secret="plumb:line", path=PATH):
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret is not None else {}
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return client.post(path, body, content_type="application/json", headers=headers)


def event(kind, **more):
    return {"RecordType": kind, "MessageID": "pm-1", "Recipient": "dana@example.com", **more}


def test_delivered(sent, client):
    assert post(client, event("Delivery", DeliveredAt="2026-05-20T17:00:03Z")).status_code == 204
    sent.refresh_from_db()
    assert (sent.state, sent.confirmed_at.isoformat()) == ("confirmed", "2026-05-20T17:00:03+00:00")


def test_a_time_we_do_not_understand_is_the_time_we_heard_of_it(sent, client, now):
    assert post(client, event("Delivery", DeliveredAt="yesterday")).status_code == 204
    sent.refresh_from_db()
    assert sent.state == "confirmed" and sent.confirmed_at > now


def test_an_event_of_tomorrow_changes_nothing(sent, client):
    assert post(client, event("Teleported")).status_code == 204
    assert post(client, {"RecordType": 7}).status_code == 204
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_known_by_our_own_id(marketplace, now, client):
    message = promised(now=now)
    Message.objects.update(state="sending")
    post(client, event("Delivery", MessageID="pm-9", Metadata={"message": str(message.pk)}, DeliveredAt="2026-05-20T17:00:03Z"))
    message.refresh_from_db()
    assert message.state == "confirmed"


def test_a_hard_bounce_suppresses_the_address(sent, client):
    post(client, event("Bounce", Type="HardBounce", TypeCode=1, Email="dana@example.com", BouncedAt="2026-05-20T17:00:03Z"))
    sent.refresh_from_db()
    assert (sent.state, stop.stopped(Channel.EMAIL, [sent.address])) == ("failed", {sent.address: "bounced"})


def test_a_complaint_is_a_stop(sent, client):
    post(client, event("SpamComplaint", Email="dana@example.com", BouncedAt="2026-05-20T17:00:03Z"))
    assert stop.stopped(Channel.EMAIL, [sent.address]) == {sent.address: "complained"}


@pytest.mark.parametrize("secret", [None, "", "plumb:", "plumb:wrong", ":"])
def test_a_forged_report_changes_nothing(sent, client, secret):
    assert post(client, event("Delivery"), secret=secret).status_code == 403
    sent.refresh_from_db()
    assert sent.state == "accepted"


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailInsecureWebhookWarning")
@pytest.mark.parametrize("secret", ["", [], None])
def test_without_a_secret_of_ours_nobody_is_believed(sent, client, settings, secret):
    settings.ANYMAIL = {"WEBHOOK_SECRET": secret, "POSTMARK_SERVER_TOKEN": "x"}
    for sends in (None, "", ":"):
        assert post(client, event("Delivery"), secret=sends).status_code == 403
    sent.refresh_from_db()
    assert sent.state == "accepted"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps(event("Delivery", DeliveredAt="2026-05-20T17:00:03Z", Metadata={"message": "x"})).encode(),
    ],
    ids=lambda body: repr(body)[:40],
)
def test_nonsense_is_refused(sent, client, body):
    assert post(client, body).status_code == 400
    sent.refresh_from_db()
    assert sent.state == "accepted" and not Suppression.objects.exists()


@pytest.mark.parametrize("value", ["pm-1\x00", "\ud800", "x" * 5000, 7, [], {"a": 1}, None])
@pytest.mark.parametrize("field", ["MessageID", "Recipient", "Metadata"])
@pytest.mark.parametrize("kind", ["Delivery", "SpamComplaint", "Bounce"])
def test_odd_values_never_break(sent, client, kind, field, value):
    answer = post(client, {**event(kind, DeliveredAt="2026-05-20T17:00:03Z", BouncedAt="2026-05-20T17:00:03Z"), field: value})
    assert answer.status_code in (204, 400)


def test_a_provider_whose_key_we_lack_is_not_believed(sent, client, settings):
    settings.EMAIL_BACKEND = "anymail.backends.sendgrid.EmailBackend"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "plumb:line", "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": "no key"}
    assert post(client, [{"event": "delivered", "sg_message_id": "pm-1"}]).status_code == 403
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_without_a_provider_of_anymail_there_is_no_such_address(sent, client, settings):
    settings.EMAIL_BACKEND = "notifications.channels.local.LocalEmailBackend"
    assert post(client, event("Delivery")).status_code == 404
