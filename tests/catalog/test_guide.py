"""From answers to an estimate, with its reasons."""

import itertools

import pytest

from catalog import guide as guides
from catalog.guide import BadAnswers, Guide
from catalog.stock import bundled

SERVICES = [service for trade in bundled() for service in trade["services"]]
GUIDE = Guide(
    version=3,
    questions=[
        {
            "code": "windows",
            "text": "How many windows?",
            "kind": "number",
            "unit": ["window", "windows"],
            "least": 1,
            "most": 40,
            "usual": 8,
        },
        {
            "code": "frame",
            "text": "Which frames?",
            "kind": "choice",
            "options": [
                {"code": "vinyl", "label": "Vinyl"},
                {"code": "wood", "label": "Wood"},
                {"code": "used", "label": "Used ones"},
                {"code": "unsure", "label": "I am not sure"},
            ],
        },
    ],
    prices={
        "base": [10_001, 20_000, 30_000],
        "label": "Set-up",
        "unsure": [9000, 10_000, 12_000],
        "adjust": {
            "windows": {"each": [100, 200, 300], "beyond": 2},
            "frame": {"wood": {"times": 15_000}, "used": {"add": [-99_999, -1000, 0]}},
        },
    },
)


def test_each_step_is_told_in_order():
    estimate = guides.estimate(GUIDE, {"windows": 12, "frame": "wood"})
    assert (estimate.low, estimate.typical, estimate.high, estimate.version) == (16_000, 33_000, 50_000, 3)
    assert estimate.reasons == (
        "Set-up: $200.00",
        "12 windows, 10 more at $2.00: + $20.00",
        "Which frames? Wood: × 1.5",
        "Together, rounded to $10: $330.00, between $160.00 and $500.00.",
    )


def test_a_guess_is_told_to_ten_dollars_and_its_range_never_narrows():
    estimate = guides.estimate(GUIDE, {"windows": 3, "frame": "wood"})  # 151.52, 303.00, 454.50
    assert (estimate.low, estimate.typical, estimate.high) == (15_000, 30_000, 46_000)


def test_not_sure_widens_the_range_around_the_usual():
    estimate = guides.estimate(GUIDE, {"windows": "unsure", "frame": "unsure"})
    assert (estimate.low, estimate.typical, estimate.high) == (8_000, 21_000, 46_000)
    assert "Not known, so counted as 8 windows" in estimate.reasons[1]
    assert "the range widens" in estimate.reasons[2]


def test_a_reduction_never_goes_below_nothing():
    assert guides.estimate(GUIDE, {"windows": 2, "frame": "used"}).low == 0


def test_forms_send_numbers_as_text():
    assert guides.clean(GUIDE.questions, {"windows": " 12 ", "frame": "vinyl"}) == {"windows": 12, "frame": "vinyl"}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, {"windows", "frame"}),
        ({"windows": "", "frame": "vinyl"}, {"windows"}),
        ({"windows": 0, "frame": "vinyl"}, {"windows"}),
        ({"windows": 41, "frame": "vinyl"}, {"windows"}),
        ({"windows": "many", "frame": "vinyl"}, {"windows"}),
        ({"windows": "-3", "frame": "vinyl"}, {"windows"}),
        ({"windows": "9" * 5000, "frame": "vinyl"}, {"windows"}),
        ({"windows": True, "frame": "vinyl"}, {"windows"}),
        ({"windows": 2.5, "frame": "vinyl"}, {"windows"}),
        ({"windows": 2, "frame": "gold"}, {"frame"}),
        ({"windows": 2, "frame": ["vinyl"]}, {"frame"}),
        ({"windows": 2, "frame": "vinyl", "doors": 3}, {"doors"}),
    ],
)
def test_bad_answers_are_refused_by_field(answers, fields):
    with pytest.raises(BadAnswers) as refusal:
        guides.estimate(GUIDE, answers)
    assert set(refusal.value.fields) == fields
    assert refusal.value.code == "bad_answers"


def test_filling_keeps_what_fits():
    assert guides.fill(GUIDE.questions, {"windows": 99, "frame": "gold", "other": 1}) == {"windows": 40, "frame": "unsure"}
    assert guides.fill(GUIDE.questions, {"windows": 0}) == {"windows": 1, "frame": "unsure"}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service["code"])
def test_every_bundled_guide_holds_for_every_answer(service):
    guide = Guide(1, service["questions"], service["prices"])
    assert 2 <= len(guide.questions) <= 5
    assert set(guide.prices["adjust"]) <= {question["code"] for question in guide.questions}
    assert 1500 <= service["lead_price"] <= 10_000
    for question in guide.questions:
        if question["kind"] == "number":
            assert question["least"] <= question["usual"] <= question["most"]
        else:
            codes = [option["code"] for option in question["options"]]
            assert len(codes) == len(set(codes)) and "unsure" in codes
            assert set(guide.prices["adjust"].get(question["code"], {})) <= set(codes)
    for answers in itertools.product(*map(_choices, guide.questions)):
        estimate = guides.estimate(guide, dict(zip([question["code"] for question in guide.questions], answers, strict=True)))
        assert 0 <= estimate.low <= estimate.typical <= estimate.high
        assert estimate.typical > 0


def _choices(question):
    if question["kind"] == "number":
        return [question["least"], question["most"], "unsure"]
    return [option["code"] for option in question["options"]]
