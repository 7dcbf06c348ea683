"""The notices of a lead's life, one function each. What a pro is told never names the homeowner (INVARIANTS 22, 32)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import translation

from accounts.contact_data import shown_phone
from accounts.models import Pro
from accounts.pro_notices import About, to_members
from accounts.queries import members_to_notify
from catalog.guide import dollars
from catalog.words import local
from core import sql
from core.addresses import absolute
from core.policy import read
from leads import links
from leads.models import ConsentName, LeadType
from leads.policy import Leads
from notifications import outbox
from notifications.models import Channel
from notifications.outbox import Notice


@dataclass(frozen=True)
class Sold:
    """What one seat did to its pro's budget: cents spent `before` it in the running period, its price, the cap (None: no cap)."""

    pro_id: int
    budget: int | None
    before: int
    price: int
    period: int

    @property
    def spent(self) -> int:
        return self.before + self.price

    @property
    def notice(self) -> str:
        """The notice this seat is the reason for, if any (RULES 2: e-mail and SMS at 75 %, paused at the cap)."""
        if not self.budget:
            return ""
        if self.budget - self.spent < self.price:
            return "budget_used"
        return "budget_75" if self.before * 4 < self.budget * 3 <= self.spent * 4 else ""


def received(lead, *, now) -> None:
    """The answer to what the homeowner just did: we have it, and here is your page."""
    context = {"service": lead.service.name, "url": links.page(lead)}
    outbox.promise(_to_homeowner(lead, "request_received", context), now=now, test=lead.test)


def phone_code(lead, code, *, minutes, occurrence, now) -> None:
    """The text with the code, the answer to who asked for it: it needs no consent to texts and no waking hours. Codes that were not sent
    yet are not sent any more."""
    outbox.cancel(subjects=[lead.pk], kinds=("phone_code",), reason="replaced", now=now)
    notice = Notice(
        kind="phone_code",
        subject=str(lead.pk),
        recipient=f"lead:{lead.pk}",
        channel=Channel.SMS,
        address=lead.homeowner.phone,
        context={"code": code, "minutes": minutes, "until_at": (now + timedelta(minutes=minutes)).isoformat()},
        zone=lead.zone,
        language=lead.homeowner.language,
        occurrence=occurrence,
    )
    outbox.promise([notice], now=now, test=lead.test)


def code_awaited(lead, *, now) -> None:
    """A request came to be while its homeowner was away, and waits for the code."""
    context = {"service": lead.service.name, "until_at": lead.confirm_by.isoformat(), "url": f"{links.page(lead)}code/"}
    outbox.promise(_to_homeowner(lead, "code_awaited", context, respects_quiet_hours=True), now=now, test=lead.test)


def wish_received(wish, *, now) -> None:
    """The answer to who asked for a service that is not listed: a person looks at it, and until when."""
    context = {"service": wish.words, "by_at": wish.look_by.isoformat(), "url": links.wish_page(wish)}
    outbox.promise(_to_wisher(wish, "wish_received", context), now=now)


def wish_over(wish, *, now) -> None:
    """It ended without pros, and why: the words of staff, or that no pro came."""
    context = {"service": wish.words, "why": wish.reason, "url": links.wish_page(wish)}
    outbox.promise(_to_wisher(wish, "wish_over", context, respects_quiet_hours=True), now=now)


def service_wanted(wish, pro_ids, *, price, now) -> None:
    """Pros of the trade learn that a homeowner waits for a service they could add. Nothing of the person."""
    context = {
        "service": wish.service.name,
        "place": f"{wish.place}, {wish.region}",
        "zip": wish.zip,
        "price": dollars(price),
        "url": absolute(f"/pro/services/{wish.service.code}/add/"),
    }
    outbox.promise(to_members("service_wanted", [About(pro_id, wish.pk, context) for pro_id in pro_ids]), now=now)


def remind_to_choose(lead, *, now) -> None:
    """The one reminder of whoever wanted to choose and has not (RULES 14). `then_automatch` says what comes if they do not."""
    context = {
        "service": lead.service.name,
        "until_at": lead.choice_ends_at.isoformat(),
        "then_automatch": lead.automatch_from is not None,
        "url": f"{links.page(lead)}choose/",
    }
    outbox.promise(_to_homeowner(lead, "choose_reminder", context), now=now, test=lead.test)


def review_asked(lead, *, now) -> None:
    """The one question of a request: how did it go with the pros (leads.reviews)?"""
    context = {"service": lead.service.name, "url": f"{links.page(lead)}review/"}
    outbox.promise(_to_homeowner(lead, "review_asked", context, respects_quiet_hours=True), now=now, test=lead.test)


