"""The admin of each host: the marketplace's own staff at its host, the platform's at the platform's (DESIGN 6).

Who has signed in is found among the users of the host, so staff of one marketplace are nobody at another.
"""

from functools import update_wrapper
from zoneinfo import ZoneInfo

from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import BadRequest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.sites import UnfoldAdminSite

from accounts import passwords
from core.tenancy import current_or_none
from web.tries import CountedTries

UNUSED = ("view_on_site", "autocomplete")  # Django's doors that no page of ours leads to

WORK = (
    "leads.Lead leads.Offer leads.Match leads.Decision leads.Consent accounts.Pro accounts.Member accounts.Invitation accounts.ProState "
    "accounts.Homeowner accounts.User billing.Charge billing.Transfer billing.LedgerAccount billing.Terms notifications.Message "
    "notifications.FirstDelivery notifications.Preference notifications.Suppression catalog.Service catalog.Trade "
    "catalog.GuideVersion catalog.Zip core.PolicyVersion core.Text core.Event"
).split()

METHODS = ["GET", "HEAD", "POST"]


class SignInForm(CountedTries, AuthenticationForm):
    """E-mail and password of staff of the host."""


class PasswordForm(AdminOwnPasswordChangeForm):
    """Staff change their own password by the use case that members change theirs by."""

    def clean(self):
        said = super().clean()
        if "new_password1" in said:
            try:
                passwords.checked(said["new_password1"], self.user)
            except passwords.BadPassword as refusal:
                self.add_error("new_password1", refusal.fields["password"])
        return said

    def save(self, commit=True):
        said = self.cleaned_data
        passwords.change(self.user, old=said["old_password"], new=said["new_password1"], now=timezone.now())
        return self.user


class Site(UnfoldAdminSite):
    login_form = SignInForm

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only tables that say on which host they are looked at (core.admin): Django's own groups know no marketplace."""
        if hasattr(admin_class, "exists_here"):
            super().register(model_or_iterable, admin_class, **options)

    def get_app_list(self, request, app_label=None):
        """In the order of the work: requests and pros first, what is set up once last."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["model"]._meta.label))
        return sorted(apps, key=lambda app: _place(app["models"][0]["model"]._meta.label))

    def get_urls(self):
        return [url for url in super().get_urls() if getattr(url, "name", None) not in UNUSED]

    def admin_view(self, view, cacheable=False):
        """Every page: read or sent a form, no NULs in its address (PostgreSQL knows none), times in the zone of the marketplace."""
        guarded = super().admin_view(view, cacheable)

        @require_http_methods(METHODS)
        def page(request, *args, **named):
            if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("A NUL in the address.")
            with timezone.override(_zone()):
                response = guarded(request, *args, **named)
                return response.render() if hasattr(response, "render") else response

        return update_wrapper(page, guarded)

    def search(self, request, extra_context=None):
        """Tables by name; there is never a second page of them."""
        request.GET = request.GET.copy()
        request.GET.pop("page", None)
        return super().search(request, extra_context)

    def each_context(self, request):
        marketplace = current_or_none()
        name = marketplace.name if marketplace else "Plumbline"
        return super().each_context(request) | {"site_title": name, "site_header": name}

    @method_decorator(require_http_methods(METHODS))
    def login(self, request, extra_context=None):
        with transaction.atomic():  # the platform's host has no transaction of its own, and tries wait for each other in one
            response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.is_bound and form.blocked:
            response.status_code = 429
        return response

    def password_change(self, request, extra_context=None):
        return PasswordChangeView.as_view(
            form_class=PasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)


def _place(label):
    return WORK.index(label) if label in WORK else len(WORK)


def _zone():
    marketplace = current_or_none()
    return ZoneInfo(marketplace.zone) if marketplace else timezone.get_default_timezone()
