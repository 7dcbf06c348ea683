"""My Account: who the company is here, who I am, and my password."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import passwords
from accounts import profile as own_profile
from core.errors import Refusal
from web.pros.fields import take
from web.pros.sign_in import LONGEST_PASSWORD, new_password_field
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import phone


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("The PIN of your leads works from it, and text messages go here. Leave it empty for neither."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class PasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("Password now"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = new_password_field(_("New password"))


@pro_page("GET", "POST")
def profile(request, viewer):
    user = viewer.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "phone": phone(user.phone)})
    if request.method == "POST" and form.is_valid():
        try:
            own_profile.update(user, now=viewer.now, **form.cleaned_data)
        except Refusal as refusal:
            user.refresh_from_db()
            take(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("pros:account")
    return page(request, viewer, "pros/profile.html", {"form": form}, status=422 if form.errors else 200)


@pro_page("GET", "POST")
def password(request, viewer):
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            passwords.change(viewer.user, old=said["old_password"], new=said["password"], now=viewer.now)
        except Refusal as refusal:
            take(form, refusal)
        else:
            update_session_auth_hash(request, viewer.user)
            messages.success(request, _("Your new password is set. You are signed out everywhere else."))
            return redirect("pros:account")
    return page(request, viewer, "pros/password.html", {"form": form}, status=422 if form.errors else 200)
