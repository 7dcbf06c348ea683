"""The local carrier: calls between telephones that exist only here, in Twilio's words and order (/dev/phone/, tests, simulations).

It keeps its calls as LocalCall rows, carries out the TwiML that the site answers and tells it, signed, what happens. What time it is, is
told to it. Telephones ring until somebody answers them, but those whose numbers end in

    555-0196    are dead (failed, 404)
    555-0195    are always busy
    555-0194    are never answered
    555-0193    have a machine that answers after 3 seconds
    555-0192    meet a fault of the carrier (failed, 503)
"""

from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import datetime

from django.conf import settings
from django.db.models import Min, Q

from accounts.contact_data import BadPhone, normal_phone
from accounts.models import Homeowner, Pro, User
from contact.carriers import NewNumber, Record, Unreachable, twiml
from contact.carriers.door import Door, Faults, Post
from contact.carriers.exchange import Direction, Exchange, Waits, new_call
from contact.models import LocalCall, LocalEvent, Number
from contact.policy import Contact
from core.errors import NotFound
from core.policy import read
from core.tenancy import scope

AREA_CODES = (
    "312", "773", "872", "630", "708", "847", "224", "815", "206", "425", "253", "360", "503", "415", "510", "213",
    "303", "602", "512", "713", "214", "305", "404", "617", "212", "718", "215", "202", "313", "612",
)  # fmt: skip
# 555-0100 to 555-0179 are for invented people and 555-0180 to 555-0189 for the pool, so that nobody has a number of ours. From 0192 on
# telephones misbehave, and text messages and mail beside them.
PEOPLE, POOL = range(100, 180), range(180, 190)


