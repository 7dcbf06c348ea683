"""A service that is not listed (RULES 9): typed by a homeowner, looked at by staff, offered to pros, and sent once one can take it.

What the homeowner said and agreed to is kept whole, so that the request goes through the intake as if it was sent then; the consent keeps
its own time. Until then no pro learns more than the job, the ZIP and the price.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import coverage
from accounts.contact_data import visible
from accounts.models import ProArea
from billing import terms
from billing.pricing import quote
from catalog import additions
from catalog import guide as guides
from catalog.models import Service, Trade
from catalog.queries import guide_of, service_of
from core import events, sql
from core.errors import NotFound, Refusal
from core.languages import ENGLISH
from core.policy import read
from core.state import move
from leads import intake, messages
from leads.masking import masked, unnamed
from leads.models import Lead, Wish
from leads.policy import Leads, PhoneCheck, Unlisted

SOURCE = "unlisted"
SHORTEST, LONGEST, REASON_LENGTH = 3, 80, 300
KEPT = ("description", "timing", "ownership", "reach", "different_job", "way", "then_automatch")

# A pro that can be matched offers the service where the job is.
READY = """
select w.id from leads_wish w
where w.marketplace_id = %(marketplace)s and w.state = 'offered' and w.due_at > %(now)s and exists (
  select from accounts_proarea a join accounts_prostate s on s.pro_id = a.pro_id and not s.test
  where a.marketplace_id = %(marketplace)s and a.service_id = w.service_id and a.cell = w.cell and a.mask & (1::bigint << w.bit) <> 0
)
order by w.at limit 100
"""

# Who does other work of that trade there.
COULD = """
select distinct a.pro_id from accounts_proarea a join accounts_prostate s on s.pro_id = a.pro_id and not s.test
join catalog_service c on c.id = a.service_id
where a.marketplace_id = %(marketplace)s and c.trade_id = %(trade)s and a.cell = %(cell)s and a.mask & (1::bigint << %(bit)s) <> 0
order by a.pro_id
"""


class NothingNamed(Refusal):
    code = "nothing_named"
    sentence = _("Say in a few words what you need, in 3 to 80 letters.")


class NotTaken(Refusal):
    code = "unlisted_not_taken"
    sentence = _("Choose a service from the list: we take no others here.")


class AlreadyAnswered(Refusal):
    code = "wish_answered"
    sentence = _("Somebody answered this request before. Look at it again.")
    status = 409


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = _("Say why, in at most 300 letters: the homeowner reads it.")


@dataclass(frozen=True)
class Wanted:
    """What a pro may know of a request that waits for its service."""

    place: str
    zip: str
    description: str
    timing: str
    at: datetime


def ask(words, trade_code, answers: intake.Answers, *, submit_key, look_by: datetime, now: datetime, page="", ip=None) -> Wish:
    """Keep a request for what the homeowner calls `words`, of the trade they guess ("" for none), for staff to look at by `look_by`.

    The same `submit_key` answers with the first. Raises NotTaken, NothingNamed and what `intake.submit` does of the rest.
    """
    policy = read(Leads)
    if not read(Unlisted).takes:
        raise NotTaken
    with translation.override(ENGLISH):  # staff and pros read it
        named = masked(visible(words)).text
    if not SHORTEST <= len(named) <= LONGEST or not any(letter.isalpha() for letter in named):
        raise NothingNamed(fields={"words": NothingNamed.sentence})
    intake.insist(answers, policy)
    place = intake.place_of(answers)
    person = intake.person_of(answers, place, check=read(PhoneCheck).mode_of(SOURCE, test=False))
    sql.rows("select pg_advisory_xact_lock(hashtextextended(%(key)s, %(marketplace)s))", key=submit_key)
    if first := Wish.objects.filter(submit_key=submit_key).select_related("homeowner").first():
        return first
    intake.count(ip, policy, now=now)
    person.save()
    given = intake.agreed_to(answers, now=now, ip=ip, page=page)
    wish = Wish.objects.create(
        homeowner=person,
        words=named,
        trade=Trade.objects.filter(code=trade_code).first(),
        answers={name: getattr(answers, name) for name in KEPT} | {"description": intake.described(answers.description)},
        zip=place.code,
        place=place.place,
        region=place.state,
        zone=place.zone,
        cell=place.cell,
        bit=place.bit,
        submit_key=submit_key,
        consent_words=given.words,
        consent_version=given.version,
        sms_words=given.sms_words,
        ip=given.ip,
        page=given.page,
        at=now,
        look_by=look_by,
    )
    events.record("wish.received", wish.pk, now=now)
    messages.wish_received(wish, now=now)
    return wish


# What staff do


def add_to_catalogue(wish_id, *, trade, name, synonyms, like, amounts, lead_price, by, now: datetime) -> Wish:
    """Make a service of it, and tell the pros who do other work of that `trade` (a code) where the job is. `like` is the code of a service
    whose questions and price guide it takes, or "". Raises AlreadyAnswered, NotFound, ServiceExists, BadService."""
    wish = _locked(wish_id)
    kept = Trade.objects.filter(code=trade).first()
    if kept is None:
        raise additions.BadService(fields={"trade": _("Choose a trade.")})
    service = additions.add_service(
        trade=kept,
        name=name,
        synonyms=synonyms,
        like=service_of(like) if like else None,
        amounts=amounts,
        lead_price=lead_price,
        now=now,
    )
    terms.add_price(service.code, lead_price, now=now)
    due_at = now + timedelta(days=read(Unlisted).offer_days)
    move(wish, Wish.State.OFFERED, trade=kept, service=service, due_at=due_at, decided_at=now, decided_by=by)
    events.record("wish.offered", wish.pk, now=now, actor=f"staff:{by.pk}", service=service.code)
    pros = [pro for (pro,) in sql.rows(COULD, trade=kept.pk, cell=wish.cell, bit=wish.bit)]
    messages.service_wanted(wish, pros, price=price_of(service, now=now), now=now)
    return wish


def send_as(wish_id, service_code, *, by, now: datetime) -> Wish:
    """It is a service that is listed: send it as that one. Raises AlreadyAnswered, NotFound, and what the intake raises."""
    wish, service = _locked(wish_id), service_of(service_code)
    if service is None:
        raise intake.UnknownService(fields={"service": intake.UnknownService.sentence})
    wish.service, wish.decided_at, wish.decided_by = service, now, by
    _submit(wish, now)
    return wish


def refuse(wish_id, reason, *, by, now: datetime) -> Wish:
    """Do not pass it on; the homeowner reads why. Raises AlreadyAnswered, NotFound, ReasonMissing."""
    wish, why = _locked(wish_id), visible(reason)
    if not SHORTEST <= len(why) <= REASON_LENGTH:
        raise ReasonMissing(fields={"reason": ReasonMissing.sentence})
    move(wish, Wish.State.REFUSED, reason=why, ended_at=now, decided_at=now, decided_by=by)
    events.record("wish.refused", wish.pk, now=now, actor=f"staff:{by.pk}")
    messages.wish_over(wish, now=now)
    return wish


def waiting() -> list[Wish]:
    """What staff have to look at, the oldest first."""
    return list(Wish.objects.filter(state=Wish.State.WAITING).select_related("homeowner", "trade").order_by("at", "pk"))


def waiting_with(wish_id) -> Wish | None:
    """The request of this id if it waits for staff, None when somebody answered. Raises NotFound for a missing one and another's alike."""
    wish = Wish.objects.filter(pk=wish_id).select_related("homeowner", "trade").first()
    if wish is None:
        raise NotFound
    return wish if wish.state == Wish.State.WAITING else None


