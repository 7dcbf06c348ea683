"""Requests, decisions and seats in the admin: who got it, who did not and why, what was agreed to and what was sent."""

from uuid import UUID

from django.contrib import admin
from django.db.models import CharField, Count, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import Cast, Right
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.contact_data import visible
from accounts.models import Pro
from catalog.guide import dollars
from core.admin import SHOWN, Section, TenantAdmin, facts, happened, link, linked
from core.events import history
from leads import looking_back
from leads.decision import SEAT, thaw
from leads.explaining import why_me, why_this_price
from leads.looking_back import CODE, found_among
from leads.models import Consent, ConsentName, Decision, Lead, Match, Offer
from leads.sight import said
from leads.verdicts import in_words
from notifications.admin import sent

DECISIONS = 5  # of one lead; candidates are counted anew at each


@admin.register(Lead)
class LeadAdmin(TenantAdmin):
    list_display = ["service", "place", "region", "zip", "state", "outcome", "seats_taken", "submitted_at", "marked"]
    list_filter = ["state", "outcome", "test"]
    list_select_related = ["service"]
    list_leaves_out = ["description", "answers", "estimate_reasons"]
    date_hierarchy = "submitted_at"
    search_fields = ["homeowner__name"]
    search_help_text = _("An id, a match code, the homeowner's whole number or e-mail address, a ZIP code, or a part of the name")
    fieldsets = [
        (_("What is asked for"), {"classes": ["tab"], "fields": ["service", "place", "region", "zip", "description", "timing", "value",
                                                                 "group", "source", "marked"]}),
        (_("Who asks"), {"classes": ["tab"], "fields": ["person", "phone", "email", "street", "ownership", "reach"]}),
        (_("Where it stands"), {"classes": ["tab"], "fields": ["state", "outcome", "outcome_reason", "seats", "why", "submitted_at",
                                                               "closes_at", "due_at", "attempts", "routed_at", "ended_at",
                                                               "withdrawn_at"]}),
    ]  # fmt: skip

    def get_queryset(self, request):
        leads = super().get_queryset(request).select_related("homeowner", "service", "guide", "consent")
        taken = Match.objects.filter(group=OuterRef("group"), slot__isnull=False).order_by().values("group").annotate(n=Count("pk"))
        return leads.annotate(taken=Subquery(taken.values("n")))

    def get_search_results(self, request, leads, text):
        return found_among(leads, text), False

    @admin.display(description=_("seats taken"))
    def seats_taken(self, lead):
        return f"{lead.taken or 0} / {lead.seats}"

    @admin.display(description=_("name"))
    def person(self, lead):
        return link(lead.homeowner, lead.homeowner.name)

    @admin.display(description=_("phone"))
    def phone(self, lead):
        return lead.homeowner.phone

    @admin.display(description=_("e-mail"))
    def email(self, lead):
        return lead.homeowner.email

    @admin.display(description=_("street"))
    def street(self, lead):
        return f"{lead.homeowner.street} {lead.homeowner.unit}".strip()

    @admin.display(description=_("typical value"))
    def value(self, lead):
        return f"{dollars(lead.estimate)} ({dollars(lead.estimate_low)} - {dollars(lead.estimate_high)})"

    @admin.display(description=_("decisions"))
    def why(self, lead):
        return linked(reverse("staff:why", args=[lead.pk]), _("Why these pros?"))

    def sections(self, lead):
        matches = list(Match.objects.filter(group=lead.group_id).select_related("pro", "lead").order_by("slot"))
        decisions = list(Decision.objects.filter(lead=lead)[:DECISIONS])
        names = _names(decisions)
        return [
            _seats(lead, matches),
            *_given(lead),
            *(verdicts(decision, names) for decision in decisions),
            Section(_("Answers"), [_("Question"), _("Answer")], _answers(lead)),
            *agreed(lead.consent),
            happened(history(lead.pk).reverse()),
            sent(lead.pk, *(match.pk for match in matches)),
        ]


def _answers(lead):
    return [[question["text"], said(question, lead.answers.get(question["code"]))] for question in lead.guide.questions]


