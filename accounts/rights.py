"""Who may do what for a pro: one table (RULES 31, INVARIANTS 34). Pure.

Anybody in the team may lower spending, and so may the marketplace's staff on the pro's behalf; only owner and billing raise it.
"""

from enum import StrEnum

from accounts.models import Member

OWNER, BILLING, MEMBER = Member.Role.OWNER, Member.Role.BILLING, Member.Role.MEMBER
STAFF = "staff"


class Right(StrEnum):
    INVITE = "invite"
    REMOVE = "remove"
    CHANGE_ROLE = "change_role"
    LOWER_SPENDING = "lower_spending"
    RAISE_SPENDING = "raise_spending"
    NARROW_AREA = "narrow_area"
    WIDEN_AREA = "widen_area"
    SEE_STATEMENT = "see_statement"
    OPEN_LEADS = "open_leads"
    ANSWER_OFFERS = "answer_offers"
    EDIT_PROFILE = "edit_profile"


TABLE = {
    Right.INVITE: {OWNER},
    Right.REMOVE: {OWNER},
    Right.CHANGE_ROLE: {OWNER},
    Right.LOWER_SPENDING: {OWNER, BILLING, MEMBER, STAFF},
    Right.RAISE_SPENDING: {OWNER, BILLING},
    Right.NARROW_AREA: {OWNER, BILLING, MEMBER, STAFF},
    Right.WIDEN_AREA: {OWNER, BILLING},
    Right.SEE_STATEMENT: {OWNER, BILLING},
    Right.OPEN_LEADS: {OWNER, BILLING, MEMBER},
    Right.ANSWER_OFFERS: {OWNER, BILLING, MEMBER},
    Right.EDIT_PROFILE: {OWNER},
}


def accepts_up_to(member: Member) -> int | None:
    """Up to what price, in cents, `member` may accept offers; None at any price. Who may raise spending always may."""
    return None if may(member.role, Right.RAISE_SPENDING) else member.accept_up_to


def may(role: str, right: Right) -> bool:
    """Whether a member of this role (or "staff") has the right."""
    return role in TABLE[right]
