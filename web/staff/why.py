"""Why these pros, and why not that one: a lead's decisions as they were kept, in the words of staff."""

from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.contact_data import visible
from accounts.queries import find_pros, names_of
from core.errors import NotFound
from credits.queries import claims_on
from leads import looking_back
from leads.decision import RANKED_LOWER
from leads.receipt import Unreadable, read
from leads.verdicts import fell_in_words, in_words, stage_in_words
from leads.why_not import not_looked_at, why_not
from web import dues
from web.staff.viewer import page, staff_page
from web.templatetags.plumbline import day_time

NEXT = 10  # candidates without a seat that are shown before "Show all"
CHOICES = 8  # pros to choose from, when a name means several


@staff_page("GET")
def why(request, viewer, lead_id):
    asked = {name: visible(request.GET.get(name, ""))[:120] for name in ("decision", "all", "pro")}
    lead = looking_back.lead_of(lead_id)
    decisions = looking_back.decisions_of(lead)
    context = {"lead": lead, "asked": asked, "claims": claims_on(lead), "time_kept": dues.time_kept(), "given": looking_back.given_of(lead)}
    if decisions or asked["decision"]:
        decision = _chosen(decisions, asked["decision"])
        others = [{"decision": one, "url": _address(asked, decision=one.pk)} for one in decisions]
        context |= {"decision": decision, "decisions": others, **_told(decision, lead, asked, viewer)}
    return page(request, viewer, "staff/why.html", context)


def _chosen(decisions, text):
    """The decision of that id, else the first; an id that is none, or of another lead, is a missing one."""
    if not text:
        return decisions[0]
    for decision in decisions:
        if text.lower() in (str(decision.pk), decision.pk.hex):
            return decision
    raise NotFound


def _told(decision, lead, asked, viewer) -> dict:
    """What the page says of one decision; only that it cannot be read, where it cannot."""
    try:
        receipt = read(looking_back.whole(decision), slots=looking_back.slots_free(decision, lead))
    except Unreadable as refusal:
        return {"unreadable": refusal}
    found = find_pros(asked["pro"], limit=CHOICES)
    pro = found[0] if len(found) == 1 else None
    mine = receipt.of(pro.pk if pro else _number(asked["pro"])) if len(found) < 2 else None
    shown = receipt.standings if asked["all"] else receipt.standings[: receipt.seated + NEXT]
    rows = shown if mine is None or mine in shown else (*shown, mine)
    names = names_of(standing.pro for standing in rows)
    return {
        "receipt": receipt,
        "rows": [_row(standing, receipt, names, mine, asked) for standing in rows],
        "hidden": receipt.looked_at - len(shown),
        "show_all": _address(asked, all="1"),
        "steps": [_step(step, receipt) for step in receipt.funnel()],
        "choices": [{"name": one.name, "url": _address(asked, pro=one.pk)} for one in found] if len(found) > 1 else [],
        "more": len(found) == CHOICES,
        **(_answer(pro, mine, receipt, decision, lead, viewer) if pro or mine else {}),
    }


def _answer(pro, mine, receipt, decision, lead, viewer) -> dict:
    """Why not this pro: from the decision where it was looked at, else what can be said, and what it offers today."""
    when = day_time(decision.at, pro.zone if pro else viewer.zone)
    if mine:
        return {"name": pro.name if pro else _gone(mine.pro), "answer": why_not(receipt, mine, when=when)}
    return {"name": pro.name, "today": looking_back.today_of(pro, lead), "sentence": not_looked_at(when=when)}


def _row(standing, receipt, names, mine, asked) -> dict:
    name = names.get(standing.pro)
    return {
        "standing": standing,
        "name": name or _gone(standing.pro),
        "url": _address(asked, pro=standing.pro),
        "me": mine is standing,
        "result": _result(standing, receipt),
    }


def _result(standing, receipt) -> str:
    if standing.seated:
        return _("Seat %(slot)s") % {"slot": standing.slot} if standing.slot else _("A seat")
    if standing.code != RANKED_LOWER:
        return capfirst(in_words(standing.verdict))
    if not standing.candidate.held:
        return _("Held by another lead")
    return _("Lost the draw") if receipt.last_seat and receipt.last_seat.counted == standing.counted else _("Ranked lower")


def _step(step, receipt) -> dict:
    return {"words": stage_in_words(step.stage, receipt.request), "left": step.left, "fell": fell_in_words(step.fell)}


def _gone(number) -> str:
    return _("Pro %(number)s, no longer here") % {"number": number}


def _number(text) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() else None


def _address(asked, **changed) -> str:
    """The address of this page with something of it changed."""
    query = urlencode({name: value for name, value in (asked | changed).items() if value})
    return f"?{query}#{'why-not' if changed.get('pro') else 'seats'}"
