"""What a channel is: it takes letters, and tells facts about them.

    send(letters, *, now)     hands each letter over; one fact for each, in order
    look_up(letters, *, now)  asks what became of letters handed over earlier; one fact for each, in order
    at_once                   how many letters it takes in one breath: STOP is looked at before every breath

A channel raises nothing it can name: a provider's answer becomes a fact, and what it raises all the same counts as Unknown.
No provider call takes longer than TIME_OUT seconds, and none is made inside a transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.models import Marketplace

TIME_OUT = 9  # seconds; workers give a provider 10 at most (INVARIANTS 39)


@dataclass(frozen=True)
class Letter:
    """A message with its words filled in. `title` and `html` are empty for a text message."""

    id: UUID
    marketplace: Marketplace
    channel: str
    address: str
    provider_id: str
    attempts: int
    created_at: datetime
    title: str = ""
    text: str = ""
    html: str = ""


@dataclass(frozen=True)
class Accepted:
    """The provider took it. `at` is the provider's time where it tells one."""

    provider_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Confirmed:
    """It has reached the recipient."""

    provider_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class TemporaryFailure:
    """It was certainly not taken; another time it may be."""

    reason: str


@dataclass(frozen=True)
class PermanentFailure:
    """It will never arrive. `suppress` is the reason to send nothing more to this address; empty when the address is not to blame."""

    reason: str
    suppress: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class NeverSeen:
    """The provider has no such letter: it may be handed over again (INVARIANTS 26)."""


@dataclass(frozen=True)
class Unknown:
    """Nobody can say whether it was taken. To be looked up, never blindly repeated (INVARIANTS 26)."""

    reason: str


Fact = Accepted | Confirmed | TemporaryFailure | PermanentFailure | NeverSeen | Unknown


class Provider(Protocol):
    at_once: int

    def send(self, letters: list[Letter], *, now: datetime) -> list[Fact]: ...

    def look_up(self, letters: list[Letter], *, now: datetime) -> list[Fact]: ...
