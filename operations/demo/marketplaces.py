"""The marketplaces of the demo. Their colours pass web/brand.py; their numbers are of the range that belongs to nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What a marketplace is founded with, and which parts of the sample (demo/build_sample.py) are its pros."""

    slug: str
    preset: str
    name: str
    tagline: str
    phone: str
    email: str
    brand: dict
    parts: tuple[str, ...]
    staff: tuple[tuple[str, str, str], ...]  # (name, e-mail, phone): the first manages accounts


CRAFTYARD = Plan(
    slug="craftyard",
    preset="lead_manager",
    name="Craftyard",
    tagline="One request, at most four pros, and you know each by name.",
    phone="+13125550190",
    email="help@craftyard.example",
    brand={
        "brand": "#1d5c3f",
        "brand_dark": "#8fd6ae",
        "on_brand": "#ffffff",
        "on_brand_dark": "#0a2417",
        "radius": 8,
        "logo_height": 26,
    },
    parts=("city", "near", "edge", "test"),
    staff=(("Grace Oduya", "grace@craftyard.example", "+13125550191"), ("Tom Reyes", "tom@craftyard.example", "+13125550192")),
)
HEARTHLINE = Plan(
    slug="hearthline",
    preset="opt_in",
    name="Hearthline",
    tagline="Pros come to you, and only those who want your job.",
    phone="+15125550190",
    email="help@hearthline.example",
    brand={
        "brand": "#5a3db8",
        "brand_dark": "#bfaeff",
        "on_brand": "#ffffff",
        "on_brand_dark": "#1b1140",
        "radius": 14,
        "logo_height": 26,
    },
    parts=("hearthline",),
    staff=(("Nadia Flores", "nadia@hearthline.example", "+15125550191"),),
)
PLANS = (CRAFTYARD, HEARTHLINE)
