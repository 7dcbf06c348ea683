"""Signing in with a limit on wrong passwords, whichever page asks (accounts.sign_in_limits)."""

from django import forms
from django.utils import timezone

from accounts import sign_in_limits
from web.address import address_of


class CountedTries:
    """Before an AuthenticationForm: counts what was wrong, and refuses to try once too much was (`blocked`).

    A wrong password is counted in the transaction of the answer, so that answer must be 200.
    """

    blocked = False

    def clean(self):
        who = {"email": self.cleaned_data.get("username", ""), "address": address_of(self.request) or ""}
        now = timezone.now()
        try:
            sign_in_limits.check(**who, now=now)
        except sign_in_limits.TooManyTries as refusal:
            self.blocked = True
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            sign_in_limits.failed(**who, now=now)
            raise
        if self.get_user():
            sign_in_limits.forget(email=who["email"])
        return cleaned
