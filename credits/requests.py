"""Asking for a credit: what would come of it, the request itself, and the answer to a question (RULES 36-38)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, acting
from accounts.homeowners import plain_text
from accounts.rights import STAFF, Right
from core import events, sql
from core.errors import NotAllowed, Refusal, StaleState
from core.policy import read
from core.state import move
from core.tenancy import current
from credits import messages
from credits.claim import Evidence
from credits.evidence import claim_of, collect
from credits.granting import NoCredit, grant, hold, left_of
from credits.judge import Verdict, judge
from credits.models import CreditRequest, Stub
from credits.policy import Credits
from credits.promise import promised
from credits.queries import Share, granted_share, requests_of
from credits.reasons import ONLY_A_PERSON, OVERDUE
from credits.window import ClaimWindowClosed, Window, window_of
from leads.models import Match


class UnknownReason(Refusal):
    code = "unknown_reason"
    sentence = _("Choose one of the reasons.")


class AlreadyAsked(Refusal):
    code = "already_asked"
    sentence = _("A credit was already asked for on this lead. You find the request on its page.")
    status = 409


class AlreadyCredited(Refusal):
    code = "already_credited"
    sentence = _("This lead is credited already.")
    status = 409


class WordsMissing(Refusal):
    code = "words_missing"
    sentence = _("Write a sentence or two.")


@dataclass(frozen=True)
class Preview:
    """What a pro is shown before it asks. `refusal` says why it cannot ask, if it cannot; `verdict` is what the judge says of `reason`
    now, None without a reason; `share` is how requests like this one ended. Cents are what was paid, taken off, and would come back."""

    window: Window
    evidence: Evidence
    reasons: tuple[str, ...]
    reason: str
    verdict: Verdict | None
    share: Share | None
    refusal: Refusal | None
    price: int
    discounted: int
    cents: int
    promised_at: datetime
    typical_at: datetime


def preview(match, reason: str = "", *, now) -> Preview:
    """What would come of asking now for a credit of `match` for `reason` (RULES 36). Changes and locks nothing."""
    policy, evidence, charge = read(Credits), collect(match), match.charge if match.charge_id else None
    reason = reason if reason in policy.reasons else ""
    return Preview(
        window=window_of(match),
        evidence=evidence,
        reasons=tuple(policy.reasons),
        reason=reason,
        verdict=judge(claim_of(reason, evidence)) if reason else None,
        share=granted_share(reason=reason, steps=evidence.steps_done) if reason else None,
        refusal=_objection(match, received_at=_received_at(match, now=now)),
        price=charge.price if charge else 0,
        discounted=charge.discounted if charge else 0,
        cents=left_of(match),
        promised_at=_promised(now, policy.promised_days),
        typical_at=_promised(now, policy.typical_days),
    )


def stub(match, *, by, now) -> Stub:
    """Somebody of the pro phones: one click by the staff member `by` keeps the instant, and the request that follows is judged by it
    (RULES 36). A second click keeps the first instant."""
    if actor_of(by, match).role != STAFF:
        raise NotAllowed
    hold(match.pk)
    return _waiting_stub(match, now=now) or Stub.objects.create(match=match, by=by, at=now)


def submit(match, *, reason: str, words: str, by, now) -> CreditRequest:
    """Ask for a credit of `match`: by a member of its pro, or by staff on the pro's behalf. What evidence proves is granted at once, in
    the same transaction; everything else waits for a person. The same request again has no second effect.

    Raises NotAllowed, UnknownReason, NoCredit, AlreadyAsked, AlreadyCredited or ClaimWindowClosed.
    """
    actor, policy = actor_of(by, match), read(Credits)
    if reason not in policy.reasons:
        raise UnknownReason(fields={"reason": UnknownReason.sentence})
    words = plain_text(words)[: policy.words_max]
    match = hold(match.pk)
    if twin := _same(match, reason, words, actor):
        return twin
    received_at = _received_at(match, now=now)
    if objection := _objection(match, received_at=received_at):
        raise objection
    request = CreditRequest.objects.create(
        match=match,
        reason=reason,
        words=words,
        filed_by=actor.name,
        received_at=received_at,
        promised_at=_promised(now, policy.promised_days),  # of a phoned claim too: until now there was nothing to answer
    )
    told = {"request": str(request.pk), "reason": reason}
    events.record("credit.requested", match.pk, now=now, actor=actor.name, test=match.test, **told)
    if not consider(request, now=now):
        messages.received(request, now=now)
    return request


def answer(request, *, words: str, by, now) -> CreditRequest:
    """The pro answers our question; a person looks at it again. The promise runs on as before (INVARIANTS 15). The same answer again
    has no second effect. Raises NotAllowed, WordsMissing, or StaleState when nothing is asked any more."""
    actor = actor_of(by, request.match)
    words = said(words)
    match = hold(request.match_id)
    request = current_state(request, match)
    if request.answer == words and request.state != CreditRequest.State.ASKED:
        return request
    if request.state != CreditRequest.State.ASKED:
        raise StaleState
    move(request, CreditRequest.State.OPEN, answer=words, answered_at=now, due_at=now)
    events.record("credit.answered", match.pk, now=now, actor=actor.name, test=match.test, request=str(request.pk))
    return request


def consider(request, *, now) -> bool:
    """Judge an undecided request of a held match anew. True when code granted it, because evidence proves it, or because it is overdue
    and small enough (RULES 39); otherwise a person decides, and it is looked at again later: evidence is collected until then."""
    policy, match = read(Credits), request.match
    evidence = collect(match, request)
    verdict = judge(claim_of(request.reason, evidence))
    if verdict.grant and left_of(match):
        grant(request, rule=verdict.rule, evidence=evidence, now=now)
        return True
    if verdict.rule not in ONLY_A_PERSON and _is_overdue(request, policy, now):
        grant(request, rule=OVERDUE, evidence=evidence, now=now)
        return True
    due_at = now + timedelta(seconds=policy.look_seconds)
    if now <= request.answer_by:
        due_at = min(due_at, request.answer_by + timedelta(microseconds=1))
    sql.update(request, rule=verdict.rule, due_at=due_at, lease_until=None)
    return False


def look_again(request_id, *, now) -> bool:
    """Consider an undecided request whose time has come; True when it was granted. One that was decided meanwhile stays as it is."""
    waiting = CreditRequest.objects.filter(pk=request_id, due_at__lte=now).first()
    if waiting is None:
        return False
    request = current_state(waiting, hold(waiting.match_id))
    return request.is_undecided and consider(request, now=now)


def _is_overdue(request, policy, now) -> bool:
    """The answer is late through us: nothing is asked of the pro, and no answer of its own came too late."""
    late = request.state == CreditRequest.State.OPEN and now > request.answer_by and not request.kept_waiting
    return late and 0 < left_of(request.match) < policy.overdue_grant_below


def current_state(request, match) -> CreditRequest:
    """The request as it is now that its match is held."""
    request = CreditRequest.objects.get(pk=request.pk)
    request.match = match
    return request


def said(words) -> str:
    """Words that must be there, without what no person types. Raises WordsMissing."""
    words = plain_text(words)[: read(Credits).words_max]
    if not words:
        raise WordsMissing(fields={"words": WordsMissing.sentence})
    return words


def promised_from(now) -> datetime:
    """The last instant of an answer that is promised now."""
    return _promised(now, read(Credits).promised_days)


def _promised(now, days):
    return promised(now, days=days, zone=current().zone, country=read(Credits).holidays)


def actor_of(by, match) -> Actor:
    """Who asks for the pro of `match`: a member who may open leads, or staff on the pro's behalf. Raises NotAllowed."""
    actor = acting(by, match.pro)
    if actor.role != STAFF:
        actor.require(Right.OPEN_LEADS)
    return actor


def _received_at(match, *, now) -> datetime:
    """When the claim came in: now, or when somebody phoned about it."""
    phoned = _waiting_stub(match, now=now)
    return phoned.at if phoned else now


def _waiting_stub(match, *, now) -> Stub | None:
    since = now - timedelta(seconds=read(Credits).stub_seconds)
    return Stub.objects.filter(match=match.pk, at__gte=since).order_by("at").first()


def _same(match, reason, words, actor) -> CreditRequest | None:
    """The request that this one repeats: a second click, whatever became of the first but a refusal."""
    same = CreditRequest.objects.filter(match=match, reason=reason, words=words, filed_by=actor.name)
    found = same.exclude(state=CreditRequest.State.REFUSED).first()
    if found:
        found.match = match
    return found


def _objection(match, *, received_at) -> Refusal | None:
    """Why no credit can be asked for on this match, if so."""
    requests = list(requests_of(match))
    if match.state == Match.State.CREDITED or any(each.state == CreditRequest.State.GRANTED for each in requests):
        return AlreadyCredited()
    if requests:
        return AlreadyAsked()
    if match.test or not left_of(match):
        return NoCredit()
    window = window_of(match)
    return None if window.holds(received_at) else ClaimWindowClosed()
