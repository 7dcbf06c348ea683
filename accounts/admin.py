"""Pros and their people in the admin, for the marketplace's staff. What can be done here are use cases; the rest is to look at."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import passwords, pros, purchase_settings
from accounts.models import Homeowner, Invitation, Member, Pro, ProArea, ProState, User
from accounts.queries import coverage_of, services_of
from catalog.guide import dollars
from core.admin import ReadOnlyAdmin, Section, TenantAdmin, facts, happened, link
from core.errors import Refusal
from core.events import history
from core.tenancy import current_or_none

SHOWN_ZIPS = 40


def action(description):
    """An admin action that does one use case to each chosen row, and says how often it did and why it did not."""

    def decorate(do):
        @admin.action(description=description)
        def run(self, request, queryset):
            done, now = 0, timezone.now()
            for row in queryset:
                try:
                    do(row, by=request.user, now=now)
                    done += 1
                except Refusal as refusal:
                    self.message_user(request, f"{row}: {refusal}", messages.ERROR)
            self.message_user(request, ngettext("%(done)s changed.", "%(done)s changed.", done) % {"done": done})

        run.__name__ = do.__name__
        return run

    return decorate


@action(_("Approve: may receive leads"))
def approve(pro, *, by, now):
    pros.approve(pro, by=by, now=now)


@action(_("Suspend: no new leads"))
def suspend(pro, *, by, now):
    pros.suspend(pro, by=by, now=now)


@action(_("Pause all leads on the pro's behalf"))
def pause(pro, *, by, now):
    purchase_settings.pause(pro, by=by, now=now)


@action(_("Opt out of Choice Match on the pro's behalf"))
def opt_out_of_choice(pro, *, by, now):
    purchase_settings.set_choice_match(pro, False, by=by, now=now)


@action(_("Send a link to a new password"))
def send_new_password(user, *, by, now):
    passwords.request_reset(user.email, now=now)


@admin.register(Pro)
class ProAdmin(TenantAdmin):
    list_display = ["name", "place", "state", "status", "account_manager", "signed_up_at", "marked"]
    list_filter = ["status", "test"]
    list_select_related = ["account_manager"]
    search_fields = ["name", "place", "zip", "email", "phone"]
    actions = [approve, suspend, pause, opt_out_of_choice]
    change_form_before_template = "staff/payment.html"

    def sections(self, pro):
        members = Member.objects.filter(pro=pro).select_related("user").order_by("joined_at", "pk")
        team = [[link(each, each.user.name), each.user.email, each.get_role_display(), each.joined_at, each.removed_at] for each in members]
        grounds = [[each.service, each.get_kind_display(), _ground(each)] for each in coverage_of(pro)]
        return [
            facts(_("State"), *_state(pro.state_row)),
            Section(_("Members"), [_("Name"), _("E-mail"), _("Role"), _("Joined"), _("Removed")], team),
            Section(_("Services"), [_("Service"), _("Trade")], [[each.name, each.trade.name] for each in services_of(pro)]),
            Section(_("Coverage"), [_("Service"), _("Kind"), _("Where")], grounds),
            happened(history(pro.subject).reverse()),
        ]


def _state(state):
    """The row that matching reads, in words; the version first, as decisions name it."""
    money = ("budget", "spent", "job_min", "job_max")
    left_out = ("id", "marketplace", "pro", "entitled")
    for field in state._meta.fields:
        if field.name not in left_out:
            value = getattr(state, field.name)
            yield capfirst(field.verbose_name), dollars(value) if field.name in money and value is not None else value
    yield _("Entitled, seats"), f"{state.entitled / 1_000_000:.3f}"
    yield _("Owed, seats"), f"{state.entitled / 1_000_000 - state.received:.3f}"
    yield _("Areas (service and cell)"), ProArea.objects.filter(pro=state.pro_id).count()


def _ground(coverage):
    if coverage.kind == coverage.Kind.RADIUS:
        return _("%(miles)s miles around %(center)s") % {"miles": coverage.miles, "center": coverage.center}
    if coverage.kind == coverage.Kind.CITY:
        return f"{coverage.place}, {coverage.state}"
    return " ".join(coverage.zips[:SHOWN_ZIPS]) + (" ..." if len(coverage.zips) > SHOWN_ZIPS else "")


@admin.register(ProState)
class ProStateAdmin(TenantAdmin):
    list_display = ["pro", "approved", "paused", "receives_automatch", "receives_choice", "budget", "spent", "received", "rev"]
    list_filter = ["approved", "paused", "past_grace", "receives_automatch", "receives_choice", "test"]
    list_select_related = ["pro"]
    search_fields = ["pro__name"]


@admin.register(Member)
class MemberAdmin(TenantAdmin):
    list_display = ["user", "pro", "role", "accept_up_to", "joined_at", "removed_at"]
    list_filter = ["role"]
    list_select_related = ["user", "pro"]
    search_fields = ["user__name", "user__email", "pro__name"]


@admin.register(Invitation)
class InvitationAdmin(TenantAdmin):
    list_display = ["email", "pro", "role", "invited_by", "invited_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_filter = ["role"]
    list_select_related = ["pro", "invited_by"]
    exclude = ["token_hash"]
    search_fields = ["email", "pro__name"]


@admin.register(Homeowner)
class HomeownerAdmin(TenantAdmin):
    """The look-up of a person who calls: by the whole number, the whole address, or a part of the name."""

    list_display = ["name", "phone", "email", "made_up"]
    search_fields = ["phone__exact", "email__exact", "name"]
    search_help_text = _("+13125550123, an e-mail address, or a part of the name")
    exclude = ["address_key"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Users of the host: everybody of a marketplace, or the platform's own staff."""

    list_display = ["name", "email", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    exclude = ["password"]
    search_fields = ["name", "email"]
    actions = [send_new_password]

    def get_actions(self, request):
        """The platform's host sends no mail."""
        return super().get_actions(request) if current_or_none() else {}
