"""The notices of a lead's life, one function each. What a pro is told never names the homeowner (INVARIANTS 22, 32)."""

from datetime import timedelta

from accounts.queries import members_to_notify
from catalog.guide import dollars
from core.addresses import absolute
from core.policy import read
from leads import links
from leads.models import ConsentName, LeadType
from leads.policy import Leads
from notifications import outbox
from notifications.models import Channel
from notifications.outbox import Notice


def received(lead, *, now) -> None:
    """The answer to what the homeowner just did: we have it, and here is your page."""
    context = {"service": lead.service.name, "url": links.page(lead)}
    outbox.promise(_to_homeowner(lead, "request_received", context), now=now, test=lead.test)


def seated(lead, matches, *, price, now) -> None:
    """Introduction before the ring (RULES 21): the homeowner learns the names, the consent keeps them, the pros learn of the lead."""
    people = members_to_notify([match.pro_id for match in matches])
    names = {person.pro_id: person.pro_name for person in people}
    missing = [match.pro_id for match in matches if match.pro_id not in names]
    if missing:
        names |= dict(type(matches[0]).pro.field.related_model.objects.filter(pk__in=missing).values_list("pk", "name"))
    ConsentName.objects.bulk_create(
        ConsentName(consent=lead.consent, match=match, name=names[match.pro_id], at=now) for match in matches
    )
    answering = now - lead.submitted_at <= timedelta(seconds=read(Leads).answer_seconds)
    introduction = {"service": lead.service.name, "pros": [names[match.pro_id] for match in matches], "url": links.page(lead)}
    notices = _to_homeowner(
        lead, "introduction", introduction, occurrence=str(matches[0].slot), respects_quiet_hours=not answering
    )
    by_pro = {match.pro_id: match for match in matches}
    for person in people:
        match = by_pro[person.pro_id]
        context = {
            "pro": person.pro_name,
            "service": lead.service.name,
            "place": f"{lead.place}, {lead.region}",
            "zip": lead.zip,
            "lead_type": str(LeadType(match.lead_type).label),
            "price": dollars(price),
            "url": _lead_page(match),
            "code": match.code,
        }
        notices += _to_member(person, "new_lead", str(match.pk), context)
    outbox.promise(notices, now=now, test=lead.test)


def withdrawn(lead, stopped, leads, *, now) -> None:
    """All contact stopped: what was not sent is not sent, the homeowner gets the proof, each stopped pro the one sentence."""
    for subject in [*(each.pk for each in leads), *(match.pk for match in stopped)]:
        outbox.cancel(subject=subject, reason="withdrawn", now=now)
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


def budgets(sales, *, now) -> None:
    """Tell a pro when this lead took it past 75 % of its budget, or left less than such a lead costs; once a period.

    `sales` are (state, counters before this lead, price) of each winner.
    """
    crossed = {}
    for state, before, price in sales:
        if not state.budget:
            continue
        spent = before.spent + price
        if state.budget - spent < price:
            crossed[state.pro_id] = ("budget_used", state, spent, before.period)
        elif before.spent * 4 < state.budget * 3 <= spent * 4:
            crossed[state.pro_id] = ("budget_75", state, spent, before.period)
    if not crossed:
        return
    notices = []
    for person in members_to_notify(list(crossed)):
        kind, state, spent, period = crossed[person.pro_id]
        context = {
            "pro": person.pro_name,
            "budget": dollars(state.budget),
            "spent": dollars(spent),
            "url": absolute("/pro/billing/"),
        }
        notices += _to_member(person, kind, f"pro:{person.pro_id}", context, occurrence=f"period {period}")
    outbox.promise(notices, now=now)


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
