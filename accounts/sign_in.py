"""Signing in, inside one marketplace."""

from django.contrib.auth.backends import BaseBackend

from accounts.contact_data import BadContact, normal_email
from accounts.models import User
from accounts.passwords import LONGEST


class MarketplaceBackend(BaseBackend):
    """E-mail and password of a user of the marketplace in force. Disabled users are refused at once (INVARIANTS 33)."""

    def authenticate(self, request, username=None, password=None, email=None):
        password = str(password or "")[: LONGEST + 1].encode(errors="replace").decode()
        try:
            user = User.objects.filter(email=normal_email(email or username)).first()
        except BadContact:
            user = None
        if user is None:
            User().set_password(password)  # takes as long as checking one: no telling which e-mails are known
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()
