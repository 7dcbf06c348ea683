"""The notices of memberships, one function each: for those of the team who see the statement. Nothing is charged that was not said."""

from accounts.queries import team_of
from accounts.rights import Right, may
from billing.models import MembershipCharge
from billing.policy import Memberships
from catalog.guide import dollars
from core.addresses import absolute
from core.policy import read
from notifications import outbox
from notifications.kinds import KINDS
from notifications.models import Channel
from notifications.outbox import Notice


def charged(membership, pro, *, amount: int, why: str, now) -> None:
    """The receipt of a charge; `why` is bought, given, changed or renewed. It says what comes when the month is over."""
    said = {"why": why, "amount": dollars(amount), **_next_month(membership)}
    _promise("membership_charged", membership, pro, said, occurrence=f"{membership.period}:{membership.tier}", now=now)


def announced(membership, pro, *, name: str, now) -> None:
    """On which day the next month begins, and how much is charged then."""
    said = {"amount": dollars(membership.next_price), "next": name, "until_at": membership.period_end.isoformat()}
    _promise("membership_announced", membership, pro, said, occurrence=str(membership.period), now=now)


def warned(membership, pro, *, balance: int, now) -> None:
    """The wallet does not cover the next month."""
    said = {
        "amount": dollars(membership.next_price),
        "balance": dollars(balance),
        "until_at": membership.period_end.isoformat(),
    }
    _promise("membership_unfunded", membership, pro, said, occurrence=str(membership.period), now=now)


def lowered(membership, pro, *, by, now) -> None:
    """Somebody decided that the membership ends, or goes on as a lower one, with the month that runs."""
    occurrence = f"{membership.period}:{membership.next_tier}:{int(now.timestamp())}"
    _promise("membership_lowered", membership, pro, {"by": str(by), **_next_month(membership)}, occurrence=occurrence, now=now)


def ended(membership, pro, *, now) -> None:
    """The membership is over; `why` is the code of the reason."""
    said = {"why": str(membership.end_reason), "at": membership.ended_at.isoformat()}
    _promise("membership_ended", membership, pro, said, now=now)


def _next_month(membership) -> dict:
    """What becomes of it at the end of the month: the name and the price of what follows, nothing if it ends."""
    follows = read(Memberships).tier(membership.next_tier)
    return {
        "next": follows.name if follows else "",
        "next_amount": dollars(membership.next_price),
        "until_at": membership.period_end.isoformat(),
    }


def _name(membership) -> str:
    """What it is called; one that is not sold any more, what it was called when it was charged."""
    if tier := read(Memberships).tier(membership.tier):
        return tier.name
    charges = MembershipCharge.objects.filter(membership=membership, tier=membership.tier)
    return charges.values_list("name", flat=True).first() or ""


def _promise(kind, membership, pro, said, *, now, occurrence=""):
    context = {"pro": pro.name, "tier": _name(membership), "url": absolute("/pro/account/membership/"), **said}
    notices = []
    for member in team_of(pro):
        if may(member.role, Right.SEE_STATEMENT):
            ways = {Channel.EMAIL: member.user.email, Channel.SMS: member.user.phone}
            notices += [
                Notice(
                    kind=kind,
                    subject=membership.subject,
                    recipient=member.subject,
                    channel=channel,
                    address=ways[channel],
                    context=context,
                    zone=pro.zone,
                    occurrence=occurrence,
                )
                for channel in KINDS[kind].channels
            ]
    outbox.promise(notices, now=now, test=pro.test)
