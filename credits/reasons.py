"""Why a lead may be given back, what is never a reason by itself, and the sentences of the rules that decide (RULES 2, 38)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    """What a pro chooses. `is_contact`: it says that the contact data are wrong, which calls and steps can prove."""

    label: str
    hint: str
    is_contact: bool = False


REASONS = {
    "dead_number": Reason(_("The number does not work"), _("It is out of service, or no such number exists."), is_contact=True),
    "wrong_contact": Reason(_("Wrong or fake contact"), _("It belongs to someone else, or nobody of that name is there."), is_contact=True),
    "inaccurate_contact": Reason(
        _("Contact information is inaccurate"), _("The number does not work, or belongs to someone else."), is_contact=True
    ),
    "not_owner": Reason(_("Does not own the home"), _("A renter without the owner’s yes.")),
    "duplicate": Reason(_("I already had this lead"), _("The same person and job, sold to you before.")),
    "outside_services": Reason(_("The project is outside my services"), _("The work is of a kind you do not offer.")),
    "outside_area": Reason(_("The location is outside my area"), _("The job is at a place you do not cover.")),
    "fraudulent": Reason(_("The lead is fraudulent"), _("A fake request.")),
    "not_asked": Reason(_("Never asked for it"), _("The person did not send this request.")),
}

NEVER = {
    "no_answer": _("The homeowner does not answer"),
    "hired_other": _("The homeowner hired someone else"),
}

# What code says. The first five grant; the others send a request to a person.
DEAD_NUMBER, DUPLICATE, THREE_STEPS = "dead_number", "duplicate", "three_steps"
OVERDUE, PROVEN_FOR_ANOTHER, HOMEOWNER_STOPPED = "overdue", "proven_for_another", "homeowner_stopped"
TWO_WAY_CONTACT, WON_OR_BOOKED = "two_way_contact", "won_or_booked"
RECEIPT_SPEAKS_AGAINST, NOT_PROVEN = "receipt_speaks_against", "not_proven"

FRAUDULENT = "fraudulent"
# Facts about the homeowner's request, not about one pro: proven for one, they hold for all who have it (RULES 40).
OF_THE_LEAD = (DEAD_NUMBER, FRAUDULENT)
ONLY_A_PERSON = (TWO_WAY_CONTACT, WON_OR_BOOKED)
REFUSING = (NOT_PROVEN, RECEIPT_SPEAKS_AGAINST, TWO_WAY_CONTACT, WON_OR_BOOKED, *NEVER)

SENTENCES = {
    "dead_number": _("The number does not work."),
    "wrong_contact": _("The contact is wrong or fake."),
    "inaccurate_contact": _("The contact information is inaccurate."),
    "not_owner": _("The person does not own the home."),
    "duplicate": _("The same homeowner’s job was sold to you before."),
    "outside_services": _("The project is outside your services."),
    "outside_area": _("The location is outside your area."),
    "fraudulent": _("The request was not real."),
    "not_asked": _("The person never asked for it."),
    THREE_STEPS: _("All three steps are done, and nothing speaks against your request."),
    OVERDUE: _("We did not answer in the time we promised."),
    PROVEN_FOR_ANOTHER: _("It was proven for another pro who has this lead."),
    HOMEOWNER_STOPPED: _("The homeowner stopped all contact before you could speak."),
    TWO_WAY_CONTACT: _("You have spoken with the homeowner."),
    WON_OR_BOOKED: _("You marked the job as won."),
    RECEIPT_SPEAKS_AGAINST: _("The service and the ZIP code were yours when you were matched."),
    NOT_PROVEN: _("What we know does not prove it."),
    "no_answer": _("That the homeowner does not answer is no reason by itself."),
    "hired_other": _("That the homeowner hired someone else is no reason by itself."),
}


def granting(policy) -> tuple:
    """The rules by which a person may grant under `policy`: its reasons, and fraud, which is one everywhere."""
    return tuple(dict.fromkeys((*policy.reasons, FRAUDULENT)))
