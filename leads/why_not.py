"""Why not me: one pro's checks in a kept decision, the smallest change that would have let it pass, and what it can be told. Pure.

Only what follows from the stored values is said, and what the same decision comes to with that single value changed. The sentence
for the pro names no other pro, none of their figures, and no homeowner.
"""

from dataclasses import dataclass
from datetime import time

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.availability import weekdays_in_words
from catalog.guide import dollars
from leads.decision import OFFERED, RANKED_LOWER, rules_of
from leads.models import LeadType
from leads.receipt import ORDER, Receipt, Standing
from leads.verdicts import check_in_words, day_in_words, in_words, last_day_in_words, rule_in_words

DAY = 1440  # minutes


@dataclass(frozen=True)
class Change:
    """The smallest change of one value with which the failed rule is passed: the candidate's new `values`, and in `words` a noun."""

    words: str
    values: dict


@dataclass(frozen=True)
class Answer:
    """`passed` and `not_asked` are rules in words, `failed` is (the rule, the two values compared). `result` says what became of an
    eligible pro; `change` what would have let another one pass, `then` what would have come of it, well or not (`helps`).
    `sentence` is for the pro to read, empty where it has a seat."""

    standing: Standing
    passed: tuple[str, ...]
    failed: tuple[str, str] | None
    not_asked: tuple[str, ...]
    result: str
    change: str
    then: str
    helps: bool
    sentence: str


def why_not(receipt: Receipt, standing: Standing, *, when: str) -> Answer:
    """The answer for one candidate of a decision that was made `when`, in words as the pro's clock showed it."""
    asked = rules_of(receipt.request, standing.candidate)
    at = asked.index(standing.code) if standing.code in asked else len(asked)
    words = [rule_in_words(code, receipt.request) for code in asked]
    change = smallest_change(receipt.request, standing)
    then = receipt.with_change(standing.pro, **change.values) if change else None
    return Answer(
        standing=standing,
        passed=tuple(words[:at]),
        failed=(words[at], capfirst(in_words(standing.verdict))) if at < len(asked) else None,
        not_asked=tuple(words[at + 1 :]),
        result=_result(receipt, standing),
        change=_("With %(change)s it would have passed this rule.") % {"change": change.words} if change else "",
        then=_then(receipt, then) if then else "",
        helps=bool(then and then.seated),
        sentence="" if standing.seated else " ".join([_opening(when), *_reasons(receipt, standing, change, then)]),
    )


def not_looked_at(*, when: str) -> str:
    """The sentence for a pro that was not among the candidates."""
    return " ".join([_opening(when), _("You were not among the pros looked at: they offer the service in that ZIP code, and where there "
                                       "are very many, each request looks at a part of them in turn.")])  # fmt: skip


def smallest_change(request, standing: Standing) -> Change | None:
    """What had to be otherwise for the rule that failed; None where no setting of the pro, and nobody's decision, could change it."""
    make = CHANGES.get(standing.code)
    return make(request, standing.candidate) if make else None


def _hours(request, one):
    """Receiving hours that begin earlier or end later, whichever is less; they may cross midnight."""
    earlier, later = (one.opens - one.minute) % DAY, (one.minute + 1 - one.closes) % DAY
    if earlier <= later:
        return Change(_("receiving hours from %(time)s") % {"time": clock(one.minute)}, {"opens": one.minute})
    closes = (one.minute + 1) % DAY
    return Change(_("receiving hours until %(time)s") % {"time": clock(closes)}, {"closes": closes})


def _budget(request, one):
    more = one.spent + one.reserved + request.price - one.budget
    return Change(_("%(more)s more budget left") % {"more": dollars(more)}, {"budget": one.budget + more})


def _cap(words, cap, count):
    def change(request, one):
        most = getattr(one, count) + 1
        return Change(str(words) % {"most": most, "cap": getattr(one, cap)}, {cap: most})

    return change


def _job(words, limit):
    def change(request, one):
        said = {"new": dollars(request.estimate), "old": dollars(getattr(one, limit))}
        return Change(str(words) % said, {limit: request.estimate})

    return change


