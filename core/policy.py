"""The marketplace's numbers, versioned. A package declares its section; nobody keeps a rule's number as a literal.

@dataclass(frozen=True)
class Notices(Section):
    name = "notices"
    quiet_from: int = 21

read(Notices).quiet_from
"""

from dataclasses import asdict, fields

from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import NotAllowed, Refusal
from core.models import Marketplace, PolicyVersion
from core.tenancy import current

BELOW_ZERO = _("Enter 0 or more.")

_cache: dict = {}


class Section:
    """Base of a package's frozen dataclass of numbers; `name` is its key in `PolicyVersion.values`."""

    name = ""
    may_be_negative = frozenset()

    def problems(self) -> dict:
        """{number: what is wrong with it, in a sentence}. Beyond this, a section says what its own numbers cannot be."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: BELOW_ZERO for name, value in values.items() if name not in self.may_be_negative and _below_zero(value)}


class BadPolicy(Refusal):
    """Numbers that cannot be a policy: `fields` names them as "section.number"."""

    code = "bad_policy"
    sentence = _("Some numbers cannot be a policy. Correct them, then publish again.")
    status = 400


def sections() -> list[type]:
    """Every section the packages declare, by name."""
    return sorted(Section.__subclasses__(), key=lambda section: section.name)


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
    """Make `sections` (dataclass instances) the policy in force, as a new immutable version. Refuses BadPolicy."""
    wrong = {f"{section.name}.{name}": why for section in sections for name, why in section.problems().items()}
    if wrong:
        raise BadPolicy(fields=wrong)
    marketplace = Marketplace.objects.select_for_update().get(pk=current().pk)
    version = PolicyVersion.objects.create(
        version=marketplace.policy_version + 1,
        values={section.name: asdict(section) for section in sections},
        published_at=now,
    )
    Marketplace.objects.filter(pk=marketplace.pk).update(policy_version=version.version)
    current().policy_version = version.version
    return version


def announce(sections, *, by, now) -> PolicyVersion:
    """`publish`, by the one who runs the marketplace. Refuses NotAllowed for other staff, and BadPolicy."""
    if not (by.is_staff and by.owns_marketplace):
        raise NotAllowed
    version = publish(sections, now=now)
    events.record("policy.published", f"policy:{version.version}", now=now, actor=f"staff:{by.pk}")
    return version


def _below_zero(value) -> bool:
    if isinstance(value, list | tuple):
        return any(_below_zero(each) for each in value)
    return isinstance(value, int | float) and value < 0
