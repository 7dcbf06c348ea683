"""The play: acts drawn by a seed, each a transaction of its own. A refusal is an answer; anything else that is raised is a defect."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from accounts.models import Member, Pro, User
from billing import tasks as billing_tasks
from contact import asking, numbers
from contact import tasks as contact_tasks
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.numbers import NoNumber
from core.due import only_one
from core.errors import Refusal
from core.policy import publish
from core.tenancy import scope
from credits import tasks as credit_tasks
from leads import tasks
from leads.models import Lead
from leads.policy import Leads, OptIn, PhoneCheck
from leads.unlisted.tasks import send_wishes
from notifications import delivery
from operations.presets import PRESETS
from operations.prove import prove
from tests.factories import SIGN_UP, a_member, a_pro, a_staff_user
from tests.play import clock, homeowners, pros, staff

START = datetime(2026, 10, 30, 17, 0, tzinfo=UTC)  # two days before the clocks go back in Chicago
PROS = 6
ACTS = (*homeowners.ACTS, *pros.ACTS, *staff.ACTS)
A_PERSON = ("credits.in_time",)  # what was promised that staff would do
KINDS = ("lead_manager", "opt_in", "mixed", "everything")


def sections(kind: str) -> tuple:
    """The policy of a kind of marketplace: the two presets, a mix of choosing and a draw with three seats, and all lead types at once,
    drawn and paid afterwards."""
    if kind in PRESETS:
        return PRESETS[kind].sections
    changes = {
        "mixed": {"lead_types": ("choice", "opt_in"), "seats": 3},
        "everything": {"lead_types": ("automatch", "choice", "opt_in")},
    }[kind]
    kept = []
    for section in PRESETS["opt_in"].sections:
        if isinstance(section, Leads):
            section = replace(section, **changes)
        elif isinstance(section, OptIn):
            section = replace(section, allocation="draw")
        elif isinstance(section, PhoneCheck):
            section = replace(section, mode="optional")
        elif section.name == "billing" and kind == "everything":
            section = replace(section, prepaid=False)
        kept.append(section)
    return tuple(kept)


def open_market(fresh, kind: str):
    """A marketplace of this kind with six pros, a team of two each, and two members of staff."""
    marketplace = fresh(kind if kind in PRESETS else "opt_in")
    with scope(marketplace):
        publish(sections(kind), now=SIGN_UP)
        desk = [a_staff_user(f"Staff {number}", owns_marketplace=number == 0) for number in range(2)]
        for number in range(PROS):
            pro = a_pro(f"Player {number}", services=homeowners.SERVICES, budget=200_000 if number % 2 else 50_000)
            a_member(pro, phone=f"+1773555{170 + number:04}"[:12])
            a_member(pro, role=Member.Role.BILLING)
            if number < 5:
                staff.pay(pro, 40_000, by=desk[0], reference=f"first {number}", now=SIGN_UP)
        a_pro("Test Player", services=homeowners.SERVICES, test=True)
    return marketplace


class Game:
    """One player for all: `step` is one act of somebody at `now`. `shared` is the clock of several games over one marketplace."""

    def __init__(self, marketplace, seed: int, *, kind: str, now=START, shared=None, back=False):
        self.sections = sections(kind)
        self.marketplace, self.chance, self.shared, self.back = marketplace, random.Random(seed), shared, back
        self.at, self.start = now, now
        self.done, self.refused = Counter(), Counter()
        self.carrier = LocalCarrier(marketplace, post=in_process)
        self.trail, self.codes = [], {}  # what was done; the codes that were texted, by lead

    @property
    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.shared.value) if self.shared else self.at

    def play(self, steps: int) -> None:
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """An act of somebody, some work, or time that passes."""
        what = self.chance.random()
        if what < 0.72:
            self.act(*self.chance.choices(ACTS, [act.weight for act in ACTS]))
        elif what < 0.9:
            self.work(self.chance.choice(WORK))
        elif not self.shared:
            self.at = clock.later(self)

    def act(self, act) -> None:
        now = self.now
        self.trail.append((act.__name__, now))
        try:
            if act.alone:
                act(self, now=now)
            else:
                with scope(self.marketplace):
                    act(self, now=now)
            self.done[act.__name__] += 1
        except NoNumber:
            numbers.grow(self.marketplace, now=now)
        except Refusal as refusal:
            self.refused[f"{act.__name__}: {refusal.code}"] += 1

    def work(self, work) -> None:
        self.trail.append((work.__name__, self.now))
        work(self.marketplace, now=self.now)
        self.done[work.__name__] += 1

    def some(self, rows):
        """Any of these rows; Nobody when there is none, or another player has just taken it."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        row = keys and rows.filter(pk=self.chance.choice(keys)).first()
        if not row:
            raise Nobody
        return row

    def pro(self) -> Pro:
        return self.some(Pro.objects.filter(test=False).select_related("state_row"))

    def member(self, pro_id) -> Member:
        return self.some(Member.objects.filter(pro=pro_id, removed_at=None).select_related("pro", "user"))

    def clerk(self) -> User:
        return self.some(User.objects.filter(is_staff=True))

    def settle(self) -> list[str]:
        """Everything that is due by now is done. Returns what `prove` finds broken after that, as "check: samples"."""
        for _ in range(3):
            for work in WORK:
                work(self.marketplace, now=self.now)
        found = [one for one in prove(self.marketplace, now=self.now) if one.broken and one.name not in A_PERSON]
        return [f"{one.name}: {', '.join(one.samples)}" for one in found]


class Nobody(Refusal):
    """There is nobody to whom this could happen."""

    code = "nobody"


# What the worker does


def route(marketplace, *, now):
    while tasks.route_due(marketplace, now=now) and _moving(marketplace, now):
        pass


def _moving(marketplace, now) -> bool:
    with scope(marketplace):
        return Lead.objects.filter(due_at__lte=now).exists()


def deliver(marketplace, *, now):
    delivery.drain(marketplace, now=now)


def fold(marketplace, *, now):
    tasks.fold_all(marketplace)


def calls(marketplace, *, now):
    with only_one(contact_tasks.CARRIER) as mine:
        if mine:
            LocalCarrier(marketplace, post=in_process).tick(at=now)
            asking.cut_closed(marketplace, now=now)
            asking.ask_due(marketplace, now=now)


def keep(marketplace, *, now):
    with only_one(contact_tasks.CARRIER) as mine:
        if mine:
            numbers.grow(marketplace, now=now)
            contact_tasks.rest(marketplace, now=now)
            asking.list_numbers(marketplace, now=now)


WORK = (
    route,
    fold,
    calls,
    contact_tasks.look,
    keep,
    tasks.warn_silent_pros,
    tasks.ask_for_reviews,
    tasks.look_for_waiting,
    send_wishes,
    billing_tasks.look_due,
    credit_tasks.look_due,
    route,
    deliver,
)
