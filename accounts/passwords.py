"""Passwords: checked, changed, forgotten. A changed password ends every session of the user at once (INVARIANTS 33)."""

from datetime import UTC, datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext_lazy as _

from accounts import messages, sign_in_limits
from accounts.contact_data import BadContact, normal_email
from accounts.models import Pro, User
from core import events
from core.errors import Refusal
from core.tenancy import current, current_or_none

AGAIN_AFTER = 300  # seconds in which a second request for a new password sends no second e-mail
LONGEST = 256


class BadPassword(Refusal):
    """`fields` says what is wrong with it."""

    code = "bad_password"
    sentence = _("Choose another password.")
    status = 400

    def __init__(self, *sentences, field="password"):
        super().__init__(fields={field: " ".join(str(sentence) for sentence in sentences)})


class LinkGone(Refusal):
    """One answer for a wrong, used and expired link."""

    code = "link_gone"
    sentence = _("This link has expired or was used already. Ask for a new one.")
    status = 404


def checked(password, user: User) -> str:
    """The password, when it is good enough for `user`; BadPassword otherwise."""
    if not isinstance(password, str) or len(password) > LONGEST or not _encodes(password):
        raise BadPassword(_("Use at most %(most)s letters, digits and signs.") % {"most": LONGEST})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadPassword(*error.messages) from None
    return password


def change(user, *, old, new, now) -> None:
    """Change the password of a signed-in user who knows the old one. Every other session of the user ends."""
    if not isinstance(old, str) or not _encodes(old) or not user.check_password(old):
        raise BadPassword(_("This is not your password."), field="old_password")
    _set(user, checked(new, user), now)


def request_reset(email, *, now) -> None:
    """Send the user of this e-mail a link to a new password; nothing when there is none. The caller says the same in both cases."""
    try:
        user = User.objects.filter(email=normal_email(email), is_active=True).first()
    except BadContact:
        return
    if user is None:
        return
    pro = Pro.objects.filter(members__user=user, members__removed_at=None).first()
    token = f"{int_to_base36(user.pk)}-{_Tokens(now).make_token(user)}"
    messages.new_password(
        user,
        token,
        occurrence=str(int(now.timestamp()) // AGAIN_AFTER),
        zone=pro.zone if pro else current().zone,
        test=pro.test if pro else False,
        now=now,
    )


def user_of(token, *, now) -> User:
    """Whose password the link of `token` resets; LinkGone when it does nothing any more. Links last as long as the setting says."""
    user_part, _dash, rest = str(token or "")[:200].partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(user_part), is_active=True).first()
    except (ValueError, OverflowError):
        raise LinkGone from None
    if user is None or not _Tokens(now).check_token(user, rest):
        raise LinkGone
    return user


def reset(token, *, password, now) -> User:
    """Set the password by a link, which then is used up; wrong tries before that count no more. Raises LinkGone, BadPassword."""
    user = user_of(token, now=now)
    _set(user, checked(password, user), now)
    sign_in_limits.forget(email=user.email)
    return user


def _set(user, password, now):
    user.set_password(password)
    user.save(update_fields=["password"])
    if current_or_none():  # the platform's own host keeps no events
        events.record("password.changed", user.subject, now=now, actor=user.subject)


def _encodes(text) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Tokens(PasswordResetTokenGenerator):
    """Django's links, at an instant that is given."""

    def __init__(self, now: datetime):
        super().__init__()
        self.at = now.astimezone(UTC).replace(tzinfo=None)

    def _now(self):
        return self.at
