"""A person decides: grants, refuses, asks, and hears appeals (RULES 38, 39). Code only grants; a refusal carries a name and a reason."""

from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.homeowners import plain_text
from accounts.models import User
from accounts.rights import STAFF
from core import events
from core.errors import NotAllowed, Refusal, StaleState
from core.policy import read
from core.state import move
from credits import messages
from credits.claim import freeze
from credits.evidence import collect
from credits.granting import grant, hold, rule_on
from credits.models import CreditRequest, Ruling
from credits.policy import Credits
from credits.reasons import REFUSING, granting
from credits.requests import AlreadyCredited, actor_of, consider, current_state, promised_from, said
from leads.models import Match


class OwnPro(Refusal):
    code = "own_pro"
    sentence = _("You manage this pro’s account. Somebody else decides.")
    status = 403


class OwnDecision(Refusal):
    code = "own_decision"
    sentence = _("You decided this request. Somebody else hears the appeal.")
    status = 403


class NeedsOwner(Refusal):
    code = "needs_owner"
    sentence = _("Nobody else can decide here. You may grant; only the marketplace’s owner may refuse.")
    status = 403


class AlreadyDecided(StaleState):
    code = "already_decided"
    sentence = _("This request is decided already.")


class AppealUsed(Refusal):
    code = "appeal_used"
    sentence = _("This request was appealed once already. That decision stands.")
    status = 409


class UnknownRule(Refusal):
    code = "unknown_rule"
    sentence = _("Choose one of the rules.")


class NoteMissing(Refusal):
    code = "note_missing"
    sentence = _("Write what the pro will read: a refusal is explained.")


def decide(request, *, verdict: str, rule: str, note: str = "", by: User, now) -> CreditRequest:
    """Grant or refuse an undecided request by the decision of the staff member `by`; exactly one decision comes of two at once.

    Raises NotAllowed, AlreadyDecided, UnknownRule, NoteMissing for a refusal without words, and what `objection` finds; NoCredit when a
    grant has nothing left to give back.
    """
    match = hold(request.match_id)
    request = current_state(request, match)
    _staff(by, match)
    if not request.is_undecided:
        raise AlreadyDecided
    if found := objection(request, verdict=verdict, by=by):
        raise found
    note = _checked(verdict, rule, note)
    evidence = collect(match, request)
    if verdict == Ruling.Verdict.GRANT:
        grant(request, rule=rule, evidence=evidence, by=by, note=note, now=now)
        return request
    move(request, CreditRequest.State.REFUSED, decided_at=now, due_at=None)
    ruling = rule_on(request, verdict, rule=rule, kept=freeze(evidence), steps=evidence.steps_done, by=by, note=note, now=now)
    messages.refused(request, ruling, now=now)
    return request


def ask(request, *, question: str, by: User, now) -> CreditRequest:
    """Ask the pro something by e-mail and text. The promise runs on as before. Who may not decide may not ask.

    Raises NotAllowed, WordsMissing, AlreadyDecided, what `objection` finds, and StaleState while an earlier question waits.
    """
    match = hold(request.match_id)
    request = current_state(request, match)
    _staff(by, match)
    if not request.is_undecided:
        raise AlreadyDecided
    if found := objection(request, verdict=Ruling.Verdict.ASK, by=by):
        raise found
    question, evidence = said(question), collect(match, request)
    move(request, CreditRequest.State.ASKED, question=question, asked_at=now)
    ruling = rule_on(request, Ruling.Verdict.ASK, kept=freeze(evidence), steps=evidence.steps_done, by=by, note=question, now=now)
    messages.asked(request, ruling, now=now)
    return request


def appeal(request, *, words: str, by, now) -> CreditRequest:
    """The pro does not accept a refusal: somebody else hears it, with a promise of its own. Once for each request (RULES 38).

    By a member of the pro, or by staff on its behalf, but not by who refused. What evidence proves by now is granted at once. Raises
    NotAllowed, WordsMissing, AppealUsed, OwnDecision, AlreadyCredited, or StaleState for a request that was not refused.
    """
    actor = actor_of(by, request.match)
    words = said(words)
    match = hold(request.match_id)
    request = current_state(request, match)
    if request.is_appeal:
        if request.is_undecided and request.appeal_words == words:
            return request  # a second click
        raise AppealUsed
    if request.state != CreditRequest.State.REFUSED:
        raise StaleState
    if match.state == Match.State.CREDITED or CreditRequest.objects.filter(match=match, state=CreditRequest.State.GRANTED).exists():
        raise AlreadyCredited
    if actor.role == STAFF and _decided_first(request) == by.pk:
        raise OwnDecision
    move(
        request,
        CreditRequest.State.OPEN,
        decided_at=None,
        appealed_at=now,
        appealed_by=actor.name,
        appeal_words=words,
        appeal_promised_at=promised_from(now),
        due_at=now,
    )
    events.record("credit.appealed", match.pk, now=now, actor=actor.name, test=match.test, request=str(request.pk))
    if not consider(request, now=now):
        messages.received(request, now=now)
    return request


def objection(request, *, verdict: str, by: User) -> Refusal | None:
    """Why `by` may not decide so, if so: OwnDecision, OwnPro or NeedsOwner (RULES 39).

    Nobody hears an appeal of the own decision. Nobody decides about a pro whose account it manages, as long as anybody else may; if
    nobody else may, it may grant. There, and where it is the only member of staff, only the marketplace's owner refuses.
    """
    first = _decided_first(request)
    if first == by.pk:
        return OwnDecision()
    others = set(User.objects.filter(is_staff=True, is_active=True).exclude(pk=by.pk).values_list("pk", flat=True))
    manager = request.match.pro.account_manager_id
    if manager == by.pk and others - {first}:
        return OwnPro()
    if verdict == Ruling.Verdict.REFUSE and (manager == by.pk or not others) and not by.owns_marketplace:
        return NeedsOwner()
    return None


def rules_of(verdict: str) -> tuple:
    """The rules a person may name for a grant or a refusal."""
    return granting(read(Credits)) if verdict == Ruling.Verdict.GRANT else REFUSING


def _checked(verdict, rule, note) -> str:
    if verdict not in Ruling.DECISIONS or rule not in rules_of(verdict):
        raise UnknownRule(fields={"rule": UnknownRule.sentence})
    note = plain_text(note)[: read(Credits).words_max]
    if verdict == Ruling.Verdict.REFUSE and not note:
        raise NoteMissing(fields={"note": NoteMissing.sentence})
    return note


def _decided_first(request) -> int | None:
    """Who refused the request that is appealed, or that could be."""
    refused = request.rulings.filter(verdict=Ruling.Verdict.REFUSE, is_appeal=False)
    return refused.values_list("by", flat=True).first()


def _staff(by, match):
    """Raises NotAllowed unless `by` works for the marketplace at this instant."""
    if not isinstance(by, User):
        raise NotAllowed
    acting(by, match.pro)