def _seats(lead, matches):
    rows = [
        [each.slot, link(each, each.code), link(each.pro), each.get_lead_type_display(), dollars(each.price), each.get_state_display(),
         each.at, each.opened_at, each.warned_at, _("This one") if each.lead_id == lead.pk else link(each.lead, each.lead_id)]
        for each in matches
    ]  # fmt: skip
    headers = [_("Seat"), _("Match"), _("Pro"), _("Lead type"), _("Price"), _("State"), _("Since"), _("Opened"), _("Warned"), _("Lead")]
    return Section(_("Seats of the duplicate group"), headers, rows)


def _given(lead) -> list[Section]:
    """What its homeowner showed to whom, and the photos; neither number nor address stands here once more."""
    given = looking_back.given_of(lead)
    shown = [[each.get_what_display(), link(each.match.pro), link(each.match, each.match.code), each.at] for each in given.revealed]
    photos = [[linked(reverse("staff:photo", args=[lead.pk, each.pk]), f"{each.width} × {each.height}"), each.at] for each in given.photos]
    return [
        Section(_("Shown to one pro"), [_("What"), _("Pro"), _("Match"), _("When")], shown),
        Section(_("Photos"), [_("Picture"), _("When")], photos),
    ]


def _names(decisions) -> dict:
    """{id: a link with the name} of every candidate, in one query."""
    return {pro.pk: link(pro) for pro in Pro.objects.filter(pk__in={row[0] for each in decisions for row in each.candidates}).only("name")}


def verdicts(decision, names) -> Section:
    """Every candidate of a decision with its verdict, and how it stood in the fair share at that instant, in seats."""
    _request, candidates, decided = thaw(decision)
    stood = {each.pro: each for each in candidates}
    rows = []
    for verdict in decided.verdicts[:SHOWN]:
        candidate = stood[verdict.pro]
        figures = [f"{candidate.entitled / SEAT:.3f}", candidate.received, f"{candidate.owed / SEAT:.3f}"]
        rows.append([names.get(verdict.pro, verdict.pro), in_words(verdict), *figures])
    title = _("Decision of %(at)s: %(all)s looked at, %(eligible)s eligible, %(won)s matched") % {
        "at": date_format(timezone.localtime(decision.at), "DATETIME_FORMAT"),
        "all": len(candidates),
        "eligible": len(decided.eligible),
        "won": len(decided.winners),
    }
    return Section(title, [_("Pro"), _("Verdict"), _("Entitled"), _("Received"), _("Owed")], rows)


def agreed(consent) -> list[Section]:
    """The words of a consent and the names appended to it."""
    told = ConsentName.objects.filter(consent=consent).select_related("match").order_by("at", "pk")
    return [
        facts(
            _("Consent"),
            (_("Words"), consent.words),
            (_("Text messages"), consent.sms_words if consent.sms else _("Not agreed")),
            (_("Version"), consent.version),
            (_("When"), consent.at),
            (_("Page"), consent.page),
            (_("Network address"), consent.ip),
        ),
        Section(_("Names told"), [_("Pro"), _("When"), _("Match")], [[row.name, row.at, link(row.match, row.match.code)] for row in told]),
    ]


