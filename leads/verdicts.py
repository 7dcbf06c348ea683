"""What became of a candidate, in words for operators and staff, who may see every candidate. Pure.

What a pro reads of its own lead is leads.explaining; what staff tell a pro that has no seat is leads.why_not.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.availability import weekdays_in_words
from accounts.models import Check
from catalog.guide import dollars
from leads.decision import MATCHED, OFFERED, RANKED_LOWER, Verdict
from leads.explaining import seats
from leads.models import LeadType


def in_words(verdict: Verdict) -> str:
    """The verdict on a candidate with the two values compared."""
    return WORDS[verdict.code](verdict.have, verdict.need)


def rule_in_words(code: str, request) -> str:
    """What a rule asks, as a line of a check list: "Under its cap for the day"."""
    return str(CHECKS[code]) % {"type": LeadType(request.lead_type).label, "price": dollars(request.price)}


def stage_in_words(stage: str, request) -> str:
    """A step of leads.receipt's way from everybody looked at to the seats."""
    return str(STEPS[stage]) % {"price": dollars(request.price)}


def fell_in_words(fell) -> str:
    """Who fell out of a step: "2 paused, 1 past a payment's grace"."""
    return ", ".join(str(FELL[code]) % {"n": f"{count:,}"} for code, count in fell)


def _balance(millionths) -> str:
    said = {"seats": seats(millionths)}
    return _("%(seats)s owed") % said if millionths >= 0 else _("%(seats)s ahead") % said


def _lower(have, need) -> str:
    if have == need:
        return _("eligible, lost the draw among equals at %(have)s") % {"have": _balance(have)}
    said = {"have": _balance(have), "need": _balance(need)}
    return _("eligible, ranked lower: %(have)s, the last seat went at %(need)s") % said


def _traffic(have, need) -> str:
    pro = _("a test pro") if have else _("a real pro")
    lead = _("a test lead") if need else _("a real lead")
    return f"{pro}, {lead}"


def _minute(minute) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _hours(have, need) -> str:
    said = {"minute": _minute(have), "opens": _minute(need[0]), "closes": _minute(need[1])}
    return _("it was %(minute)s there, it receives %(opens)s to %(closes)s") % said


def day_in_words(day: str) -> str:
    """A local date as a decision keeps it: "Sat, Nov 28"."""
    return date_format(date.fromisoformat(day), "D, M j")


def _day_off(have, need) -> str:
    if len(need) == 1:
        return _("it was %(day)s there, it takes no leads on %(days)s") % {"day": day_in_words(have), "days": weekdays_in_words(need[0])}
    said = {"day": day_in_words(have), "first": day_in_words(need[0]), "last": day_in_words(need[1])}
    return _("it was %(day)s there, it is away from %(first)s to %(last)s") % said


def check_in_words(kind) -> str:
    """What was to be checked, within a sentence: "license"."""
    return str(Check.Kind(kind).label).lower()


def last_day_in_words(lapsed) -> str:
    """A last day as the decision keeps it: "May 1, 2026"."""
    return date_format(date.fromisoformat(lapsed), "M j, Y") if lapsed else ""


def _money(words):
    return lambda have, need: str(words) % {"have": dollars(have), "need": dollars(need)}


def _counts(words):
    return lambda have, need: str(words) % {"have": have, "need": need}


WORDS = {
    MATCHED: lambda have, need: _("has a seat: %(balance)s") % {"balance": _balance(have)},
    RANKED_LOWER: _lower,
    OFFERED: lambda have, need: _("was offered it"),
    "test_traffic": _traffic,
    "not_approved": lambda have, need: _("not approved"),
    "paused": lambda have, need: _("paused"),
    "past_grace": lambda have, need: _("a payment is past its grace"),
    "check_expired": lambda have, need: (
        (_("its %(check)s check ended on %(day)s") if have else _("its %(check)s was not checked"))
        % {"check": check_in_words(need), "day": last_day_in_words(have)}
    ),
    "opted_out": lambda have, need: _("does not take %(type)s leads") % {"type": LeadType(need).label},
    "own_contact": lambda have, need: _("the homeowner's contact is its own"),
    "same_group": lambda have, need: _("has a seat in this duplicate group already"),
    "asked_before": lambda have, need: _("was offered it before"),
    "no_renters": lambda have, need: _("does not take requests of renters"),
    "job_too_small": _money(gettext_lazy("the job is %(have)s, it takes %(need)s or more")),
    "job_too_big": _money(gettext_lazy("the job is %(have)s, it takes %(need)s or less")),
    "day_off": _day_off,
    "outside_hours": _hours,
    "day_cap": _counts(gettext_lazy("%(have)s leads that day, its cap is %(need)s")),
    "week_cap": _counts(gettext_lazy("%(have)s leads that week, its cap is %(need)s")),
    "open_work": _counts(gettext_lazy("%(have)s open leads, its cap is %(need)s")),
    "budget": _money(gettext_lazy("%(have)s of its budget left, the lead costs %(need)s")),
    "wallet": _money(gettext_lazy("%(have)s in its wallet, the lead costs %(need)s")),
    "not_picked": lambda have, need: _("the homeowner did not choose it"),
    "outside_area": lambda have, need: _("no longer offered the service in that ZIP code"),
    "price_changed": _money(gettext_lazy("it agreed to %(have)s, the lead costs %(need)s")),
}

