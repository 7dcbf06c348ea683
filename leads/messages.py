"""The notices of a lead's life, one function each. What a pro is told never names the homeowner (INVARIANTS 22, 32)."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.contact_data import shown_phone
from accounts.models import Pro
from accounts.queries import members_to_notify
from catalog.guide import dollars
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
    # A seat that was freed is sold again: its number alone would not tell the two introductions apart.
    first = matches[0]
    seat = first.pk.hex if first.lead_type == LeadType.OPT_IN else str(first.slot)
    notices = _to_homeowner(lead, "introduction", introduction, occurrence=seat, respects_quiet_hours=not answering)
    by_pro = {match.pro_id: match for match in matches}
    for person in people:
        match = by_pro[person.pro_id]
        context = {
            "pro": person.pro_name,
            "service": lead.service.name,
            "place": f"{lead.place}, {lead.region}",
            "zip": lead.zip,
            "lead_type": str(LeadType(match.lead_type).label),
            "price": dollars(match.price),
            "url": _lead_page(match),
            "code": match.code,
        }
        notices += _to_member(person, "new_lead", str(match.pk), context)
    outbox.promise(notices + _budget_notices(sold, people), now=now, test=lead.test)


def offered(lead, offers, *, now) -> None:
    """Each pro learns of its offer when it may accept, not before: everybody of a tier at the same instant (RULES 15)."""
    by_pro = {offer.pro_id: offer for offer in offers}
    notices = []
    for person in members_to_notify(list(by_pro)):
        offer = by_pro[person.pro_id]
        context = {
            "pro": person.pro_name,
            "service": lead.service.name,
            "place": f"{lead.place}, {lead.region}",
            "zip": lead.zip,
            "estimate": dollars(offer.estimate),
            "price": dollars(offer.price),
            "until_at": offer.expires_at.isoformat(),
            "url": absolute(f"/pro/offers/{offer.pk}/"),
        }
        again = str(offer.round) if offer.round > 1 else ""
        notices += _to_member(person, "new_offer", str(offer.pk), context, occurrence=again, due_at=offer.opens_at)
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
    by_pro = {match.pro_id: match for match in stopped}
    for person in members_to_notify(list(by_pro)):
        match = by_pro[person.pro_id]
        context = {
            "pro": person.pro_name,
            "service": lead.service.name,
            "place": f"{lead.place}, {lead.region}",
            "code": match.code,
            "url": _lead_page(match),
        }
        notices += _to_member(person, "lead_withdrawn", str(match.pk), context)
    outbox.promise(notices, now=now, test=lead.test)


def _budget_notices(sold, people) -> list[Notice]:
    """A pro learns when this lead took it past 75 % of its budget, or left less than such a lead costs; once a period."""
    crossed = {one.pro_id: one for one in sold if one.notice}
    notices = []
    for person in people:
        if one := crossed.get(person.pro_id):
            context = {
                "pro": person.pro_name,
                "budget": dollars(one.budget),
                "spent": dollars(one.spent),
                "url": absolute("/pro/billing/"),
            }
            notices += _to_member(person, one.notice, f"pro:{one.pro_id}", context, occurrence=f"period {one.period}")
    return notices


def _lead_page(match) -> str:
    return absolute(f"/pro/leads/{match.pk}/")


def _to_homeowner(lead, kind, context, **options) -> list[Notice]:
    """By e-mail, and by text where that was agreed to."""
    person = lead.homeowner
    common = {"kind": kind, "subject": str(lead.pk), "recipient": f"lead:{lead.pk}", "context": context, "zone": lead.zone, **options}
    notices = [Notice(channel=Channel.EMAIL, address=person.email, **common)] if person.email else []
    if person.phone and lead.consent.sms:
        notices.append(Notice(channel=Channel.SMS, address=person.phone, **common))
    return notices


def _to_member(person, kind, subject, context, **options) -> list[Notice]:
    common = {
        "kind": kind,
        "subject": subject,
        "recipient": f"member:{person.member_id}",
        "context": context,
        "zone": person.zone,
        **options,
    }
    ways = [(Channel.EMAIL, person.email), (Channel.SMS, person.phone)]
    return [Notice(channel=channel, address=address, **common) for channel, address in ways if address]
