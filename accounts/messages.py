"""The notices of a company and its team, one function each."""

from datetime import timedelta

from accounts.queries import owners_of
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


def check_ends(check, *, ended: bool, pauses: bool, now) -> None:
    """The owners of the pro and its account manager learn that a check ends soon, or has `ended`; whether its leads pause then."""
    pro, manager = check.pro, check.pro.account_manager
    context = {
        "pro": pro.name,
        "check": check.get_kind_display(),
        "until_at": (check.ends_at - timedelta(seconds=1)).isoformat(),
        "pauses": pauses,
    }
    told = [(f"member:{member.pk}", member.user.email, absolute("/pro/account/profile/")) for member in owners_of(pro)]
    if manager and manager.is_active:
        told.append((manager.subject, manager.email, absolute(f"/admin/accounts/pro/{pro.pk}/change/")))
    notices = [
        Notice(
            kind="check_expired" if ended else "check_expiring",
            subject=f"check:{check.pk}",
            recipient=recipient,
            channel=Channel.EMAIL,
            address=email,
            context={**context, "url": url},
            zone=pro.zone,
        )
        for recipient, email, url in told
    ]
    outbox.promise(notices, now=now, test=pro.test)
