"""What sweeps do in life, on the clock of a replay: notices, clocks of lines, calls, credits and numbers, each when it is due."""

from datetime import UTC, datetime, timedelta

from contact import asking, numbers, tasks
from core import sql
from core.tenancy import scope
from credits.tasks import look_due
from notifications import delivery
from notifications.models import Channel

PAUSE = timedelta(seconds=90)  # what is due waits so long for other things to become due, and is done with them in one sweep
CREDITS_EVERY = timedelta(days=1)  # a request that a person decides is due every ten minutes, and nothing comes of it
KEEP_EVERY = timedelta(days=1)
EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _first(table, narrowed="") -> str:
    return f"(select due_at from {table} where marketplace_id = %(marketplace)s and due_at is not null {narrowed} order by due_at limit 1)"


def _message(channel, accepted) -> str:
    return _first("notifications_message", f"and channel = '{channel}' and {'' if accepted else 'not'} state = 'accepted'")


ACCEPTED = (False, True)  # messages are handed over, then looked up
SWEEPS = [(channel, accepted) for channel in Channel for accepted in ACCEPTED]
DUE = f"""
select {_first("leads_lead")}, {", ".join(_message(*which) for which in SWEEPS)},
  {_first("contact_line")}, {_first("contact_call")}, {_first("credits_creditrequest")}
"""


class Clockwork:
    """Lets everything happen in the order of time: looks at leads (`sweep`), what the callers do, and the sweeps of life."""

    def __init__(self, marketplace, callers, *, sweep):
        self.marketplace, self.callers, self.sweep_leads = marketplace, callers, sweep
        self.now = self.asked_at = self.swept_at = self.considered_at = self.kept_at = EVER
        self.dues, self.stale = None, False

    def changed(self) -> None:
        """Something was done that may be due now."""
        self.dues = None

    def run(self, *, until: datetime) -> None:
        """Everything that is due up to `until`."""
        while True:
            act_at = self.callers.next_at or NEVER
            lead_at, sweep_at = self._due(min(act_at, until))
            first = min(act_at, lead_at, sweep_at)
            self.now = min(first, until)
            if first > until:
                return
            if first == lead_at:
                self.sweep_leads(until=first)
                self.changed()
            elif first == sweep_at:
                self._sweep(first)
                self.changed()
            else:
                self.callers.act()
                self.stale = True

    def _due(self, horizon) -> tuple:
        """When the next lead is due, and the next sweep. What acts bring about is asked for once in each PAUSE."""
        if self.dues is None or (self.stale and horizon - self.asked_at >= PAUSE):
            with scope(self.marketplace):
                [dues] = sql.rows(DUE)
            self.dues, self.asked_at, self.stale = [due or NEVER for due in dues], self.now, False
            self.dues[-1] = max(self.dues[-1], self.considered_at + CREDITS_EVERY)
        lead_at, *others = self.dues
        first = min(others)
        return lead_at, NEVER if first == NEVER else max(first + PAUSE, self.swept_at + PAUSE, self.now)

    def _sweep(self, now):
        _lead, *messages, line, call, request = (due <= now for due in self.dues)
        for (channel, accepted), due in zip(SWEEPS, messages, strict=True):
            if due:
                (delivery.confirm_accepted if accepted else delivery.deliver_due)(self.marketplace, now=now, channels=[channel])
        if line:
            tasks.look(self.marketplace, now=now)
        if call:
            asking.ask_due(self.marketplace, now=now)
        if request:
            look_due(self.marketplace, now=now)
            self.considered_at = now
        if now - self.kept_at >= KEEP_EVERY:
            self._keep(now)
        self.swept_at = now

    def _keep(self, now):
        """Numbers to spare, PINs that have rested, calls that only the carrier knows of."""
        numbers.grow(self.marketplace, now=now)
        tasks.rest(self.marketplace, now=now)
        asking.list_numbers(self.marketplace, now=now)
        self.kept_at = now
