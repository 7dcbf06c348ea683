"""What a marketplace may do to the look, and what it may not."""

import pytest

from web.brand import DEFAULTS, contrast, hue_distance, problems, sheet

GREEN = {"brand": "#0b5d3b", "brand_dark": "#7fd6a8", "on_brand": "#ffffff", "on_brand_dark": "#06281a", "radius": 6, "logo_height": 30}


@pytest.mark.parametrize("brand", [{}, DEFAULTS, GREEN, {"brand": "#222222"}])
def test_a_readable_brand_has_no_problems(brand):
    assert problems(brand) == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#2149c1", "#ffffff", 7.5), ("#9db8ff", "#171c23", 8.8), ("#14181f", "#f5f6f8", 16.5)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert contrast(one, other) == contrast(other, one)


def test_hue_goes_around_the_circle_and_grey_has_none():
    assert hue_distance("#ff0000", "#00ffff") == pytest.approx(180)
    assert hue_distance("#ff0033", "#ff3300") == pytest.approx(24)
    assert hue_distance("#777777", "#ff0000") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"brand": "#3f7fd0"}, "brand: the contrast of #3f7fd0 on #ffffff is 4.07, it must be at least 5.5."),
        ({"brand_dark": "#2149c1"}, "brand_dark: the contrast of #2149c1 on #171c23 is"),
        ({"on_brand": "#9db8ff"}, "on_brand: the contrast of #9db8ff on #2149c1 is"),
        ({"on_brand_dark": "#ffffff"}, "on_brand_dark: the contrast of #ffffff on #9db8ff is"),
        ({"brand": "#a01020"}, "degrees of hue from the color of errors (#b0241c), it must be at least 20 away."),
        ({"brand_dark": "#ffa08f"}, "degrees of hue from the color of errors (#ff9f95)"),
    ],
)
def test_a_refusal_says_the_measured_figure(change, words):
    assert any(words in problem for problem in problems({**GREEN, **DEFAULTS, **change}))


@pytest.mark.parametrize(
    "change",
    [
        {"brand": "red"},
        {"brand": "#fff"},
        {"brand": "#2149c1;}body{display:none"},
        {"on_brand": None},
        {"radius": "6px"},
        {"radius": 60},
        {"radius": True},
        {"logo_height": 400},
        {"good": "#00ff00"},
    ],
)
def test_nothing_but_six_known_values_gets_into_the_sheet(change):
    assert problems(change)
    with pytest.raises(ValueError):
        sheet(change)


def test_the_sheet_stands_in_no_layer_and_serves_old_browsers():
    css = sheet(GREEN)
    assert "--brand: light-dark(#0b5d3b, #7fd6a8)" in css
    assert "--radius: 6px" in css and "--logo-h: 30px" in css
    assert "@layer" not in css
    assert "@supports not (color: light-dark(#000, #fff)) { :root { --brand: #0b5d3b; --on-brand: #ffffff; } }" in css
