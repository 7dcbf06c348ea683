"""A request for a service that is not in the list (RULES 9): one page to ask, and one that says what became of it."""

from secrets import token_urlsafe

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.contact_data import visible
from catalog import queries as catalog
from catalog.words import local
from core.errors import Refusal
from core.policy import read
from credits.policy import Credits
from credits.promise import promised
from leads import consent, intake, links, unlisted
from leads.masking import unnamed
from leads.models import Lead, Wish
from leads.policy import Choice, Leads, Unlisted
from web.address import address_of
from web.homeowners import lookup
from web.homeowners.edges import private
from web.homeowners.forms import CHOOSE, REACHES, ContactForm, Line, Words, explain
from web.homeowners.forms import Choice as ChoiceField

KEY = "unlisted"  # of the session: what is sent twice is one request
OTHER = "other"


class UnlistedForm(ContactForm):
    """What is needed, in the homeowner's own words, and everything the last step of the form asks."""

    field_order = ("words", "trade", "description", "zip", "timing", "ownership", "reach")

    words = Line(
        label=gettext_lazy("What do you need done?"),
        help_text=gettext_lazy("A few words, as you would say it to a neighbor."),
        max_length=unlisted.LONGEST,
        error_messages={"required": unlisted.NothingNamed.sentence},
    )
    trade = forms.ChoiceField(label=gettext_lazy("Who does such work?"), error_messages={"invalid_choice": CHOOSE})
    description = Words(
        label=gettext_lazy("What is happening?"),
        help_text=gettext_lazy("Two or three sentences are plenty. Leave out your phone number and street."),
        required=False,
        max_length=intake.DESCRIPTION_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )
    zip = Line(
        label=gettext_lazy("ZIP code of the job"),
        max_length=10,
        error_messages={"required": intake.UnknownZip.sentence},
        widget=forms.TextInput({"class": "short", "autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    timing = ChoiceField(label=gettext_lazy("How soon do you need it?"), choices=Lead.Timing.choices)
    ownership = ChoiceField(label=gettext_lazy("Do you own this home?"), choices=Lead.Ownership.choices)
    reach = ChoiceField(label=gettext_lazy("How may pros reach you?"), choices=REACHES)
    key = None

    def __init__(self, *args, trades, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = [(OTHER, _("I do not know")), *((trade.code, local(trade.name)) for trade in trades)]

    def clean_zip(self):
        return lookup.find_place(self.cleaned_data["zip"]).zip


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask(request):
    """The form. Nobody but staff learns of what it sends."""
    if not (read(Leads).takes_requests and read(Unlisted).takes):
        return redirect("homeowners:service")
    now = timezone.now()
    if request.method != "POST":
        request.session[KEY] = token_urlsafe(24)
        given = {name: visible(request.GET.get(name, ""))[: unlisted.LONGEST] for name in ("q", "zip")}
        return _page(request, _form(request, initial={"words": given["q"], "zip": given["zip"]}))
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    words, trade = said.pop("words"), said.pop("trade")
    credits = read(Credits)
    look_by = promised(now, days=read(Unlisted).look_days, zone=request.marketplace.zone, country=credits.holidays)
    try:
        wish = unlisted.ask(
            words,
            "" if trade == OTHER else trade,
            intake.Answers(service="", **said),
            submit_key=request.session.setdefault(KEY, token_urlsafe(24)),
            look_by=look_by,
            now=now,
            page=f"{request.get_host()}{request.path}",
            ip=address_of(request),
        )
    except Refusal as refusal:
        for sentence in explain(form, refusal).values():
            form.add_error(None, sentence)
        return _page(request, form, status=422)
    return redirect("homeowners:wish", token=links.wish_token(wish))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def wish(request, token):
    """What became of it; a POST takes it back. One that was sent is a request with a page of its own."""
    asked, now = links.wish_of(token), timezone.now()
    if asked.lead_id:
        return redirect("homeowners:request", token=links.token(asked.lead))
    if request.method == "POST":
        unlisted.take_back(asked, now=now)
        messages.success(request, _("Taken back. Nobody gets your request."))
        return redirect("homeowners:wish", token=token)
    may_end = Wish.State.WITHDRAWN in Wish.MOVES[asked.state]
    words = unnamed(asked.answers["description"], asked.homeowner)
    return render(request, "homeowners/wish.html", {"wish": asked, "token": token, "now": now, "may_end": may_end, "words": words})


def _form(request, *data, **options):
    choice = read(Choice) if read(Leads).choice else None
    trades = [trade for trade, _services in lookup.by_trade(request.marketplace)]
    return UnlistedForm(*data, words=consent.words(), sms_words=consent.sms_words(), choice=choice, trades=trades, **options)


def _page(request, form, status=200):
    found = catalog.find_services(form["words"].value() or "", limit=lookup.SHOWN)
    return render(request, "homeowners/unlisted.html", {"form": form, "found": found}, status=status)
