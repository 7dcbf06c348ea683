"""manage.py explain: every candidate of a lead's decisions, its verdict and the values compared."""

import json as json_format
import sys

from catalog.guide import dollars
from core.errors import NotFound
from core.models import Marketplace
from core.tenancy import scope
from operations.command import OperatorCommand
from operations.explain import DecisionTold, LeadTold, explain, find


class Command(OperatorCommand):
    help = "Tell why these pros got a lead and the others did not. With --replay it is decided again; ends with 1 if that differs."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("lead", help="the lead's id, the token of its page, or the code of a match (AM-1A2B3C)")
        parser.add_argument("--replay", action="store_true", help="decide again from the stored inputs and compare")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, lead, replay, json, **options):
        told = self.told(lead, replay)
        self.stdout.write(json_format.dumps(told.as_dict(), indent=2) if json else page(told))
        if told.differs:
            sys.exit(1)

    def told(self, text, replay) -> LeadTold:
        """The lead's story, whichever marketplace it is of."""
        for marketplace in Marketplace.objects.order_by("slug"):
            try:
                with scope(marketplace):
                    return explain(find(text), replay=replay)
            except NotFound:
                continue
        raise NotFound(f"No marketplace has a lead {text!r}.")


def page(told: LeadTold) -> str:
    lines = [f"{told.what} ({told.marketplace}, lead {told.id})", f"submitted {told.submitted_at}, {told.state}"]
    if told.due_at:
        lines.append(f"looked at again {told.due_at}, closes {told.closes_at}")
    if told.group != told.id:
        lines.append(f"in the duplicate group of {told.group}")
    if not told.decisions:
        lines.append("Nothing was decided about it.")
    for number, decision in enumerate(told.decisions, start=1):
        lines += ["", *_decision(decision, f"decision {number} of {len(told.decisions)}")]
    return "\n".join(lines)


def _decision(decision: DecisionTold, title: str) -> list[str]:
    lines = [
        f"{title}: {decision.at}, {decision.lead_type}, seed {decision.seed}, {dollars(decision.price)} a seat, "
        f"{decision.free_seats} free, {len(decision.candidates)} looked at, {decision.eligible} eligible",
        f"{'seat':12}{'pro':42}{'received':>9}{'entitled':>9}{'owed':>8}  verdict",
    ]
    for one in decision.candidates:
        name = f"{one.pro} {one.name}"
        lines.append(f"{one.seat:12}{name[:40]:42}{one.received:9}{one.entitled:9.3f}{one.owed:8.3f}  {one.words}")
    if decision.changed is not None:
        lines.append("decided again: identical" if not decision.changed else "decided again: DIFFERENT")
        lines += [f"  {part}: was {then}, now {now}" for part, (then, now) in decision.changed.items()]
    return lines
