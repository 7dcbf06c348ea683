"""The timeline of a lead, in words: what happened, newest first, and what comes next in grey."""

from django.utils.translation import gettext as _

from contact.models import Call
from contact.policy import Contact
from core.policy import read
from leads.calling import EARNED, ENDED, RUNNING
from leads.explaining import how_it_came
from leads.models import Match
from web.templatetags.plumbline import moment, money, spoken

BADGES = {"automatch": "auto", "choice": "choice", "opt_in": "optin"}


def of(sheet, sent, changes, *, team, viewer) -> list[dict]:
    """The events of a lead (`leads.sight.Sheet`): `sent` are the notices to the team, `changes` the events kept about the match and its
    line. Each part of the story is one function that gives its events in any order."""
    who = Who(team, viewer)
    parts = (_asked(sheet), _notices(sent), _clock(sheet), _calls(sheet, who), _changes(changes, who), _closed(sheet))
    events = sorted((event for part in parts for event in part), key=lambda event: (event.get("state") == "next", event["at"]))
    happened = [event for event in events if "state" not in event]
    happened[-1]["state"] = "now"
    return events[::-1]


def first_call(sheet, viewer) -> str:
    """For the pro's own seat."""
    if sheet.story is None:
        return ""
    at = sheet.story.first_attempt_at
    return _("called %(time)s") % {"time": moment(at, viewer.zone, viewer.now)} if at else _("not called")


class Who:
    """How the reader calls who did something: "You", the name of a colleague, "Your team" when nobody knows any more."""

    def __init__(self, team, viewer):
        self.me = viewer.member
        self.names = {member.pk: member.user.name for member in team}

    def of(self, member_id) -> str:
        return _("You") if member_id == self.me.pk else self.names.get(member_id) or _("Your team")

    def acted(self, actor) -> str:
        """By an event's actor, "member:5"."""
        kind, _colon, number = actor.partition(":")
        return self.of(int(number)) if kind == "member" and number.isdecimal() else _("We")


def _asked(sheet):
    if sheet.job:
        yield {"icon": "doc", "text": _("The homeowner asked"), "at": sheet.job.submitted_at}
    yield {"icon": BADGES[sheet.lead_type], "text": _matched(sheet), "at": sheet.at}
    if sheet.opened_at:
        yield {"icon": "eye", "text": _("You opened the lead"), "at": sheet.opened_at}


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
    for kind in dict.fromkeys(message.kind for message in reversed(sent)):
        for channel in ("email", "sms"):
            some = [message for message in sent if message.kind == kind and message.channel == channel]
            said = {"channel": _CHANNELS[channel](), "about": _KINDS.get(kind, lambda: "")()}
            if confirmed := min((message.confirmed_at for message in some if message.confirmed_at), default=None):
                yield {"icon": "check", "text": _("%(channel)s %(about)s delivered") % said, "at": confirmed}
            elif accepted := min((message.accepted_at for message in some if message.accepted_at), default=None):
                yield {"icon": "bell", "text": _("%(channel)s %(about)s sent") % said, "at": accepted}
            elif failed := min((message.failed_at for message in some if message.failed_at), default=None):
                yield {"icon": "alert", "text": _("%(channel)s %(about)s could not be delivered") % said, "at": failed}


def _clock(sheet):
    """The Speed-To-Call clock, where there is a discount to be earned."""
    face = sheet.face
    if face is None or not face.percent or face.starts_at is None:
        return
    said = {"price": money(face.price), "saving": money(face.saving)}
    started = {"icon": "clock", "text": _("Speed-To-Call starts"), "at": face.starts_at}
    if face.is_open and face.state != RUNNING:
        yield started | {"state": "next"}
    elif face.starts_at <= (face.earned_at or face.starts_at):
        yield started | {"text": _("Speed-To-Call started")}
    if face.state == RUNNING:
        yield {"icon": "clock", "text": _("Speed-To-Call ends, price stays at %(price)s") % said, "at": face.ends_at, "state": "next"}
    elif face.state == EARNED:
        yield {"icon": "check", "text": _("Speed-To-Call earned: %(saving)s taken off") % said, "at": face.earned_at}
    elif face.state == ENDED:
        yield {"icon": "clock", "text": _("Speed-To-Call ended, the price is %(price)s") % said, "at": face.ends_at}


def _calls(sheet, who):
    for call in sheet.story.calls if sheet.story else ():
        yield {"icon": "phone", "text": _said(call, who.of(call.member_id)), "at": call.started_at or call.opened_at}