def review_written(match, review, *, now) -> None:
    """The members of the pro learn that a homeowner reviewed it. The homeowner is not named: the lead says what may be known."""
    outbox.promise(to_members("review_written", [_about(match, match.lead, stars=review.stars)]), now=now, test=match.test)


def seated(lead, matches, sold, lines, *, now) -> None:
    """Introduction before the ring (RULES 21): the homeowner learns the names, the consent keeps them, the pros learn of the lead,
    and of their budgets (`sold`). One look-up of members and one promise for everybody."""
    people = members_to_notify([match.pro_id for match in matches])
    names = {person.pro_id: person.pro_name for person in people}
    missing = [match.pro_id for match in matches if match.pro_id not in names]
    if missing:
        names |= dict(Pro.objects.filter(pk__in=missing).values_list("pk", "name"))
    sql.insert(ConsentName(consent=lead.consent, match=match, name=names[match.pro_id], at=now) for match in matches)
    answering = now - lead.submitted_at <= timedelta(seconds=read(Leads).answer_seconds)
    introduction = {
        "service": lead.service.name,
        "pros": [names[match.pro_id] for match in matches],
        "number": shown_phone(lines[matches[0].pk].number),
        "url": links.page(lead),
    }
    # A seat that was freed is sold again: its number would not tell the two introductions apart.
    notices = _to_homeowner(lead, "introduction", introduction, occurrence=matches[0].pk.hex, respects_quiet_hours=not answering)
    told = [
        _about(match, lead, zip=lead.zip, lead_type=str(LeadType(match.lead_type).label), price=dollars(match.price)) for match in matches
    ]
    notices += to_members("new_lead", told, people=people)
    outbox.promise(notices + _budget_notices(sold, people), now=now, test=lead.test)


def offered(lead, offers, *, now) -> None:
    """Each pro learns of its offer when it may accept, not before: everybody of a tier at the same instant (RULES 15). Whoever the
    homeowner picked reads that (RULES 42)."""
    told = [
        About(
            offer.pro_id,
            offer.pk,
            {
                **_job(lead),
                "zip": lead.zip,
                "estimate": dollars(offer.estimate),
                "price": dollars(offer.price),
                "until_at": offer.expires_at.isoformat(),
                "chosen": offer.personal,
                "url": _offer_page(offer),
            },
            occurrence=str(offer.round) if offer.round > 1 else "",
            due_at=offer.opens_at,
        )
        for offer in offers
    ]
    outbox.promise(to_members("new_offer", told), now=now, test=lead.test)


def not_drawn(lead, offers, why, *, now) -> None:
    """Each pro of these offers was in the draw and has no seat: nothing was charged, and `why`, {offer id: sentence}."""
    told = [
        About(
            offer.pro_id,
            f"draw:{offer.pk}",
            {**_job(lead), "zip": lead.zip, "price": dollars(offer.price), "why": why[offer.pk], "url": _offer_page(offer)},
        )
        for offer in offers
    ]
    outbox.promise(to_members("not_drawn", told), now=now, test=lead.test)


def pick_not_taken(lead, pro_name, *, occurrence, now) -> None:
    """A pro that was picked cannot take the request: nothing was given to it, and its seat is free again (RULES 2)."""
    context = {"service": lead.service.name, "pro": pro_name, "url": f"{links.page(lead)}choose/"}
    notices = _to_homeowner(lead, "pick_not_taken", context, occurrence=occurrence, respects_quiet_hours=True)
    outbox.promise(notices, now=now, test=lead.test)


def given_back(lead, pro_name: str, match_id, *, now) -> None:
    """The homeowner, who was told that this pro has the details, learns that it has them no more (RULES 15, 21)."""
    context = {"service": lead.service.name, "pro": pro_name, "url": links.page(lead)}
    notices = _to_homeowner(lead, "seat_given_back", context, occurrence=match_id.hex, respects_quiet_hours=True)
    outbox.promise(notices, now=now, test=lead.test)


def withdrawn(lead, stopped, offers=(), *, now) -> None:
    """All contact stopped: what was not sent is not sent (of its `offers` neither, which are ids), the homeowner gets the proof, each
    stopped pro the one sentence."""
    outbox.cancel(subjects=[lead.pk, *(match.pk for match in stopped), *offers], reason="withdrawn", now=now)
    context = {"service": lead.service.name, "at": now.isoformat(), "url": links.page(lead)}
    notices = _to_homeowner(lead, "request_withdrawn", context)
    notices += to_members("lead_withdrawn", [_about(match, lead) for match in stopped])
    outbox.promise(notices, now=now, test=lead.test)


