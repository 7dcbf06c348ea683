"""What a claim rests on: a reason and the evidence. Pure. A ruling keeps the evidence as it stood then (RULES 38)."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime


@dataclass(frozen=True)
class Called:
    """A call on a line. `way` is "pin", "bridge" or "callback"; `dead` says that the number was found dead."""

    at: datetime
    way: str = "pin"
    dead: bool = False
    answered: bool = False


@dataclass(frozen=True)
class Tried:
    """What passed between one pro and the homeowner: its calls, oldest first, when two people first spoke, and whether the pro ever
    said that it won the job."""

    pro: int
    match: str = ""
    calls: tuple[Called, ...] = ()
    attempts: int = 0
    two_way_at: datetime | None = None
    won: bool = False

    @property
    def dead_at(self) -> list[datetime]:
        return [call.at for call in self.calls if call.dead]


@dataclass(frozen=True)
class Step:
    """A step of follow-up (RULES 25): `state` is done, half, open or missed."""

    label: str
    state: str
    done: int
    of: int


@dataclass(frozen=True)
class Receipt:
    """What was frozen when the match was made: `covered` says that service and ZIP were the pro's."""

    service: str = ""
    zip: str = ""
    covered: bool = False
    at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True)
class Evidence:
    """All that is known about a claim. `others` are the other pros of the lead, `duplicates` the ids of paid matches by which the same
    job was sold to this pro before, `progress` what the pro says of the work now. Then come the words of both sides."""

    mine: Tried
    others: tuple[Tried, ...] = ()
    steps: tuple[Step, ...] = ()
    duplicates: tuple[str, ...] = ()
    progress: str = "new"
    receipt: Receipt = Receipt()
    words: str = ""
    question: str = ""
    answer: str = ""
    appeal_words: str = ""

    @property
    def steps_done(self) -> int:
        return sum(step.state == "done" for step in self.steps)


@dataclass(frozen=True)
class Claim:
    """A reason with its evidence, and the policy's numbers by which it is judged."""

    reason: str
    evidence: Evidence
    dead_calls: int = 2
    dead_apart_seconds: int = 3_600


def freeze(evidence: Evidence) -> dict:
    """The evidence as JSON, exact to the microsecond."""
    return json.loads(json.dumps(asdict(evidence), default=datetime.isoformat))


def thaw(kept: dict) -> Evidence:
    """The evidence that `freeze` kept."""
    return Evidence(
        mine=_tried(kept["mine"]),
        others=tuple(map(_tried, kept["others"])),
        steps=tuple(Step(**step) for step in kept["steps"]),
        duplicates=tuple(kept["duplicates"]),
        receipt=_with_instants(Receipt, kept["receipt"]),
        **{name: kept[name] for name in ("progress", "words", "question", "answer", "appeal_words")},
    )


def _tried(kept) -> Tried:
    return _with_instants(Tried, {**kept, "calls": tuple(_with_instants(Called, call) for call in kept["calls"])})


def _with_instants(kind, kept):
    instants = {field.name for field in fields(kind) if field.name == "at" or field.name.endswith("_at")}
    return kind(**{name: datetime.fromisoformat(value) if name in instants and value else value for name, value in kept.items()})
