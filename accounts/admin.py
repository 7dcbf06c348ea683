"""Pros and their people in the admin, for the marketplace's staff. What can be done here are use cases; the rest is to look at."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import passwords, pros, purchase_settings
from accounts.models import Invitation, Member, Pro, ProState, User
from catalog.admin import ReadOnlyAdmin
from core.errors import Refusal


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
class ProAdmin(ReadOnlyAdmin):
    list_display = ["name", "place", "state", "status", "account_manager", "signed_up_at", "test"]
    list_filter = ["status", "test", "state"]
    list_select_related = ["account_manager"]
    search_fields = ["name", "place", "zip", "email", "phone"]
    ordering = ["name"]
    show_full_result_count = False
    actions = [approve, suspend, pause, opt_out_of_choice]


@admin.register(ProState)
class ProStateAdmin(ReadOnlyAdmin):
    list_display = ["pro", "approved", "paused", "receives_automatch", "receives_choice", "budget", "spent", "received", "rev"]
    list_filter = ["approved", "paused", "past_grace", "receives_automatch", "receives_choice", "test"]
    list_select_related = ["pro"]
    search_fields = ["pro__name"]
    ordering = ["pro__name"]
    show_full_result_count = False


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    list_display = ["user", "pro", "role", "joined_at", "removed_at"]
    list_filter = ["role"]
    list_select_related = ["user", "pro"]
    search_fields = ["user__name", "user__email", "pro__name"]
    ordering = ["pro__name", "pk"]
    show_full_result_count = False


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "pro", "role", "invited_by", "invited_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_filter = ["role"]
    list_select_related = ["pro", "invited_by"]
    exclude = ["token_hash"]
    search_fields = ["email", "pro__name"]
    ordering = ["-invited_at"]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    exclude = ["password"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    show_full_result_count = False
    actions = [send_new_password]
