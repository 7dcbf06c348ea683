"""Credits in the admin, to look at: they are decided on the staff's pages, and what was ruled is never changed (INVARIANTS 24)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.guide import dollars
from core.admin import Section, TenantAdmin, facts, happened, link, spelled
from core.events import history
from credits.claim import thaw
from credits.models import CreditRequest, Ruling, Stub
from credits.reasons import REASONS, SENTENCES
from notifications.admin import sent


@admin.register(CreditRequest)
class CreditRequestAdmin(TenantAdmin):
    list_display = ["received_at", "match", "pro", "reason_", "state", "rule", "amount_", "promised_at", "filed_by"]
    list_filter = ["state", "reason"]
    list_select_related = ["match__pro"]
    list_leaves_out = ["words", "question", "answer", "appeal_words"]
    search_fields = ["match__pro__name"]
    follows = ["match"]
    fields = ["match", "pro", "reason_", "words", "filed_by", "received_at", "promised_at", "state", "rule", "amount_", "decided_at",
              "question", "asked_at", "answer", "answered_at", "appealed_by", "appealed_at", "appeal_words", "appeal_promised_at",
              "due_at", "attempts"]  # fmt: skip

    @admin.display(description=_("pro"))
    def pro(self, request):
        return request.match.pro

    @admin.display(description=_("reason"))
    def reason_(self, request):
        return REASONS[request.reason].label if request.reason in REASONS else request.reason

    @admin.display(description=_("given back"))
    def amount_(self, request):
        return dollars(request.amount) if request.amount else None

    def sections(self, request):
        rulings = request.rulings.select_related("by")
        rows = [[link(each, each.at), each.get_verdict_display(), each.by or _("By rule"), each.rule, each.note] for each in rulings]
        return [
            Section(_("Rulings"), [_("When"), _("What"), _("Who"), _("Rule"), _("Note")], rows),
            happened(history(request.match_id).reverse()),
            sent(request.subject),
        ]


@admin.register(Ruling)
class RulingAdmin(TenantAdmin):
    list_display = ["at", "request", "verdict", "by", "rule", "is_appeal", "steps"]
    list_filter = ["verdict", "is_appeal"]
    list_select_related = ["by"]
    list_leaves_out = ["evidence", "note"]
    search_fields = ["rule__exact"]
    search_help_text = _("The whole rule, like dead_number")
    follows = ["request"]
    fields = ["request", "at", "verdict", "by", "rule", "sentence", "note", "is_appeal"]

    @admin.display(description=_("in words"))
    def sentence(self, ruling):
        return SENTENCES.get(ruling.rule)

    def sections(self, ruling):
        known = thaw(ruling.evidence)
        lines = [known.mine, *known.others]
        calls = [[call.at, line.pro, call.way, call.dead, call.answered] for line in lines for call in line.calls]
        steps = [[step.label, step.state, f"{step.done} / {step.of}"] for step in known.steps]
        receipt = {"service": known.receipt.service, "zip": known.receipt.zip, "covered": known.receipt.covered}
        return [
            Section(_("Steps"), [_("Step"), _("State"), _("Done")], steps),
            Section(_("Calls on all lines of the lead"), [_("When"), _("Pro"), _("How"), _("Dead"), _("Answered")], calls),
            facts(
                _("Evidence as it stood"),
                (_("Two people spoke"), known.mine.two_way_at),
                (_("The pro ever said it won"), known.mine.won),
                (_("Sold before"), ", ".join(known.duplicates)),
                (_("Receipt"), spelled(receipt)),
                (_("Delivered"), known.receipt.delivered_at),
                (_("The pro's words"), known.words),
                (_("Question"), known.question),
                (_("Answer"), known.answer),
                (_("Appeal"), known.appeal_words),
            ),
        ]


@admin.register(Stub)
class StubAdmin(TenantAdmin):
    list_display = ["at", "match", "by"]
    list_select_related = ["by", "match"]
    search_fields = ["match__pro__name"]
    follows = ["match"]
    fields = ["at", "match", "by"]
