"""Who acts for a pro, checked against the rows of this instant: a removed member is nobody at once (INVARIANTS 33)."""

from dataclasses import dataclass

from accounts.models import Member, Pro, User
from accounts.rights import STAFF, Right, accepts_up_to, may
from core.errors import NotAllowed


@dataclass(frozen=True)
class Actor:
    """`name` as events keep it ("member:12", "staff:3"), and what it may do: offers it accepts up to `accepts_up_to` cents, None at any
    price."""

    name: str
    role: str
    accepts_up_to: int | None = 0

    def may(self, right: Right) -> bool:
        return may(self.role, right)

    def require(self, right: Right) -> None:
        """NotAllowed unless the actor has the right."""
        if not self.may(right):
            raise NotAllowed


def acting(by: Member | User, pro: Pro) -> Actor:
    """The actor that `by` is for `pro`: a member of its team, or a user of the marketplace's staff on its behalf.

    Locks the member's row to the end of the transaction, so that a removal comes either before or after what it does.
    Raises NotAllowed for everybody else, and for who was removed or disabled.
    """
    if isinstance(by, User):
        if not User.objects.filter(pk=by.pk, is_staff=True, is_active=True).exists():
            raise NotAllowed
        return Actor(f"staff:{by.pk}", STAFF)
    member = (
        Member.objects.filter(pk=by.pk, pro=pro, removed_at=None, user__is_active=True).select_for_update(no_key=True, of=("self",)).first()
    )
    if member is None:
        raise NotAllowed
    return Actor(member.subject, member.role, accepts_up_to(member))
