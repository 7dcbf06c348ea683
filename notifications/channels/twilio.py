"""Text messages by Twilio's REST API."""

import logging
from datetime import UTC

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from core.addresses import root_of
from notifications.channels import TIME_OUT, Accepted, Confirmed, NeverSeen, PermanentFailure, TemporaryFailure, Unknown

STOPPED = 21610  # the recipient told Twilio STOP
UNREACHABLE = {21211, 21214, 21217, 21265, 21614, 30006}  # no number, or one that takes no text messages
_OURS_TO_MEND = {401, 403, 404, 408, 429}  # our account, not the letter
_UNDER_WAY = {"accepted", "scheduled", "queued", "sending", "sent"}
_ARRIVED = {"delivered", "read"}
_LOST = {"undelivered", "failed", "canceled"}
_SILENT = logging.Logger("twilio", logging.CRITICAL)  # its requests carry numbers and words (INVARIANTS 35)
_RECENT = 100  # messages to one number that are looked through for one of ours


def connect(time_out) -> Client:
    """Twilio's client for our account. It says nothing to the logs, and no request of it takes longer than `time_out` seconds."""
    http = TwilioHttpClient(timeout=time_out, logger=_SILENT)
    return Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=http)


def told(status, code=None, *, provider_id="", taken_at=None, changed_at=None):
    """What a message status of Twilio says, with Twilio's times where it tells them. None: nothing new, or a word we do not know."""
    if status in _UNDER_WAY:
        return Accepted(provider_id=provider_id, at=taken_at)
    if status in _ARRIVED:
        return Confirmed(provider_id=provider_id, at=changed_at)
    if status in _LOST:
        return _refused(status, code, at=changed_at)
    return None


class Twilio:
    """One message per call. `client` stands in for Twilio's own in tests."""

    at_once = 1

    def __init__(self, client=None):
        self.client = client or connect(TIME_OUT)

    def send(self, letters, *, now):
        return [self._send(letter) for letter in letters]

    def look_up(self, letters, *, now):
        return [self._look_up(letter) for letter in letters]

    def _send(self, letter):
        callback = f"{root_of(letter.marketplace)}hooks/{letter.marketplace.slug}/sms/status/?message={letter.id}"
        try:
            sent = self.client.messages.create(to=letter.address, from_=settings.SMS_FROM, body=letter.text, status_callback=callback)
        except requests.ConnectTimeout:
            return TemporaryFailure("no connection")
        except TwilioRestException as error:
            if error.status >= 500:
                return Unknown(f"error {error.status}")
            if error.status in _OURS_TO_MEND:
                return TemporaryFailure(f"refused {error.status}")
            return _refused("refused", error.code or error.status)
        except requests.RequestException as error:
            return Unknown(type(error).__name__)
        return Accepted(provider_id=sent.sid)

    def _look_up(self, letter):
        try:
            found = self.client.messages(letter.provider_id).fetch() if letter.provider_id else self._find(letter)
        except (TwilioRestException, requests.RequestException) as error:
            return Unknown(type(error).__name__)
        if found is None:
            return NeverSeen()
        times = {"taken_at": found.date_created, "changed_at": found.date_updated}
        return told(found.status, found.error_code, provider_id=found.sid, **times) or Unknown(f"status {found.status}")

    def _find(self, letter):
        """Twilio keeps no id of ours: the same words to the same number since the message was written are the same message."""
        recent = self.client.messages.list(to=letter.address, from_=settings.SMS_FROM, limit=_RECENT)
        for sent in recent:
            if sent.body == letter.text and sent.date_created.astimezone(UTC) >= letter.created_at.replace(microsecond=0):
                return sent
        return None


def _refused(word, code, at=None):
    reason = f"{word} {code}" if code else word
    if code == STOPPED:
        return PermanentFailure(reason, suppress="stop", at=at)
    return PermanentFailure(reason, suppress="unreachable" if code in UNREACHABLE else "", at=at)
