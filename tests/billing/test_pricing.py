"""The golden numbers of RULES 2 and 28, asserted exactly."""

import pytest

from billing.models import Terms
from billing.pricing import NoPrice, discounted, quote, share
from leads.policy import Leads
from operations.presets import PRESETS

ONE_PERCENT = Terms(marketplace_id=1, version=1, pricing=Terms.Pricing.PERCENT, basis_points=100)
FLAT = Terms(marketplace_id=1, version=1, pricing=Terms.Pricing.FLAT, prices={"water-heater": 4_800}, discount_bp=2_000)


@pytest.mark.parametrize(
    ("estimate", "price"),
    [(1_000_000, 10_000), (250_000, 2_500), (0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (999_950, 10_000), (999_949, 9_999)],
)
def test_one_percent_of_the_job_half_up(estimate, price):
    assert quote(ONE_PERCENT, "any", estimate).price == price


def test_a_percentage_may_have_a_least_and_a_greatest_price():
    terms = Terms(marketplace_id=1, version=1, pricing=Terms.Pricing.PERCENT, basis_points=100, price_min=1_000, price_max=5_000)
    assert [quote(terms, "any", estimate).price for estimate in (1_000, 300_000, 9_000_000)] == [1_000, 3_000, 5_000]


def test_a_flat_price_is_the_lists_whatever_the_job():
    assert quote(FLAT, "water-heater", 1).price == quote(FLAT, "water-heater", 10**9).price == 4_800
    with pytest.raises(NoPrice):
        quote(FLAT, "unheard-of", 100)


def test_the_discount_is_taken_off_the_rounded_price():
    assert discounted(FLAT, 4_800) == 960
    assert discounted(FLAT, 1_002) == 200 and discounted(FLAT, 1_003) == 201  # 200.4 and 200.6 cents
    assert share(2_5, 5_000) == 13  # half up, never to even


def test_the_presets_hold_the_two_operators():
    manager, opt_in = PRESETS["lead_manager"], PRESETS["opt_in"]
    assert manager.terms["discount_bp"] == 2_000 and manager.terms["discount_seconds"] == 1_800
    assert manager.terms["claim_seconds"] == 2_592_000 and opt_in.terms["claim_seconds"] == 259_200
    assert opt_in.terms["basis_points"] == 100 and opt_in.terms["discount_bp"] == 0
    assert all(
        section.seats == 4 and section.open_seconds == 259_200
        for p in (manager, opt_in)
        for section in p.sections
        if isinstance(section, Leads)
    )
