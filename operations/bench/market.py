"""Filling a marketplace with pros and leads by COPY, at a given density: so many pros in every segment, however many there are."""

import io
import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connections

from catalog.models import GuideVersion, Service, Zip
from core.tenancy import scope
from operations.founding import found

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
DENSITY = 300  # pros who offer one service in one cell
SERVICES = 8


@dataclass(frozen=True)
class Segment:
    service_id: int
    guide_id: int
    zip: Zip
    pros: range


@dataclass(frozen=True)
class Market:
    marketplace: object
    segments: list
    random: random.Random


def fill(slug, *, pros, first_id) -> Market:
    """A lead_manager marketplace with `pros` pros (ids from `first_id`), DENSITY in every segment, each with one member."""
    marketplace = found(slug=slug, preset="lead_manager", now=NOW - timedelta(days=100))
    market = Market(marketplace, [], random.Random(pros))
    with scope(marketplace):
        services = list(Service.objects.order_by("code")[:SERVICES])
        guides = dict(GuideVersion.objects.filter(service__in=services).values_list("service_id", "pk"))
        places = list(Zip.objects.filter(bit=0).order_by("cell"))
    for number, first in enumerate(range(0, pros, DENSITY)):
        service = services[number % SERVICES]
        ids = range(first_id + first, first_id + min(first + DENSITY, pros))
        market.segments.append(Segment(service.pk, guides[service.pk], places[number // SERVICES % len(places)], ids))
    _copy_pros(market, range(first_id, first_id + pros))
    return market


def _copy_pros(market, ids):
    at = market.marketplace.pk
    signed_up = NOW - timedelta(days=90)
    rand = market.random
    copy(
        "accounts_pro",
        "id marketplace_id public_id name place state zip zone phone email status signed_up_at source_key test",
        (
            (
                i,
                at,
                uuid.UUID(int=rand.getrandbits(128)),
                f"Pro {i}",
                "",
                "",
                "",
                "America/Chicago",
                "",
                "",
                "approved",
                signed_up,
                f"b{i}",
                False,
            )
            for i in ids
        ),
    )
    copy(
        "accounts_prostate",
        "id marketplace_id pro_id rev test approved paused past_grace receives_automatch receives_choice accepts_renters zone"
        " day_cap budget anchor weight day_count week_count spent received entitled",
        (
            (i, at, i, 0, False, True, False, False, True, True, False, "America/Chicago",
             10_000, 100_000_000, date(2026, 2, 19), 1, 0, 0, 0, 0, rand.randrange(1_000_000))
            for i in ids
        ),
    )  # fmt: skip
    copy(
        "accounts_proarea",
        "marketplace_id pro_id service_id cell mask ring",
        ((at, i, s.service_id, s.zip.cell, 2**32 - 1, rand.getrandbits(62)) for s in market.segments for i in s.pros),
    )
    copy(
        "accounts_user",
        "id marketplace_id password email name phone is_active is_staff owns_marketplace created_at",
        ((i, at, "!", f"m{i}@pros.example", f"Member {i}", "", True, False, False, signed_up) for i in ids),
    )
    copy("accounts_member", "id marketplace_id user_id pro_id role joined_at", ((i, at, i, i, "owner", signed_up) for i in ids))


def add_leads(market, count) -> list[uuid.UUID]:
    """`count` new leads over random segments, due now, each with homeowner and consent; returns their ids."""
    at, rand = market.marketplace.pk, market.random
    chosen = [rand.choice(market.segments) for _ in range(count)]
    ids = [uuid.UUID(int=rand.getrandbits(128)) for _ in range(count)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from accounts_homeowner")
        base = cursor.fetchone()[0] + 1
    copy(
        "accounts_homeowner",
        "id marketplace_id name phone email street unit address_key zone made_up",
        (
            (base + n, at, "Dana Whitfield", "", f"d{base + n}@homeowners.example", "", "", "", "America/Chicago", True)
            for n in range(count)
        ),
    )
    copy(
        "leads_lead",
        "id marketplace_id homeowner_id service_id guide_id group_id zip place region zone cell bit description answers timing"
        " ownership reach different_job way estimate estimate_low estimate_high estimate_reasons source submit_key content_hash"
        " link_version seed seats test submitted_at closes_at state due_at attempts outcome outcome_reason",
        (
            (lead, at, base + n, s.service_id, s.guide_id, lead, s.zip.code, s.zip.place, s.zip.state, s.zip.zone, s.zip.cell, 0, "A job.",
             "{}", "week", "owner", "any", False, "match", 100_000, 80_000, 120_000, "[]", "bench", lead.hex, lead.hex, 1,
             rand.getrandbits(50), 4, False, NOW, NOW + timedelta(hours=72), "new", NOW, 0, "", "")
            for n, (lead, s) in enumerate(zip(ids, chosen, strict=True))
        ),
    )  # fmt: skip
    copy(
        "leads_consent",
        "marketplace_id lead_id words version sms_words sms at page",
        ((at, lead, "I agree.", "bench", "", False, NOW, "bench") for lead in ids),
    )
    return ids


def copy(table, columns, rows) -> None:
    """COPY rows into a table as its owner (row-level security forbids COPY to others). NULL is None."""
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join(map(_text, row)) + "\n")
    lines.seek(0)
    with connections["owner"].cursor() as cursor:
        cursor.cursor.copy_expert(f"copy {table} ({', '.join(columns.split())}) from stdin", lines)


def _text(value) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        value = json.dumps(value)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