def stopped(match, *, now) -> None:
    """The homeowner stopped this one pro: it reads what everybody reads who is stopped, and nothing else goes to it."""
    outbox.cancel(subjects=[match.pk], reason="withdrawn", now=now)
    outbox.promise(to_members("lead_withdrawn", [_about(match, match.lead)]), now=now, test=match.test)


def warned(matches, *, until, now) -> None:
    """These pros have not called: from `until` (by match) on the homeowner may replace each (RULES 16). One look-up of members and one
    promise for each kind of traffic."""
    people = members_to_notify({match.pro_id for match in matches}) if matches else []
    for test in (False, True):
        told = [_about(match, match.lead, until_at=until[match.pk].isoformat()) for match in matches if match.test == test]
        if told:
            outbox.promise(to_members("no_attempt", told, people=people), now=now, test=test)


def replaced(match, *, now) -> None:
    """The pro never called, and was replaced: it reads why, and what was not sent yet is not sent."""
    outbox.cancel(subjects=[match.pk], reason="replaced", now=now)
    outbox.promise(to_members("lead_replaced", [_about(match, match.lead)]), now=now, test=match.test)


def revealed(match, what, *, now) -> None:
    """The homeowner shows this pro something more. What it is stands on the pro's page and in no notice (INVARIANTS 22)."""
    told = _about(match, match.lead, occurrence=what.value, what=str(what))
    outbox.promise(to_members("details_shared", [told]), now=now, test=match.test)


def hired(lead, matches, *, hired, now) -> None:
    """How the homeowner decided: the pro of the match `hired` learns that it was hired, the others that they were not; by name nobody
    else (None: nobody of them was). `lead.hired_at` tells two answers apart."""
    others = "nobody" if lead.hired == lead.Hired.NOBODY else "another"
    occurrence = lead.hired_at.isoformat()
    told = [_about(match, lead, occurrence=occurrence, decision="you" if match.pk == hired else others) for match in matches]
    outbox.promise(to_members("homeowner_decided", told), now=now, test=lead.test)


def somebody_can(lead, *, now) -> None:
    """Whoever waited on the list learns that there is a pro now (leads.waiting)."""
    context = {"service": lead.service.name, "zip": lead.zip, "url": f"{links.page(lead)}again/"}
    notices = _to_homeowner(lead, "somebody_can", context, occurrence=now.date().isoformat(), respects_quiet_hours=True)
    outbox.promise(notices, now=now, test=lead.test)


def _budget_notices(sold, people) -> list[Notice]:
    """A pro learns when this lead took it past 75 % of its budget, or left less than such a lead costs; once a period."""
    notices = []
    for one in sold:
        if one.notice:
            context = {"budget": dollars(one.budget), "spent": dollars(one.spent), "url": absolute("/pro/billing/")}
            about = About(one.pro_id, f"pro:{one.pro_id}", context, occurrence=f"period {one.period}")
            notices += to_members(one.notice, [about], people=people)
    return notices


def _offer_page(offer) -> str:
    return absolute(f"/pro/offers/{offer.pk}/")


def _about(match, lead, *, occurrence="", **more) -> About:
    """What the pro of a match is told about it: service, place and code name it, nothing names the homeowner."""
    context = {**_job(lead), "code": match.code, "url": absolute(f"/pro/leads/{match.pk}/"), **more}
    return About(match.pro_id, match.pk, context, occurrence=occurrence)


def _job(lead) -> dict:
    return {"service": lead.service.name, "place": f"{lead.place}, {lead.region}"}


def _to_homeowner(lead, kind, context, **options) -> list[Notice]:
    """By e-mail, and by text where that was agreed to, in the homeowner's language."""
    person = lead.homeowner
    with translation.override(person.language):
        said = context | {"service": local(lead.service.name)}
    common = {
        "kind": kind,
        "subject": str(lead.pk),
        "recipient": f"lead:{lead.pk}",
        "context": said,
        "zone": lead.zone,
        "language": person.language,
        **options,
    }
    notices = [Notice(channel=Channel.EMAIL, address=person.email, **common)] if person.email else []
    if person.phone and lead.consent.sms and not lead.is_unconfirmed:
        notices.append(Notice(channel=Channel.SMS, address=person.phone, **common))
    return notices


def _to_wisher(wish, kind, context, **options) -> list[Notice]:
    """By e-mail, which every such request has, in the homeowner's language."""
    person = wish.homeowner
    about = {"subject": str(wish.pk), "recipient": f"wish:{wish.pk}", "context": context, "zone": wish.zone, "language": person.language}
    return [Notice(kind=kind, channel=Channel.EMAIL, address=person.email, **about, **options)]
