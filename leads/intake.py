"""A homeowner's request becomes a lead (RULES 3-7). What is acknowledged here survives any crash: the row is the job.

Where the phone has to be confirmed first it is a draft: `go_on` makes a lead of it.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import homeowners
from billing import terms
from billing.pricing import quote
from catalog import guide as guides
from catalog.models import Service, Zip
from catalog.queries import guide_of
from contact.numbers import refuse_ours
from core import events, limits
from core.doorbell import ring
from core.errors import Refusal
from core.ids import new_id
from core.languages import ENGLISH
from core.limits import Limit
from core.policy import read
from core.state import move
from core.tenancy import current
from leads import choice_window, consent, messages
from leads.models import Consent, Lead
from leads.policy import Choice, Leads, PhoneCheck, Reviews
from leads.tasks import route
from notifications.policy import Notices

DESCRIPTION_LENGTH = 2000
HOUR = 3600


class UnknownService(Refusal):
    code = "unknown_service"
    sentence = _("Choose a service from the list.")


class UnknownZip(Refusal):
    code = "unknown_zip"
    sentence = _("We do not know this ZIP code. Check its five digits.")


class ConsentMissing(Refusal):
    code = "consent_missing"
    sentence = _("Tick the box so that pros may contact you. Without it we cannot pass on your request.")


class OwnerNotAsked(Refusal):
    code = "owner_not_asked"
    sentence = _("Ask the owner of the home first. We can pass on your request once they agreed.")


class WayMissing(Refusal):
    code = "way_missing"
    sentence = _("Choose how we find your pros.")


class NotOpenYet(Refusal):
    code = "not_open_yet"
    sentence = _("Requests open soon here.")


class PhoneMissing(Refusal):
    code = "phone_missing"
    sentence = _("Enter your phone number: we text a code to it.")


class TooManyRequests(Refusal):
    code = "too_many_requests"
    sentence = _("Too many requests came from your network in the last hour. Nothing was sent. Wait an hour, or call us.")
    status = 429


@dataclass(frozen=True)
class Answers:
    """Everything the form (or a partner, or a replayed record) says. `answers` are those of the service's questions."""

    service: str
    zip: str
    name: str
    phone: str = ""
    email: str = ""
    street: str = ""
    unit: str = ""
    description: str = ""
    answers: dict = field(default_factory=dict)
    timing: str = Lead.Timing.WEEK
    ownership: str = Lead.Ownership.OWNER
    reach: str = Lead.Reach.ANY
    different_job: bool = False
    way: str = Lead.Way.MATCH
    then_automatch: bool = False
    agreed: bool = False
    agreed_sms: bool = False
    made_up: bool = False


@dataclass(frozen=True)
class Agreement:
    """The words a homeowner agreed to before, exactly as shown then."""

    words: str
    version: str
    sms_words: str
    at: datetime
    ip: str | None
    page: str


@dataclass(frozen=True)
class Submission:
    """What became of a submit: the lead, and whether it is new, linked to an earlier one, or the same request again."""

    lead: Lead
    status: str

    ACCEPTED = "accepted"
    LINKED = "linked"
    REPEAT = "repeat"


