"""Two marketplaces full of homeowners whom somebody wants to know who has not paid for a seat: every way to a seat up to the last step
before it, at one instant (INVARIANTS 32). Committed, like tests.world.

Everything a homeowner gives is a marker, and is typed into the free text once more in every shape; the job has a word of its own, by which
a text that may tell the job is known to do so.
"""

import html
import itertools
import logging
import os
import re
import string
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client, override_settings
from PIL import Image

from accounts import coverage, purchase_settings, team
from accounts.grounds import Ground
from accounts.models import Member, ProState, User
from catalog.models import Service
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.models import LocalCall
from core.models import Marketplace
from core.policy import publish
from core.tenancy import scope
from credits import requests, stopping
from leads import choice, correcting, hiring, intake, links, offers, phone_check, photos, replacing, revealing, unlisted, waiting
from leads.models import Lead, Match, Offer
from leads.policy import Leads, OptIn
from leads.tasks import look_for_waiting, route_due, warn_silent_pros
from notifications import delivery
from operations.founding import found
from operations.presets import PRESETS
from tests.conftest import FAST, NOON
from tests.factories import SERVICE, a_funded_pro, a_member, a_photo, a_pro, a_request, a_staff_user
from tests.world import _token, session_of

AREAS = ("312", "773", "872", "630", "708", "847", "206", "503", "415", "303", "602", "512", "713", "214", "305", "404")
ENGLISH = dict(zip(string.digits, "zero one two three four five six seven eight nine".split(), strict=True))
SPANISH = dict(zip(string.digits, "cero uno dos tres cuatro cinco seis siete ocho nueve".split(), strict=True))
TAGS = ["".join(pair) for pair in itertools.product("bcdfgh", repeat=2)]
NOT_LETTERS = re.compile(r"[\W_]+")
LOCAL_NUMBER = re.compile(r"(?<![\w-])555\W?(01\d\d)(?!\w)")
_run = itertools.count(1)


class Person:
    """A homeowner of whom everything is a marker. `job` is the word that a pro may read of it."""

    def __init__(self, number):
        tag = TAGS[number]
        self.first, self.last, self.job = f"Quenby{tag}", f"Zellweg{tag}", f"valvework{tag}"
        self.line = f"01{number:02}"
        self.digits = f"{AREAS[number % len(AREAS)]}555{self.line}"
        self.phone, self.email = f"+1{self.digits}", f"mail{tag}.77@quillbox.example"
        self.street = f"{4100 + number} Thistle{tag} Avenue"
        spoken = [" ".join(words[digit] for digit in self.digits) for words in (ENGLISH, SPANISH)]
        self.marks = {
            "first": [self.first],
            "last": [self.last],
            "phone": [self.digits, *spoken],
            "email": [f"mail{tag}77", f"mail{tag}77 arroba"],
            "street": [f"Thistle{tag}"],
        }
        self.marks = {kind: [NOT_LETTERS.sub("", mark).lower() for mark in marks] for kind, marks in self.marks.items()}
        area, far, line = self.digits[:3], self.digits[3:6], self.digits[6:]
        told = (f"({area}) {far}-{line}", f"{area}.{far}.{line}", f"+1 {area} {far} {line}", f"{far}-{line}", f"{far} {line}")
        self.words = (
            f"The {self.job} leaks. I am {self.first} {self.last}, {self.last.upper()} on the bell, ask for {self.first.lower()}. "
            f"Ring {', or '.join(told)}, or {' '.join(self.digits)}, or {'. '.join(spoken)}. "
            f"Write to {self.email}, mail{tag}.77 at quillbox dot example, mail{tag}.77 arroba quillbox punto example, mail{tag}.77. "
            f"Come to {self.street}, calle Thistle{tag} {4100 + number}, Thistle{tag} Ave, the corner of thistle{tag}."
        )
        self.lead: Lead | None = None

    @property
    def said(self):
        named = {"name": f"{self.first} {self.last}", "phone": self.phone, "email": self.email, "street": self.street}
        return named | {"description": self.words}


def plain(text) -> str:
    """A text as it is searched: without markup that breaks words, entities and percent signs."""
    return unquote(html.unescape(re.sub(r"<wbr ?/?>|&shy;|&zwnj;", "", str(text)))).lower()


def hits(text, people) -> set:
    """(key, kind) of everything in `text` that says who one of `people`, {key: Person}, is, however it is parted."""
    told = plain(text)
    joined, lines = NOT_LETTERS.sub("", told), set(LOCAL_NUMBER.findall(told))
    by_mark = {
        (key, kind) for key, person in people.items() for kind, marks in person.marks.items() if any(mark in joined for mark in marks)
    }
    return by_mark | {(key, "phone") for key, person in people.items() if person.line in lines}


