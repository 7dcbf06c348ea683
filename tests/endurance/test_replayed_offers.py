"""Real records into a marketplace where pros opt in, with and without a draw: pros with funded wallets and tiers answer their offers, and
in the end `prove` finds nothing."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from core.policy import publish
from core.tenancy import scope
from leads.models import Lead, Match
from leads.policy import OptIn
from operations.loading import contractors, load_pros
from operations.presets import PRESETS
from operations.prove import prove
from operations.replay import replay
from operations.replay.records import rows
from operations.upkeep import refresh
from tests.conftest import BEFORE_RECORDS

pytestmark = pytest.mark.endurance

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
CITIES = ("Austin", "Chicago")
RECORDS, PROS = int(os.environ.get("RECORDS", 300)), 1000  # half of both in each city


@pytest.mark.skipif(not DATA.exists(), reason=f"the public records are not at {DATA.name}: they are too large to come with the project")
@pytest.mark.parametrize("allocation", ["first", "draw"])
def test_real_records_are_offered_accepted_and_proved(fresh, allocation):
    marketplace = fresh("opt_in", replay=True, now=BEFORE_RECORDS)
    with scope(marketplace):
        rest = [section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn)]
        publish([*rest, OptIn(allocation=allocation)], now=BEFORE_RECORDS)
        known = contractors(DATA / "contractors.csv.gz")
        for city in CITIES:
            at_work = [row for row in known if row["source"].startswith(f"{city.lower()}_permit")]
            load_pros(at_work[: PROS // 2], now=BEFORE_RECORDS)
    refresh()
    given = [row for city in CITIES for row in rows(DATA / "permits.csv.gz", cities=(city,), limit=RECORDS // 2)]
    tally = replay(marketplace, given, accept=True)
    with scope(marketplace):
        report = tally.report()
        assert not Lead.objects.exclude(state="closed").exists() and Match.objects.exists()
        end = Lead.objects.order_by("-closes_at").first().closes_at + timedelta(days=1)
    print(f"\n{allocation}: {json.dumps(report, indent=1)}")
    findings = prove(marketplace, now=end)
    print(f"prove: {sum(finding.broken for finding in findings)} broken in {len(findings)} checks")
    assert {finding.name: finding.samples for finding in findings if finding.broken} == {}
