"""Why me, and why this price: the words for what was kept of a decision and of a charge. Pure.

Of the other candidates a pro learns how many there were, never who, and never their figures.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.statement import how_made, percent, price_list_since
from leads.decision import MATCHED, RANKED_LOWER, SEAT, Candidate
from leads.models import LeadType

_TENTH = SEAT // 10
FEW = 5  # from so many pros on an average tells nothing about one of them


@dataclass(frozen=True)
class Why:
    """`sentence` is the answer, `facts` are (label, words) for who wants to know more."""

    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PriceRow:
    """A line of the price breakdown; `cents` below zero with tone "good" is money taken off."""

    label: str
    basis: str
    cents: int
    tone: str = ""


def how_it_came(lead_type) -> str:
    """The line beside the badge."""
    return {
        LeadType.AUTOMATCH: _("The system matched you"),
        LeadType.CHOICE: _("The homeowner picked you"),
        LeadType.OPT_IN: _("You accepted the offer"),
    }[lead_type]


def why_me(decision, pro_id: int, lead_type) -> Why:
    """Why `pro_id` has a seat, from the kept `decision` alone (anything with the attributes that `leads.decision.freeze` names)."""
    if lead_type != LeadType.AUTOMATCH:
        return Why(how_it_came(lead_type))
    mine = next(Candidate(*row) for row in decision.candidates if row[0] == pro_id)
    owed = {pro: have for pro, code, have, _need in decision.verdicts if code in (MATCHED, RANKED_LOWER)}
    mean = sum(owed.values()) // len(owed)
    limit = decision.request["credit_limit"] * SEAT
    counted = {pro: max(-limit, min(limit, have - mean)) for pro, have in owed.items()}
    return Why(_why(decision, pro_id, counted), _figures(decision, mine, mean, counted[pro_id]))


def why_this_price(charge, *, service: str, lead_type, clock: str = "") -> list[PriceRow]:
    """The price of a match line by line, from its charge with its terms; the lines add up to what the pro pays. `clock` is the state of
    its clock (leads.calling): one that ended unearned has a line that takes nothing off."""
    label = service or LeadType(lead_type).label
    rows = [PriceRow(label, f"{how_made(charge)}. {price_list_since(charge.terms)}", charge.price)]
    if lead_type == LeadType.CHOICE:
        rows.append(PriceRow(_("Choice Match"), _("Same price as AutoMatch"), 0))
    saving = _("Speed-To-Call %(percent)s") % {"percent": percent(charge.terms.discount_bp)}
    if charge.discounted:
        rows.append(PriceRow(saving, _("Contacted in time"), -charge.discounted, "good"))
    elif clock == "ended" and charge.terms.discount_bp:
        rows.append(PriceRow(saving, _("Not contacted in time"), 0))
    if charge.credited:
        rows.append(PriceRow(_("Credit"), _("Given back"), -charge.credited, "good"))
    return rows


def seats(millionths: int) -> str:
    """An amount of seats in words: "no seat", "0.8 of a seat", "1 seat", "2.3 seats". Half a tenth counts up."""
    tenths = (abs(millionths) * 2 + _TENTH) // (_TENTH * 2)
    if not millionths:
        return _("no seat")
    if not tenths:
        return _("less than 0.1 of a seat")
    if tenths < 10:
        return _("0.%(tenths)s of a seat") % {"tenths": tenths}
    whole, rest = divmod(tenths, 10)
    number = f"{whole:,}.{rest}" if rest else f"{whole:,}"
    return ngettext("%(number)s seat", "%(number)s seats", 1 if tenths == 10 else 2) % {"number": number}


def _why(decision, pro_id, counted) -> str:
    eligible, won = len(decision.eligible), len(decision.winners)
    if eligible == 1:
        return _("You were the only eligible pro.")
    if eligible <= won:
        return _("All %(n)s eligible pros got a seat, and you are one of them.") % {"n": eligible}
    mine = counted[pro_id]
    more = sum(other > mine for other in counted.values())
    same = sum(other == mine for other in counted.values())
    if same == eligible:
        return _("All %(n)s eligible pros were owed the same. A draw among equals decided.") % {"n": eligible}
    place = _place(mine, more, eligible)
    if more >= won:
        return _("%(place)s Some who were owed more were just being matched to another request.") % {"place": place}
    if more + same > won:
        return _("%(place)s A draw among the %(same)s who were owed as much decided.") % {"place": place, "same": same}
    return place


def _place(mine, more, eligible) -> str:
    said = {"owed": seats(mine), "n": eligible, "place": more + 1}
    if eligible < FEW:
        return (
            _("You were owed the most among %(n)s eligible pros.") if not more else _("You were place %(place)s of %(n)s eligible pros.")
        ) % said
    if mine < 0:
        return _("You were owed %(owed)s less than the average, place %(place)s of %(n)s eligible pros.") % said
    if more:
        return _("You were owed %(owed)s more than the average, place %(place)s of %(n)s eligible pros.") % said
    return _("You were owed %(owed)s more than the average, the most among %(n)s eligible pros.") % said


def _figures(decision, mine, mean, counted) -> tuple:
    facts = [
        (_("Your share so far"), seats(mine.entitled)),
        (_("Received so far"), seats(mine.received * SEAT)),
        (_("Owed to you"), _signed(mine.owed)),
    ]
    if len(decision.eligible) >= FEW:
        facts.append((_("Owed on average"), _signed(mean)))
        if counted != mine.owed - mean:
            facts.append((_("Counted at most"), seats(counted)))
    facts += [
        (_("Looked at"), _pros(len(decision.candidates))),
        (_("Eligible"), _pros(len(decision.eligible))),
        (_("Seats given"), str(len(decision.winners))),
    ]
    return tuple(facts)


def _signed(millionths) -> str:
    """ "0.8 of a seat", and below zero "0.8 of a seat too much"."""
    return seats(millionths) if millionths >= 0 else _("%(seats)s too much") % {"seats": seats(millionths)}


def _pros(number) -> str:
    return ngettext("%(n)s pro", "%(n)s pros", number) % {"n": f"{number:,}"}
