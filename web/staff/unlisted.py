"""Requests for services that are not listed: staff make a service of one, send it as one there is, or refuse it with a reason."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.queries import services_for
from core.errors import NotFound, Refusal
from leads import unlisted
from leads.masking import masked
from web.pros.fields import MoneyField, take
from web.staff.viewer import page, staff_page


class AddForm(forms.Form):
    """A new service: what it asks and costs is taken from one like it, or its three amounts are typed."""

    trade = forms.ChoiceField(label=gettext_lazy("Trade"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    synonyms = forms.CharField(label=gettext_lazy("Other words for it, with commas"), max_length=300, required=False)
    like = forms.ChoiceField(
        label=gettext_lazy("Same questions and price guide as"), help_text=gettext_lazy("Or enter the three amounts."), required=False
    )
    low = MoneyField(label=gettext_lazy("Least"), required=False)
    typical = MoneyField(label=gettext_lazy("Typical"), required=False)
    high = MoneyField(label=gettext_lazy("Most"), required=False)
    lead_price = MoneyField(label=gettext_lazy("Price of a lead"), help_text=gettext_lazy("Where prices are flat."))


class SendForm(forms.Form):
    service = forms.ChoiceField(label=gettext_lazy("Service"))


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"), help_text=gettext_lazy("The homeowner reads it."), max_length=unlisted.REASON_LENGTH
    )


FORMS = {"add": AddForm, "send": SendForm, "refuse": RefuseForm}


@staff_page("GET")
def waiting(request, viewer):
    return _list(request, viewer)


@staff_page("POST")
def answer(request, viewer, wish_id):
    """`do` says what: "add", "send" or "refuse". Whoever comes second is told so."""
    wish, do = unlisted.waiting_with(wish_id), request.POST.get("do", "")
    if do not in FORMS:
        raise NotFound
    if wish is None:
        messages.error(request, str(unlisted.AlreadyAnswered.sentence))
        return redirect("staff:unlisted")
    form = _form(do, wish, request.marketplace, request.POST)
    if form.is_valid():
        try:
            _do(do, wish, form.cleaned_data, viewer)
        except Refusal as refusal:
            take(form, refusal)
        else:
            messages.success(request, _("Answered: %(words)s.") % {"words": wish.words})
            return redirect("staff:unlisted")
    return _list(request, viewer, wrong=(wish.pk, do, form), status=422)


def _do(do, wish, said, viewer):
    if do == "refuse":
        return unlisted.refuse(wish.pk, said["reason"], by=viewer.user, now=viewer.now)
    if do == "send":
        return unlisted.send_as(wish.pk, said["service"], by=viewer.user, now=viewer.now)
    amounts = tuple(said.pop(name) for name in ("low", "typical", "high"))
    synonyms = [word.strip().lower()[:60] for word in said.pop("synonyms").split(",") if word.strip()]
    return unlisted.add_to_catalogue(wish.pk, amounts=amounts, synonyms=synonyms, by=viewer.user, now=viewer.now, **said)


def _list(request, viewer, *, wrong=(None, None, None), status=200):
    pk, do, form = wrong
    rows = []
    for wish in unlisted.waiting():
        forms_of = {name: _form(name, wish, request.marketplace) for name in FORMS}
        if wish.pk == pk:
            forms_of[do] = form
        rows.append(
            {"wish": wish, "words": masked(wish.answers["description"]).text, "forms": forms_of, "open": do if wish.pk == pk else ""}
        )
    context = {"rows": rows, "answered": unlisted.answered(), "form": form}
    return page(request, viewer, "staff/unlisted.html", context, status=status)


def _form(do, wish, marketplace, *data):
    """One of the forms of a request, with ids of its own."""
    initial = {"name": wish.words.capitalize(), "trade": wish.trade.code if wish.trade else "", "synonyms": wish.words.lower()}
    form = FORMS[do](*data, initial=initial, auto_id=f"id_{wish.pk.hex[-12:]}_{do}_%s")
    services = list(services_for(marketplace))
    if "trade" in form.fields:
        trades = dict.fromkeys((service.trade.code, service.trade.name) for service in services)
        form.fields["trade"].choices = [("", _("Choose a trade")), *trades]
    for name in ("like", "service"):
        if name in form.fields:
            empty = _("None: the amounts below") if name == "like" else _("Choose a service")
            form.fields[name].choices = [("", empty), *((service.code, service.name) for service in services)]
    return form
