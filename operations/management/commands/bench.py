from operations.bench import bench_matching
from operations.command import OperatorCommand


class Command(OperatorCommand):
    help = "Measure matching on a scratch database: against a floor that writes the same rows, and how it grows with the pros."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["matching"])
        parser.add_argument("--pros", type=int, default=10_000)
        parser.add_argument("--leads", type=int, default=400, help="leads a round")
        parser.add_argument("--connections", type=int, default=8)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, pros, leads, connections, json, **options):
        figures = bench_matching(pros=pros, leads=leads, connections_=connections, say=self.stderr.write)
        self.tell(figures, as_json=json)
