from core.tenancy import scope
from operations.command import OperatorCommand
from operations.replay import replay
from operations.replay.records import rows


class Command(OperatorCommand):
    help = "Replay a permits CSV (plain or gzip) as requests in a marketplace made with --replay. The same file twice adds nothing."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--marketplace", required=True)
        parser.add_argument("--city", default="", help="only these, separated by commas")
        parser.add_argument("--limit", type=int)
        parser.add_argument("--call", action="store_true", help="simulated pros open their leads, call, and ask for money back")
        parser.add_argument("--accept", action="store_true", help="simulated pros with funded wallets and tiers answer their offers")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file, marketplace, city, limit, call, accept, json, **options):
        marketplace = self.marketplace(marketplace)
        cities = tuple(name.strip() for name in city.split(",") if name.strip())
        tally = replay(marketplace, rows(self.file(file), cities=cities, limit=limit), call=call, accept=accept)
        with scope(marketplace):
            self.tell(tally.report(), as_json=json)
