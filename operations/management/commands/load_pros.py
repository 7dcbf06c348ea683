from dataclasses import asdict

from django.utils import timezone

from core.tenancy import scope
from operations.command import OperatorCommand
from operations.loading import contractors, load_pros
from operations.upkeep import refresh


class Command(OperatorCommand):
    help = "Load contractors from a CSV (plain or gzip) as pros. The same file twice adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--marketplace", required=True)
        parser.add_argument("--budget", type=int, help="cents per 30 days")
        parser.add_argument("--per-day", type=int, help="leads a day at most")
        parser.add_argument("--limit", type=int)

    def handle(self, *, file, marketplace, budget, per_day, limit, **options):
        marketplace = self.marketplace(marketplace)
        rows = contractors(self.file(file), limit=limit)
        now = marketplace.created_at if marketplace.replay else timezone.now()
        with scope(marketplace):
            loaded = load_pros(rows, now=now, budget=budget, per_day=per_day)
        refresh()
        self.tell({name.replace("_", " "): count for name, count in asdict(loaded).items()}, as_json=False)
