"""The mail channel: what it writes, and what it makes of every answer (INVARIANTS 26, 39)."""

import smtplib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import requests
from anymail import exceptions as anymail
from django.core import mail

from core.ids import new_id
from notifications.channels import Accepted, Confirmed, Letter, PermanentFailure, TemporaryFailure, Unknown, email
from notifications.channels.local import Local

ANYMAIL_TEST = "anymail.backends.test.EmailBackend"


@pytest.fixture
def letter(marketplace, now):
    return Letter(new_id(), marketplace, "email", "dana@example.com", "", 1, now, title="New lead", text="Text", html="<p>HTML</p>")


def test_a_letter_has_both_forms_its_id_and_the_marketplaces_name(letter, now, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    letter.marketplace.email = "hello@craftyard.example"
    [fact] = email.provider(letter.marketplace).send([letter], now=now)
    [sent] = mail.outbox
    assert fact == Accepted()
    assert (sent.subject, sent.body, sent.to, sent.reply_to) == ("New lead", "Text", ["dana@example.com"], ["hello@craftyard.example"])
    assert sent.alternatives[0][0] == "<p>HTML</p>"
    assert str(letter.id) in sent.extra_headers["Message-ID"] and sent.metadata == {"message": str(letter.id)}
    assert sent.from_email.startswith(letter.marketplace.name)


def test_anymail_gives_the_providers_id(letter, now, settings):
    settings.EMAIL_BACKEND = ANYMAIL_TEST
    [fact] = email.provider(letter.marketplace).send([letter], now=now)
    assert isinstance(fact, Accepted) and fact.provider_id


def test_a_mailbox_that_cannot_be_asked_says_so(letter, now, settings):
    settings.EMAIL_BACKEND = ANYMAIL_TEST
    assert [type(fact) for fact in email.provider(letter.marketplace).look_up([letter], now=now)] == [Unknown]


def test_a_server_that_is_away_took_nothing(letter, now, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    [fact] = email.provider(letter.marketplace).send([letter], now=now)
    assert isinstance(fact, TemporaryFailure)


def test_a_replay_has_the_local_mailbox_whatever_the_settings_say(marketplace, settings):
    settings.EMAIL_BACKEND = ANYMAIL_TEST
    marketplace.replay = True
    assert isinstance(email.provider(marketplace), Local)


def api_error(status=None, kind=anymail.AnymailRequestsAPIError):
    error = kind("no")
    error.status_code = status
    return error


class ConnectTimedOut(anymail.AnymailRequestsAPIError, requests.ConnectTimeout):
    """As anymail makes them on the fly."""


@pytest.mark.parametrize(
    ("error", "fact"),
    [
        (anymail.AnymailRecipientsRefused(), PermanentFailure),
        (anymail.AnymailInvalidAddress(), PermanentFailure),
        (anymail.AnymailUnsupportedFeature(), PermanentFailure),
        (api_error(400), PermanentFailure),
        (api_error(422), PermanentFailure),
        (api_error(401), TemporaryFailure),
        (api_error(429), TemporaryFailure),
        (api_error(503), TemporaryFailure),
        (api_error(200), Unknown),
        (api_error(None), Unknown),
        (ConnectTimedOut("no"), TemporaryFailure),
        (smtplib.SMTPRecipientsRefused({"dana@example.com": (450, b"later")}), TemporaryFailure),
        (smtplib.SMTPRecipientsRefused({"dana@example.com": (550, b"no")}), PermanentFailure),
        (smtplib.SMTPAuthenticationError(535, b"no"), TemporaryFailure),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), PermanentFailure),
        (smtplib.SMTPDataError(451, b"later"), TemporaryFailure),
        (smtplib.SMTPServerDisconnected(), Unknown),
        (TimeoutError(), Unknown),
        (ValueError("whatever"), Unknown),
    ],
    ids=repr,
)
def test_every_error_becomes_a_fact(error, fact):
    assert isinstance(email.failure(error), fact)


def test_only_a_dead_mailbox_suppresses_the_address():
    assert email.failure(smtplib.SMTPRecipientsRefused({"x": (550, b"no")})).suppress == "bounced"
    assert email.failure(api_error(422)).suppress == ""


WHEN = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event_type", "fact"),
    [
        ("sent", Accepted(at=WHEN)),
        ("delivered", Confirmed(at=WHEN)),
        ("opened", Confirmed(at=WHEN)),
        ("clicked", Confirmed(at=WHEN)),
        ("bounced", PermanentFailure("bounced", suppress="bounced", at=WHEN)),
        ("rejected", PermanentFailure("rejected", at=WHEN)),
        ("failed", PermanentFailure("failed", at=WHEN)),
        ("queued", None),
        ("deferred", None),
        ("autoresponded", None),
        ("unknown", None),
    ],
)
def test_the_event_type_decides_and_the_reject_reason_does_not(event_type, fact):
    for reject_reason in (None, "bounced", "spam", "timed_out"):
        assert email.told(SimpleNamespace(event_type=event_type, timestamp=WHEN, reject_reason=reject_reason)) == fact