def submit(answers: Answers, *, submit_key, now: datetime, page="", ip=None, source="form", test=False, agreement=None) -> Submission:
    """Keep the request as a NEW lead with consent and the answer to the homeowner, and wake the matcher; or, where the policy wants the
    phone confirmed first, as a DRAFT with consent, of which nobody is told.

    The same `submit_key`, or the same content within a minute, answers with the first lead. Same phone or e-mail, or same
    address and unit, in the same trade within 30 days joins one duplicate group, unless it is said to be a different job.
    What was agreed to before (`agreement`) is kept as it was then. Raises WayMissing, UnknownService, UnknownZip, ConsentMissing,
    OwnerNotAsked, PhoneMissing, BadAnswers, NoPrice, OurNumber, TooManyRequests (from the network address `ip`) or a refusal of the contact
    data.
    """
    policy = read(Leads)
    insist(answers, policy)
    service, guide, place = _catalogue(answers, now)
    with translation.override(ENGLISH):  # pros read the reasons
        estimate = guides.estimate(guide, answers.answers)
    quote(terms.in_force(now), service.code, estimate.typical)  # a service without a price is refused here, not later

    check = read(PhoneCheck).mode_of(source, test=test)
    person = person_of(answers, place, check=check)
    content = _fingerprint(answers, person, test)
    _queue_up(submit_key, content, person)
    first = _same_request(submit_key, content, policy, now)
    if first:
        return Submission(first, Submission.REPEAT)

    count(ip, policy, now=now)
    person.save()
    lead = Lead(
        id=new_id(),
        homeowner=person,
        service=service,
        guide=guide,
        phone_check=check,
        source=source,
        submit_key=submit_key,
        content_hash=content,
        seed=_seed(submit_key),
        seats=policy.seats,
        test=test,
        submitted_at=now,
        **_wanted(answers, guide, place),
        **figures(estimate),
    )
    columns = _draft(lead, now) if check == Lead.PhoneCheck.REQUIRED else _begun(lead, policy, now)
    for name, value in columns.items():
        setattr(lead, name, value)
    lead.save(force_insert=True)
    given = agreement or agreed_to(answers, now=now, ip=ip, page=page)
    lead.consent = Consent.objects.create(lead=lead, sms=bool(given.sms_words), **vars(given))
    if lead.is_draft:
        events.record("lead.drafted", lead.pk, now=now, source=source)
    else:
        _announce(lead, now)
    return Submission(lead, Submission.ACCEPTED if lead.group_id == lead.pk else Submission.LINKED)


def _wanted(answers, guide, place) -> dict:
    """The columns of what is to be done, where, and how pros are found."""
    return {
        "zip": place.code,
        "place": place.place,
        "region": place.state,
        "zone": place.zone,
        "cell": place.cell,
        "bit": place.bit,
        "description": described(answers.description),
        "answers": guides.clean(guide.questions, answers.answers),
        "timing": answers.timing,
        "ownership": answers.ownership,
        "reach": answers.reach,
        "different_job": answers.different_job,
        "way": answers.way,
        "then_automatch": answers.then_automatch,
    }


def described(words: str) -> str:
    """The homeowner's own words as they are kept."""
    return homeowners.plain_text(words)[:DESCRIPTION_LENGTH]


def figures(estimate) -> dict:
    """The columns of what the job is worth, with how that was made (RULES 4)."""
    return {
        "estimate": estimate.typical,
        "estimate_low": estimate.low,
        "estimate_high": estimate.high,
        "estimate_reasons": list(estimate.reasons),
    }


def go_on(draft, *, now: datetime) -> None:
    """The phone of this draft, which is locked, was confirmed at `now`: it is a NEW lead from now on, in the duplicate group of that
    number, and all its deadlines begin."""
    person = draft.homeowner
    _queue_up("", "", person)
    move(draft, Lead.State.NEW, submitted_at=now, phone_confirmed_at=now, **_begun(draft, read(Leads), now))
    _announce(draft, now)


def _draft(lead, now) -> dict:
    """The columns of a request whose phone has to be confirmed first: it belongs to no group but its own, and nobody looks for pros."""
    by = now + timedelta(seconds=read(PhoneCheck).draft_seconds)
    return {"state": Lead.State.DRAFT, "group_id": lead.pk, "confirm_by": by, "due_at": by}


def _begun(lead, policy, now) -> dict:
    """The columns that are set when the request is complete: its group and all instants that follow."""
    group = None if lead.different_job else _group(lead.homeowner, lead.service, policy, now, lead.test)
    return {
        "group_id": group or lead.pk,
        "closes_at": now + timedelta(seconds=policy.open_seconds),
        "due_at": now,
        "review_due_at": now + timedelta(days=read(Reviews).ask_days),
        **_window(lead, now),
    }


def _announce(lead, now):
    """Write down that the request is there, tell the homeowner so, and wake the matcher."""
    events.record("lead.submitted", lead.pk, now=now, test=lead.test, source=lead.source, linked=lead.group_id != lead.pk)
    messages.received(lead, now=now)
    ring(route, current().pk, lead.pk)


def _catalogue(answers, now):
    service = Service.objects.filter(code=answers.service, active=True).first()
    guide = guide_of(service, now=now) if service else None
    if guide is None:
        raise UnknownService(fields={"service": UnknownService.sentence})
    return service, guide, place_of(answers)


def place_of(answers) -> Zip:
    """The place of the job. Raises UnknownZip."""
    place = Zip.objects.filter(code=answers.zip).first()
    if place is None:
        raise UnknownZip(fields={"zip": UnknownZip.sentence})
    return place