@dataclass
class Side:
    """One marketplace at `NOON`. `people` are its homeowners, by what became of their requests; `unpaid` pros never paid for a seat that
    they kept; of each pro that looks, `sessions` {(pro, role): key}."""

    marketplace: Marketplace
    people: dict = field(default_factory=dict)
    pros: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)
    unpaid: tuple = ()
    staff: User = None
    codes: list = field(default_factory=list)
    photo: object = None
    credit: object = None
    wish: object = None
    invitation_token: str = ""
    heard: str = ""

    @property
    def host(self):
        return self.marketplace.host

    def at(self, minutes):
        return NOON - timedelta(minutes=minutes)

    def asks(self, key, minutes, **said) -> Lead:
        """The homeowner `key` sends a request, and whatever is due is done."""
        person = self.people[key] = Person(next(self.numbers))
        with scope(self.marketplace):
            said = {"source": "story"} | said
            source = said.pop("source")
            asked = a_request(**person.said | said)
            person.lead = intake.submit(asked, submit_key=key, now=self.at(minutes), page="/request/", source=source).lead
        self.wait(minutes)
        return person.lead

    def wait(self, minutes):
        """Time passes: what is due is routed, offered, drawn, ended and delivered."""
        while route_due(self.marketplace, now=self.at(minutes)):
            pass
        delivery.drain(self.marketplace, now=self.at(minutes))

    def offer(self, key, pro):
        return Offer.objects.select_related("pro", "lead").get(lead=self.people[key].lead, pro=self.pros[pro])

    def match(self, key, pro):
        return Match.objects.select_related("lead__homeowner", "line__number").get(lead=self.people[key].lead, pro=self.pros[pro])

    def accept(self, key, minutes, *pros):
        for pro in pros:
            with scope(self.marketplace):
                offer = self.offer(key, pro)
                offers.accept(offer, by=self.members[pro, "owner"], shown_price=offer.price, now=self.at(minutes))

    def joins(self, name, make, **changes):
        """A pro with a member of each role."""
        self.pros[name] = make(f"{name.title()} {self.marketplace.slug} Plumbing", **changes)
        for role in Member.Role.values:
            member = a_member(self.pros[name], role=role, email=f"{role}@{name}.example", phone=f"+13125550{next(self.lines)}")
            self.members[name, role] = member
            self.sessions[name, role] = session_of(member.user)

    def visits(self, key, minutes, pro):
        """The homeowner looks at who can be chosen, and at the profile of one."""
        with scope(self.marketplace):
            path = f"/request/{links.token(self.people[key].lead)}/"
            profile = f"{path}pros/{self.pros[pro].public_id}/"
        with time_machine.travel(self.at(minutes), tick=False):
            client = Client(HTTP_HOST=self.host)
            assert [client.get(page).status_code for page in (f"{path}choose/", profile)] == [200, 200]

    def picks(self, key, minutes, *pros):
        with scope(self.marketplace):
            choice.choose(self.people[key].lead, [self.pros[pro].pk for pro in pros], fill=False, now=self.at(minutes))
        self.wait(minutes)

    def shows(self, key, minutes):
        """The homeowner sends a photo that says where it was taken and by whom."""
        person = self.people[key]
        exif = Image.Exif()
        exif[0x010E], exif[0x013B] = person.words, person.first  # description, artist
        with scope(self.marketplace):
            self.photo = photos.add(person.lead, a_photo(exif=exif), now=self.at(minutes))

    def wishes(self, key, minutes, words) -> object:
        """The homeowner asks for what is not listed."""
        person = self.people[key] = Person(next(self.numbers))
        with scope(self.marketplace):
            said = replace(a_request(**person.said), service="", answers={})
            return unlisted.ask(words, "plumbing", said, submit_key=key, look_by=NOON, now=self.at(minutes))

    def lists(self, wish, minutes, name):
        """Staff make a service of it, and tell the pros."""
        made = {"trade": "plumbing", "name": name, "synonyms": [], "like": "", "amounts": (40_000, 80_000, 120_000), "lead_price": 2_500}
        with scope(self.marketplace):
            kept = unlisted.add_to_catalogue(wish.pk, **made, by=self.staff, now=self.at(minutes))
        self.codes.append(kept.service.code)
        delivery.drain(self.marketplace, now=self.at(minutes))