def _switch(words, **values):
    return lambda request, one: Change(str(words) % {"type": LeadType(request.lead_type).label}, values)


# By the rule that failed. Whose test it is, whose contact it is, who has a seat already and whom a homeowner picks: that is not anybody's
# to change.
CHANGES = {
    "not_approved": _switch(gettext_lazy("the account approved"), approved=True),
    "paused": _switch(gettext_lazy("leads not paused"), paused=False),
    "past_grace": _switch(gettext_lazy("the payment made in time"), past_grace=False),
    "check_expired": lambda request, one: Change(
        _("the %(check)s checked in time") % {"check": check_in_words(one.lacks)}, {"lacks": None}
    ),
    "opted_out": _switch(gettext_lazy("%(type)s leads switched on"), wants_type=True),
    "no_renters": _switch(gettext_lazy("requests of renters accepted"), accepts_renters=True),
    "job_too_small": _job(gettext_lazy("jobs taken from %(new)s instead of %(old)s"), "job_min"),
    "job_too_big": _job(gettext_lazy("jobs taken up to %(new)s instead of %(old)s"), "job_max"),
    "day_off": _switch(gettext_lazy("leads taken on that day"), day_off=None),
    "outside_hours": _hours,
    "day_cap": _cap(gettext_lazy("a cap of %(most)s leads a day instead of %(cap)s"), "day_cap", "day_count"),
    "week_cap": _cap(gettext_lazy("a cap of %(most)s leads a week instead of %(cap)s"), "week_cap", "week_count"),
    "open_work": _cap(gettext_lazy("a cap of %(most)s open leads instead of %(cap)s"), "open_cap", "open_work"),
    "budget": _budget,
    "wallet": lambda request, one: Change(
        _("%(more)s more in the wallet") % {"more": dollars(request.price - one.funds)}, {"funds": request.price}
    ),
}


