"""For each check of `prove` one violation of its sentence, as small as possible.

Sown by the owner in a transaction that is rolled back. `also` names checks that cannot but see it too.
"""

from tests.operations.plants import (
    contact,
    credits,
    fairness,
    memberships,
    money,
    notices,
    offers,
    profiles,
    routing,
    tenancy,
    time,
    traffic,
)
from tests.operations.plants.plant import PLANTS

__all__ = [
    "PLANTS",
    "contact",
    "credits",
    "fairness",
    "memberships",
    "money",
    "notices",
    "offers",
    "profiles",
    "routing",
    "tenancy",
    "time",
    "traffic",
]
