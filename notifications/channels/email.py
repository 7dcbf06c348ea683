"""E-mail by Django's backends: anymail's for a provider's API, SMTP, or the local mailbox."""

import logging
import smtplib
from email.utils import formataddr, parseaddr

from anymail.exceptions import (
    AnymailAPIError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from anymail.signals import EventType
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from requests import ConnectTimeout

from notifications.channels import TIME_OUT, Accepted, Confirmed, PermanentFailure, TemporaryFailure, Unknown
from notifications.channels.local import Local, LocalEmailBackend

log = logging.getLogger(__name__)
_OURS_TO_MEND = (401, 402, 403, 408, 429)  # our account, not the letter


def provider(marketplace):
    """The mail provider of `marketplace`. A replay's messages never leave the machine (DESIGN 10)."""
    local = f"{LocalEmailBackend.__module__}.{LocalEmailBackend.__qualname__}"
    if marketplace.replay or local == settings.EMAIL_BACKEND:
        return Local()
    return Mail()


class Mail:
    """Hands letters to settings.EMAIL_BACKEND, one at a time.

    Neither SMTP nor a common mail API can be asked for a letter by our id, so a look-up cannot tell: such a letter waits for the
    provider's report (api.webhooks.email), and fails visibly when none comes. It is not sent twice.
    """

    at_once = 1

    def send(self, letters, *, now):
        return [self._send(letter) for letter in letters]

    def look_up(self, letters, *, now):
        return [Unknown("the mail provider cannot be asked") for _ in letters]

    def _send(self, letter):
        connection = get_connection(timeout=TIME_OUT)
        try:
            connection.open()
        except Exception as error:
            return TemporaryFailure(f"no connection: {type(error).__name__}")
        mail = write(letter, connection)
        try:
            connection.send_messages([mail])
        except Exception as error:
            return failure(error)
        finally:
            _hang_up(connection)
        status = getattr(mail, "anymail_status", None)
        return Accepted(provider_id=_id_of(status))


def write(letter, connection=None) -> EmailMultiAlternatives:
    """The mail of `letter`. Its Message-ID and metadata are made of the message's id, so that reports and repeats can be told apart."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMultiAlternatives(
        subject=letter.title,
        body=letter.text,
        from_email=formataddr((letter.marketplace.name, address)),
        to=[letter.address],
        reply_to=[letter.marketplace.email] if letter.marketplace.email else None,
        headers={"Message-ID": f"<{letter.id}@{address.rpartition('@')[2]}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(letter.html, "text/html")
    mail.metadata = {"message": str(letter.id)}
    return mail


def failure(error):
    """What an exception of a mail backend says about the letter."""
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress | AnymailSerializationError | AnymailUnsupportedFeature):
        return PermanentFailure(type(error).__name__)
    if isinstance(error, ConnectTimeout):
        return TemporaryFailure("no connection")
    if isinstance(error, AnymailAPIError):
        return _by_status(error.status_code)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=400)
        return PermanentFailure(f"refused {code}", suppress="bounced") if code >= 500 else TemporaryFailure(f"refused {code}")
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError | smtplib.SMTPNotSupportedError):
        return TemporaryFailure(type(error).__name__)
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"refused {error.smtp_code}"
        return PermanentFailure(reason) if error.smtp_code >= 500 else TemporaryFailure(reason)
    log.warning("a mail's outcome is unknown error=%s", type(error).__name__)
    return Unknown(type(error).__name__)


def told(event):
    """What a tracking event of anymail says. Only `event_type` decides: a reject_reason is a provider's guess. None: nothing new."""
    kind, at = event.event_type, event.timestamp
    if kind == EventType.SENT:
        return Accepted(at=at)
    if kind in (EventType.DELIVERED, EventType.OPENED, EventType.CLICKED):
        return Confirmed(at=at)
    if kind == EventType.BOUNCED:
        return PermanentFailure("bounced", suppress="bounced", at=at)
    if kind in (EventType.REJECTED, EventType.FAILED):
        return PermanentFailure(kind, at=at)
    return None


def _by_status(code):
    if code is None or code < 300:
        return Unknown("no answer")
    reason = f"refused {code}"
    return TemporaryFailure(reason) if code in _OURS_TO_MEND or code >= 500 else PermanentFailure(reason)


def _id_of(status):
    """The provider's id of the only recipient's mail; SMTP has none."""
    found = getattr(status, "message_id", None)
    return "" if found is None else str(found)


def _hang_up(connection):
    try:
        connection.close()
    except Exception as error:
        log.info("the mail connection did not close error=%s", type(error).__name__)
