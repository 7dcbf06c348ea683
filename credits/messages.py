"""The notices of credits to the members of a pro, one function each (RULES 41). None names the homeowner (INVARIANTS 22)."""

from accounts.pro_notices import About, to_members
from accounts.queries import members_to_notify
from catalog.guide import dollars
from core.addresses import absolute
from credits.reasons import HOMEOWNER_STOPPED, SENTENCES
from leads.masking import nameless
from notifications import outbox
from notifications.models import Channel


def received(request, *, now) -> None:
    """It is with a person, who answers by the promised instant."""
    context = {"amount": dollars(request.match.charge.net), "promised_at": request.answer_by.isoformat()}
    _tell(request, "credit_received", context, now=now, occurrence="appeal" if request.is_appeal else "")


def granted(given, *, now) -> None:
    """The answer is yes. `given` are (request, rule, note) of one lead; one look-up of members and one promise for all of them.

    Where the homeowner stopped all contact everybody got that notice by text this instant: the credit follows by e-mail alone.
    """
    people = members_to_notify([request.match.pro_id for request, _rule, _note in given])
    notices = []
    for request, rule, note in given:
        context = {"amount": dollars(request.amount), "why": str(SENTENCES[rule]), "note": nameless(note, request.match.lead.homeowner)}
        told = to_members("credit_granted", [_about(request, context)], people=people)
        notices += [notice for notice in told if rule != HOMEOWNER_STOPPED or notice.channel == Channel.EMAIL]
    outbox.promise(notices, now=now, test=given[0][0].match.test if given else False)


def refused(request, ruling, *, now) -> None:
    """The answer is no: who says so, why, and that it may be appealed once, if it may."""
    context = {
        "by": ruling.by.name,
        "why": str(SENTENCES[ruling.rule]),
        "note": nameless(ruling.note, request.match.lead.homeowner),
        "last": ruling.is_appeal,
    }
    _tell(request, "credit_refused", context, now=now, occurrence=ruling.pk.hex)


def asked(request, ruling, *, now) -> None:
    """A person needs to know more."""
    _tell(
        request,
        "credit_question",
        {"by": ruling.by.name, "question": nameless(ruling.note, request.match.lead.homeowner)},
        now=now,
        occurrence=ruling.pk.hex,
    )


def _tell(request, kind, context, *, now, occurrence=""):
    outbox.promise(to_members(kind, [_about(request, context, occurrence)]), now=now, test=request.match.test)


def _about(request, context, occurrence="") -> About:
    match = request.match
    lead = {
        "service": match.lead.service.name,
        "place": f"{match.lead.place}, {match.lead.region}",
        "code": match.code,
        "url": absolute(f"/pro/leads/{match.pk}/"),
    }
    return About(match.pro_id, request.subject, {**lead, **context}, occurrence=occurrence)
