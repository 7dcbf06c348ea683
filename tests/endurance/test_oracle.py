"""2,000 leads of real records against all contractors: a brute-force oracle agrees who was eligible, and no fillable seat stays empty."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from core.tenancy import scope
from operations.loading import contractors, load_pros
from operations.replay import replay
from operations.replay.records import rows
from operations.upkeep import refresh
from tests.conftest import BEFORE_RECORDS
from tests.operations.oracle import Oracle

pytestmark = pytest.mark.endurance

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
LOOKS = int(os.environ.get("LOOKS", 2_000))
BUDGET, PER_DAY = 30_000, 5


@pytest.mark.skipif(not DATA.exists(), reason=f"the public records are not at {DATA.name}: they are too large to come with the project")
def test_the_oracle_agrees_on_two_thousand_leads_of_real_records(fresh):
    marketplace = fresh(replay=True, now=BEFORE_RECORDS)
    with scope(marketplace):
        load_pros(contractors(DATA / "contractors.csv.gz"), now=BEFORE_RECORDS, budget=BUDGET, per_day=PER_DAY)
    refresh()
    oracle = Oracle(marketplace, budget=BUDGET, per_day=PER_DAY)
    given = rows(DATA / "permits.csv.gz", cities=("Chicago", "Austin"), limit=LOOKS * 5 // 4)
    tally = replay(marketplace, given, watch=oracle.watch)
    leads = {lead for lead, _at in oracle.expected}
    print(f"{tally.accepted + tally.linked} leads, {len(oracle.expected)} looks, {len(oracle.disagreements)} disagreements, ", end="")
    print(f"{len(oracle.empty_seats())} with an empty seat that could be filled")
    assert len(leads) >= LOOKS * 0.95
    assert oracle.disagreements == []
    assert oracle.empty_seats() == []
