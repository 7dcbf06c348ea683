"""The numbers of intake and matching."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.policy import Section

LEAD_TYPES = ("automatch", "choice", "opt_in")
MOST_SEATS = 4


@dataclass(frozen=True)
class Leads(Section):
    """Defaults are those of RULES. Times in seconds unless named otherwise, `seats` at most 4; `address_hour` requests at most come from
    one network address in an hour (many phones share the address of their carrier)."""

    name = "leads"

    lead_types: tuple = ("automatch", "choice")
    seats: int = 4
    renters_need_approval: bool = True
    repeat_seconds: int = 60
    duplicate_days: int = 30
    open_seconds: int = 259_200
    retry_seconds: tuple = (300, 900, 1800, 3600)
    answer_seconds: int = 900
    window: int = 96
    waiting_window: int = 12
    credit_limit: int = 3
    address_hour: int = 30

    def problems(self) -> dict:
        wrong = super().problems()
        if not 1 <= self.seats <= MOST_SEATS:
            wrong["seats"] = _("Enter 1 to 4: a lead never goes to more than four pros.")
        if set(self.lead_types) - set(LEAD_TYPES):
            wrong["lead_types"] = _("Choose among automatch, choice and opt_in.")
        if not self.retry_seconds or 0 in self.retry_seconds:
            wrong["retry_seconds"] = _("Enter at least one pause, in seconds.")
        if not self.open_seconds:
            wrong["open_seconds"] = _("Enter how many seconds a lead is open.")
        return wrong

    @property
    def automatch(self) -> bool:
        return "automatch" in self.lead_types

    @property
    def choice(self) -> bool:
        return "choice" in self.lead_types

    @property
    def opt_in(self) -> bool:
        return "opt_in" in self.lead_types

    @property
    def takes_requests(self) -> bool:
        """Whether there is a way to pros that needs no more of the homeowner than the request."""
        return self.automatch or self.opt_in


@dataclass(frozen=True)
class PhoneCheck(Section):
    """Whether a homeowner's phone is confirmed by a code by text (RULES 5). `mode`: "required", before pros are looked for; "optional";
    "off". Asked of requests that come from `sources`. A code is good for `valid_seconds` and `attempts` guesses; another one may be sent
    after `again_seconds`, `sends` of them for a request, which waits `draft_seconds` for it. The other numbers guard against texts sent on
    purpose to cost money: codes a day to one number; codes an hour asked for from one network address, to the numbers of one exchange
    (the first six digits), and by everybody together."""

    name = "phone_check"

    mode: str = "off"
    sources: tuple = ("form", "unlisted")
    digits: int = 6
    valid_seconds: int = 600
    attempts: int = 5
    again_seconds: int = 60
    sends: int = 3
    draft_seconds: int = 86_400
    phone_day: int = 6
    address_hour: int = 10
    exchange_hour: int = 30
    hour: int = 300

    def mode_of(self, source: str, *, test: bool) -> str:
        """How it is with a request of this source. Test traffic gets no texts, so it is not asked."""
        return self.mode if source in self.sources and not test else "off"


@dataclass(frozen=True)
class Choice(Section):
    """How long a homeowner may choose, in seconds of waking hours (RULES 14): `window`, at most `longest` while the page is in use, which
    it is `in_use` seconds after it last said so; after `remind` one reminder is sent. At most `most` pros can be chosen from."""

    name = "choice"

    window: int = 900
    longest: int = 1_800
    remind: int = 600
    in_use: int = 90
    most: int = 960

    def problems(self) -> dict:
        wrong = super().problems()
        if not 0 < self.remind < self.window:
            wrong["remind"] = _("The reminder comes before the window ends.")
        if self.longest < self.window:
            wrong["longest"] = _("It cannot be shorter than the window.")
        return wrong


@dataclass(frozen=True)
class Reviews(Section):
    """When a homeowner may review a pro, in days after the pro got its seat: from `ask_days` on, until `open_days` are over. Fewer
    reviews than `few` make no score; `words_max` is for a review and for its answer, `reason_max` for why one was taken down."""

    name = "reviews"

    ask_days: int = 7
    open_days: int = 60
    few: int = 5
    words_max: int = 1_000
    reason_max: int = 300


@dataclass(frozen=True)
class InCharge(Section):
    """What a homeowner may do with its request. Seconds: after which a pro that has not called is warned, and after which it may be
    replaced, never sooner than `replace_seconds - warn_seconds` after the warning (RULES 16). How many `photos` a request may have, of
    how many bytes and pixels on the longer side. How many days somebody waits on the list whose request nobody could take, and how often
    (in seconds) we look for that."""

    name = "in_charge"

    warn_seconds: int = 86_400
    replace_seconds: int = 172_800
    photos: int = 6
    photo_bytes: int = 400_000
    photo_pixels: int = 1_600
    waiting_days: int = 30
    waiting_look: int = 3_600

    def warn_at(self, seat_at: datetime, closes_at: datetime) -> datetime | None:
        """When a pro that got its seat at `seat_at` is to be warned; None where nobody could take its place any more by then."""
        replaceable_at = seat_at + timedelta(seconds=self.replace_seconds)
        return seat_at + timedelta(seconds=self.warn_seconds) if replaceable_at < closes_at else None


@dataclass(frozen=True)
class Unlisted(Section):
    """Requests for services that are not listed (RULES 9): staff look at one within `look_days` business days; once it is a service, pros
    have `offer_days` to add it. Not taken at all where `takes` is off."""

    name = "unlisted"

    takes: bool = True
    look_days: int = 1
    offer_days: int = 14


@dataclass(frozen=True)
class OptIn(Section):
    """How offers go (RULES 15). Seconds: after which `delays` the pros of each tier may accept, those of no tier first; how long an offer
    is open, how long an accept may be undone. At most `early_seats` are sold before all qualified pros may accept. What nobody answered is
    offered again up to `again` times. `allocation` "first": first to accept; "draw": the seats are drawn among those who accept until
    `draw_seconds` after the instant at which all may. Where homeowners choose too, a pick holds its seat for `pick_seconds`."""

    name = "opt_in"

    delays: tuple = (900, 600, 300, 0)
    early_seats: int = 2
    offer_seconds: int = 14_400
    undo_seconds: int = 600
    again: int = 1
    allocation: str = "first"
    draw_seconds: int = 300
    pick_seconds: int = 1_800

    def problems(self) -> dict:
        wrong = super().problems()
        if not self.delays or list(self.delays) != sorted(self.delays, reverse=True):
            wrong["delays"] = _("Name the delays from no tier to the highest; a higher tier never waits longer.")
        if not self.offer_seconds:
            wrong["offer_seconds"] = _("Enter how many seconds an offer is open.")
        if self.allocation not in ("first", "draw"):
            wrong["allocation"] = _("Enter first or draw.")
        return wrong

    def delay(self, tier: int) -> int:
        """After how many seconds a pro of this tier may accept."""
        return self.delays[min(tier, len(self.delays) - 1)]


@dataclass(frozen=True)
class Analytics(Section):
    """How figures are said: of fewer than `very_few` leads no percentage, of fewer than `few` it is marked. Who sees them says
    billing.policy.Memberships (RULES 2)."""

    name = "analytics"

    very_few: int = 5
    few: int = 10
