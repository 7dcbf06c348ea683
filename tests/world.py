"""Two marketplaces in which the same things happened to other people, committed: what the walls between them are tested on.

Every name, number and address in it is a marker: it stands nowhere but with its owner (`Side.secrets`).
"""

import itertools
import os
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings
from django.utils import timezone

from accounts import checks, passwords, pro_profile, team
from accounts.models import Check, Invitation, Member, User
from billing.models import Membership, MembershipCharge
from contact import lines
from contact.carriers.door import Faults, in_process
from contact.carriers.local import LocalCarrier
from core.models import Marketplace
from core.tenancy import scope
from credits import requests, review
from credits.models import CreditRequest
from leads import choice, intake, links, phone_check, photos, revealing, reviews, unlisted
from leads.models import Lead, Match, Offer, Photo, Review, Wish
from leads.tasks import fold_all, route_due
from notifications import delivery, preferences, stop
from notifications.models import Channel, Message
from operations.founding import found
from tests.conftest import FAST, NOON
from tests.factories import SIGN_UP, a_member, a_photo, a_picture, a_pro, a_request

BACKEND = "accounts.sign_in.MarketplaceBackend"
_count = itertools.count(1)


@dataclass
class Person:
    """A homeowner's marks and request."""

    last: str
    phone: str
    email: str
    street: str
    lead: Lead = None
    token: str = ""

    @property
    def secrets(self):
        digits = self.phone.removeprefix("+1")
        return [self.last, digits, f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}", self.email,
                self.street]  # fmt: skip


@dataclass
class Side:
    """One marketplace: pro `one` was matched to `mine`'s request and reviewed, pro `two` was chosen for `theirs`."""

    marketplace: Marketplace
    mine: Person
    theirs: Person
    one: object = None
    two: object = None
    match: Match = None
    other_match: Match = None
    credit: CreditRequest = None
    review: Review = None
    check: Check = None
    offer: Offer = None
    photo: Photo = None
    wish: Wish = None
    wanted: Wish = None
    invitation: Invitation = None
    invitation_token: str = ""
    reset_token: str = ""
    users: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)

    @property
    def host(self):
        return self.marketplace.host


def build() -> tuple[Side, Side]:
    """Found both marketplaces and let them live; their rows are committed and stay until the database is dropped."""
    with override_settings(PASSWORD_HASHERS=FAST, EMAIL_BACKEND="notifications.channels.local.LocalEmailBackend"):
        return _side("alder", 1), _side("birch", 5)


def _side(tree, number) -> Side:
    slug = f"{tree}-{os.getpid()}-{next(_count)}"
    marketplace = found(slug=slug, preset="lead_manager", name=f"{tree.title()}market", now=SIGN_UP)
    mine = Person(f"Q{tree}ington", f"+1312555018{number}", f"mine@{tree}.example", f"{number}71 N {tree.title()}hurst Ave")
    theirs = Person(f"Z{tree}sworth", f"+1312555019{number}", f"theirs@{tree}.example", f"{number}82 W {tree.title()}wick St")
    side = Side(marketplace, mine, theirs)
    with scope(marketplace):
        _people(side, tree)
        for person, zip_code, way in ((mine, "60614", "match"), (theirs, "60622", "choose")):
            said = a_request(zip=zip_code, way=way, name=f"Dana {person.last}", phone=person.phone, email=person.email,
                             street=person.street, description=f"Call {person.phone} or come to {person.street}.")  # fmt: skip
            person.lead = intake.submit(said, submit_key=f"{tree}-{person.last}", now=NOON, page="/request/", ip="203.0.113.7").lead
    while route_due(marketplace, now=NOON):
        pass
    with scope(marketplace):
        choice.choose(theirs.lead, [side.two.pk], fill=False, now=NOON)
    fold_all(marketplace)
    delivery.drain(marketplace, now=NOON)
    delivery.drain(marketplace, now=timezone.now())
    with scope(marketplace):
        for person in (mine, theirs):
            person.lead.refresh_from_db()
            person.token = links.token(person.lead)
        matches = Match.objects.select_related("charge", "line__number")
        side.match, side.other_match = matches.get(pro=side.one), matches.get(pro=side.two)
        stop.stop(Channel.SMS, f"+1773555017{number}", reason="stop", now=NOON)
        _ask_for_a_credit(side)
        _review(side)
        _present(side)
        _offer(side)
        _membership(side)
        side.photo = photos.add(mine.lead, a_photo(), now=NOON)
        revealing.reveal(side.other_match, "address", now=NOON)
        _wish(side, tree)
        phone_check.send(side.mine.lead, ip="203.0.113.7", now=NOON)
    _call(side)
    return side


def _call(side):
    """Somebody dials the masked number and guesses a PIN; what the carrier has to tell of it is still on its way."""
    with scope(side.marketplace):
        number, pin = side.match.line.number.number, side.match.line.pin
    carrier = LocalCarrier(side.marketplace, post=in_process, faults=Faults(delay=(3600, 3600)))
    call = carrier.dial(from_number="+12065550142", to_number=number, at=NOON)
    carrier.press(call, f"{(int(pin) + 5000) % 10_000:04}", at=NOON)
    carrier.hang_up(call, at=NOON)