class LocalCarrier:
    """The carrier of one marketplace, and the telephones of everybody. `post`, `faults` and `exchange` are for tests and simulations.

    Everything here is its own transaction: call it outside of one, since the site answers in between. Whoever acts on a call that has
    ended, or on a telephone that no longer rings, changes nothing; a call that does not exist is NotFound.
    """

    def __init__(
        self, marketplace, *, faults: Faults | None = None, post: Post | None = None, exchange: Callable[..., Exchange] = Exchange
    ):
        self.marketplace = marketplace
        self.exchange = exchange
        self.door = Door(marketplace, post=post, faults=faults)

    # A carrier (contact.carriers.Carrier)

    def place(self, *, to, from_number, url, status_url, now):
        try:
            path, status_path = (twiml.path_of(address, address=self.door.root) for address in (url, status_url))
        except twiml.NotUnderstood as error:
            raise Unreachable(str(error)) from None
        with scope(self.marketplace):
            call = new_call(
                direction=Direction.PLACED,
                from_number=from_number,
                to_number=to,
                url=path,
                status_url=status_path,
                events=list(twiml.EVENTS),
                ring_seconds=read(Contact).ring_timeout,
                waits=Waits.QUEUE,
                due_at=now,
            )
            call.save()
        return call.provider_id

    def cut(self, provider_id, *, now):
        with suppress(NotFound):
            self.hang_up(provider_id, at=now)

    def look_up(self, provider_id):
        with scope(self.marketplace):
            found = LocalCall.objects.filter(Q(provider_id=provider_id) | Q(parent__provider_id=provider_id))
            return [_record(call) for call in found.select_related("parent")]

    def since(self, number, start):
        with scope(self.marketplace):
            ours = LocalCall.objects.filter(Q(to_number=number) | Q(from_number=number), started_at__gte=start)
            return [_record(call) for call in ours.select_related("parent")]

    def new_number(self, *, near, now):
        with scope(self.marketplace):
            taken = _numbers_in_use()
        for area in dict.fromkeys([near[2:5], *AREA_CODES]):
            for line in POOL:
                number = f"+1{area}555{line:04}"
                if number not in taken and _is_of_a_home(number):
                    return NewNumber(number, f"local-{number.removeprefix('+')}")
        raise Unreachable("No invented number is left.")

    # The telephones

    def dial(self, *, from_number: str, to_number: str, at: datetime) -> str:
        """Somebody dials one of our numbers. Returns the carrier's id of the call."""
        self.tick(at=at)
        with scope(self.marketplace):
            hooks = f"/hooks/{self.marketplace.slug}/voice/"
            call = new_call(
                direction=Direction.INBOUND,
                from_number=from_number,
                to_number=to_number,
                status="ringing",
                started_at=at.replace(microsecond=0),
                status_url=f"{hooks}status/",
                events=["completed"],
            )
            call.save()
            exchange = self.exchange([call], door=self.door, at=at)
            exchange.fetch(call, hooks)
            exchange.keep()
        self.tick(at=at)
        return call.provider_id

    def press(self, provider_id: str, digits: str, *, at: datetime) -> None:
        """Press keys (0 to 9, * and #) on either side's telephone."""
        self._act(provider_id, at, lambda exchange, call: exchange.press(call, digits))

    def answer(self, provider_id: str, *, at: datetime, machine: bool = False) -> None:
        """Pick up a telephone that rings, or let a machine do so."""
        self._act(provider_id, at, lambda exchange, call: exchange.answer(call, machine=machine))

    def decline(self, provider_id: str, *, at: datetime) -> None:
        """Refuse a call that rings: busy."""
        self._act(provider_id, at, lambda exchange, call: exchange.decline(call))

    def hang_up(self, provider_id: str, *, at: datetime) -> None:
        """Hang up on one side. A caller's hang-up ends both calls; that of the side that was dialled ends its own, and the caller's goes
        on with what the site has to say."""
        self._act(provider_id, at, lambda exchange, call: exchange.hang_up(call))

    def tick(self, *, at: datetime) -> None:
        """Let everything happen that is due by `at`, in the order of time: telephones stop ringing, posts are made."""
        while instant := self._next(at):
            self._elapse(instant)
            self._deliver(instant)

    # What a page may see of them

    def is_due(self, at: datetime) -> bool:
        """Whether `tick` would change something."""
        return self._next(at) is not None

    def calls(self, most: int) -> list[LocalCall]:
        """The newest calls that were not dialled by another, each with those it dialled as `dialled`."""
        with scope(self.marketplace):
            found = list(LocalCall.objects.filter(parent=None).order_by("-pk")[:most])
            children = LocalCall.objects.filter(parent__in=found)
            for call in found:
                call.dialled = [child for child in children if child.parent_id == call.pk]
        return found

    def call(self, provider_id: str) -> LocalCall:
        """Raises NotFound."""
        with scope(self.marketplace):
            return _found(provider_id)

    def serves(self, number: str) -> bool:
        """Whether a number is one of ours."""
        with scope(self.marketplace):
            return Number.objects.filter(number=number).exists()

    def directory(self, most: int) -> dict[str, list[tuple[str, str]]]:
        """Numbers with their names: "ours", and of "people" the newest members and homeowners."""
        with scope(self.marketplace):
            ours = Number.objects.values_list("number", flat=True).order_by("-pk")[:most]
            members = User.objects.filter(member__removed_at=None).exclude(member=None).exclude(phone="").order_by("-pk")
            named = [(user.phone, f"{user.name}, {user.member.pro}") for user in members.select_related("member__pro")[:most]]
            homeowners = Homeowner.objects.exclude(phone="").order_by("-pk").values_list("phone", "name")[:most]
        return {"ours": [(number, "") for number in ours], "people": list({**dict(homeowners), **dict(named)}.items())}

    # How it is done

    def _act(self, provider_id, at, change):
        self.tick(at=at)
        with self._family(provider_id, at) as (exchange, call):
            change(exchange, call)
        self.tick(at=at)

    @contextmanager
    def _family(self, provider_id, at):
        """A call and its like under the lock of the first of them, kept at the end."""
        with scope(self.marketplace):
            found = _found(provider_id)
            first = LocalCall.objects.select_for_update(no_key=True).get(pk=found.parent_id or found.pk)
            exchange = self.exchange([first, *LocalCall.objects.filter(parent=first)], door=self.door, at=at)
            yield exchange, exchange.calls[found.pk]
            exchange.keep()

    def _next(self, at):
        """The first instant until `at` at which something is due."""
        with scope(self.marketplace):
            dues = [rows.filter(due_at__lte=at).aggregate(first=Min("due_at"))["first"] for rows in (LocalCall.objects, LocalEvent.objects)]
        return min((due for due in dues if due), default=None)

    def _elapse(self, instant):
        with scope(self.marketplace):
            due = list(LocalCall.objects.filter(due_at__lte=instant).values_list("provider_id", flat=True))
        for provider_id in due:
            with self._family(provider_id, instant) as (exchange, call):
                if call.due_at and call.due_at <= instant:
                    call.due_at = None
                    exchange.elapsed(call)

    def _deliver(self, instant):
        with scope(self.marketplace):
            due = list(LocalEvent.objects.filter(due_at__lte=instant).select_related("call"))
        for event in self.door.in_order(due):
            with scope(self.marketplace):
                taken, _rows = LocalEvent.objects.filter(pk=event.pk).delete()
            if not taken:
                continue  # another process makes it
            status, body = (0, "") if event.lost else self.door.send(event.path, event.said)
            if not event.steers and (event.lost or 200 <= status < 300):
                continue
            with self._family(event.call.provider_id, instant) as (exchange, call):
                exchange.answered(call, event, status, body)


def _found(provider_id):
    call = LocalCall.objects.filter(provider_id=provider_id).first()
    if call is None:
        raise NotFound
    return call


def _record(call):
    return Record(
        provider_id=call.provider_id,
        parent_id=call.parent.provider_id if call.parent else "",
        from_number=call.from_number,
        to_number=call.to_number,
        inbound=call.direction == Direction.INBOUND,
        status=call.status,
        started_at=call.started_at,
        ended_at=call.ended_at,
        seconds=call.seconds,
        machine=call.machine,
        code=call.code,
    )


def _is_of_a_home(number):
    """Not of a toll-free or foreign area code."""
    try:
        return normal_phone(number) == number
    except BadPhone:
        return False


def _numbers_in_use():
    """Every number that stands for something in the marketplace."""
    people = (model.objects.exclude(phone="").values_list("phone", flat=True) for model in (User, Pro, Homeowner))
    return {settings.SMS_FROM, *Number.objects.values_list("number", flat=True), *(phone for phones in people for phone in phones)}