def person_of(answers, place, *, check):
    """The homeowner, not saved yet. Raises a refusal of the contact data, OurNumber, and PhoneMissing where `check` requires one."""
    person = homeowners.prepare(
        name=answers.name,
        phone=answers.phone,
        email=answers.email,
        street=answers.street,
        unit=answers.unit,
        zip=place.code,
        zone=place.zone,
        made_up=answers.made_up,
    )
    refuse_ours(person.phone)
    if check == Lead.PhoneCheck.REQUIRED and not person.phone:
        raise PhoneMissing(fields={"phone": PhoneMissing.sentence})
    return person


def count(ip, policy, *, now: datetime) -> None:
    """Count a request that comes from the network address `ip`, if that is known. Raises TooManyRequests."""
    if ip and limits.use([Limit("request", limits.network(ip), policy.address_hour, HOUR)], now=now):
        raise TooManyRequests


def agreed_to(answers, *, now: datetime, ip, page) -> Agreement:
    """What stands on the form that is sent now, and was agreed to."""
    sms_words = consent.sms_words() if answers.agreed_sms else ""
    return Agreement(consent.words(), consent.VERSION, str(sms_words), now, ip, page[:200])


def insist(answers, policy) -> None:
    """What no request can do without. Raises NotOpenYet, WayMissing, ConsentMissing, OwnerNotAsked."""
    if not policy.takes_requests:
        raise NotOpenYet
    if answers.way not in Lead.Way.values or (answers.way == Lead.Way.CHOOSE and not policy.choice):
        raise WayMissing(fields={"way": WayMissing.sentence})
    if not answers.agreed:
        raise ConsentMissing(fields={"agreed": ConsentMissing.sentence})
    if answers.ownership not in Lead.Ownership.values:
        raise OwnerNotAsked(fields={"ownership": OwnerNotAsked.sentence})


def _window(lead, now) -> dict:
    """The instants of a homeowner who chooses (RULES 14)."""
    if lead.way == Lead.Way.MATCH:
        return {}
    policy, notices = read(Choice), read(Notices)
    return choice_window.instants(submitted_at=now, zone=lead.zone, then_automatch=lead.then_automatch, policy=policy, notices=notices)


def _fingerprint(answers, person, test) -> str:
    """Equal for two submits of the same content by the same person."""
    content = [
        answers.service,
        answers.zip,
        answers.description,
        answers.answers,
        person.phone,
        person.email,
        person.address_key,
        answers.different_job,
        answers.way,
        test,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _queue_up(submit_key, content, person):
    """Two submits that could be one request or one group wait for each other, whatever arrives at the same instant."""
    names = [submit_key, content, person.phone, person.email, person.address_key]
    keys = sorted(
        {
            int.from_bytes(hashlib.blake2b(f"{current().pk}:{name}".encode(), digest_size=8).digest(), "big", signed=True)
            for name in names
            if name
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s) with ordinality as t(key, n) order by n", [keys])


def _same_request(submit_key, content, policy, now) -> Lead | None:
    minute = timedelta(seconds=policy.repeat_seconds)  # to both sides: two web processes may not agree on the millisecond
    same = Q(submit_key=submit_key) | Q(content_hash=content, submitted_at__range=(now - minute, now + minute))
    return Lead.objects.filter(same).select_related("service", "homeowner", "consent").order_by("submitted_at").first()


def _group(person, service, policy, now, test):
    """The id of the duplicate group this request belongs to, or None. The 30 days run from the group's first lead.

    A request whose phone had to be confirmed and was not is nobody's: whoever types a number cannot join its owner's group with it.
    """
    same = Q()
    for name in ("phone", "email", "address_key"):
        if value := getattr(person, name):
            same |= Q(**{f"homeowner__{name}": value})
    if not same:
        return None
    return (
        Lead.objects.exclude(phone_check=Lead.PhoneCheck.REQUIRED, phone_confirmed_at=None)
        .filter(
            same,
            test=test,
            service__trade=service.trade_id,
            group__submitted_at__gt=now - timedelta(days=policy.duplicate_days),
        )
        .order_by("-submitted_at")
        .values_list("group_id", flat=True)
        .first()
    )


def _seed(submit_key) -> int:
    """Settles ties and windows of this lead: nobody outside can guess it, a replay of the same record gets it again."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{current().slug}:{submit_key}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:7], "big")