def _ask_for_a_credit(side):
    """Pro one phones, its owner files the request, and staff ask a question."""
    staff, owner = side.users["staff"], side.users["owner"].member
    requests.stub(side.match, by=staff, now=NOON)
    side.credit = requests.submit(side.match, reason="wrong_contact", words="A bakery picked up.", by=owner, now=NOON)
    review.ask(side.credit, question="Which bakery?", by=staff, now=NOON)


def _review(side):
    """A week after pro one has called, its homeowner reviews it, with words that give too much away."""
    lines.touched(side.match.line, at=NOON)
    words = f"They came in time. {side.mine.last}, {side.mine.phone}, {side.mine.email}, {side.mine.street}"
    side.review = reviews.write(side.mine.lead, side.match.pk, stars=5, words=words, now=NOON + timedelta(days=8))


def _present(side):
    """Pro one shows a picture, and staff have checked where it is."""
    pro_profile.set_photo(side.one, a_picture(side.one.pk), by=side.users["owner"].member, now=NOON)
    side.check = checks.record(side.one, "address", by=side.users["staff"], now=NOON)


def _offer(side):
    """Pro two was offered the request that pro one has, and has not answered."""
    sold = side.match
    side.offer = Offer.objects.create(lead=sold.lead, pro=side.two, tier=0, terms=sold.terms, price=sold.price, estimate=sold.estimate,
                                      at=NOON, opens_at=NOON, expires_at=sold.lead.closes_at)  # fmt: skip


def _membership(side):
    """Pro one was a member, where none is sold any more."""
    year = timedelta(days=365)
    times = {"since": NOON - year, "period_start": NOON - year, "period_end": NOON, "ended_at": NOON}
    held = Membership.objects.create(
        pro=side.one, tier=1, price=2_900, next_tier=0, next_price=0, state="ended", end_reason="cancelled", **times
    )
    MembershipCharge.objects.create(
        membership=held, pro=side.one, number=1, tier=1, name="Silver", price=2_900, amount=0, from_at=NOON - year, until_at=NOON
    )


def _wish(side, tree):
    """Their homeowner asked for two things that are not listed: one waits for staff, one is a service now and waits for a pro."""
    person, staff = side.theirs, side.users["staff"]
    for name, words in (("wish", "Gold plated taps"), ("wanted", f"{tree} arbour")):
        said = a_request(name=f"Dana {person.last}", phone=person.phone, email=person.email, street=person.street)
        said = replace(said, service="", answers={}, description=f"Call {person.phone} or come to {person.street}.")
        kept = unlisted.ask(words, "plumbing", said, submit_key=f"{tree}-{name}", look_by=NOON + timedelta(days=1), now=NOON)
        setattr(side, name, kept)
    amounts = (40_000, 80_000, 120_000)
    made = {"trade": "plumbing", "name": f"{tree} arbour", "synonyms": [], "like": "", "amounts": amounts, "lead_price": 2_500}
    unlisted.add_to_catalogue(side.wanted.pk, **made, by=staff, now=NOON)


def _people(side, tree):
    side.one = a_pro(f"{tree.title()}one Plumbing", zips=["60614"])
    side.two = a_pro(f"{tree.title()}two Plumbing", zips=["60622"])
    members = {
        "owner": a_member(side.one, email=f"owner@{tree}one.example"),
        "member": a_member(side.one, role=Member.Role.MEMBER, email=f"member@{tree}one.example"),
        "removed": a_member(side.one, role=Member.Role.MEMBER, email=f"removed@{tree}one.example"),
        "other": a_member(side.two, email=f"owner@{tree}two.example"),
    }
    side.users = {name: member.user for name, member in members.items()}
    side.users["staff"] = User.objects.create_user(f"staff@{tree}market.example", "x", name=f"Renee {tree.title()}", is_staff=True)
    side.sessions = {name: session_of(user) for name, user in side.users.items()}
    team.remove(members["removed"], by=members["owner"], now=SIGN_UP)
    now = timezone.now()  # links die after some days
    side.invitation = team.invite(side.one, email=f"joy@{tree}.example", role="member", by=members["owner"], now=now)
    passwords.request_reset(side.users["member"].email, now=now)
    side.invitation_token, side.reset_token = _token("invitation"), _token("password_reset")
    preferences.switch(recipient=members["owner"].subject, kind="new_lead", channel="sms", wanted=False)


def _token(kind) -> str:
    """The last part of the link in the only message of that kind."""
    return Message.objects.get(kind=kind).context["url"].rstrip("/").rpartition("/")[2]


def session_of(user) -> str:
    """The key of a session in which `user` is signed in."""
    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_backend"] = str(user.pk), BACKEND
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return session.session_key


class Browser(Client):
    """A client that keeps nothing between requests but the session it was given."""

    def __init__(self, host, session=""):
        super().__init__(raise_request_exception=True, HTTP_HOST=host)
        self.session_key = session

    def request(self, **environ):
        self.cookies.clear()
        if self.session_key:
            self.cookies["sessionid"] = self.session_key
        return super().request(**environ)
