"""The outbox in the admin: what was promised to whom, and what became of it. Never what it said: messages carry links that sign in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import SHOWN, Section, TenantAdmin, link
from notifications.models import FirstDelivery, Message, Preference, Suppression


@admin.register(Message)
class MessageAdmin(TenantAdmin):
    list_display = ["kind", "channel", "state", "recipient", "address", "created_at", "attempts", "reason", "marked"]
    list_filter = ["state", "channel", "test"]
    list_leaves_out = exclude = ["context"]
    search_fields = ["subject__exact", "provider_id__exact"]
    search_help_text = _("The whole subject (a lead's or a match's id) or the provider's id")
    follows = ["subject"]


@admin.register(FirstDelivery)
class FirstDeliveryAdmin(TenantAdmin):
    list_display = ["subject", "accepted_at", "confirmed_at"]
    search_fields = ["subject__exact"]


@admin.register(Preference)
class PreferenceAdmin(TenantAdmin):
    list_display = ["recipient", "kind", "channel", "wanted"]
    list_filter = ["channel", "wanted"]
    search_fields = ["recipient__exact"]


@admin.register(Suppression)
class SuppressionAdmin(TenantAdmin):
    list_display = ["address", "channel", "reason", "since", "lifted_at"]
    list_filter = ["channel"]
    search_fields = ["address__exact"]
    search_help_text = _("The whole number or e-mail address")


def sent(*subjects) -> Section:
    """A section of the messages about these subjects, the last first."""
    found = Message.objects.filter(subject__in=[str(subject) for subject in subjects]).defer("context").order_by("-pk")
    rows = [
        [link(each, each.kind), each.get_channel_display(), each.address, each.get_state_display(), each.created_at,
         each.accepted_at, each.confirmed_at, each.reason]
        for each in found[:SHOWN]
    ]  # fmt: skip
    headers = [_("Kind"), _("Channel"), _("To"), _("State"), _("Promised"), _("Accepted"), _("Confirmed"), _("Reason")]
    return Section(_("Messages"), headers, rows)
