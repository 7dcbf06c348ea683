"""What keeps leads away, in words: what is true, why, and one next step."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.availability import weekdays_in_words
from leads.models import LeadType
from leads.standing import Standing
from leads.verdicts import check_in_words, last_day_in_words
from leads.why_not import clock
from web.templatetags.plumbline import money


@dataclass(frozen=True)
class Notice:
    title: str
    text: str
    icon: str = "pause"
    tone: str = "warn"
    url: str = ""
    label: str = ""
    on: bool = False


def notice(standing: Standing, viewer, covered: int = 0) -> Notice:
    """The words for a standing; `covered` is the number of ZIP codes when leads may come."""
    return _WORDS.get(standing.code, _something)(standing, viewer, covered)


def _on(standing, viewer, covered):
    text = ngettext("You are on, in %(n)s ZIP code", "You are on, in %(n)s ZIP codes", covered) % {"n": f"{covered:,}"}
    if viewer.budget["cap"] is None:
        text = _("%(on)s. New leads come by e-mail and text, and stand here.") % {"on": text}
    else:
        text = _("%(on)s, with %(left)s of budget left.") % {"on": text, "left": money(viewer.budget["left"])}
    return Notice(_("No leads yet"), text, "inbox", "", *_settings(_("Check my settings")), on=True)


def _offered(standing, viewer, covered):
    text = ngettext("You are on, in %(n)s ZIP code", "You are on, in %(n)s ZIP codes", covered) % {"n": f"{covered:,}"}
    text = _("%(on)s. Offers come by e-mail and text with the job and the exact fee. What you accept stands here.") % {"on": text}
    return Notice(_("No leads yet"), text, "offer", "", reverse("pros:offers"), _("See your offers"), on=True)


def _wallet(standing, viewer, covered):
    text = _("Offers come as soon as there is money in it to pay for them. Nothing is charged until you accept.")
    return Notice(_("Your wallet is empty"), text, "bill", "warn", reverse("pros:statement"), _("How to add money"))


def _paused(standing, viewer, covered):
    if until := viewer.state.paused_until:
        said = {"end": date_format(until.astimezone(ZoneInfo(viewer.zone)), "D, M j, g:i A")}
        text = _("Nothing comes in and nothing is charged until %(end)s. Leads start again by themselves then.") % said
    else:
        text = _("Nothing comes in and nothing is charged until you start again. The leads you have stay yours.")
    return Notice(_("Leads are paused"), text, "pause", "warn", *_settings(_("Start again"), "pause"))


def _budget(standing, viewer, covered):
    _first, last = viewer.period
    said = {
        "left": money(viewer.budget["left"]),
        "cap": money(viewer.budget["cap"]),
        "cheapest": money(standing.need),
        "last": date_format(last, "M j"),
    }
    text = _("%(left)s of your %(cap)s are left, and your cheapest lead costs %(cheapest)s. The period ends on %(last)s. We never go over.")
    return Notice(_("Budget used"), text % said, "pause", "warn", *_settings(_("See the budget cap"), "budget-cap"))


def _no_services(standing, viewer, covered):
    text = _("Say what you do and where, and leads can come.")
    return Notice(_("You offer no service yet"), text, "gear", "warn", *_area())


def _no_area(standing, viewer, covered):
    text = _("No ZIP code is covered for the services you offer, so no lead can reach you.")
    return Notice(_("You cover no area yet"), text, "gear", "warn", *_area())


def _not_approved(standing, viewer, covered):
    if viewer.pro.status == viewer.pro.Status.SUSPENDED:
        text = _("No new lead reaches you. The leads you have stay yours. Ask us why.")
        return Notice(_("Your company is suspended"), text, "stop", "bad")
    return Notice(_("Your company is not approved yet"), _("Leads come as soon as we have checked it."), "clock", "warn")


def _opted_out(standing, viewer, covered):
    if standing.need == LeadType.OPT_IN:
        text = _("You have switched offers off. The leads you have stay yours.")
        return Notice(_("Offers are off"), text, "pause", "warn", *_settings(_("See Receive offers"), "offers"))
    text = _("You have switched AutoMatch leads off. The leads you have stay yours.")
    return Notice(_("AutoMatch is off"), text, "pause", "warn", *_settings(_("See Receive AutoMatch Leads"), "automatch"))


def _past_grace(standing, viewer, covered):
    return Notice(_("A payment is overdue"), _("Leads come again as soon as it is paid."), "bill", "bad")


def _check_expired(standing, viewer, covered):
    said = {"check": check_in_words(standing.need), "day": last_day_in_words(standing.have)}
    text = _("Our check of your %(check)s ended on %(day)s.") if standing.have else _("Your %(check)s is not checked yet.")
    text = f"{text % said} {_('Leads come again as soon as we have checked your papers.')}"
    return Notice(_("Leads are paused"), text, "shield", "bad", reverse("pros:company"), _("See what is checked"))


def _day_cap(standing, viewer, covered):
    text = ngettext(
        "You receive no more than %(n)s lead a day. Leads come again tomorrow.",
        "You receive no more than %(n)s leads a day. Leads come again tomorrow.",
        standing.need,
    ) % {"n": standing.need}
    return Notice(_("Today is full"), text, "check", "quiet", *_settings(_("See Leads per day"), "leads-per-day"))


def _week_cap(standing, viewer, covered):
    text = ngettext(
        "You receive no more than %(n)s lead a week. Leads come again on Monday.",
        "You receive no more than %(n)s leads a week. Leads come again on Monday.",
        standing.need,
    ) % {"n": standing.need}
    return Notice(_("This week is full"), text, "check", "quiet", *_settings(_("See Leads per week"), "leads-per-week"))


def _outside_hours(standing, viewer, covered):
    opens, closes = standing.need
    text = _("You receive leads from %(opens)s to %(closes)s.") % {"opens": clock(opens), "closes": clock(closes)}
    return Notice(_("Outside your receiving hours"), text, "clock", "quiet", *_settings(_("See Receiving hours"), "receiving-hours"))


def _day_off(standing, viewer, covered):
    if len(standing.need) == 1:
        text = _("You receive no leads on %(days)s. They come again on the next other day.") % {"days": weekdays_in_words(standing.need[0])}
        return Notice(_("A day off"), text, "clock", "quiet", *_settings(_("See Days off"), "days-off"))
    last = date_format(date.fromisoformat(standing.need[1]), "D, M j")
    text = _("No new lead reaches you until %(last)s. Leads start again by themselves on the day after.") % {"last": last}
    return Notice(_("You are away"), text, "clock", "quiet", *_settings(_("See Time away"), "time-away"))


def _open_work(standing, viewer, covered):
    text = ngettext(
        "You want no more than %(n)s open lead at a time. Say which are won, lost or archived, and new ones come.",
        "You want no more than %(n)s open leads at a time. Say which are won, lost or archived, and new ones come.",
        standing.need,
    ) % {"n": standing.need}
    return Notice(_("Enough open leads"), text, "check", "quiet", *_settings(_("See Open leads at a time"), "open-leads"))


def _something(standing, viewer, covered):
    return Notice(_("No lead can reach you right now"), _("One of your settings keeps leads away."), "gear", "warn", *_settings(""))


def _settings(label, row=""):
    """The settings, at the row that keeps leads away."""
    return reverse("pros:purchase_settings") + (f"#set-{row}" if row else ""), label or _("Lead Purchase Settings")


def _area():
    return reverse("pros:area"), _("Services and area")


_WORDS = {
    "on": _on,
    "offered": _offered,
    "wallet": _wallet,
    "no_services": _no_services,
    "no_area": _no_area,
    "not_approved": _not_approved,
    "paused": _paused,
    "past_grace": _past_grace,
    "check_expired": _check_expired,
    "opted_out": _opted_out,
    "day_off": _day_off,
    "outside_hours": _outside_hours,
    "day_cap": _day_cap,
    "week_cap": _week_cap,
    "open_work": _open_work,
    "budget": _budget,
}
