"""What a user says about itself."""

from accounts.contact_data import normal_name, normal_phone
from accounts.models import User
from core import events


def update(user, *, name, phone, now) -> User:
    """Change a user's own name and number; an empty number ends text messages. Refuses BadName and refusals of the number."""
    user.name = normal_name(name, longest=80)
    user.phone = normal_phone(phone) if phone else ""
    user.save(update_fields=["name", "phone"])
    events.record("profile.changed", user.subject, now=now, actor=user.subject)
    return user
