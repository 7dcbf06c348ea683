"""manage.py prove: every invariant the database can see, on the rows of every marketplace."""

import json as json_format
import sys
from time import monotonic

from django.utils import timezone

from core.models import Marketplace
from operations.command import OperatorCommand
from operations.prove import prove


class Command(OperatorCommand):
    help = "Check every invariant on the live data of all marketplaces. Ends with 1 if any is broken."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--marketplace", metavar="SLUG", help="only this one")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, marketplace, json, **options):
        chosen = [self.marketplace(marketplace)] if marketplace else Marketplace.objects.order_by("slug")
        proofs = []
        for one in chosen:
            begun = monotonic()
            findings = prove(one, now=timezone.now())
            proofs.append((one, findings, monotonic() - begun))
            if not json:
                self.stdout.write(table(*proofs[-1]))
        if json:
            self.stdout.write(document(proofs))
        broken = sum(finding.broken for _one, findings, _seconds in proofs for finding in findings)
        if broken:
            sys.exit(1)


def table(marketplace, findings, seconds) -> str:
    """The findings of one marketplace for reading: a line each, and what is broken with a few ids."""
    lines = [f"{marketplace.slug}", f"{'check':24}{'line':>6}{'checked':>12}{'broken':>9}"]
    for finding in findings:
        lines.append(f"{finding.name:24}{finding.invariant:6}{finding.checked:12,}{finding.broken:9,}")
        if finding.broken:
            lines.append(f"    {finding.sentence}")
            lines += [f"    broken: {sample}" for sample in finding.samples]
    broken = sum(finding.broken > 0 for finding in findings)
    verdict = f"{broken} of {len(findings)} are broken" if broken else f"all {len(findings)} hold"
    return "\n".join([*lines, f"{verdict} ({seconds:.1f} s)", ""])


def document(proofs) -> str:
    return json_format.dumps(
        [
            {
                "marketplace": marketplace.slug,
                "broken": sum(finding.broken for finding in findings),
                "seconds": round(seconds, 2),
                "checks": [finding.as_dict() for finding in findings],
            }
            for marketplace, findings, seconds in proofs
        ],
        indent=2,
    )
