"""The notices of a team, one function each."""

from core.addresses import absolute
from notifications import outbox
from notifications.models import Channel
from notifications.outbox import Notice


def invited(invitation, token: str, *, now) -> None:
    """The link that lets one person join. Each time it is sent it is another link, so it is another notice."""
    pro = invitation.pro
    notice = Notice(
        kind="invitation",
        subject=invitation.subject,
        recipient=invitation.subject,
        channel=Channel.EMAIL,
        address=invitation.email,
        context={"pro": pro.name, "inviter": invitation.invited_by.name, "url": absolute(f"/pro/invitation/{token}/")},
        zone=pro.zone,
        occurrence=invitation.token_hash[:32],
    )
    outbox.promise([notice], now=now, test=pro.test)


def uninvited(invitation, *, now) -> None:
    """A link that was not sent yet is not sent."""
    outbox.cancel(subjects=[invitation.subject], reason="withdrawn", now=now)


def new_password(user, token: str, *, occurrence: str, zone: str, test: bool, now) -> None:
    """The link to a new password."""
    notice = Notice(
        kind="password_reset",
        subject=user.subject,
        recipient=user.subject,
        channel=Channel.EMAIL,
        address=user.email,
        context={"url": absolute(f"/pro/password/{token}/")},
        zone=zone,
        occurrence=occurrence,
    )
    outbox.promise([notice], now=now, test=test)