@admin.register(Match)
class MatchAdmin(TenantAdmin):
    list_display = ["code_", "service", "pro", "lead_type", "slot", "price_", "state", "at", "opened_at", "marked"]
    list_filter = ["state", "lead_type", "test"]
    list_select_related = ["lead__service", "pro"]
    search_fields = ["pro__name"]
    search_help_text = _("An id, a code like AM-1A2B3C, or a part of the pro's name")
    follows = ["pro"]
    fields = ["code_", "lead", "pro", "slot", "lead_type", "decision", "charge", "terms", "price_", "value", "at", "state", "state_at",
              "opened_at", "marked"]  # fmt: skip

    def get_search_results(self, request, matches, text):
        text = visible(text)
        if code := CODE.fullmatch(text):
            return matches.alias(end=Right(Cast("pk", CharField()), 6)).filter(end=code[1].lower()), False
        try:
            return matches.filter(pk=UUID(text)), False
        except ValueError:
            return super().get_search_results(request, matches, text[:60])

    @admin.display(description=_("code"))
    def code_(self, match):
        return match.code

    @admin.display(description=_("service"))
    def service(self, match):
        return match.lead.service

    @admin.display(description=_("price"))
    def price_(self, match):
        return dollars(match.price)

    @admin.display(description=_("typical value"))
    def value(self, match):
        return dollars(match.estimate)

    def sections(self, match):
        why = why_me(match.decision, match.pro_id, match.lead_type)
        prices = why_this_price(match.charge, service=str(match.lead.service), lead_type=match.lead_type) if match.charge else []
        return [
            facts(_("Why, as the pro reads it"), (_("Sentence"), why.sentence), *why.facts),
            Section(_("Price"), [_("For"), _("How"), _("Amount")], [[each.label, each.basis, dollars(each.cents)] for each in prices]),
            happened(history(match.pk).reverse()),
            sent(match.pk),
        ]


@admin.register(Decision)
class DecisionAdmin(TenantAdmin):
    list_display = ["at", "lead", "looked_at", "eligible_", "won", "folded"]
    list_filter = ["folded"]
    list_select_related = ["lead__service"]
    list_leaves_out = ["request", "candidates", "verdicts", "winners", "eligible", "share"]
    search_fields = ["lead__homeowner__name"]
    follows = ["lead"]
    fields = ["lead", "at", "seed", "folded"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(
            looked=Func("candidates", function="jsonb_array_length", output_field=IntegerField()),
            fit=Func("eligible", function="cardinality", output_field=IntegerField()),
            winning=Func("winners", function="cardinality", output_field=IntegerField()),
        )  # fmt: skip

    @admin.display(description=_("looked at"))
    def looked_at(self, decision):
        return decision.looked

    @admin.display(description=_("eligible"))
    def eligible_(self, decision):
        return decision.fit

    @admin.display(description=_("matched"))
    def won(self, decision):
        return decision.winning

    def sections(self, decision):
        entitled = zip(decision.eligible[:SHOWN], decision.share, strict=False)
        names = _names([decision])
        return [
            facts(_("Request"), *_request(decision.request)),
            verdicts(decision, names),
            Section(
                _("Entitled by this decision"),
                [_("Pro"), _("Part of a seat"), _("Received")],
                [[names.get(pro, pro), f"{share / SEAT:.6f}", 1 if pro in decision.winners else 0] for pro, share in entitled],
            ),
        ]


def _request(asked):
    """What was decided about, with amounts in dollars."""
    for name, value in asked.items():
        yield name.replace("_", " ").capitalize(), dollars(value) if name in ("price", "estimate") and value is not None else value


@admin.register(Consent)
class ConsentAdmin(TenantAdmin):
    list_display = ["at", "lead", "version", "sms", "page"]
    list_filter = ["sms"]
    list_select_related = ["lead__service"]
    list_leaves_out = ["words", "sms_words"]
    search_fields = ["lead__homeowner__name"]
    fields = ["lead"]

    def sections(self, consent):
        return agreed(consent)


@admin.register(Offer)
class OfferAdmin(TenantAdmin):
    list_display = ["at", "lead", "pro", "state", "price_", "tier", "opens_at", "expires_at", "decided_at", "marked"]
    list_filter = ["state", "reason", "test"]
    list_select_related = ["lead__service", "pro"]
    search_fields = ["pro__name"]
    follows = ["lead", "pro"]
    fields = ["lead", "pro", "state", "reason", "price_", "terms", "value", "tier", "round", "at", "opens_at", "expires_at", "decided_at",
              "undo_until", "marked"]  # fmt: skip

    @admin.display(description=_("price"))
    def price_(self, offer):
        return dollars(offer.price)

    @admin.display(description=_("typical value"))
    def value(self, offer):
        return dollars(offer.estimate)

    def sections(self, offer):
        return [happened(history(offer.pk).reverse()), sent(offer.pk)]
