from datetime import UTC, datetime

from django.utils import timezone

from operations.command import OperatorCommand
from operations.founding import found
from operations.presets import PRESETS

BEFORE_ALL_RECORDS = datetime(2000, 1, 1, tzinfo=UTC)


class Command(OperatorCommand):
    help = "Make a marketplace from a preset. With --replay its clock is that of replayed records and live sweeps skip it."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--preset", required=True, choices=sorted(PRESETS))
        parser.add_argument("--name", default="")
        parser.add_argument("--host", default="")
        parser.add_argument("--replay", action="store_true")

    def handle(self, *, slug, preset, name, host, replay, **options):
        now = BEFORE_ALL_RECORDS if replay else timezone.now()
        marketplace = found(slug=slug, preset=preset, name=name, host=host, replay=replay, now=now)
        self.stdout.write(f"{marketplace.name} is there, at the host {marketplace.host}.")
