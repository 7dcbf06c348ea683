"""Before a seat is paid a pro sees the job and never the person: no name, number, address or street on any page, file, notice, call or log
(INVARIANTS 22, 32, 35; RULES 5, 15).

Looked at are all routes of tests/routes.py, so that a new one is looked at by itself. What happened is in tests/unpaid.py.
"""

import re
from collections import Counter
from itertools import product

import pytest
import time_machine
from django.db import transaction

from accounts.models import Member
from core.models import Event
from core.tenancy import scope
from leads import links
from leads.models import Lead, Match, Offer
from notifications import letters
from notifications.channels import email
from notifications.models import Channel, LocalDelivery, Message
from tests.conftest import NOON
from tests.routes import NO_ID, ROWS
from tests.unpaid import Person, build, hits, listening
from tests.world import Browser
from web.pros.team import reference

pytestmark = pytest.mark.django_db
PART = re.compile(r"<(?:\w+:)?(\w+)>")
# The admin answers a pro like a stranger (tests/test_isolation.py), and a development site shows everybody everything.
ROUTES = [route for route, row in ROWS.items() if not row.in_admin and not route.startswith("dev/")]
LEAD_MANAGER = [route for route in ROUTES if route.startswith("pro/")]
OFFERS = [route for route in LEAD_MANAGER if route.startswith(("pro/offers/", "pro/services/"))]
KINDS = {"first", "last", "phone", "email", "street"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


class Onlooker:
    """A member of a pro, and everything it can ask the site for: what is its own, what is of others, and what is nothing."""

    def __init__(self, side, pro, role="owner"):
        self.browser = Browser(side.host, side.sessions[pro, role])
        with scope(side.marketplace):
            owned = side.pros[pro]
            self.offers = {offer.pk: offer for offer in Offer.objects.filter(pro=owned)}
            matches = Match.objects.order_by("at", "pk")
            self.known = {
                "offer_id": [*self.offers, *Offer.objects.exclude(pro=owned).values_list("pk", flat=True)[:1]] or [NO_ID],
                "match_id": [match.pk for match in (*matches.filter(pro=owned), *matches.exclude(pro=owned)[:2])],
                "photo_id": [side.photo.pk],
                "lead_id": [side.photo.lead_id],
                "request_id": [side.credit.pk if side.credit else NO_ID],
                "review_id": [NO_ID],
                "check_id": [1],
                "wish_id": [side.wish.pk],
                "pro_id": [owned.public_id],
                "token": [side.invitation_token, links.token(side.photo.lead)[:-2] + "AA"],  # all but the end of a homeowner's link
                "what": ["phone"],
                "setting": ["choice-match", "budget-cap"],
                "code": side.codes,
                "ref": [reference(side.members[pro, "owner"])],
                "key": ["nothing"],
                "slug": [side.marketplace.slug],
                "marketplace": [side.marketplace.slug],
            }

    def reads(self, routes=LEAD_MANAGER) -> dict:
        """{(how, route, path): what the page says}, with the part that a live page asks for by itself, once a route."""
        said, live = {}, set()
        for route, path, _values in self._addresses(routes, "GET"):
            page = said["GET", route, path] = self._ask("get", path)
            if f'hx-get="{path}"' in page and route not in live:
                live.add(route)
                said["htmx", route, path] = self._ask("get", path, HTTP_HX_REQUEST="true")
        return said

    def is_refused(self, routes=LEAD_MANAGER) -> dict:
        """The same of what is sent, once for each state of an offer; it is accepted at another price than its own, and at its own where
        there is nothing to accept."""
        said, states = {}, set()
        for route, path, values in self._addresses(routes, "POST"):
            offer = self.offers.get(values.get("offer_id"))
            if offer and (route, offer.state, offer.slot) in states:
                continue
            states.add((route, offer and offer.state, offer and offer.slot))
            said["POST", route, path] = self._ask("post", path, ROWS[route].body)
            if offer and route.endswith("/accept/") and offer.state != Offer.State.OPEN:
                said["POST price", route, path] = self._ask("post", path, {"price": offer.price})
        return said

    def _ask(self, method, path, *body, **headers) -> str:
        """All that an answer says. Nothing stays of what was asked."""
        with transaction.atomic():
            answer = getattr(self.browser, method)(path, *body, **headers)
            transaction.set_rollback(True)
        assert answer.status_code < 500
        return f"{answer.reason_phrase} {dict(answer.headers)} {answer.cookies} {answer.getvalue().decode(errors='replace')}"

    def _addresses(self, routes, method):
        for route in routes:
            if method not in ROWS[route].methods:
                continue
            names = PART.findall(route)
            assert set(names) <= set(self.known), f"say in Onlooker.known what a pro could put into {route}"
            for values in product(*(self.known[name] for name in names)):
                put = iter(values)
                yield route, "/" + PART.sub(lambda _part, put=put: str(next(put)), route), dict(zip(names, values, strict=True))


def leaks(said, people) -> list:
    return [(*where, *hit) for where, text in said.items() for hit in sorted(hits(text, people))]


def told(said, people) -> dict:
    """{key: kinds} of all that these texts say of who somebody is."""
    found = {}
    for text in said.values():
        for key, kind in hits(text, people):
            found.setdefault(key, set()).add(kind)
    return found


def jobs(said, people) -> set:
    """Whose job these texts tell."""
    return {key for key, person in people.items() if any(person.job in text for text in said.values())}


# Pages, files and refusals

OFFERED = set("successor expired declined taken undone hired pick_expired full lost in_draw kept open picked pick_declined".split())
OFFERED_LATE = set("successor expired declined undone full lost in_draw".split())  # and two more that open to it later
LOOKING = {
    ("matched", "unpaid"): {"wanted"},
    ("opting", "unpaid"): OFFERED | {"wanted_too"},
    ("opting", "late"): OFFERED_LATE | {"wanted_too"},
}


def test_every_way_to_a_seat_was_gone_but_for_the_last_step(world):
    """Or nothing would be shown by what follows."""
    with scope(world.opting.marketplace):
        states = {
            name: dict(Counter(Offer.objects.filter(pro=world.opting.pros[name]).order_by().values_list("state", flat=True)))
            for name in ("unpaid", "late")
        }
        assert states["unpaid"] == {"open": 4, "waiting": 1, "declined": 3, "expired": 3, "taken": 2, "undone": 1, "withdrawn": 1}
        assert states["late"] == {"open": 8, "taken": 1}
        assert Offer.objects.filter(lead_type="choice").count() == 4
        assert Match.objects.filter(state=Match.State.REPLACED).count() == 1
        sent = Lead.objects.get(service__name="Quill gazebo")
        assert (sent.state, _lead(world, "draft").state) == ("draft", "draft")
        assert _lead(world, "elsewhere_too").able_at == NOON, "who waited on the list was told that somebody can"
    with scope(world.matched.marketplace):
        assert {key: (_lead(world, key).state, _lead(world, key).matches.count()) for key in world.matched.people if _lead(world, key)} == {
            "replaced": ("open", 4),
            "ranked": ("closed", 4),
            "chosen": ("open", 1),
            "waiting": ("open", 0),
            "elsewhere": ("closed", 0),
        }
    for side in world.sides:
        with scope(side.marketplace):
            paid = Match.objects.exclude(state=Match.State.UNDONE).values_list("pro", flat=True)
            assert not set(paid) & {side.pros[name].pk for name in side.unpaid}


def _lead(world, key):
    lead = world.people[key].lead
    return lead and Lead.objects.get(pk=lead.pk)


@pytest.mark.parametrize(("side", "pro"), LOOKING)
def test_no_page_file_or_refusal_says_who_it_is(world, side, pro):
    routes = {"unpaid": LEAD_MANAGER, "late": OFFERS}[pro] if side == "opting" else ROUTES
    owner = Onlooker(getattr(world, side), pro)
    said = owner.reads(routes) | owner.is_refused(routes)
    assert {route for _how, route, _path in said} == set(routes)
    assert leaks(said, world.people) == []
    assert jobs(said, world.people) == LOOKING[side, pro]


@pytest.mark.parametrize("role", [Member.Role.BILLING, Member.Role.MEMBER])
@pytest.mark.parametrize("side", ["matched", "opting"])
def test_no_role_of_the_team_reads_more(world, side, role):
    said = Onlooker(getattr(world, side), "unpaid", role).reads(LEAD_MANAGER if side == "matched" else OFFERS)
    assert leaks(said, world.people) == []
    assert jobs(said, world.people) == LOOKING[side, "unpaid"]


# Notices, calls, logs


def notices(side) -> dict:
    """{(kind, channel, id): what each notice to a member of a pro says} with its headers, what it is made of, and what was delivered."""
    said = {}
    addresses = [address for member in side.members.values() for address in (member.user.email, member.user.phone)]
    for row in LocalDelivery.objects.filter(address__in=addresses):
        said["delivered", row.channel, row.pk] = f"{row.title} {row.text} {row.html}"
    for message in Message.objects.filter(recipient__startswith="member:"):
        said[message.kind, message.channel, message.pk] = in_full(message, side.marketplace)
    return said


def in_full(message, marketplace) -> str:
    letter = letters.write(message, marketplace)
    headers = email.write(letter).message().items() if message.channel == Channel.EMAIL else ""
    return f"{message.address} {message.context} {headers} {letter.title} {letter.text} {letter.html}"


def test_no_notice_to_any_pro_says_who_it_is(world):
    kinds = Counter()
    for side in world.sides:
        with scope(side.marketplace):
            said = notices(side)
        assert leaks(said, world.people) == []
        kinds.update(kind for kind, _channel, _pk in said)
    before = {"new_offer", "not_drawn", "service_wanted"}
    after = {"new_lead", "no_attempt", "lead_replaced", "lead_withdrawn", "details_shared", "credit_received", "credit_granted"}
    assert set(kinds) == before | after | {"delivered"}
    assert kinds["new_offer"] > 400 and kinds["delivered"] > 700


def test_who_calls_without_a_seat_hears_what_every_stranger_hears(world):
    for side in world.sides:
        assert side.heard == ("Enter the 4-digit PIN of your lead. That PIN did not work. Enter the 4-digit PIN again.")


def test_no_log_line_event_or_task_says_who_it_is(world):
    with listening(world.log):  # to what is refused, too
        Onlooker(world.opting, "late").reads(OFFERS)
        Onlooker(world.opting, "late").is_refused(OFFERS)
    said = {("log", number): line for number, line in enumerate(world.log.lines)}
    said |= {("task", number): line for number, line in enumerate(world.rung)}
    for side in world.sides:
        with scope(side.marketplace):
            events = Event.objects.all()
            said |= {("event", event.pk): f"{event.kind} {event.subject} {event.actor} {event.data}" for event in events}
    assert leaks(said, world.people) == []
    counts = Counter(source for source, _number in said)
    assert counts["event"] > 150 and counts["task"] > 150 and counts["log"] > 10
    assert any(line.startswith("Not Found: /pro/offers/") for line in world.log.lines)


# What would be found


def test_who_has_a_seat_reads_the_first_name_and_what_was_revealed_and_no_more(world):
    pages = [route for route in LEAD_MANAGER if route.startswith(("pro/leads/", "pro/credits/"))]
    assert told(Onlooker(world.opting, "first").reads(pages), world.people) == {
        "taken": {"first", "phone", "street"},
        "lost": {"first"},
        "full": {"first"},
        "kept": {"first"},
    }
    assert told(Onlooker(world.matched, "first").reads(pages), world.people) == {"ranked": {"first"}, "chosen": {"first"}}


def test_words_that_were_not_masked_would_be_found(world, monkeypatch):
    monkeypatch.setattr("leads.offer_sheet.unnamed", lambda text, person: text)
    said = Onlooker(world.opting, "unpaid").reads(["pro/offers/<uuid:offer_id>/"])
    assert told(said, world.people) == dict.fromkeys(OFFERED, KINDS)


def test_a_name_in_a_notice_would_be_found(world):
    side, person = world.opting, world.people["open"]
    with scope(side.marketplace):
        message = Message.objects.filter(kind="new_offer", channel=Channel.EMAIL).first()
        message.context["service"] = f"Taps for {person.first}"
        assert hits(in_full(message, side.marketplace), {"open": person}) == {("open", "first")}


QUENBY = Person(0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dear QUENBYBB,", "first"),
        ("Zell<wbr>weg&shy;bb", "last"),
        ("?q=Zellwegbb%20&amp;", "last"),
        ("tel:+13125550100", "phone"),
        ("(312)&nbsp;555-0100", "phone"),
        ("312.555.0100", "phone"),
        ("call 555 0100", "phone"),
        ("three one two, five five five, zero one zero zero", "phone"),
        ("tres uno dos cinco cinco cinco cero uno cero cero", "phone"),
        ("mailto:mailbb.77%40quillbox.example", "email"),
        ("4100 THISTLEBB AVE", "street"),
    ],
)
def test_every_shape_of_a_marker_would_be_found(text, kind):
    assert hits(text, {"she": QUENBY}) == {("she", kind)}


@pytest.mark.parametrize("text", ["", "Quen by bx", "5550101", "a-555-0100-b", "99 312 555 01", "the quillbox", "4100"])
def test_what_is_no_marker_is_not_found(text):
    assert hits(text, {"she": QUENBY}) == set()
