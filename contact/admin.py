"""Numbers, lines and calls in the admin, to look at: who could reach whom, since when, and what passed. PINs are not shown here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contact.models import Call, Leg, LegEvent, Line, Number
from core.admin import SHOWN, Section, TenantAdmin, happened, link, spelled
from core.events import history
from notifications.admin import sent


@admin.register(Number)
class NumberAdmin(TenantAdmin):
    list_display = ["number", "is_full", "added_at", "heard_until"]
    search_fields = ["number__exact"]
    search_help_text = _("The whole number, +13125550123")


@admin.register(Line)
class LineAdmin(TenantAdmin):
    list_display = ["opened_at", "pro", "about", "number", "clock_starts_at", "earned_at", "closed_at", "marked"]
    list_filter = ["test"]
    list_select_related = ["pro", "number"]
    search_fields = ["id__exact"]
    search_help_text = _("The whole id: that of the match")
    follows = ["pro", "number"]
    fields = [
        "pro", "about", "number", "reach", "opened_at", "delivered_at", "clock_starts_at", "clock_ends_at", "earned_at", "earned_by",
        "settled_at", "last_contact_at", "expires_at", "closed_at", "closed_reason", "alarmed_at", "due_at", "test",
    ]  # fmt: skip

    def sections(self, line):
        calls = Call.objects.filter(line=line).order_by("-pk")[:SHOWN]
        rows = [[link(call, call.get_way_display()), call.opened_at, call.closed_at, call.fault] for call in calls]
        return [
            Section(_("Calls"), [_("How"), _("Heard of"), _("Over"), _("Failed through us")], rows),
            happened(history(line.pk).reverse()),
            sent(line.pk),
        ]


@admin.register(Call)
class CallAdmin(TenantAdmin):
    list_display = ["opened_at", "way", "line", "closed_at", "fault", "wrong_pins", "due_at"]
    list_filter = ["way", "fault"]
    search_fields = ["id__exact"]
    follows = ["line"]
    fields = ["way", "line", "number", "opened_at", "closed_at", "fault", "wrong_pins", "due_at", "attempts"]

    def sections(self, call):
        legs = Leg.objects.filter(call=call)
        events = LegEvent.objects.filter(leg__call=call).select_related("leg").order_by("pk")[:SHOWN]
        return [
            Section(
                _("Legs"),
                [_("To"), _("State"), _("Started"), _("Rang"), _("Answered"), _("Ended"), _("Seconds"), _("Machine"), _("Code")],
                [
                    [leg.get_side_display(), leg.status, leg.initiated_at, leg.ringing_at, leg.answered_at, leg.ended_at, leg.seconds,
                     leg.machine, leg.code]
                    for leg in legs
                ],
            ),
            Section(
                _("What the carrier told"),
                [_("Heard"), _("Leg"), _("What")],
                [[event.heard_at, event.leg.get_side_display(), spelled(event.said)] for event in events],
            ),
        ]  # fmt: skip
