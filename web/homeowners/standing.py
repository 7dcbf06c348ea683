"""Where a request stands, in the words its homeowner reads: seats, one sentence about them, and what has happened.

A request may share one group with another one of the same person (RULES 7). The seats that went there count, but their pros
are named on that request's page only: whoever knows a phone number must not learn whom its owner asked.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import events
from leads import choice, phone_check, queries
from leads.models import Lead, Match
from web.templatetags.plumbline import moment

SECONDS_IN_AN_HOUR = 3600


@dataclass(frozen=True)
class Standing:
    """All that may change while the page is open. `live` is the live seats of this request, `elsewhere` the seats of another one."""

    lead: Lead
    matches: list
    elsewhere: int
    now: object

    @classmethod
    def of(cls, lead, now):
        seats = queries.seats_for(lead)
        mine = [match for match in seats if match.lead_id == lead.pk]
        return cls(lead, mine, len(seats) - len(mine), now)

    @property
    def looking(self) -> bool:
        """Whether pros may still come."""
        return self.lead.state != Lead.State.CLOSED

    @property
    def choosing(self) -> bool:
        """Whether the homeowner may choose a pro for a free seat."""
        return choice.is_open(self.lead, now=self.now) and len(self.matches) + self.elsewhere < self.lead.seats

    @property
    def code_wanted(self) -> bool:
        """Whether the phone can be confirmed by a code; a draft waits for that."""
        return phone_check.is_wanted(self.lead, now=self.now)

    @property
    def stopped(self) -> bool:
        return self.lead.withdrawn_at is not None

    @property
    def live(self) -> int:
        return sum(match.state == Match.State.LIVE for match in self.matches)

    @property
    def number(self) -> str:
        """The masked number that the pros of this request call from, and that reaches them; "" when none can any more."""
        lines = (match.line for match in self.matches if match.line and match.line.is_live and self.lead.homeowner.phone)
        return next((line.number.number for line in lines), "")

    @property
    def facts(self) -> tuple:
        """Equal for two answers exactly when they show the same."""
        seats = [(str(match.pk), match.state, match.opened_at, _called_at(match)) for match in self.matches]
        lead = self.lead
        return (
            lead.state,
            lead.outcome,
            lead.withdrawn_at,
            lead.phone_confirmed_at,
            lead.link_version,
            self.choosing,
            lead.chosen_at,
            lead.automatch_from,
            bool(lead.routed_at),
            self.elsewhere,
            self.number,
            seats,
            self._today(),
        )

    def _today(self):
        """Times of today are written shorter."""
        return self.now.astimezone(ZoneInfo(self.lead.zone)).date()

    def seats(self) -> list:
        """The seats as parts/seat_map.html takes them: this request's pros, seats of another request, free ones."""
        by_slot = {match.slot: self._taken(match) for match in self.matches}
        others, rows = self.elsewhere, []
        for slot in range(1, max(self.lead.seats, *by_slot, 1) + 1):
            if slot in by_slot:
                rows.append(by_slot[slot])
            elif others:
                others -= 1
                text = _("It was sent with the same phone number, email or home. Its own page says who has it.")
                rows.append({"no": slot, "name": _("Taken by another request"), "text": text})
            else:
                rows.append({"no": slot, "free": True, "name": self._free_name(), "text": self._free_text()})
        return rows

    def _taken(self, match):
        since = self.time(match.at)
        if match.state != Match.State.LIVE:
            stopped = match.state == Match.State.WITHDRAWN
            when = (_("Stopped %(time)s") if stopped else _("Closed %(time)s")) % {"time": self.time(match.state_at)}
            text = _("Had your details from %(time)s. They are closed now.") % {"time": since}
        else:
            when = _("since %(time)s") % {"time": since}
            opened = {"time": self.time(match.opened_at)}
            text = _("Opened your request: %(time)s.") % opened if match.opened_at else _("Has not opened your request yet.")
            if called_at := _called_at(match):
                text += " " + _("Last call: %(time)s.") % {"time": self.time(called_at)}
        return {"no": match.slot, "name": match.pro.name, "when": when, "text": text}

    def _free_name(self):
        return _("This seat stays free") if not self.looking else _("This seat is free")

    def _free_text(self):
        if not self.looking:
            return _("Nobody has it, and nobody will get it.")
        if self.lead.is_draft:
            return _("Nobody has it, and nobody gets it before your phone is confirmed.")
        if self.choosing and self.lead.automatch_from is None:
            return _("Nobody has it. You can choose a pro until %(time)s.") % {"time": self.time(self.lead.closes_at)}
        return _("Nobody has it. We look for a pro until %(time)s.") % {"time": self.time(self.lead.closes_at)}

    def sentence(self) -> str:
        """Who has the details, and what comes next, in at most three short sentences."""
        if self.stopped:
            return _("Your details are closed to every pro.")
        return f"{self._who()} {self._next()}".strip()

    def _who(self):
        count = self.live
        if not count:
            return _("Nobody has your details yet.") if self.looking else _("Nobody has your details.")
        number = {1: _("One"), 2: _("Two"), 3: _("Three"), 4: _("Four")}[count]
        return ngettext("%(number)s pro has your details.", "%(number)s pros have your details.", count) % {"number": number}

    def _next(self):
        lead, free = self.lead, self.lead.seats - len(self.matches) - self.elsewhere
        if lead.is_draft:
            return _("Confirm your phone: we look for pros from then on.")
        if lead.is_unconfirmed:
            return _("Your phone was not confirmed in time, so we did not look for pros.")
        if self.looking and self.choosing and not lead.chosen_at:
            return _("Choose your pros: until then nobody gets them.")
        if self.looking and self.choosing and lead.automatch_from is None:
            return _("You can choose more until %(time)s.") % {"time": self.time(lead.closes_at)}
        if self.looking and free <= 0:  # until nobody can undo an accept any more
            return _("All seats are taken.")
        if self.looking and not lead.routed_at:
            return _("We are looking for pros now. This page updates by itself.")
        if self.looking:
            until = {"time": self.time(lead.closes_at)}
            if not self.matches:
                return _("No pro is free right now. We look again until %(time)s and write to you when one comes.") % until
            return _("We look for more until %(time)s and write to you when one comes.") % until
        hours = int((lead.closes_at - lead.submitted_at).total_seconds() // SECONDS_IN_AN_HOUR)
        if lead.outcome == Lead.Outcome.REJECTED:
            return _("We cannot pass on a request like this here. We are sorry.")
        if self.elsewhere and free <= 0:
            return _("All other seats were taken by another request, so nobody else gets them.")
        if lead.outcome == Lead.Outcome.UNFILLED:
            return _("No pro was free within %(hours)s hours, and we stopped looking.") % {"hours": hours}
        if lead.outcome == Lead.Outcome.PART_FILLED:
            return _("No more pros were free within %(hours)s hours, so nobody else gets them.") % {"hours": hours}
        return _("All seats are taken, so nobody else gets them.")

    def time(self, when) -> str:
        return moment(when, self.lead.zone, self.now)

    def happenings(self) -> list:
        """What happened, newest first, as parts/timeline.html takes it."""
        lead = self.lead
        rows = [{"icon": "doc", "text": _("You sent your request and agreed to the words shown below"), "at": lead.consent.at}]
        for match in self.matches:
            rows.append({"icon": "user", "text": _("%(pro)s got your details") % {"pro": match.pro.name}, "at": match.at})
            if match.opened_at:
                rows.append({"icon": "eye", "text": _("%(pro)s opened your request") % {"pro": match.pro.name}, "at": match.opened_at})
        for event in events.history(lead.pk):
            if row := self._event(event):
                rows.append(row | {"at": event.at})
        rows = sorted(rows, key=lambda row: row["at"])[::-1]  # of the same instant the later written comes first
        rows[0]["state"] = "now"
        if self.looking:
            rows.insert(0, {"icon": "clock", "text": self._end(), "at": lead.closes_at or lead.confirm_by, "state": "next"})
        return rows

    def _end(self):
        if self.lead.is_draft:
            return _("Your request ends, unless your phone is confirmed")
        waits = self.choosing and self.lead.automatch_from is None
        return _("You can choose no more") if waits else _("We stop looking for pros")

    def _event(self, event):
        if event.kind == "lead.closed":
            words = {
                Lead.Outcome.FILLED: _("All seats were taken. Nobody else gets your details"),
                Lead.Outcome.PART_FILLED: _("We stopped looking. Nobody else gets your details"),
                Lead.Outcome.UNFILLED: _("We stopped looking. Nobody has your details"),
                Lead.Outcome.REJECTED: _("We could not pass on your request"),
            }
            return {"icon": "check", "text": words[event.data["outcome"]]} if event.data.get("outcome") in words else None
        if event.kind == "lead.chosen":
            count = len(event.data["pros"])
            return {"icon": "choice", "text": ngettext("You chose %(n)s pro", "You chose %(n)s pros", count) % {"n": count}}
        if event.kind == "lead.phone_confirmed":
            return {"icon": "check", "text": _("Your phone was checked by code")}
        if event.kind == "lead.withdrawn":
            return {"icon": "stop", "text": _("You stopped all contact")}
        return None


def _called_at(match):
    """When the pro and the homeowner last called each other through the line, if ever."""
    return match.line.last_contact_at if match.line else None
