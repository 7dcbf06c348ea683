"""What a pro will read of a decision, drafted: the fact, and what would change it. Staff change it as they like.

The rule and the way to appeal stand beside it, on the page and in the e-mail.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credits import review
from credits.models import Ruling
from credits.reasons import REASONS
from web.claims import would_change
from web.proof import tally
from web.templatetags.plumbline import money

QUESTIONS = {
    "dead_number": gettext_lazy("What did you hear when you called, and when was that?"),
    "wrong_contact": gettext_lazy("Who picked up, and what did they say?"),
    "inaccurate_contact": gettext_lazy("Who picked up, and what did they say?"),
    "not_owner": gettext_lazy("Who told you that they do not own the home, and when?"),
    "duplicate": gettext_lazy("Which earlier lead was it? Its code, like AM-12AB34, helps us."),
    "outside_services": gettext_lazy("What work was it in the end?"),
    "outside_area": gettext_lazy("At which ZIP code was the job in the end?"),
}


def rule(verdict: str, case) -> str:
    """The rule that fits a verdict: to grant what was asked for, to refuse what the judge said."""
    rules = review.rules_of(verdict)
    likely = case.request.reason if verdict == Ruling.Verdict.GRANT else case.verdict.rule if case.verdict else ""
    return likely if likely in rules else rules[0]


def note(verdict: str, rule: str, case) -> str:
    """The note of a verdict by a rule."""
    if verdict == Ruling.Verdict.GRANT:
        cents = case.match.charge.net if case.match.charge_id else 0
        return _("We looked at your calls and at the lead, and you are right. %(cents)s comes off your statement.") % {
            "cents": money(cents)
        }
    return " ".join(filter(None, [_fact(rule, case), would_change(rule, case.request.reason)]))


def question(case) -> str:
    return str(QUESTIONS.get(case.request.reason, "")) or _("How do you know, and who told you?")


def _fact(rule, case) -> str:
    """What we know, by the rule that it speaks for."""
    receipt, told = case.evidence.receipt, {"calls": tally(case.evidence.mine)}
    if rule == "receipt_speaks_against" and receipt.covered:
        said = {"service": case.match.lead.service.name, "zip": receipt.zip}
        return _("Your receipt says that you offered %(service)s in %(zip)s when you were matched.") % said
    if rule == "two_way_contact" or rule == "no_answer" or _is_contact(case):
        return _("What we know of this lead: %(calls)s.") % told
    return _("We looked at what you wrote and at the lead, and found nothing that shows it.")


def _is_contact(case) -> bool:
    return case.request.reason in REASONS and REASONS[case.request.reason].is_contact
