"""Price guides: a service's questions and a homeowner's answers become an estimate with its reasons (RULES 4).

Pure: no database, no clock; reasons are sentences in the language in force. A guide is anything with `version`, `questions` and `prices`:
a `GuideVersion` row or the `Guide` below.

    questions  [{"code": "windows", "text": "How many windows?", "help": "...", "kind": "number",
                 "unit": ["window", "windows"], "least": 1, "most": 300, "usual": 8},
                {"code": "frame", "text": "Which frames?", "kind": "choice",
                 "options": [{"code": "vinyl", "label": "Vinyl"}, {"code": "unsure", "label": "I am not sure"}]}]
    prices     {"base": [low, typical, high], "label": "Set-up and haul-away", "unsure": [9000, 10000, 11500],
                "adjust": {"windows": {"each": [low, typical, high], "beyond": 0},
                           "frame": {"wood": {"times": 16000}, "vinyl": {"add": [low, typical, high]}}}}

Amounts are cents; `times` and `unsure` are basis points, one for all or [low, typical, high]. The base comes first, then each
question in its order. "unsure" answers every question: a number then counts as `usual`, and the range widens by `prices["unsure"]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal

UNSURE = "unsure"
WHOLE = 10_000  # basis points
DIGITS = 6  # of a number somebody may type
TEN = 1_000  # cents


class BadAnswers(Refusal):
    """Some answers are missing, unknown or out of range; `fields` names the questions."""

    code = "bad_answers"
    sentence = _("Please check your answers about the job.")


@dataclass(frozen=True)
class Guide:
    """A guide outside the database: the bundled catalogue, a preview, a test."""

    version: int
    questions: list
    prices: Mapping


@dataclass(frozen=True)
class Estimate:
    """What the job is likely worth, in cents: 0 <= low <= typical <= high. `reasons` are sentences, one a step, in order."""

    low: int
    typical: int
    high: int
    reasons: tuple[str, ...]
    version: int


def estimate(guide, answers: Mapping) -> Estimate:
    """The estimate by `guide` for a full set of answers: every step rounded half up to cents, the end to ten dollars, for a guess to
    the cent would be a false one. Raises BadAnswers."""
    answers = clean(guide.questions, answers)
    amounts = guide.prices["base"]
    reasons = [f"{guide.prices['label']}: {dollars(amounts[1])}" if amounts[1] else f"{guide.prices['label']}."]
    for question in guide.questions:
        answer = answers[question["code"]]
        step = guide.prices["adjust"].get(question["code"], {})
        if question["kind"] == "number":
            amounts, reason = _count(amounts, question, answer, step)
        else:
            amounts, reason = _choose(amounts, question, answer, step.get(answer, {}))
        if answer == UNSURE:
            amounts = _times(amounts, guide.prices["unsure"])
            reason = _now("%(reason)s; the range widens") % {"reason": reason}
        reasons.append(reason)
    low, typical, high = _to_ten_dollars(*amounts)
    together = {"typical": dollars(typical), "low": dollars(low), "high": dollars(high)}
    reasons.append(_now("Together, rounded to $10: %(typical)s, between %(low)s and %(high)s.") % together)
    return Estimate(low, typical, high, tuple(reasons), guide.version)


def _to_ten_dollars(low, typical, high):
    """The range never narrows."""
    return low // TEN * TEN, (typical + TEN // 2) // TEN * TEN, -(-high // TEN) * TEN


def clean(questions: list, answers: Mapping) -> dict:
    """The answers in the guide's order: option codes, whole numbers or "unsure". Numbers may come as text, as forms send them."""
    known, bad = {}, {}
    for question in questions:
        code = question["code"]
        value = _number(answers.get(code)) if question["kind"] == "number" else answers.get(code)
        if value in (None, ""):
            bad[code] = _("Please answer this question.")
        elif not _fits(question, value):
            bad[code] = _range(question) if question["kind"] == "number" else _("Please choose one of the answers.")
        else:
            known[code] = value
    for code in answers.keys() - {question["code"] for question in questions}:
        bad[code] = _("This service does not ask that.")
    if bad:
        raise BadAnswers(fields=bad)
    return known


def fill(questions: list, partly: Mapping) -> dict:
    """A full set of answers from what is known: numbers are brought into range, whatever is missing or unknown is "unsure"."""
    full = {}
    for question in questions:
        value = partly.get(question["code"], UNSURE)
        if isinstance(value, int) and question["kind"] == "number":
            value = min(max(value, question["least"]), question["most"])
        full[question["code"]] = value if _fits(question, value) else UNSURE
    return full


def dollars(cents: int) -> str:
    """$1,650.00"""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"


def _number(value):
    if isinstance(value, str) and (digits := value.strip().replace(",", "")).isdecimal() and len(digits) <= DIGITS:
        return int(digits)
    return value


def _fits(question, value) -> bool:
    if value == UNSURE:
        return True
    if question["kind"] == "number":
        return isinstance(value, int) and not isinstance(value, bool) and question["least"] <= value <= question["most"]
    return any(option["code"] == value for option in question["options"])


def _range(question):
    return _("Please give a whole number from %(least)s to %(most)s.") % {"least": question["least"], "most": question["most"]}


def _count(amounts, question, answer, step):
    number = question["usual"] if answer == UNSURE else answer
    one, many = question["unit"]
    said = f"{number:,} {one if number == 1 else many}"
    if answer == UNSURE:
        said = _now("Not known, so counted as %(count)s") % {"count": said}
    extra = max(0, number - step.get("beyond", 0))
    if not step or not extra:
        return amounts, said if answer == UNSURE else _now("%(answer)s: included") % {"answer": said}
    each = step["each"]
    amounts = [amount + extra * price for amount, price in zip(amounts, each, strict=True)]
    if extra < number:
        said = _now("%(answer)s, %(extra)s more") % {"answer": said, "extra": f"{extra:,}"}
    price = {"answer": said, "each": dollars(each[1]), "all": dollars(extra * each[1])}
    return amounts, _now("%(answer)s at %(each)s: + %(all)s") % price


def _choose(amounts, question, answer, step):
    label = next((option["label"] for option in question["options"] if option["code"] == answer), _now("I am not sure"))
    said = f"{question['text']} {label}"
    if "add" in step:
        amounts = [max(0, amount + added) for amount, added in zip(amounts, step["add"], strict=True)]
        return amounts, f"{said}: {'+' if step['add'][1] >= 0 else '-'} {dollars(abs(step['add'][1]))}"
    if "times" in step:
        factors = step["times"] if isinstance(step["times"], list) else [step["times"]] * 3
        return _times(amounts, factors), f"{said}: × {factors[1] / WHOLE:g}"
    return amounts, said if answer == UNSURE else _now("%(answer)s: no change") % {"answer": said}


def _times(amounts, factors):
    return [(amount * factor + WHOLE // 2) // WHOLE for amount, factor in zip(amounts, factors, strict=True)]
