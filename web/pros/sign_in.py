"""Signing in and out, a forgotten password, joining a team by invitation.

Nothing here tells whether an e-mail is known.
"""

from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout, password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import passwords, team
from core.errors import NotFound, Refusal
from web.pros.fields import take
from web.tries import CountedTries

LONGEST_PASSWORD = 256


def new_password_field(label):
    return forms.CharField(
        label=label,
        help_text=password_validation.password_validators_help_texts()[0],
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class SignInForm(CountedTries, AuthenticationForm):
    error_messages = {
        "invalid_login": _("The e-mail or the password is not right. Capital letters in the password count."),
        "inactive": _("The e-mail or the password is not right. Capital letters in the password count."),
    }
    username = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    template_name = "pros/sign_in.html"
    form_class = SignInForm

    def dispatch(self, request, *args, **kwargs):
        if request.marketplace is None:
            raise NotFound
        if request.user.is_authenticated and request.method != "POST":
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self):
        """The page that was asked for, if it is the path of one of this site and not of this one."""
        wanted = self.get_redirect_url()
        return wanted if wanted.startswith("/") and not wanted.startswith(self.request.path) else reverse("pros:start")

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.blocked:
            response.status_code = 429
        return response


sign_in = SignIn.as_view()


@never_cache
@require_POST
def sign_out(request):
    _on_a_marketplace(request)
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("pros:sign_in")


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request):
    """Ask for a link to a new password; the same answer whoever asks."""
    _on_a_marketplace(request)
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.request_reset(form.cleaned_data["email"], now=timezone.now())
        return render(request, "pros/link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "pros/forgotten.html", {"form": form}, status=_status(form))


class NewPasswordForm(forms.Form):
    password = new_password_field(_("New password"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request, token):
    """Set a new password by the link of an e-mail."""
    _on_a_marketplace(request)
    now = timezone.now()
    form = NewPasswordForm(request.POST or None)
    try:
        user = passwords.user_of(token, now=now)
        if request.method == "POST" and form.is_valid():
            passwords.reset(token, password=form.cleaned_data["password"], now=now)
            messages.success(request, _("Your new password is set. Sign in with it."))
            return redirect("pros:sign_in")
    except passwords.LinkGone:
        return _link_gone(request)
    except passwords.BadPassword as refusal:
        take(form, refusal)
    return render(request, "pros/new_password.html", {"form": form, "email": user.email}, status=_status(form))


class JoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("For text messages about new leads."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    password = new_password_field(_("Password"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """Join the team of a pro by the link of an invitation, and be signed in."""
    _on_a_marketplace(request)
    now = timezone.now()
    form = JoinForm(request.POST or None)
    try:
        invitation = team.invitation_of(token, now=now)
        if request.method == "POST" and form.is_valid():
            member = team.accept_invitation(token, now=now, **form.cleaned_data)
            login(request, member.user, backend="accounts.sign_in.MarketplaceBackend")
            messages.success(request, _("Welcome. You are in the team of %(pro)s now.") % {"pro": invitation.pro.name})
            return redirect("pros:start")
    except passwords.LinkGone:
        return _link_gone(request)
    except Refusal as refusal:
        take(form, refusal)
    return render(request, "pros/join.html", {"form": form, "invitation": invitation}, status=_status(form))


def _link_gone(request):
    return render(request, "pros/link_gone.html", {"sentence": passwords.LinkGone.sentence}, status=404)


def _on_a_marketplace(request):
    """The platform's own host has no Lead Manager."""
    if request.marketplace is None:
        raise NotFound


def _status(form):
    return 422 if form.errors else 200
