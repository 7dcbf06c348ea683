"""A marketplace's brand: what it may set, what makes it readable, and the sheet made of it.

The brand is a dict: brand, brand_dark, on_brand, on_brand_dark ("#rrggbb"), radius and logo_height (pixels).
Meaning colours (good, warn, bad, lead types) are never a marketplace's to change.
"""

import colorsys
import re

from django.utils.translation import gettext as _

DEFAULTS = {
    "brand": "#2149c1",
    "brand_dark": "#9db8ff",
    "on_brand": "#ffffff",
    "on_brand_dark": "#0c1634",
    "radius": 10,
    "logo_height": 26,
}
SURFACE, SURFACE_DARK = "#ffffff", "#171c23"
BAD, BAD_DARK = "#b0241c", "#ff9f95"
BRAND_RATIO = 5.5  # then it also holds on --brand-soft
ON_BRAND_RATIO = 4.5
HUE_DISTANCE = 20
RADIUS = range(0, 21)
LOGO_HEIGHT = range(16, 41)
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_COLOURS = ("brand", "brand_dark", "on_brand", "on_brand_dark")


def sheet(brand: dict) -> str:
    """The un-layered sheet /t/<slug>/brand.css. Missing keys keep their defaults."""
    values = {**DEFAULTS, **brand}
    if wrong := _malformed(values):
        raise ValueError("; ".join(wrong))
    return (
        ":root {{ --brand: light-dark({brand}, {brand_dark}); --on-brand: light-dark({on_brand}, {on_brand_dark});"
        " --radius: {radius}px; --logo-h: {logo_height}px; }}\n"
        "@supports not (color: light-dark(#000, #fff)) {{ :root {{ --brand: {brand}; --on-brand: {on_brand}; }} }}\n"
    ).format(**values)


def problems(brand: dict) -> list[str]:
    """Why this brand is refused, each with the measured figure; empty when it may be saved."""
    values = {**DEFAULTS, **brand}
    if wrong := _malformed(values):
        return wrong
    found = []
    for name, ground, least in (
        ("brand", SURFACE, BRAND_RATIO),
        ("brand_dark", SURFACE_DARK, BRAND_RATIO),
        ("on_brand", values["brand"], ON_BRAND_RATIO),
        ("on_brand_dark", values["brand_dark"], ON_BRAND_RATIO),
    ):
        ratio = contrast(values[name], ground)
        if ratio < least:
            text = _("%(name)s: the contrast of %(colour)s on %(ground)s is %(ratio)s, it must be at least %(least)s.")
            found.append(text % {"name": name, "colour": values[name], "ground": ground, "ratio": _floor(ratio), "least": least})
    for name, bad in (("brand", BAD), ("brand_dark", BAD_DARK)):
        apart = hue_distance(values[name], bad)
        if apart is not None and apart < HUE_DISTANCE:
            text = _(
                "%(name)s: %(colour)s is %(apart)d degrees of hue from the color of errors (%(bad)s), it must be at least %(least)d away."
            )
            found.append(text % {"name": name, "colour": values[name], "apart": apart, "bad": bad, "least": HUE_DISTANCE})
    return found


def contrast(one: str, other: str) -> float:
    """The WCAG 2 ratio, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hue_distance(one: str, other: str) -> float | None:
    """Degrees on the colour circle, 0 to 180; None when one of them is grey and has no hue."""
    (hue, _, saturation), (other_hue, _, other_saturation) = (colorsys.rgb_to_hls(*_rgb(c)) for c in (one, other))
    if not saturation or not other_saturation:
        return None
    apart = abs(hue - other_hue) * 360
    return min(apart, 360 - apart)


def _malformed(values: dict) -> list[str]:
    wrong = [_("%(key)s is not known.") % {"key": key} for key in values if key not in DEFAULTS]
    for key in _COLOURS:
        if not _COLOUR.fullmatch(str(values[key])):
            wrong.append(_("%(key)s must be written as #rrggbb.") % {"key": key})
    for key, allowed in (("radius", RADIUS), ("logo_height", LOGO_HEIGHT)):
        if type(values[key]) is not int or values[key] not in allowed:
            text = _("%(key)s must be a whole number from %(least)d to %(most)d.")
            wrong.append(text % {"key": key, "least": allowed[0], "most": allowed[-1]})
    return wrong


def _rgb(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _floor(ratio: float) -> str:
    """5.496 is shown as 5.49, never as a 5.50 that was refused."""
    return f"{int(ratio * 100) / 100:.2f}"
