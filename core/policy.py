"""The marketplace's numbers, versioned. A package declares its section; nobody keeps a rule's number as a literal.

@dataclass(frozen=True)
class Notices(Section):
    name = "notices"
    quiet_from: int = 21

read(Notices).quiet_from
"""

from dataclasses import asdict, fields

from core.models import Marketplace, PolicyVersion
from core.tenancy import current

_cache: dict = {}


class Section:
    """Base of a package's frozen dataclass of numbers; `name` is its key in `PolicyVersion.values`."""

    name = ""


def read(section: type):
    """The section as it is in force in the current marketplace. One query per version and process."""
    marketplace = current()
    key = (marketplace.pk, marketplace.policy_version)
    if key not in _cache:
        row = PolicyVersion.objects.filter(version=marketplace.policy_version).first()
        if row is None:
            return section()
        _cache[key] = row.values
    return build(section, _cache[key])


def build(section: type, values: dict):
    """The section out of stored values. Numbers that are not named keep the section's default; unknown names are an error."""
    chosen = values.get(section.name, {})
    unknown = set(chosen) - {field.name for field in fields(section)}
    if unknown:
        raise ValueError(f"Policy section {section.name!r} has no {', '.join(sorted(unknown))}.")
    return section(**chosen)


def publish(sections, *, now) -> PolicyVersion:
    """Make `sections` (dataclass instances) the policy in force, as a new immutable version."""
    marketplace = Marketplace.objects.select_for_update().get(pk=current().pk)
    version = PolicyVersion.objects.create(
        version=marketplace.policy_version + 1,
        values={section.name: asdict(section) for section in sections},
        published_at=now,
    )
    Marketplace.objects.filter(pk=marketplace.pk).update(policy_version=version.version)
    current().policy_version = version.version
    return version
