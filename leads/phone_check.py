"""A homeowner's phone is confirmed by a one-time code by text, sent when they ask for it (RULES 5).

The code stands in the message until it was sent, and nowhere else: a row keeps what it is compared with (`PhoneCode.digest`). Every
guess is counted under the lock of the lead before it is compared. Codes to one number, from one network, to one exchange and by everybody
are limited, since each text costs money.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.contact_data import normal_phone
from accounts.models import Homeowner
from contact.numbers import refuse_ours
from core import events, limits, sql
from core.errors import Refusal
from core.limits import Limit
from core.policy import read
from leads import intake, messages
from leads.lifecycle import lock
from leads.models import Lead, PhoneCode
from leads.policy import PhoneCheck
from notifications import stop
from notifications.models import Channel

HOUR, DAY = 3600, 86_400
EXCHANGE = 8  # characters of "+1312555"
DIGITS = re.compile(r"[0-9]{1,12}\Z")


class NothingToConfirm(Refusal):
    code = "nothing_to_confirm"
    sentence = _("This request needs no code any more.")
    status = 409


class NumberStays(Refusal):
    code = "number_stays"
    sentence = _("The number of a request that was sent cannot be changed here.")
    status = 409


class NumberStopped(Refusal):
    code = "number_stopped"
    sentence = _("This number told us STOP, so we send it no texts. Text START in that conversation, or use another mobile number.")
    status = 409


class CodeTooSoon(Refusal):
    """The next code may be asked for at `at`."""

    code = "code_too_soon"
    sentence = _("A code was sent a moment ago. Wait for it, or ask for a new one in a minute.")
    status = 429

    def __init__(self, at):
        super().__init__()
        self.at = at


class NoMoreCodes(Refusal):
    code = "no_more_codes"
    sentence = _("We sent as many codes for this request as we may. Look at the newest text, or send a new request with another number.")
    status = 429


class TooManyCodes(Refusal):
    """More codes than the limits allow were asked for; there is room again at `at`."""

    code = "too_many_codes"
    sentence = _("Too many codes were asked for. Nothing was sent. Try again later, or use another mobile number.")
    status = 429

    def __init__(self, at):
        super().__init__()
        self.at = at


@dataclass(frozen=True)
class Standing:
    """What the page of the code shows. `sent_at` and `good_until` are of the newest code, None while there is none; `again_at` is when
    another one may be asked for, None when none may."""

    sent_at: datetime | None
    good_until: datetime | None
    again_at: datetime | None


def is_wanted(lead, *, now: datetime) -> bool:
    """Whether this lead's phone can be confirmed by a code at `now`."""
    if lead.phone_check == Lead.PhoneCheck.OFF or lead.phone_confirmed_at or not lead.homeowner.phone:
        return False
    return now < lead.confirm_by if lead.is_draft else lead.state != Lead.State.CLOSED


def standing(lead, *, now: datetime) -> Standing:
    """How it stands with the codes of this lead."""
    policy, codes = read(PhoneCheck), list(PhoneCode.objects.filter(lead=lead))
    if not codes:
        return Standing(None, None, now)
    again_at = max(now, codes[0].at + timedelta(seconds=policy.again_seconds)) if len(codes) < policy.sends else None
    return Standing(codes[0].at, codes[0].expires_at, again_at)


def send(lead, *, now: datetime, ip=None, phone="") -> None:
    """Text a new code, which replaces earlier ones; with `phone`, to that number, which is the request's from now on (drafts only).

    `ip` is the network address that asks. Raises NothingToConfirm, NumberStays, NumberStopped, CodeTooSoon, NoMoreCodes, TooManyCodes,
    OurNumber or a refusal of the number; nothing is changed then.
    """
    policy, lead = read(PhoneCheck), lock(lead.pk)
    if not is_wanted(lead, now=now):
        raise NothingToConfirm
    number = _number(lead, phone)
    before = standing(lead, now=now)
    if before.again_at is None:
        raise NoMoreCodes
    if before.again_at > now:
        raise CodeTooSoon(before.again_at)
    if stop.is_stopped(Channel.SMS, number):
        raise NumberStopped
    if until := limits.use(_limits(number, ip, policy), now=now):
        raise TooManyCodes(until)
    if number != lead.homeowner.phone:
        Homeowner.objects.filter(pk=lead.homeowner_id).update(phone=number)
        lead.homeowner.phone = number
        events.record("lead.number_changed", lead.pk, now=now)
    code = f"{secrets.randbelow(10**policy.digits):0{policy.digits}}"
    kept = PhoneCode.objects.create(lead=lead, digest=_digest(lead, code), at=now, expires_at=now + timedelta(seconds=policy.valid_seconds))
    events.record("lead.code_sent", lead.pk, now=now)
    messages.phone_code(lead, code, minutes=policy.valid_seconds // 60, occurrence=str(kept.pk), now=now)


def confirm(lead, typed: str, *, now: datetime) -> bool:
    """Whether `typed` is the newest code of this lead; if so its phone is confirmed, and a draft goes on. Said again, it stays true.

    A wrong one, an old one, one that was guessed at too often and one that was never sent are all False. The guess is counted in the
    transaction of the answer, so that answer must not be one that takes back what was written. Raises NothingToConfirm.
    """
    policy, lead = read(PhoneCheck), lock(lead.pk)
    if lead.phone_confirmed_at:
        return True
    if not is_wanted(lead, now=now):
        raise NothingToConfirm
    code = PhoneCode.objects.filter(lead=lead).first()
    if code is None or now >= code.expires_at or code.attempts >= policy.attempts:
        return False
    PhoneCode.objects.filter(pk=code.pk).update(attempts=F("attempts") + 1)
    digits = re.sub(r"[\s-]", "", str(typed)[:40])
    if not DIGITS.match(digits) or not hmac.compare_digest(_digest(lead, digits), code.digest):
        return False
    events.record("lead.phone_confirmed", lead.pk, now=now)
    if lead.is_draft:
        intake.go_on(lead, now=now)
    else:
        sql.update(lead, phone_confirmed_at=now)
    return True


def _number(lead, phone) -> str:
    """The number to text to: another one than the request's only while nobody has the request."""
    if not phone:
        return lead.homeowner.phone
    number = normal_phone(phone)
    if number != lead.homeowner.phone:
        if not lead.is_draft:
            raise NumberStays
        refuse_ours(number)
    return number


def _limits(number, ip, policy) -> list[Limit]:
    """What a text to this number uses up."""
    counted = [
        Limit("code:phone", number, policy.phone_day, DAY),
        Limit("code:exchange", number[:EXCHANGE], policy.exchange_hour, HOUR),
        Limit("code", "", policy.hour, HOUR),
    ]
    return counted + ([Limit("code:address", limits.network(ip), policy.address_hour, HOUR)] if ip else [])


def _digest(lead, code) -> str:
    """What a code is compared with: worth nothing for another lead, or for another number of this one."""
    said = f"phone-code:{lead.pk}:{lead.homeowner.phone}:{code}"
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), "sha256").hex()
