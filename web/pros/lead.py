"""One lead, as its pro sees it."""

from django.utils.translation import gettext as _

from accounts.rights import Right
from accounts.windows import period_dates
from leads import queries, sight
from leads.explaining import how_it_came
from leads.opening import open_match
from leads.withdrawal import SENTENCE
from notifications.queries import messages_about
from web.pros.viewer import live_page, pro_page


@pro_page("GET", right=Right.OPEN_LEADS)
def lead(request, viewer, match_id):
    match = queries.match_for(viewer.pro, match_id)
    if request.method == "GET":
        open_match(match, by=viewer.member, now=viewer.now)
    sheet = sight.sheet_of(match)
    first, last = period_dates(viewer.state.anchor, sheet.period) if sheet.period is not None else (None, None)
    context = {
        "sheet": sheet,
        "came": how_it_came(sheet.lead_type),
        "sentence": SENTENCE,
        "seats": [{"no": number, "me": seat == "me", "free": seat == "free"} for number, seat in enumerate(sheet.seats, start=1)],
        "events": _events(sheet, list(messages_about(match.pk, recipient_prefix="member:"))),
        "first": first,
        "last": last,
        "running": sheet.period == viewer.counters.period,
    }
    return live_page(request, viewer, "lead", context)


def _events(sheet, sent):
    """The timeline, newest first."""
    events = [{"icon": _BADGES[sheet.lead_type], "text": _matched(sheet), "at": sheet.at}]
    if sheet.job:
        events.insert(0, {"icon": "doc", "text": _("The homeowner asked"), "at": sheet.job.submitted_at})
    events += _notices(sent)
    if sheet.opened_at:
        events.append({"icon": "eye", "text": _("You opened the lead"), "at": sheet.opened_at})
    if sheet.job is None:
        events.append({"icon": "noeye", "text": _("The homeowner withdrew"), "at": sheet.state_at})
    events.sort(key=lambda event: event["at"])
    events[-1]["state"] = "now"
    return events[::-1]


def _matched(sheet):
    if not sheet.slot:
        return how_it_came(sheet.lead_type)
    return _("%(came)s: seat\N{NO-BREAK SPACE}%(slot)s of\N{NO-BREAK SPACE}%(seats)s") % {
        "came": how_it_came(sheet.lead_type),
        "slot": sheet.slot,
        "seats": len(sheet.seats),
    }


def _notices(sent):
    """What became of the notices to the team: the first of each channel that got through, and those that did not."""
    events = []
    for kind in dict.fromkeys(message.kind for message in reversed(sent)):
        for channel in ("email", "sms"):
            some = [message for message in sent if message.kind == kind and message.channel == channel]
            said = {"channel": _CHANNELS[channel](), "about": _KINDS.get(kind, lambda: "")()}
            if confirmed := min((message.confirmed_at for message in some if message.confirmed_at), default=None):
                events.append({"icon": "check", "text": _("%(channel)s %(about)s delivered") % said, "at": confirmed})
            elif accepted := min((message.accepted_at for message in some if message.accepted_at), default=None):
                events.append({"icon": "bell", "text": _("%(channel)s %(about)s sent") % said, "at": accepted})
            elif failed := min((message.failed_at for message in some if message.failed_at), default=None):
                events.append({"icon": "alert", "text": _("%(channel)s %(about)s could not be delivered") % said, "at": failed})
    return events


_BADGES = {"automatch": "auto", "choice": "choice", "opt_in": "optin"}
_CHANNELS = {"email": lambda: _("E-mail"), "sms": lambda: _("SMS")}
_KINDS = {"new_lead": lambda: _("about the new lead"), "lead_withdrawn": lambda: _("about the withdrawal")}
