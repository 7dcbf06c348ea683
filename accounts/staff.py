"""The marketplace's own people."""

from accounts import passwords
from accounts.contact_data import normal_email, normal_name
from accounts.models import User
from accounts.team import EmailTaken
from core import events


def hire(*, name, email, now, owns_marketplace=False) -> User:
    """Somebody who works for the marketplace in force, or runs it; a link to choose a password goes to the address.

    Raises EmailTaken and refusals of contact data.
    """
    email = normal_email(email)
    if User.objects.filter(email=email).exists():
        raise EmailTaken
    user = User.objects.create_user(email, None, name=normal_name(name, longest=80), is_staff=True, owns_marketplace=owns_marketplace)
    events.record("staff.hired", user.subject, now=now)
    passwords.request_reset(email, now=now)
    return user
