"""Reading about pros: whom to tell, whose contact it is, what a pro offers and where."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, When

from accounts.contact_data import visible
from accounts.models import Coverage, Member, Pro, ProService, User
from catalog.models import Service
from core import sql
from core.errors import NotFound

TO_NOTIFY = """
with m as materialized (
  select id, pro_id, user_id from accounts_member
  where marketplace_id = %(marketplace)s and pro_id = any(%(pros)s) and removed_at is null
)
select m.pro_id, m.id, u.name, u.email, u.phone, p.name, p.zone from m
join accounts_user u on u.id = m.user_id and u.is_active
join accounts_pro p on p.id = m.pro_id
order by m.pro_id, m.id
"""

OWN_CONTACT = """
select id from accounts_pro where marketplace_id = %(marketplace)s and {contact} = %({contact})s
union select m.pro_id from accounts_member m join accounts_user u on u.id = m.user_id
where m.marketplace_id = %(marketplace)s and m.removed_at is null
  and u.marketplace_id = %(marketplace)s and u.is_active and u.{contact} = %({contact})s
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member to notify; `phone` or `email` may be empty."""

    pro_id: int
    member_id: int
    name: str
    email: str
    phone: str
    pro_name: str
    zone: str

    @property
    def subject(self) -> str:
        """How notices name it, as Member.subject."""
        return f"member:{self.member_id}"


def members_to_notify(pro_ids) -> list[Recipient]:
    """The active members of these pros, in one query."""
    return [Recipient(*row) for row in sql.rows(TO_NOTIFY, pros=list(pro_ids))]


def pros_with_contact(phone: str, email: str) -> set[int]:
    """Ids of the pros to whom this normalised number or address belongs: their own, or that of an active member.

    A pro's own contacts are never its leads (RULES 10). Empty matches nothing.
    """
    wanted = [OWN_CONTACT.format(contact=name) for name, value in (("phone", phone), ("email", email)) if value]
    return {pk for (pk,) in sql.rows(" union ".join(wanted), phone=phone, email=email)} if wanted else set()


def member_of(user) -> Member | None:
    """The membership of a signed-in user, with its pro, the pro's state and account manager; None for staff and for who was removed."""
    if not isinstance(user, User):
        return None
    return in_force().filter(user=user).select_related("user", "pro__state_row", "pro__account_manager").first()


def team_of(pro):
    """The members of `pro` with their users: owners first, then by the day they joined."""
    return (
        in_force().filter(pro=pro).select_related("user").order_by(Case(When(role=Member.Role.OWNER, then=0), default=1), "joined_at", "pk")
    )


def owners_of(pro) -> list[Member]:
    """The owners of `pro` with their users, by the day they joined."""
    return list(in_force().filter(pro=pro, role=Member.Role.OWNER).select_related("user").order_by("joined_at", "pk"))


def pros_known_as(public_ids) -> list[Pro]:
    """The pros with these public ids, written as 32 or 36 characters, in the order given; what is nobody's id is left out."""
    ids = []
    for text in public_ids:
        with suppress(ValueError):
            ids.append(UUID(text))
    found = {pro.public_id: pro for pro in Pro.objects.filter(public_id__in=ids)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def pro_known_as(public_id) -> Pro:
    """The pro of this public id. Raises NotFound."""
    pro = Pro.objects.filter(public_id=public_id).first()
    if pro is None:
        raise NotFound
    return pro


def services_of(pro):
    """What `pro` offers, with the trades, by trade and name."""
    rows = ProService.objects.filter(pro=pro).select_related("service__trade")
    return [row.service for row in rows.order_by("service__trade__position", "service__name")]


def offered_by(pro_ids) -> dict[int, list[Service]]:
    """{pro id: what it offers, with the trades, by trade and name}. One query."""
    found = defaultdict(list)
    rows = ProService.objects.filter(pro__in=list(pro_ids)).select_related("service__trade")
    for row in rows.order_by("service__trade__position", "service__name"):
        found[row.pro_id].append(row.service)
    return found


def coverage_of(pro):
    """The grounds `pro` covers: the general ones first, then by service."""
    return Coverage.objects.filter(pro=pro).select_related("service").order_by(F("service__name").asc(nulls_first=True), "pk")


def find_pros(text, *, limit) -> list[Pro]:
    """The pros somebody may mean by `text`: that of an id, that of exactly this name, or those whose names hold it, by name."""
    name = visible(text)[:120]
    if not name:
        return []
    if name.isdecimal() and name.isascii() and len(name) < 19 and (pro := Pro.objects.filter(pk=int(name)).first()):
        return [pro]
    return list(Pro.objects.filter(name__iexact=name)[:limit]) or list(Pro.objects.filter(name__icontains=name)[:limit])


def names_of(pro_ids) -> dict[int, str]:
    """{id: name}, as they are called today; one that is gone is missing."""
    return dict(Pro.objects.filter(pk__in=set(pro_ids)).order_by().values_list("pk", "name"))


def in_force():
    """Members that were not removed and whose user may sign in."""
    return Member.objects.filter(removed_at=None, user__is_active=True)