def answered(limit=25) -> list[Wish]:
    """What became of the others, the latest answer first."""
    rows = Wish.objects.exclude(state=Wish.State.WAITING).select_related("homeowner", "service", "lead", "decided_by")
    return list(rows.order_by("-decided_at", "-at", "-pk")[:limit])


# What homeowners do


def take_back(wish, *, now: datetime) -> None:
    """The homeowner does not want it any more. Nothing is done to one that is over; one that was sent has a page with a stop of its own."""
    wish = _locked(wish.pk, *Wish.MOVES)
    if Wish.State.WITHDRAWN in Wish.MOVES[wish.state]:
        move(wish, Wish.State.WITHDRAWN, ended_at=now, due_at=None)
        events.record("wish.withdrawn", wish.pk, now=now)


# What pros do


def wanted_by(pro, service) -> list[Wanted]:
    """The requests that wait for this service where `pro` does other work of its trade, the oldest first. Nothing of the person."""
    rows = Wish.objects.filter(state=Wish.State.OFFERED, service=service).select_related("homeowner").order_by("at", "pk")
    masks = ProArea.objects.filter(pro=pro, service__trade=service.trade_id).values_list("cell", "mask")
    covered = [(cell, mask) for cell, mask in masks]
    return [_wanted(wish) for wish in rows if any(cell == wish.cell and mask >> wish.bit & 1 for cell, mask in covered)]


