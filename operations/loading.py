"""Loading contractors from a file of public records: each becomes a pro with services, coverage and one member who cannot sign in."""

from dataclasses import dataclass
from pathlib import Path

from accounts.coverage import Offer, offer_many
from accounts.grounds import Ground
from accounts.models import Coverage, Member, User
from accounts.pros import NewPro, register_many
from catalog import licences
from catalog.models import Service, Zip
from operations.files import read_csv

COLUMNS = {"license_id", "business_name", "classification", "zip", "service_zips", "source"}
RADIUS = 10  # miles around a business whose job places are not known
NO_PASSWORD = "!"


@dataclass
class Loaded:
    """What became of the rows. `no_trade` and `no_place` were left out: nobody could say what they do, or where."""

    rows: int = 0
    added: int = 0
    known: int = 0
    no_trade: int = 0
    no_place: int = 0
    no_name: int = 0


def contractors(path: Path, *, limit: int | None = None) -> list[dict]:
    """The rows of a contractors file. Raises WrongFile."""
    return read_csv(path, columns=COLUMNS, limit=limit)


def load_pros(rows, *, now, budget=None, per_day=None) -> Loaded:
    """Register the contractors that are not known yet, with `budget` cents per 30 days and at most `per_day` leads a day.

    Trades come from the classification, coverage from the ZIPs they worked in, else a radius around their own. Call it in a scope.
    """
    services = {service.code: service for service in Service.objects.filter(active=True)}
    zones = dict(Zip.objects.values_list("code", "zone"))
    loaded, new, offers = Loaded(), [], {}
    for row in rows:
        loaded.rows += 1
        offered = [services[code] for code in licences.services_of(row["classification"]) if code in services]
        grounds, zip_code = _grounds(row, zones)
        if not offered:
            loaded.no_trade += 1
        elif not grounds:
            loaded.no_place += 1
        elif not any(letter.isalnum() for letter in row["business_name"]):
            loaded.no_name += 1
        else:
            key = f"{row['source'][:24]}:{row['license_id']}"
            new.append(
                NewPro(
                    name=row["business_name"].strip().ljust(2, ".")[:120],
                    zone=zones[zip_code],
                    zip=zip_code,
                    place=row.get("city", "").title(),
                    state=row.get("state", ""),
                    source_key=key,
                    budget=budget,
                    day_cap=per_day,
                )
            )
            offers[key] = (tuple(offered), grounds)
    pros = register_many(new, now=now)
    offer_many([Offer(pro, *offers[pro.source_key]) for pro in pros], now=now)
    employ(pros, now=now)
    loaded.added = len(pros)
    loaded.known = len(new) - len(pros)
    return loaded


def _grounds(row, zones):
    """Where the company works, and the ZIP whose clock it lives by."""
    worked = tuple(code for code, _colon, _count in (part.partition(":") for part in row["service_zips"].split()) if code in zones)
    if worked:
        return (Ground(Coverage.Kind.LIST, zips=worked),), row["zip"] if row["zip"] in zones else worked[0]
    if row["zip"] in zones:
        return (Ground(Coverage.Kind.RADIUS, center=row["zip"], miles=RADIUS),), row["zip"]
    return (), ""


def employ(pros, *, now) -> None:
    """One member a pro, so that notices have somebody to reach: an address ending in .example, and no password to sign in with."""
    users = User.objects.bulk_create(
        (User(email=f"{pro.public_id.hex[:16]}@pros.example", name=pro.name[:80], password=NO_PASSWORD, created_at=now) for pro in pros),
        batch_size=5_000,
    )
    Member.objects.bulk_create(
        (Member(user=user, pro=pro, role=Member.Role.OWNER, joined_at=now) for user, pro in zip(users, pros, strict=True)),
        batch_size=5_000,
    )