def clock(minute: int) -> str:
    """A minute of the day as people say it: "9:12 PM"; that of midnight ends a day too."""
    return date_format(time(minute % DAY // 60, minute % 60), "g:i A")


def _result(receipt, standing) -> str:
    """What became of an eligible pro, for staff."""
    said = {"place": standing.place, "n": receipt.eligible, "slot": standing.slot, "equals": standing.equals}
    if standing.seated:
        return _("It passed every rule and has seat %(slot)s.") % said if standing.slot else _("It passed every rule and has a seat.")
    if not standing.eligible:
        return ""
    if standing.code == OFFERED:
        return _("It passed every rule and was offered the lead.")
    last = receipt.last_seat
    if not standing.candidate.held:
        return _("It passed every rule, but was just being matched to another lead.")
    if last and last.counted == standing.counted:
        return _("It passed every rule: place %(place)s of %(n)s, lost in the draw among %(equals)s equals.") % said
    return _("It passed every rule: place %(place)s of %(n)s. The seats went to those who were owed more.") % said


def _then(receipt, then) -> str:
    """What the same decision comes to with the change, for staff."""
    if then.seated:
        return _("It would have had seat %(slot)s.") % {"slot": then.slot} if then.slot else _("It would have had a seat.")
    if then.eligible:
        return _("It would have been eligible, but place %(place)s, without a seat.") % {"place": then.place}
    return _("It would not have had a seat: %(words)s.") % {"words": in_words(then.verdict)}


def _opening(when) -> str:
    return _("You were not matched to the request of %(when)s.") % {"when": when}


def _reasons(receipt, standing, change, then) -> list[str]:
    """The fact, the rule, and what would change it, as the pro reads it."""
    if standing.code == RANKED_LOWER:
        return [_ranked(receipt, standing)]
    if standing.code == OFFERED:
        return [_("You met every rule, and it was offered to you.")]
    sentences = [_fact(standing.verdict)]
    if ORDER[standing.code] > 0:
        sentences.append(_("You met the rules that come before it."))
    if then is None:
        return sentences
    said = {"change": change.words}
    if then.seated:
        sentences.append(_("With %(change)s you would have had a seat.") % said)
    elif then.eligible:
        sentences.append(_("With %(change)s you would have met every rule, but the seats would have gone to others.") % said)
    else:
        said["next"] = _fact(then.verdict)
        sentences.append(_("With %(change)s one more rule would have stood in the way: %(next)s") % said)
    return sentences


def _ranked(receipt, standing) -> str:
    said = {"place": standing.place, "n": receipt.eligible}
    if not standing.candidate.held:
        return _("You met every rule, but were just being matched to another request at that moment.")
    if receipt.last_seat and receipt.last_seat.counted == standing.counted:
        return _("You met every rule and were place %(place)s of %(n)s: a draw decided among those who were owed as much.") % said
    return _("You met every rule and were place %(place)s of %(n)s: the seats went to pros who were owed more.") % said


def _fact(verdict) -> str:
    return FACTS[verdict.code](verdict.have, verdict.need)


def _said(words):
    return lambda have, need: str(words)


def _money(words):
    return lambda have, need: str(words) % {"have": dollars(max(0, have)), "need": dollars(need)}


def _counts(words):
    return lambda have, need: str(words) % {"have": have, "need": need}


def _day_off(have, need) -> str:
    if len(need) == 1:
        said = {"day": day_in_words(have), "days": weekdays_in_words(need[0])}
        return _("It was %(day)s, and you receive no leads on %(days)s.") % said
    said = {"day": day_in_words(have), "first": day_in_words(need[0]), "last": day_in_words(need[1])}
    return _("It was %(day)s, and you were away from %(first)s to %(last)s.") % said


# The rule that failed, as its pro reads it.
FACTS = {
    "test_traffic": _said(gettext_lazy("Test accounts get test requests only, and real accounts real ones.")),
    "not_approved": _said(gettext_lazy("Your account was not approved at that moment.")),
    "paused": _said(gettext_lazy("Your leads were paused at that moment.")),
    "past_grace": _said(gettext_lazy("A payment of yours was past its grace period.")),
    "check_expired": lambda have, need: (
        (_("Our check of your %(check)s ended on %(day)s.") if have else _("Your %(check)s was not checked yet."))
        % {"check": check_in_words(need), "day": last_day_in_words(have)}
    ),
    "opted_out": lambda have, need: _("You do not receive %(type)s leads.") % {"type": LeadType(need).label},
    "own_contact": _said(gettext_lazy("A company's own phone numbers and e-mail addresses are never its leads.")),
    "same_group": _said(gettext_lazy("You have a seat on this job already: it was sent more than once.")),
    "asked_before": _said(gettext_lazy("It was offered to you before.")),
    "no_renters": _said(gettext_lazy("It came from a renter, and you do not take requests of renters.")),
    "job_too_small": _money(gettext_lazy("The job was estimated at %(have)s, and you take jobs of %(need)s or more.")),
    "job_too_big": _money(gettext_lazy("The job was estimated at %(have)s, and you take jobs of %(need)s or less.")),
    "day_off": _day_off,
    "outside_hours": lambda have, need: (
        _("It was %(time)s, and you receive leads from %(opens)s to %(closes)s.")
        % {"time": clock(have), "opens": clock(need[0]), "closes": clock(need[1])}
    ),
    "day_cap": _counts(gettext_lazy("You had %(have)s leads that day, and your cap is %(need)s.")),
    "week_cap": _counts(gettext_lazy("You had %(have)s leads that week, and your cap is %(need)s.")),
    "open_work": _counts(gettext_lazy("You had %(have)s open leads, and your cap is %(need)s.")),
    "budget": _money(gettext_lazy("Your budget had %(have)s left, and the lead cost %(need)s.")),
    "wallet": _money(gettext_lazy("Your wallet had %(have)s, and the lead cost %(need)s.")),
    "not_picked": _said(gettext_lazy("The homeowner chose among the pros of this job, and chose others.")),
    "outside_area": _said(gettext_lazy("You no longer offer this service in that ZIP code.")),
    "price_changed": _money(gettext_lazy("The job was estimated anew: you agreed to %(have)s, and the lead costs %(need)s.")),
}