def _said(call, who):
    """What became of one call."""
    said = {"who": who}
    if call.fault:
        return _("%(who)s called. It could not be placed: our fault, it counts") % said
    if call.way == Call.Way.CALLBACK:
        return _called_back(call)
    if call.started_at is None:
        return _not_dialled(call, said)
    facts = call.facts
    said |= {"rang": spoken(facts.rang), "talked": spoken(facts.talked)}
    if facts.was_answered:
        return _answered(call, said)
    if call.is_dead:
        return _("%(who)s called: the number does not work") % said
    if facts.status == "busy":
        return _("%(who)s called: busy") % said
    if facts.status == "failed":
        return _("%(who)s called: it did not go through") % said
    if not facts.is_final and not call.over:
        return _("%(who)s: calling the homeowner now") % said
    if facts.status == "canceled" or facts.ended_by == "pro":
        return _("%(who)s called and hung up after %(rang)s of ringing") % said
    return _("%(who)s called: no answer after %(rang)s") % said if facts.rang else _("%(who)s called: no answer") % said


def _answered(call, said):
    facts = call.facts
    if not facts.is_final and not call.over:
        return _("%(who)s: speaking with the homeowner now") % said
    if facts.machine:
        return _("%(who)s called: an answering machine, %(talked)s") % said
    if facts.ended_by == "pro" and facts.talked < read(Contact).answered_seconds:
        return _("%(who)s called and hung up %(talked)s after the answer") % said
    return _("%(who)s spoke with the homeowner for %(talked)s") % said


def _called_back(call):
    if call.facts.was_answered:
        return _("The homeowner called back, for %(talked)s") % {"talked": spoken(call.facts.talked)}
    return _("The homeowner called back: nobody answered") if call.over else _("The homeowner is calling back now")


def _not_dialled(call, said):
    """The homeowner was not dialled, or not yet."""
    if call.way == Call.Way.BRIDGE:
        return _("We called first: nobody picked up and pressed a key") if call.over else _("%(who)s: we are calling your phone now") % said
    return _("%(who)s dialled and hung up before it rang") % said if call.over else _("%(who)s: dialling now") % said


def _changes(changes, who):
    """What the team did here, and what is said of it."""
    for event in changes:
        said = {"who": who.acted(event.actor)}
        if event.kind == "match.progress":
            yield {"icon": _ICONS.get(event.data["progress"], "doc"), "text": _set(event.data, said), "at": event.at}
        elif event.kind == "line.caller_added":
            yield {"icon": "plus", "text": _("%(who)s added one more number that the PIN works from") % said, "at": event.at}
        elif event.kind == "match.revealed":
            yield {"icon": "eye", "text": _REVEALED[event.data["what"]](), "at": event.at}
        elif event.kind == "match.warned":
            yield {"icon": "alert", "text": _("A day without a call: the homeowner may replace you after another one"), "at": event.at}
        elif event.kind == "review.written":
            yield {"icon": "star", "text": _("The homeowner reviewed you: %(stars)s of 5 stars") % event.data, "at": event.at}
        elif event.kind == "review.answered":
            yield {"icon": "chat", "text": _("%(who)s answered the review") % said, "at": event.at}
        elif event.kind == "review.taken_down":
            yield {"icon": "noeye", "text": _("The review was taken down"), "at": event.at}


def _set(data, said):
    said |= {"status": Match.Progress(data["progress"]).label, "amount": money(data.get("won_amount"))}
    if data["progress"] == Match.Progress.WON:
        return _("%(who)s set the status to %(status)s, for %(amount)s") % said
    return _("%(who)s set the status to %(status)s") % said


def _closed(sheet):
    if sheet.state == Match.State.WITHDRAWN:
        yield {"icon": "noeye", "text": _("The homeowner withdrew"), "at": sheet.state_at}
    elif sheet.state == Match.State.CREDITED:
        yield {"icon": "undo", "text": _("The price was given back"), "at": sheet.state_at}
    elif sheet.state == Match.State.REPLACED:
        yield {"icon": "undo", "text": _("The homeowner replaced you: nobody had called"), "at": sheet.state_at}
    elif sheet.state == Match.State.UNDONE:
        yield {"icon": "undo", "text": _("You undid it, and the price was given back"), "at": sheet.state_at}


_REVEALED = {
    "phone": lambda: _("The homeowner showed you the phone number"),
    "address": lambda: _("The homeowner showed you the address"),
}
_ICONS = {"won": "star", "lost": "x", "archived": "inbox"}
_CHANNELS = {"email": lambda: _("E-mail"), "sms": lambda: _("SMS")}
_KINDS = {
    "new_lead": lambda: _("about the new lead"),
    "new_offer": lambda: _("about the offer"),
    "lead_withdrawn": lambda: _("about the withdrawal"),
    "no_attempt": lambda: _("about calling"),
    "lead_replaced": lambda: _("about being replaced"),
    "details_shared": lambda: _("about what the homeowner showed you"),
    "homeowner_decided": lambda: _("about whom the homeowner hired"),
    "call_reminder": lambda: _("about the clock"),
    "follow_up": lambda: _("about following up"),
    "credit_received": lambda: _("about your credit request"),
    "credit_granted": lambda: _("about the credit"),
    "credit_refused": lambda: _("about your credit request"),
    "credit_question": lambda: _("about your credit request"),
}
