"""What keeps a pro from accepting an offer, and what became of one, in words: the fact, and one next step."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.models import Offer
from web.templatetags.plumbline import money

MINUTE, HOUR = 60, 3_600


@dataclass(frozen=True)
class InTheWay:
    """Why an accept would be refused now, and where the pro can change that."""

    text: str
    url: str = ""
    label: str = ""


def in_the_way(sheet, viewer) -> InTheWay | None:
    """The rule that the pro fails now; None when it fails none."""
    if sheet.blocked is None:
        return None
    return _WORDS.get(sheet.blocked.code, _something)(sheet.blocked, viewer)


def what_became(offer) -> str:
    """An offer that is over, in a line."""
    return {
        Offer.State.ACCEPTED: _("You accepted it"),
        Offer.State.UNDONE: _("You gave it back"),
        Offer.State.DECLINED: _("You passed: %(reason)s") % {"reason": offer.get_reason_display()},
        Offer.State.EXPIRED: _("It expired"),
        Offer.State.TAKEN: _("Taken by others"),
        Offer.State.WITHDRAWN: _("The homeowner withdrew"),
    }.get(offer.state, "")


def seats_gone(sheet) -> str:
    """How many seats nobody else can have: "2 of 4 seats taken, 1 kept for a pro the homeowner picked"."""
    taken = _("%(taken)s of %(seats)s seats taken") % {"taken": sheet.taken, "seats": sheet.seats}
    if not sheet.held:
        return taken
    one, many = "%(taken)s, %(n)s kept for a pro the homeowner picked", "%(taken)s, %(n)s kept for pros the homeowner picked"
    return ngettext(one, many, sheet.held) % {"taken": taken, "n": sheet.held}


def seats_held(sheet) -> str:
    """The same of the held ones alone; "" for none."""
    if not sheet.held:
        return ""
    said = ngettext("%(n)s is kept for a pro the homeowner picked.", "%(n)s are kept for pros the homeowner picked.", sheet.held)
    return said % {"n": sheet.held}


def seconds(length: int) -> str:
    """How long something lasts: "10 minutes", "4 hours"."""
    if length % HOUR == 0 and length:
        return ngettext("%(n)s hour", "%(n)s hours", length // HOUR) % {"n": length // HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", length // MINUTE) % {"n": length // MINUTE}


def _budget(verdict, viewer):
    said = {"left": money(max(0, verdict.have)), "price": money(verdict.need)}
    text = _("Does not fit your budget: %(left)s is left, and this costs %(price)s. We never go over.") % said
    return InTheWay(text, reverse("pros:purchase_setting", args=["budget-cap"]), _("Change the cap"))


def _wallet(verdict, viewer):
    said = {"left": money(max(0, verdict.have)), "price": money(verdict.need)}
    text = _("Your wallet holds %(left)s, and this costs %(price)s.") % said
    if viewer.sees_money:
        return InTheWay(text, reverse("pros:statement"), _("How to add money"))
    return InTheWay(_("%(text)s Ask the owner of your company to add money.") % {"text": text})


def _paused(verdict, viewer):
    return InTheWay(_("Your leads are paused."), *_settings(_("Start again"), "pause"))


def _day_cap(verdict, viewer):
    text = _("You had %(have)s leads today, and take no more than %(need)s a day.") % {"have": verdict.have, "need": verdict.need}
    return InTheWay(text, *_settings(_("See Leads per day"), "leads-per-day"))


def _week_cap(verdict, viewer):
    text = _("You had %(have)s leads this week, and take no more than %(need)s a week.") % {"have": verdict.have, "need": verdict.need}
    return InTheWay(text, *_settings(_("See Leads per week"), "leads-per-week"))


def _open_work(verdict, viewer):
    text = _("You have %(have)s open leads, and take no more than %(need)s at a time.") % {"have": verdict.have, "need": verdict.need}
    return InTheWay(text, *_settings(_("Lead Purchase Settings")))


def _opted_out(verdict, viewer):
    return InTheWay(_("You do not receive offers."), *_settings(_("Lead Purchase Settings")))


def _past_grace(verdict, viewer):
    return InTheWay(_("A payment is overdue. You can accept again as soon as it is paid."))


def _not_approved(verdict, viewer):
    return InTheWay(_("Your company is not approved at the moment. Ask us why."))


def _something(verdict, viewer):
    return InTheWay(_("One of your settings keeps this lead away."), *_settings(_("Lead Purchase Settings")))


def _settings(label, row=""):
    return reverse("pros:purchase_settings") + (f"#set-{row}" if row else ""), label


_WORDS = {
    "budget": _budget,
    "wallet": _wallet,
    "paused": _paused,
    "day_cap": _day_cap,
    "week_cap": _week_cap,
    "open_work": _open_work,
    "opted_out": _opted_out,
    "past_grace": _past_grace,
    "not_approved": _not_approved,
}
