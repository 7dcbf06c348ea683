"""The replay itself: records in, on a clock that follows their dates. Sweeps, fold and delivery are driven by that clock."""

import time
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from catalog import guide
from catalog.models import Service
from catalog.queries import guides_in_force
from contact import numbers
from contact.numbers import NoNumber
from core.errors import Refusal
from core.policy import read
from core.tenancy import scope
from leads import intake, lifecycle, matching
from leads.decision import shares
from leads.models import Match, Offer
from leads.policy import Leads
from leads.queries import next_due
from leads.tasks import fold_all
from notifications import delivery
from operations.replay.callers import Callers
from operations.replay.clockwork import Clockwork
from operations.replay.figures import Tally
from operations.replay.people import People
from operations.replay.records import Record, records
from operations.replay.takers import Takers, Together

FOLD_EVERY = timedelta(seconds=10)  # of the replay's clock, as beat does in life
DELIVER_EVERY = 50  # records
LAST_LOOK = timedelta(days=4)  # after the last record every lead has closed
LAST_ACT = timedelta(days=9)  # and every pro that calls has done what it wanted to
LAST_REPORT = timedelta(days=1)  # after that every message has been looked up


class NotAReplay(Refusal):
    code = "not_a_replay"
    sentence = _("Records are replayed only into a marketplace made with --replay: its clock is the replay's.")


class Replay:
    """One run over one marketplace. `watch(lead, now, contest)` is called before each look at a lead, with the decision over all
    eligible pros, for whoever measures. With `accept`, pros answer their offers; with `call`, they open their leads, call and ask for
    money back."""

    def __init__(self, marketplace, watch=None, call=False, accept=False):
        if not marketplace.replay:
            raise NotAReplay
        self.marketplace = marketplace
        self.watch = watch
        self.people = People()
        self.tally = Tally()
        self.folded_at, self.to_fold = None, 0
        with scope(marketplace):
            self.pause = timedelta(seconds=min(read(Leads).retry_seconds))  # no lead is due again sooner
            guides = guides_in_force(now=marketplace.created_at)
            self.questions = {code: guides[pk].questions for pk, code in Service.objects.values_list("pk", "code") if pk in guides}
        self.callers = Callers(marketplace, now=marketplace.created_at) if call else None
        self.takers = Takers(marketplace, now=marketplace.created_at, accepted=self.met) if accept else None
        actors = [actor for actor in (self.takers, self.callers) if actor]
        self.clockwork = Clockwork(marketplace, Together(*actors), sweep=self.sweep) if actors else None

    def run(self, rows) -> Tally:
        started = time.monotonic()
        now = None
        for number, record in enumerate(records(rows), 1):
            now = record.at
            self.live(until=now)
            self.take(record)
            if self.clockwork:
                self.clockwork.changed()
            self.live(until=now)
            if number % DELIVER_EVERY == 0 and not self.clockwork:
                delivery.drain(self.marketplace, now=now)
        if now:
            end = now + (LAST_ACT if self.callers else LAST_LOOK)
            self.live(until=end)
            for at in (end, end + LAST_REPORT):
                delivery.drain(self.marketplace, now=at)
            fold_all(self.marketplace)
        self.tally.seconds = time.monotonic() - started
        return self.tally

    def take(self, record: Record) -> None:
        """Submit one record, or count why not."""
        tally = self.tally
        tally.rows += 1
        tally.with_zip += bool(record.zip)
        if record.refused:
            tally.refused[record.refused] += 1
            return
        person = self.people.of(record.property)
        asked = intake.Answers(
            service=record.service,
            zip=record.zip,
            name=person.name,
            phone=person.phone,
            email=person.email,
            street=person.street,
            description=record.description,
            answers=guide.fill(self.questions[record.service], record.answers),
            agreed=True,
            made_up=True,
        )
        try:
            with scope(self.marketplace):
                status = intake.submit(asked, submit_key=record.key, now=record.at, page="replay", source="replay").status
        except Refusal as refusal:
            tally.refused[refusal.code] += 1
            return
        tally.accepted += status == intake.Submission.ACCEPTED
        tally.linked += status == intake.Submission.LINKED
        tally.repeats += status == intake.Submission.REPEAT

    def live(self, *, until) -> None:
        """Let everything happen that is due up to `until`."""
        (self.clockwork.run if self.clockwork else self.sweep)(until=until)

    def sweep(self, *, until) -> None:
        """Do what was due up to `until`, each at its own instant: leads are looked at, entitlements folded."""
        while due := self.due(until):
            before = due[0][1] + self.pause
            for lead_id, at in due:
                if at < before:
                    self.route(lead_id, at)

    def due(self, until) -> list:
        with scope(self.marketplace):
            lifecycle.put_off(now=until)
            return next_due(until=until, limit=100)

    def route(self, lead_id, now) -> None:
        try:
            matches = self.look(lead_id, now)
        except NoNumber:
            numbers.grow(self.marketplace, now=now)
            matches = self.look(lead_id, now)
        self.to_fold += len(matches)
        if self.to_fold and (self.folded_at is None or now - self.folded_at >= FOLD_EVERY):
            self.folded_at, self.to_fold = now, 0
            fold_all(self.marketplace)
        with scope(self.marketplace):
            self.met(matches)
            if self.takers:
                self.takers.meet(Offer.objects.filter(lead=lead_id, state=Offer.State.OPEN, at=now))

    def met(self, matches) -> None:
        """These matches are new: whoever calls does so from now on."""
        if self.callers and matches:
            self.callers.meet(Match.objects.filter(pk__in=[match.pk for match in matches]))

    def look(self, lead_id, now) -> list:
        with scope(self.marketplace):
            self.measure(lifecycle.lock(lead_id), now)
            return matching.route(lead_id=lead_id, now=now)

    def measure(self, lead, now) -> None:
        """Every eligible pro's true share of the seats this look will fill, over the whole segment and not the window alone."""
        contest = matching.dry_run(lead, now=now)
        if contest is None:
            return
        if self.watch:
            self.watch(lead, now, contest)
        everybody = contest.decided.eligible
        for pro, part in zip(everybody, shares([1] * len(everybody), seats=len(contest.decided.winners)), strict=True):
            self.tally.true_share[pro] += part


def replay(marketplace, rows, *, watch=None, call=False, accept=False) -> Tally:
    """Replay `rows` (operations.replay.records.rows) into `marketplace`, with pros who `call` and who `accept` offers if so asked. The
    same rows twice add nothing; a replay that died is gone on with by replaying the same rows again. Raises NotAReplay, NobodyOptsIn."""
    return Replay(marketplace, watch, call, accept).run(rows)
