"""What a carrier of calls is (contact.carriers.chosen says whose): it places calls, tells what it knows of them, and has numbers to give.

What happens in a call reaches us as signed posts at /hooks/<marketplace>/voice/... (api.webhooks.voice), in Twilio's words from both.
No request to a carrier takes longer than TIME_OUT seconds, and none is made inside a transaction or a web request (INVARIANTS 39).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

TIME_OUT = 9


class Unreachable(Exception):
    """The carrier did not answer, or not with what it promises: to be asked again later."""


@dataclass(frozen=True)
class Record:
    """What a carrier keeps of one of its calls. Times are in whole seconds, None while it has not happened. `parent_id` is the call that
    dialled it, `seconds` how long it was connected, `status` one of Twilio's words (queued ringing in-progress completed busy no-answer
    failed canceled)."""

    provider_id: str
    parent_id: str
    from_number: str
    to_number: str
    inbound: bool
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    machine: bool | None = None
    code: int | None = None


@dataclass(frozen=True)
class NewNumber:
    """A number that is ours from now on, with the carrier's id of it."""

    number: str
    provider_id: str


class Carrier(Protocol):
    """Every method raises Unreachable and nothing else."""

    def place(self, *, to: str, from_number: str, url: str, status_url: str, now: datetime) -> str:
        """Call `to`; whoever answers hears what `url` says. Returns the carrier's id of the call."""

    def cut(self, provider_id: str, *, now: datetime) -> None:
        """End this call and those it dialled. One that has ended, or that the carrier does not know, changes nothing."""

    def look_up(self, provider_id: str) -> list[Record]:
        """The call and those it dialled; nothing when the carrier knows no such call."""

    def since(self, number: str, start: datetime) -> list[Record]:
        """The calls to or from one of our numbers that started at `start` or later."""

    def new_number(self, *, near: str, now: datetime) -> NewNumber:
        """Take a further number, of the area code of `near` (E.164) where there is one."""