CHECKS = {
    "test_traffic": gettext_lazy("Test or real, as the lead is"),
    "not_approved": gettext_lazy("Approved"),
    "paused": gettext_lazy("Not paused"),
    "past_grace": gettext_lazy("No payment past its grace"),
    "check_expired": gettext_lazy("The checks that are needed hold"),
    "opted_out": gettext_lazy("Takes %(type)s leads"),
    "own_contact": gettext_lazy("Not its own request"),
    "same_group": gettext_lazy("No seat in this duplicate group yet"),
    "asked_before": gettext_lazy("Not offered to it before"),
    "no_renters": gettext_lazy("Takes renters, if it is one"),
    "job_too_small": gettext_lazy("The job is large enough for it"),
    "job_too_big": gettext_lazy("The job is small enough for it"),
    "day_off": gettext_lazy("Not on a day off"),
    "outside_hours": gettext_lazy("Within its receiving hours"),
    "day_cap": gettext_lazy("Under its cap for the day"),
    "week_cap": gettext_lazy("Under its cap for the week"),
    "open_work": gettext_lazy("Under its cap of open leads"),
    "budget": gettext_lazy("Budget left for %(price)s"),
    "wallet": gettext_lazy("%(price)s in its wallet"),
    "not_picked": gettext_lazy("Chosen by the homeowner"),
    "outside_area": gettext_lazy("Still offers the service there"),
    "price_changed": gettext_lazy("Agreed to %(price)s"),
}

STEPS = {
    "looked_at": gettext_lazy("Looked at"),
    "active": gettext_lazy("Approved, active and paid"),
    "wanted": gettext_lazy("Take such a lead"),
    "receiving": gettext_lazy("Receiving at that time"),
    "budget": gettext_lazy("Budget left for %(price)s"),
    "picked": gettext_lazy("Chosen by the homeowner"),
    "drawn_from": gettext_lazy("Still in the draw"),
    "seats": gettext_lazy("Seats"),
    OFFERED: gettext_lazy("Offered to"),
}

FELL = {
    RANKED_LOWER: gettext_lazy("%(n)s ranked lower"),
    "test_traffic": gettext_lazy("%(n)s in the other traffic, test or real"),
    "not_approved": gettext_lazy("%(n)s not approved"),
    "paused": gettext_lazy("%(n)s paused"),
    "past_grace": gettext_lazy("%(n)s past a payment's grace"),
    "check_expired": gettext_lazy("%(n)s without a check that is needed"),
    "opted_out": gettext_lazy("%(n)s opted out of this lead type"),
    "own_contact": gettext_lazy("%(n)s with the homeowner's own contact"),
    "same_group": gettext_lazy("%(n)s with a seat in the group already"),
    "asked_before": gettext_lazy("%(n)s asked before"),
    "no_renters": gettext_lazy("%(n)s without renters"),
    "job_too_small": gettext_lazy("%(n)s for larger jobs only"),
    "job_too_big": gettext_lazy("%(n)s for smaller jobs only"),
    "day_off": gettext_lazy("%(n)s on a day off"),
    "outside_hours": gettext_lazy("%(n)s outside receiving hours"),
    "day_cap": gettext_lazy("%(n)s at the cap for the day"),
    "week_cap": gettext_lazy("%(n)s at the cap for the week"),
    "open_work": gettext_lazy("%(n)s at the cap of open leads"),
    "budget": gettext_lazy("%(n)s at the budget cap"),
    "wallet": gettext_lazy("%(n)s with too little in the wallet"),
    "not_picked": gettext_lazy("%(n)s not chosen"),
    "outside_area": gettext_lazy("%(n)s no longer there"),
    "price_changed": gettext_lazy("%(n)s agreed to another price"),
}
