"""The local provider of both channels: it keeps what it takes for /dev/outbox/ and reaches nobody.

It takes every address but those marked to fail, so that failing can be seen without a real provider:

    phone ends in 555-0199, e-mail begins with "bounce"    refused for good; the address is dead
    phone ends in 555-0198, e-mail begins with "busy"      refused the first time, taken the second
    phone ends in 555-0197, e-mail begins with "lost"      taken, but reported as not delivered when looked up
"""

import logging

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from core.ids import new_id
from core.tenancy import current_or_none, scope
from notifications.channels import Accepted, Confirmed, NeverSeen, PermanentFailure, TemporaryFailure
from notifications.models import Channel, LocalDelivery

log = logging.getLogger(__name__)


class Local:
    """Keeps a LocalDelivery for each letter; looked up, it confirms what it kept."""

    at_once = 500

    def send(self, letters, *, now):
        facts = [_verdict(letter, now) for letter in letters]
        taken = [letter for letter, fact in zip(letters, facts, strict=True) if isinstance(fact, Accepted)]
        if taken:
            with scope(letters[0].marketplace):
                LocalDelivery.objects.bulk_create([_row(letter, now) for letter in taken])
        return facts

    def look_up(self, letters, *, now):
        with scope(letters[0].marketplace):
            kept = dict(LocalDelivery.objects.filter(message__in=[letter.id for letter in letters]).values_list("message", "at"))
        return [_outcome(letter, kept.get(letter.id)) for letter in letters]


class LocalEmailBackend(BaseEmailBackend):
    """Keeps the mail Django itself sends in the outbox of the marketplace in force; notices go to `Local` directly."""

    def send_messages(self, email_messages):
        if current_or_none() is None:
            log.warning("%d mails of no marketplace were dropped", len(email_messages))
            return 0
        LocalDelivery.objects.bulk_create(
            LocalDelivery(message=new_id(), channel=Channel.EMAIL, address=address, title=mail.subject, text=mail.body, at=timezone.now())
            for mail in email_messages
            for address in mail.recipients()
        )
        return len(email_messages)


def _marked(letter, number, name):
    return letter.address.endswith(number) if letter.channel == Channel.SMS else letter.address.startswith(name)


def _verdict(letter, now):
    if _marked(letter, "5550199", "bounce"):
        return PermanentFailure("no such address", suppress="bounced")
    if _marked(letter, "5550198", "busy") and letter.attempts == 1:
        return TemporaryFailure("busy")
    return Accepted(provider_id=f"local-{letter.id}", at=now)


def _outcome(letter, kept_at):
    if kept_at is None:
        return NeverSeen()
    if _marked(letter, "5550197", "lost"):
        return PermanentFailure("not delivered")
    return Confirmed(provider_id=f"local-{letter.id}", at=kept_at)


def _row(letter, now):
    return LocalDelivery(
        message=letter.id, channel=letter.channel, address=letter.address, title=letter.title, text=letter.text, html=letter.html, at=now
    )
