"""Every notice there is: what its templates need, by which channels it goes, and who may switch it off.

    kind                context the caller gives                                         to
    new_lead            pro service place zip lead_type price url code                   members of the pro
    new_offer           pro service place zip estimate price until_at chosen (bool) url  members of the pro
    not_drawn           pro service place zip price why url                              members of the pro
    lead_withdrawn      pro service place code url                                       members of the pro
    no_attempt          pro service place code until_at url                              members of the pro
    lead_replaced       pro service place code url                                       members of the pro
    details_shared      pro service place code what (phone, address) url                 members of the pro
    homeowner_decided   pro service place code decision (you, another, nobody) url       members of the pro
    call_reminder       pro service until_at saving url                                  members of the pro
    follow_up           pro service step done of url                                     members of the pro
    credit_received     pro service place code amount promised_at url                    members of the pro
    credit_granted      pro service place code amount why note url                       members of the pro
    credit_refused      pro service place code by why note last (bool) url               members of the pro
    credit_question     pro service place code by question url                           members of the pro
    budget_75           pro budget spent url                                             members of the pro
    budget_used         pro budget spent url                                             members of the pro
    membership_charged  pro tier why amount next next_amount until_at url                members of the pro
    membership_announced pro tier next amount until_at url                               members of the pro
    membership_unfunded pro tier amount balance until_at url                             members of the pro
    membership_lowered  pro tier by next next_amount until_at url                        members of the pro
    membership_ended    pro tier why at url                                              members of the pro
    review_written      pro service place code stars url                                 members of the pro
    check_expiring      pro check until_at pauses (bool) url                             owners of the pro, account manager
    check_expired       pro check until_at pauses (bool) url                             owners of the pro, account manager
    choose_reminder     service until_at then_automatch (bool) url                       homeowner
    introduction        service pros (list of names) number url                          homeowner
    seat_given_back     service pro url                                                  homeowner
    code_awaited        service until_at url                                             homeowner
    wish_received       service by_at url                                                homeowner
    wish_over           service why url                                                  homeowner
    service_wanted      pro service place zip price url                                  members of the pro
    phone_code          code minutes until_at                                            homeowner
    request_received    service url                                                      homeowner
    request_withdrawn   service at url                                                   homeowner
    review_asked        service url                                                      homeowner
    pick_not_taken      service pro url                                                  homeowner
    somebody_can        service zip url                                                  homeowner
    invitation          pro inviter url                                                  invited person
    password_reset      url                                                              member

`marketplace` is always there and need not be given. Money comes in words ("$38.00"), `lead_type` in the exact words of the badge
("AutoMatch"). `at` and keys ending in `_at` are ISO instants; a template sees them in the recipient's zone. Nothing in a notice to a
pro names the homeowner: no phone, e-mail, street or last name (INVARIANTS 22).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from notifications.models import Channel

BOTH = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True)
class Kind:
    """One row of the table. `label` is its name in My Account; `switchable` kinds can be turned off by channel (RULES 42). The link or
    code of a kind that `opens` lets whoever has it in, so it is forgotten once it was sent. One that `expires` is not sent from the
    instant `until_at` of its context on: what it invites to is over."""

    label: str
    keys: frozenset
    channels: tuple = BOTH
    switchable: bool = False
    opens: bool = False
    expires: bool = False


def _kind(label, keys, **options):
    return Kind(label, frozenset(keys.split()), **options)


KINDS = {
    "new_lead": _kind(_("New lead"), "pro service place zip lead_type price url code", switchable=True),
    "new_offer": _kind(_("New offer"), "pro service place zip estimate price until_at chosen url", switchable=True, expires=True),
    "not_drawn": _kind(_("Not drawn"), "pro service place zip price why url", switchable=True),
    "lead_withdrawn": _kind(_("Homeowner withdrew"), "pro service place code url", switchable=True),
    "no_attempt": _kind(_("Nobody has called yet"), "pro service place code until_at url"),
    "lead_replaced": _kind(_("Replaced by the homeowner"), "pro service place code url"),
    "details_shared": _kind(_("The homeowner showed you something"), "pro service place code what url", switchable=True),
    "homeowner_decided": _kind(_("Whom the homeowner hired"), "pro service place code decision url", switchable=True),
    "call_reminder": _kind(_("Speed-To-Call ends soon"), "pro service until_at saving url", switchable=True, expires=True),
    "follow_up": _kind(_("Follow-up reminder"), "pro service step done of url", switchable=True),
    "credit_received": _kind(_("Credit request received"), "pro service place code amount promised_at url", channels=(Channel.EMAIL,)),
    "credit_granted": _kind(_("Credit granted"), "pro service place code amount why note url"),
    "credit_refused": _kind(_("Credit refused"), "pro service place code by why note last url"),
    "credit_question": _kind(_("Question about a credit request"), "pro service place code by question url"),
    "budget_75": _kind(_("75% of budget used"), "pro budget spent url", switchable=True),
    "budget_used": _kind(_("Budget used"), "pro budget spent url", switchable=True),
    "membership_charged": _kind(_("Membership charged"), "pro tier why amount next next_amount until_at url", channels=(Channel.EMAIL,)),
    "membership_announced": _kind(_("Next month of membership"), "pro tier next amount until_at url", channels=(Channel.EMAIL,)),
    "membership_unfunded": _kind(_("Wallet too low for membership"), "pro tier amount balance until_at url"),
    "membership_lowered": _kind(_("Membership lowered"), "pro tier by next next_amount until_at url", channels=(Channel.EMAIL,)),
    "membership_ended": _kind(_("Membership ended"), "pro tier why at url", channels=(Channel.EMAIL,)),
    "review_written": _kind(_("New review"), "pro service place code stars url", channels=(Channel.EMAIL,), switchable=True),
    "check_expiring": _kind(_("A check ends soon"), "pro check until_at pauses url", channels=(Channel.EMAIL,)),
    "check_expired": _kind(_("A check has ended"), "pro check until_at pauses url", channels=(Channel.EMAIL,)),
    "choose_reminder": _kind(_("Choose your pros"), "service until_at then_automatch url"),
    "introduction": _kind(_("Who has your details"), "service pros number url"),
    "seat_given_back": _kind(_("A pro gave your request back"), "service pro url"),
    "code_awaited": _kind(_("Confirm your phone"), "service until_at url", channels=(Channel.EMAIL,), expires=True),
    "wish_received": _kind(_("A person looks at your request"), "service by_at url", channels=(Channel.EMAIL,)),
    "wish_over": _kind(_("No pro for your request"), "service why url", channels=(Channel.EMAIL,)),
    "service_wanted": _kind(_("Service you could add"), "pro service place zip price url", channels=(Channel.EMAIL,), switchable=True),
    "phone_code": _kind(_("Code to confirm the phone"), "code minutes until_at", channels=(Channel.SMS,), opens=True, expires=True),
    "request_received": _kind(_("Request received"), "service url"),
    "request_withdrawn": _kind(_("All contact stopped"), "service at url"),
    "review_asked": _kind(_("How did it go?"), "service url"),
    "pick_not_taken": _kind(_("A pro cannot take it"), "service pro url"),
    "somebody_can": _kind(_("Somebody can take it now"), "service zip url"),
    "invitation": _kind(_("Invitation"), "pro inviter url", channels=(Channel.EMAIL,), opens=True),
    "password_reset": _kind(_("New password"), "url", channels=(Channel.EMAIL,), opens=True),
}
OPENING = frozenset(kind for kind, row in KINDS.items() if row.opens)
EXPIRING = frozenset(kind for kind, row in KINDS.items() if row.expires)


def check(kind, channel, context):
    """Raise ValueError when no template could be filled: a bug of the caller, better seen before the row is written."""
    row = KINDS.get(kind)
    if row is None:
        raise ValueError(f"There is no notice {kind!r}: notifications.kinds lists them.")
    if channel not in row.channels:
        raise ValueError(f"{kind} does not go by {channel}.")
    missing = row.keys - context.keys()
    if missing:
        raise ValueError(f"{kind} needs {', '.join(sorted(missing))}.")