def take_up(pro, service, *, by, now: datetime) -> int:
    """`pro` offers `service` from now on, where its general grounds are; returns how many waiting requests that sends. Raises NotAllowed
    for who may not raise spending, UnknownService, BadGround."""
    coverage.add(pro, service, by=by, now=now)
    mine = [wish for wish in ready(now=now) if Wish.objects.filter(pk=wish, service=service).exists()]
    return sum(send(wish, now=now) is not None for wish in mine)


def price_of(service: Service, *, now: datetime) -> int:
    """What a lead of this service costs for a usual job, in cents. Raises billing.pricing.NoPrice."""
    guide = guide_of(service, now=now)
    usual = guides.estimate(guide, guides.fill(guide.questions, {}))
    return quote(terms.in_force(now), service.code, usual.typical).price


# What time does


def ready(*, now: datetime) -> list:
    """Ids of the requests whose service a pro offers by now where the job is, the oldest first."""
    return [pk for (pk,) in sql.rows(READY, now=now)]


def send(wish_id, *, now: datetime) -> Lead | None:
    """Send one that waits for a pro through the intake. None when it no longer waits, or cannot be sent any more: then it ends."""
    wish = Wish.objects.filter(pk=wish_id, state=Wish.State.OFFERED).select_for_update(no_key=True, of=("self",)).first()
    if wish is None:
        return None
    try:
        return _submit(wish, now)
    except Refusal as refusal:  # what was right when it was asked is not any more: their number is a pro's by now
        _end(wish, refusal, now)
        return None


def end_due(*, now: datetime) -> None:
    """End those that no pro came for in time, and tell their homeowners."""
    due = Wish.objects.filter(state=Wish.State.OFFERED, due_at__lte=now).select_related("homeowner")
    for wish in due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:100]:
        _end(wish, _("No pro who does this where you are has added it."), now)


def _end(wish, why, now):
    with translation.override(wish.homeowner.language):
        reason = str(why)[:REASON_LENGTH]
    move(wish, Wish.State.ENDED, reason=reason, ended_at=now, due_at=None)
    events.record("wish.ended", wish.pk, now=now)
    messages.wish_over(wish, now=now)


def _locked(wish_id, *states) -> Wish:
    """The request, locked; AlreadyAnswered unless it is in one of `states` (waiting for staff)."""
    rows = Wish.objects.filter(pk=wish_id).select_related("homeowner")
    wish = rows.select_for_update(no_key=True, of=("self",)).first()
    if wish is None:
        raise NotFound
    if wish.state not in (states or (Wish.State.WAITING,)):
        raise AlreadyAnswered
    return wish


def _submit(wish, now) -> Lead:
    """Through the intake, with the words that were agreed to and their time. Whose phone has to be confirmed first is asked to."""
    person, guide = wish.homeowner, guide_of(wish.service, now=now)
    said = intake.Answers(
        service=wish.service.code,
        zip=wish.zip,
        name=person.name,
        phone=person.phone,
        email=person.email,
        street=person.street,
        unit=person.unit,
        answers=guides.fill(guide.questions, {}),
        agreed=True,
        agreed_sms=bool(wish.sms_words),
        **wish.answers,
    )
    given = intake.Agreement(wish.consent_words, wish.consent_version, wish.sms_words, wish.at, wish.ip, wish.page)
    with translation.override(person.language):  # staff or a pro may be sending it
        lead = intake.submit(said, submit_key=f"wish:{wish.pk}", now=now, source=SOURCE, agreement=given).lead
    decided = {"service": wish.service, "decided_at": wish.decided_at, "decided_by": wish.decided_by}
    move(wish, Wish.State.SENT, lead=lead, ended_at=now, due_at=None, **decided)
    events.record("wish.sent", wish.pk, now=now, lead=str(lead.pk))
    if lead.is_draft:
        messages.code_awaited(lead, now=now)
    return lead


def _wanted(wish) -> Wanted:
    timing = dict(Lead.Timing.choices)[wish.answers["timing"]]
    return Wanted(f"{wish.place}, {wish.region}", wish.zip, unnamed(wish.answers["description"], wish.homeowner), str(timing), wish.at)