class Heard(logging.Handler):
    """Keeps all that is logged but the statements of the database."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        if not record.name.startswith(("django.db", "asyncio", "faker")):
            self.lines.append(f"{record.getMessage()} {record.exc_info or ''}")


@dataclass
class World:
    matched: Side
    opting: Side
    log: Heard
    rung: list

    @property
    def sides(self):
        return self.matched, self.opting

    @property
    def people(self):
        return self.matched.people | self.opting.people


@contextmanager
def listening(log: Heard):
    """All that is logged meanwhile, on every level."""
    root = logging.getLogger()
    former = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(former)
        root.removeHandler(log)


def build() -> World:
    """Let it all happen, listening to what is logged and what workers are told."""
    log, rung = Heard(), []
    with listening(log), pytest.MonkeyPatch.context() as patch, override_settings(PASSWORD_HASHERS=FAST, EMAIL_BACKEND=LOCAL):
        patch.setattr("core.doorbell._put", lambda task, ids: rung.append(f"{task.name} {ids}"))
        patch.setattr("core.policy._cache", {})
        numbers, lines = itertools.count(), itertools.count(140)
        run = f"{os.getpid()}-{next(_run)}"
        sides = [_founded("matched", "lead_manager", run), _founded("opting", "opt_in", run)]
        for side in sides:
            side.numbers, side.lines = numbers, lines
        with time_machine.travel(NOON, tick=False):
            _matched(sides[0])
            _opting(sides[1])
    return World(*sides, log, rung)


LOCAL = "notifications.channels.local.LocalEmailBackend"


def _founded(name, preset, run) -> Side:
    side = Side(found(slug=f"{name}-{run}", preset=preset, now=NOON - timedelta(days=90)))
    with scope(side.marketplace):
        side.staff = a_staff_user()
    return side


def _invite(side, name):
    with scope(side.marketplace):
        team.invite(side.pros[name], email=f"new@{name}.example", role="member", by=side.members[name, "owner"], now=NOON)
        side.invitation_token = _token("invitation")


# Where leads are matched and chosen


def _matched(side):
    """`unpaid` takes leads in the afternoon only, and has had so many that all others come first."""
    with scope(side.marketplace):
        side.joins("unpaid", a_pro, zips=["60614", "60622"])
        for name in ("first", "second", "third", "fourth"):
            side.joins(name, a_pro)
        ProState.objects.filter(pro=side.pros["unpaid"]).update(received=50)
        purchase_settings.set_hours(side.pros["unpaid"], 13 * 60, 20 * 60, by=side.members["unpaid", "owner"], now=side.at(9_000))
    side.unpaid = ("unpaid",)
    side.asks("replaced", 50 * 60)  # four others have it
    side.wait(48 * 60)
    side.asks("elsewhere", 79 * 60, zip="60601")
    side.wait(7 * 60)
    warn_silent_pros(side.marketplace, now=side.at(26 * 60))
    delivery.drain(side.marketplace, now=side.at(26 * 60))
    side.asks("ranked", 20 * 60)  # four others have it
    side.asks("chosen", 20 * 60 - 5, way="choose")
    side.visits("chosen", 20 * 60 - 6, "unpaid")
    side.picks("chosen", 20 * 60 - 7, "first")
    side.asks("waiting", 60, zip="60622", source="form")  # for the afternoon, when `unpaid` would have it
    with scope(side.marketplace):
        phone_check.send(side.people["waiting"].lead, ip="203.0.113.7", now=side.at(59))
        replacing.replace(side.match("replaced", "first"), now=side.at(50))
        waiting.wait(side.people["elsewhere"].lead, now=side.at(40))
        asked = {"reason": "wrong_contact", "words": "A bakery picked up.", "by": side.members["first", "owner"]}
        side.credit = requests.submit(side.match("ranked", "first"), **asked, now=side.at(30))
        stopping.stop_one(side.match("ranked", "second"), now=side.at(20))
    side.wait(19)
    side.shows("waiting", 18)
    side.wish = side.wishes("wish", 17, "Gold plated taps")
    side.lists(side.wishes("wanted", 16, "Quill arbour"), 15, "Quill arbour")
    look_for_waiting(side.marketplace, now=side.at(0))
    _invite(side, "unpaid")
    _call(side, "ranked", "first")
    side.wait(0)


# Where pros opt in, and homeowners may choose


def _opting(side):
    """`unpaid` is told at once and does with its offers all that does not end in a seat; `late` joined an hour ago and is told last."""
    _policy(side, 9_000)
    with scope(side.marketplace):
        for name in ("unpaid", "first", "second", "third", "fourth"):
            side.joins(name, a_funded_pro)
        ProState.objects.update(tier=3)
        ProState.objects.filter(pro=side.pros["unpaid"]).update(draw_won=9)
    side.unpaid = ("unpaid", "late")
    side.asks("elsewhere_too", 80 * 60, zip="60622")
    side.asks("successor", 50 * 60)
    _decline(side, "successor", 50 * 60)
    side.accept("successor", 50 * 60, "first", "second", "third", "fourth")
    side.wait(49 * 60)
    warn_silent_pros(side.marketplace, now=side.at(25 * 60))
    side.wait(7 * 60)
    with scope(side.marketplace):
        waiting.wait(side.people["elsewhere_too"].lead, now=side.at(6 * 60))
    side.asks("expired", 5 * 60)
    side.asks("declined", 180)
    _decline(side, "declined", 179)
    side.asks("taken", 120)
    side.accept("taken", 119, "first", "second", "third", "fourth")
    side.asks("undone", 100)
    side.accept("undone", 99, "unpaid")
    with scope(side.marketplace):
        offers.undo(side.match("undone", "unpaid"), by=side.members["unpaid", "owner"], now=side.at(95))
        revealing.reveal(side.match("taken", "first"), "phone", now=side.at(94))
        revealing.reveal(side.match("taken", "first"), "address", now=side.at(94))
    side.asks("withdrawn", 90)
    side.asks("hired", 85)
    with scope(side.marketplace):
        stopping.stop_all_contact(side.people["withdrawn"].lead, now=side.at(80))
        hiring.say(side.people["hired"].lead, "other", now=side.at(75))
    side.asks("pick_expired", 72, way="choose")
    side.picks("pick_expired", 70, "unpaid")
    side.asks("full", 65)
    with scope(side.marketplace):
        side.joins("late", a_funded_pro, now=side.at(60))
    _policy(side, 58, allocation="draw")
    side.asks("lost", 57)
    side.accept("lost", 41, "unpaid", "first", "second", "third", "fourth")
    side.wait(37)
    with scope(side.marketplace):
        replacing.replace(side.match("successor", "first"), now=side.at(36))
    side.wait(35)
    side.asks("in_draw", 17)
    side.accept("in_draw", 1, "unpaid", "first")
    _policy(side, 12)
    side.asks("kept", 10)
    side.accept("kept", 9, "first", "second")
    side.accept("full", 8, "first", "second", "third", "fourth")
    side.asks("open", 8)
    with scope(side.marketplace):
        lead = Lead.objects.get(pk=side.people["open"].lead.pk)
        job = correcting.Job(description=f"Two of them. {lead.description}", answers=lead.answers, timing=lead.timing, reach=lead.reach)
        assert correcting.correct(lead, job, now=side.at(7))
    side.shows("open", 7)
    for key, minutes in (("picked", 6), ("pick_declined", 5), ("choosing", 4)):
        side.asks(key, minutes, way="choose")
        side.visits(key, minutes, "unpaid")
    side.picks("picked", 4, "unpaid", "first")
    side.picks("pick_declined", 4, "unpaid")
    _decline(side, "pick_declined", 3)
    side.asks("draft", 3, source="form")
    with scope(side.marketplace):
        phone_check.send(side.people["draft"].lead, ip="203.0.113.7", now=side.at(2))
    side.wish = side.wishes("wish_too", 240, "Gold plated taps")
    side.lists(side.wishes("wanted_too", 230, "Quill pergola"), 220, "Quill pergola")
    side.lists(side.wishes("sent", 210, "Quill gazebo"), 200, "Quill gazebo")
    with scope(side.marketplace):
        service = Service.objects.get(name="Quill gazebo")
        assert unlisted.take_up(side.pros["first"], service, by=side.members["first", "owner"], now=side.at(190)) == 1
        zips = Ground("list", zips=("60614", "60622"))
        coverage.offer(side.pros["unpaid"], list(Service.objects.filter(code=SERVICE)), rules=[zips], now=side.at(1))
    look_for_waiting(side.marketplace, now=side.at(0))
    _invite(side, "unpaid")
    _call(side, "taken", "first")
    side.wait(0)


def _policy(side, minutes, **opt_in):
    changed = {Leads: {"lead_types": ("choice", "opt_in")}, OptIn: {"again": 0} | opt_in}
    sections = [replace(section, **changed.get(type(section), {})) for section in PRESETS["opt_in"].sections]
    with scope(side.marketplace):
        publish(sections, now=side.at(minutes))


def _decline(side, key, minutes):
    with scope(side.marketplace):
        offers.decline(side.offer(key, "unpaid"), reason="busy", by=side.members["unpaid", "owner"], now=side.at(minutes))
    side.wait(minutes)


def _call(side, key, pro):
    """The owner of `unpaid` dials the number of another pro's match and knows its PIN."""
    with scope(side.marketplace):
        match, owner = side.match(key, pro), side.members["unpaid", "owner"].user
    carrier = LocalCarrier(side.marketplace, post=in_process)
    call = carrier.dial(from_number=owner.phone, to_number=match.line.number.number, at=NOON)
    carrier.press(call, match.line.pin, at=NOON)
    carrier.hang_up(call, at=NOON)
    with scope(side.marketplace):
        side.heard = " ".join(map(str, LocalCall.objects.get(provider_id=call).heard))
        assert LocalCall.objects.count() == 1, "nobody was called"
