"""Where a request stands, in the words its homeowner reads: seats, one sentence about them, and what has happened (the cards of the pros
are web.homeowners.seats).

A request may share one group with another one of the same person (RULES 7). The seats that went there count, but their pros
are named on that request's page only: whoever knows a phone number must not learn whom its owner asked.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.words import local
from contact.queries import Story, stories
from core import events
from leads import choice, lifecycle, phone_check, queries, replacing, waiting
from leads.models import Lead, Match, Reveal
from web.homeowners import seats
from web.templatetags.plumbline import moment

SECONDS_IN_AN_HOUR = 3600
CHOICE_OVER = {
    lifecycle.NOBODY_CHOSEN: gettext_lazy("Choosing was over. Nobody has your details"),
    lifecycle.NOBODY_ELSE_CHOSEN: gettext_lazy("Choosing was over. Nobody else gets your details"),
}


@dataclass(frozen=True)
class Standing:
    """All that may change while the page is open. `matches` have a seat of this request; those `replaced` had one, and those `undone`, who
    gave it back unopened. `elsewhere` counts the seats of another one. `told` are the stories of the lines on which something happened."""

    lead: Lead
    matches: list
    replaced: list
    undone: list
    elsewhere: int
    told: dict[object, Story]
    now: object
    asked: tuple = ()  # offers: pros who were picked and have not answered, each with a seat held for it

    @classmethod
    def of(cls, lead, now):
        seats = queries.seats_for(lead)
        mine = [match for match in seats if match.lead_id == lead.pk]
        for match in mine:
            match.lead = lead
        matches = [match for match in mine if match.slot]
        elsewhere = sum(match.slot is not None and match.lead_id != lead.pk for match in seats)
        lines = [match.line for match in matches if match.line and (match.line.last_contact_at or match.warned_at)]
        for match in matches:
            if match.line:
                match.line.pro = match.pro
        told = stories(lines) if lines else {}
        replaced, undone = ([match for match in mine if match.state == state] for state in (Match.State.REPLACED, Match.State.UNDONE))
        return cls(lead, matches, replaced, undone, elsewhere, told, now, tuple(queries.asked_for(lead)))

    @property
    def looking(self) -> bool:
        """Whether pros may still come."""
        return self.lead.state != Lead.State.CLOSED and not self.lead.hired

    @property
    def choosing(self) -> bool:
        """Whether the homeowner, who wanted to, may choose a pro for a free seat."""
        return self.lead.way == Lead.Way.CHOOSE and self.inviting

    @property
    def inviting(self) -> bool:
        """Whether the homeowner may choose a pro for a free seat, whatever it wanted first."""
        return choice.is_open(self.lead, now=self.now) and len(self.matches) + len(self.asked) + self.elsewhere < self.lead.seats

    @property
    def nobody_fits(self) -> bool:
        """We have looked, and nobody can take it now, nor could be asked."""
        asked = self.lead.offered_at or self.choosing
        return self.looking and bool(self.lead.routed_at) and not self.matches and not self.elsewhere and not asked

    @property
    def chose_nobody(self) -> bool:
        """Whether it ended with nobody because its homeowner, who wanted to choose, did not."""
        return self.lead.outcome_reason == lifecycle.NOBODY_CHOSEN

    @property
    def can_wait(self) -> bool:
        """Whether the request may be put on the list for longer."""
        return waiting.can_wait(self.lead)

    @property
    def shows(self) -> bool:
        """Whether some pro sees more than the others."""
        return any(match.shown for match in self.matches)

    @property
    def hired_name(self) -> str:
        """The pro that was hired; "" for nobody of them."""
        return next((match.pro.name for match in self.matches if match.pk == self.lead.hired_match_id), "")

    @property
    def waits(self) -> bool:
        """Whether it is there."""
        until = self.lead.waiting_until
        return self.can_wait and until is not None and self.now < until

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
        seats = [(str(match.pk), match.state, match.shown, self.did(match), self._may_replace(match)) for match in self.matches]
        lead = self.lead
        return (
            lead.state,
            lead.outcome,
            lead.withdrawn_at,
            lead.phone_confirmed_at,
            lead.link_version,
            self.inviting,
            lead.chosen_at,
            lead.automatch_from,
            bool(lead.routed_at),
            self.elsewhere,
            [str(offer.pk) for offer in self.asked],
            self.number,
            seats,
            (len(self.replaced), len(self.undone)),
            (lead.hired, lead.hired_match_id, lead.waiting_until, lead.able_at),
            self._today(),
        )

    def did(self, match) -> str:
        """What a pro has done so far, in words."""
        return seats.did(match, self.told.get(match.line_id), zone=self.lead.zone, now=self.now)

    def _may_replace(self, match) -> bool:
        told = self.told.get(match.line_id)
        return told is not None and replacing.objection(match, told, now=self.now) is None

    def _today(self):
        """Times of today are written shorter."""
        return self.now.astimezone(ZoneInfo(self.lead.zone)).date()

    def seats(self, token) -> list:
        """The seats as parts/seat_map.html takes them: this request's pros, seats of another request, free ones."""
        by_slot = {match.slot: self._taken(match, token) for match in self.matches} | {
            offer.slot: self._asked(offer) for offer in self.asked
        }
        others, rows = self.elsewhere, []
        for slot in range(1, max(self.lead.seats, *by_slot, 1) + 1):
            if slot in by_slot:
                rows.append(by_slot[slot])
            elif others:
                others -= 1
                text = _("It was sent with the same phone number, email or home. Its own page says who has it.")
                rows.append({"no": slot, "name": _("Taken by another request"), "text": text})
            else:
                invite = self.inviting and not self.choosing and not self.nobody_fits and not any(row.get("free") for row in rows)
                address = {"acts": True, "invite": reverse("homeowners:choose", args=[token])} if invite else {}
                text = "" if any(row.get("free") for row in rows) else self._free_text()  # said once for all that are free
                rows.append({"no": slot, "free": True, "name": self._free_name(), "text": text} | address)
        return rows

    def _taken(self, match, token):
        if match.state != Match.State.LIVE:
            when, text = seats.closed(match, zone=self.lead.zone, now=self.now)
            return {"no": match.slot, "name": match.pro.name, "when": when, "text": text}
        front, folded = seats.deeds(match, self.told.get(match.line_id), token=token, now=self.now)
        hired = [_("You hired this pro.")] if self.lead.hired_match_id == match.pk else []
        text = [*hired, self.did(match), *(_SEES[what] for what in match.shown)]
        return {
            "no": match.slot,
            "name": match.pro.name,
            "when": _("since %(time)s") % {"time": self.time(match.at)},
            "text": " ".join(map(str, text)),
            "acts": True,
            "front": front,
            "folded": folded,
        }

    def _asked(self, offer):
        when = _("asked, answers until %(time)s") % {"time": self.time(offer.expires_at)}
        return {"no": offer.slot, "name": offer.pro.name, "when": when, "text": _("Has not got your details. They are given on accepting.")}

    def _free_name(self):
        return _("This seat stays free") if not self.looking else _("This seat is free")

    def _free_text(self):
        if not self.looking:
            return _("Nobody has it, and nobody will get it.")
        if self.lead.is_draft:
            return _("Nobody has it, and nobody gets it before your phone is confirmed.")
        if self.choosing and self.lead.automatch_from is None:
            return _("Nobody has it. You can choose a pro until %(time)s.") % {"time": self.time(self.lead.closes_at)}
        if self.choosing and self.now < self.lead.automatch_from:
            return _("Nobody has it. Choose a pro, or we look for one from %(time)s.") % {"time": self.time(self.lead.automatch_from)}
        return _("Nobody has it. We look for a pro until %(time)s.") % {"time": self.time(self.lead.closes_at)}

    def sentence(self) -> str:
        """Who has the details, and what comes next, in at most three short sentences."""
        if self.stopped:
            return _("Your details are closed to every pro.")
        if self.nobody_fits:
            said = {"service": local(self.lead.service.name), "zip": self.lead.zip, "time": self.time(self.lead.closes_at)}
            return _("Nobody who does %(service)s in %(zip)s can take it now. You stay on our list until %(time)s.") % said
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
        if lead.hired and free > 0:
            return _("You said that you are done looking, so nobody else gets them.")
        if lead.is_unconfirmed:
            return _("Your phone was not confirmed in time, so we did not look for pros.")
        if self.looking and self.asked:
            return self._waiting()
        if self.looking and self.choosing and not lead.chosen_at and lead.automatch_from is None:
            return _("Choose your pros: until then nobody gets them.")
        if self.looking and self.choosing and not lead.chosen_at and self.now < lead.automatch_from:
            return _("Choose your pros by %(time)s, or we match you, as you asked.") % {"time": self.time(lead.automatch_from)}
        if self.looking and self.choosing and lead.automatch_from is None:
            return _("You can choose more until %(time)s.") % {"time": self.time(lead.closes_at)}
        if self.looking and free <= 0:  # until nobody can undo an accept any more
            return _("All seats are taken.")
        if self.looking and not lead.routed_at:
            return _("We are looking for pros now. This page updates by itself.")
        if self.looking and lead.offered_at and not self.matches and not self.elsewhere:
            return _("We asked pros who fit, and write to you when one takes it.")
        if self.looking:
            until = {"time": self.time(lead.closes_at)}
            return _("We look for more until %(time)s and write to you when one comes.") % until
        hours = int((lead.closes_at - lead.submitted_at).total_seconds() // SECONDS_IN_AN_HOUR)
        if lead.outcome == Lead.Outcome.REJECTED:
            return _("We cannot pass on a request like this here. We are sorry.")
        if self.elsewhere and free <= 0:
            return _("All other seats were taken by another request, so nobody else gets them.")
        if self.chose_nobody:
            return _("You chose no pro within %(hours)s hours, so nobody gets them.") % {"hours": hours}
        if lead.outcome_reason == lifecycle.NOBODY_ELSE_CHOSEN:
            return _("You chose nobody else, so nobody else gets them.")
        if lead.outcome == Lead.Outcome.UNFILLED:
            return _("No pro was free within %(hours)s hours, and we stopped looking.") % {"hours": hours}
        if lead.outcome == Lead.Outcome.PART_FILLED:
            return _("No more pros were free within %(hours)s hours, so nobody else gets them.") % {"hours": hours}
        return _("All seats are taken, so nobody else gets them.")

    def _waiting(self):
        said = {"n": len(self.asked), "time": self.time(max(offer.expires_at for offer in self.asked))}
        return ngettext("%(n)s pro was asked and answers until %(time)s.", "%(n)s pros were asked and answer until %(time)s.",
                        len(self.asked)) % said  # fmt: skip

    def time(self, when) -> str:
        return moment(when, self.lead.zone, self.now)

    def happenings(self) -> list:
        """What happened, newest first, as parts/timeline.html takes it."""
        lead = self.lead
        rows = [{"icon": "doc", "text": _("You sent your request and agreed to the words shown below"), "at": lead.consent.at}]
        for match in self.matches + self.replaced + self.undone:
            rows.append({"icon": "user", "text": _("%(pro)s got your details") % {"pro": match.pro.name}, "at": match.at})
            if match.opened_at:
                rows.append({"icon": "eye", "text": _("%(pro)s opened your request") % {"pro": match.pro.name}, "at": match.opened_at})
            if match.warned_at:
                rows.append(
                    {"icon": "bell", "text": _("We warned %(pro)s: no call in a day") % {"pro": match.pro.name}, "at": match.warned_at}
                )
            rows += seats.calls_of(match, self.told.get(match.line_id))
        for match in self.undone:
            text = _("%(pro)s gave your request back without opening it, and no longer has your details") % {"pro": match.pro.name}
            rows.append({"icon": "undo", "text": text, "at": match.state_at})
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
            if event.data.get("reason") in CHOICE_OVER:
                return {"icon": "check", "text": CHOICE_OVER[event.data["reason"]]}
            return {"icon": "check", "text": words[event.data["outcome"]]} if event.data.get("outcome") in words else None
        if event.kind == "lead.chosen":
            count = len(event.data["pros"])
            return {"icon": "choice", "text": ngettext("You chose %(n)s pro", "You chose %(n)s pros", count) % {"n": count}}
        if event.kind == "lead.phone_confirmed":
            return {"icon": "check", "text": _("Your phone was checked by code")}
        if event.kind == "lead.withdrawn":
            return {"icon": "stop", "text": _("You stopped all contact")}
        icon, words = _DONE.get(event.kind, ("", None))
        if event.kind == "lead.revealed":
            words = _SHOWED[event.data["what"]]
        if event.kind == "lead.hired":
            words = _HIRED[event.data["hired"]]
        if words is None:
            return None
        names = {str(match.pk): match.pro.name for match in self.matches + self.replaced}
        return {"icon": icon, "text": str(words) % {"pro": names.get(event.data.get("match"), "")}}


_DONE = {
    "lead.pro_stopped": ("stop", gettext_lazy("You stopped %(pro)s")),
    "lead.pro_replaced": ("undo", gettext_lazy("You replaced %(pro)s, which never called")),
    "lead.reopened": ("search", gettext_lazy("We look for a pro for the free seat")),
    "lead.corrected": ("doc", gettext_lazy("You corrected the job")),
    "lead.revealed": ("eye", None),
    "lead.hired": ("check", None),
    "lead.photo_added": ("camera", gettext_lazy("You added a photo")),
    "lead.photo_removed": ("camera", gettext_lazy("You removed a photo")),
    "lead.waiting": ("clock", gettext_lazy("You asked us to keep you on the list")),
    "lead.left_list": ("x", gettext_lazy("You left the list")),
    "lead.somebody_can": ("bell", gettext_lazy("We told you that somebody can take it now")),
}
_SHOWED = {
    Reveal.What.PHONE: gettext_lazy("You showed %(pro)s your phone number"),
    Reveal.What.ADDRESS: gettext_lazy("You showed %(pro)s your address"),
}
_SEES = {Reveal.What.PHONE: gettext_lazy("Sees your phone number."), Reveal.What.ADDRESS: gettext_lazy("Sees your address.")}
_HIRED = {
    Lead.Hired.PRO: gettext_lazy("You hired %(pro)s"),
    Lead.Hired.OTHER: gettext_lazy("You hired somebody else"),
    Lead.Hired.NOBODY: gettext_lazy("You are not hiring any more"),
}
