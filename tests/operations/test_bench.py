"""The measurement of matching still measures: in a process of its own, since it brings a database of its own."""

import json
import subprocess
import sys

from django.conf import settings

SMALL = """
import json, django
django.setup()
from operations.bench.measure import bench_matching
print(json.dumps(bench_matching(pros=100, leads=8, connections_=2, sizes=(100, 200))))
"""


def test_matching_is_measured_against_the_floor():
    done = subprocess.run([sys.executable, "-c", SMALL], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["statements for four seats"] == 24
    assert found["seats"] == 4 * (1 + 2 * 5 * 8), "product and floor seat every lead"
    assert found["of the floor (median)"] > 0 and found["200 over 100 pros"] > 0
