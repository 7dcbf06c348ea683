"""Services and area: what the company does, and where, on one page. Nothing is saved before "Save"; a preview counts ZIP codes."""

import re

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import area_preview, coverage
from accounts.contact_data import visible
from accounts.grounds import BadGround, Ground
from accounts.models import Coverage
from accounts.policy import Pros
from accounts.queries import coverage_of, services_of
from catalog.queries import services_for
from core.errors import NotAllowed, Refusal
from core.policy import read
from web.pros.viewer import page, pro_page

MOST_RADII = 10
KIND = Coverage.Kind


class GroundForm(forms.Form):
    """The ground of one service, or (without a service) of all that have none of their own."""

    zips = forms.CharField(
        label=gettext_lazy("ZIP codes"),
        help_text=gettext_lazy("Five digits each, with spaces or commas between."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric", "autocomplete": "off"}),
    )
    cities = forms.CharField(
        label=gettext_lazy("Cities"),
        help_text=gettext_lazy("One a line, with the state: Oak Park, IL"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, service, data=None, rules=()):
        self.service = service
        prefix = service.code if service else "all"
        super().__init__(data, prefix=prefix, initial=self._initial(rules))
        radii = [rule for rule in rules if rule.kind == KIND.RADIUS]
        count = self._sent() if data is not None else len(radii) + 1
        for number in range(min(count, MOST_RADII)):
            self.fields[f"miles_{number}"] = forms.RegexField(
                r"^[0-9]{1,4}\Z",
                label=_("Miles"),
                required=False,
                strip=True,
                error_messages={"invalid": _("Enter whole miles.")},
                widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
            )
            self.fields[f"center_{number}"] = forms.CharField(
                label=_("around ZIP code"),
                required=False,
                max_length=10,
                widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
            )

    def _sent(self):
        return next((number for number in range(MOST_RADII) if f"{self.prefix}-miles_{number}" not in self.data), MOST_RADII)

    @staticmethod
    def _initial(rules):
        radii = [rule for rule in rules if rule.kind == KIND.RADIUS]
        return {
            "zips": " ".join(code for rule in rules if rule.kind == KIND.LIST for code in rule.zips),
            "cities": "\n".join(f"{rule.place}, {rule.state}" for rule in rules if rule.kind == KIND.CITY),
            **{f"miles_{number}": rule.miles for number, rule in enumerate(radii)},
            **{f"center_{number}": rule.center for number, rule in enumerate(radii)},
        }

    def radii(self):
        """The pairs of fields of each radius."""
        count = sum(name.startswith("miles_") for name in self.fields)
        return [(self[f"miles_{number}"], self[f"center_{number}"]) for number in range(count)]

    def grounds(self) -> list:
        """(ground, the field it was typed in); what is no ground at all becomes an error of its field."""
        said, found = self.cleaned_data, []
        typed = map(visible, re.findall(r"[^\s,;]+", said.get("zips", "")))
        codes = tuple(dict.fromkeys(re.sub(r"^([0-9]{5})-[0-9]{4}\Z", r"\1", code) for code in typed if code))
        if codes:
            found.append((Ground(KIND.LIST, self.service, zips=codes), "zips"))
        for text in said.get("cities", "").splitlines():
            place, comma, state = visible(text).rpartition(",")
            if not comma and state:
                self.add_error("cities", _("Write the state behind a comma: %(city)s, IL") % {"city": state[:40]})
            elif place:
                found.append((Ground(KIND.CITY, self.service, place=place.strip(), state=state.strip()), "cities"))
        for number in range(len(self.radii())):
            miles, center = said.get(f"miles_{number}", ""), visible(said.get(f"center_{number}", ""))
            if miles or center:
                ground = Ground(KIND.RADIUS, self.service, center=center, miles=int(miles) if miles else None)
                found.append((ground, f"miles_{number}" if not miles else f"center_{number}"))
        return found


@pro_page("GET", "POST")
def area(request, viewer):
    catalogue = list(services_for(request.marketplace))
    if request.method == "POST":
        return _posted(request, viewer, catalogue)
    offered = services_of(viewer.pro)
    rules = list(coverage_of(viewer.pro))
    forms_ = [GroundForm(None, rules=[rule for rule in rules if rule.service_id is None])]
    for service in offered:
        own = [rule for rule in rules if rule.service_id == service.pk]
        if own:
            forms_.append(GroundForm(service, rules=own))
    return _page(request, viewer, catalogue, offered, forms_, area_preview.saved(viewer.pro))


def _posted(request, viewer, catalogue):
    """Save, or only show what it would cover ("preview"), or open one more ground ("own")."""
    by_code = {service.code: service for service in catalogue}
    chosen = [by_code[code] for code in dict.fromkeys(request.POST.getlist("services")) if code in by_code]
    asked = request.POST.getlist("own")[:100]
    forms_ = [GroundForm(None, request.POST)]
    forms_ += [GroundForm(by_code[code], request.POST) for code in dict.fromkeys(asked) if code in by_code]
    do = request.POST.get("do", "save")
    extra = by_code.get(request.POST.get("own_service", "")) if do == "own" else None
    if extra and extra.code not in asked:
        forms_.append(GroundForm(extra))
        if extra not in chosen:
            chosen.append(extra)
    rules = [(ground, form, field) for form in forms_ if form.is_bound and form.is_valid() for ground, field in form.grounds()]
    grounds = [ground for ground, _form, _field in rules]
    seen, problems = None, []
    if not any(form.errors for form in forms_):
        try:
            if do == "save":
                coverage.offer(viewer.pro, chosen, rules=grounds, now=viewer.now, by=viewer.member)
                messages.success(request, _("Saved. It holds for every request from this moment on."))
                return redirect("pros:area")
            seen = area_preview.preview(viewer.pro, chosen, rules=grounds)
        except NotAllowed:
            problems = [_("This covers more than before. Only the owner or a billing member may widen the area; you may narrow it.")]
        except BadGround as refusal:
            _show(refusal, rules, forms_[0])
        except Refusal as refusal:
            problems = [str(refusal)]
    wrong = bool(problems) or any(form.errors for form in forms_)
    return _page(request, viewer, catalogue, chosen, forms_, seen, problems, status=422 if wrong and do == "save" else 200)


def _show(refusal, rules, first):
    """A ground that cannot be used, at the field it was typed in."""
    sentence = str(next(iter(refusal.fields.values()), refusal))
    if refusal.rule < len(rules):
        _ground, form, field = rules[refusal.rule]
        if "miles" in refusal.fields:
            field = field.replace("center_", "miles_")
        form.add_error(field, sentence)
    else:
        first.add_error(None, sentence)


def _page(request, viewer, catalogue, chosen, forms_, seen, problems=(), *, status=200):
    picked = {service.pk for service in chosen}
    trades = {}
    for service in catalogue:
        trades.setdefault(service.trade, []).append((service, service.pk in picked))
    rows = [(trade, services, sum(on for _service, on in services)) for trade, services in trades.items()]
    own = {form.service.pk for form in forms_ if form.service}
    context = {
        "mine": [row for row in rows if row[2]],
        "trades": [row for row in rows if not row[2]],
        "picked": len(picked),
        "forms": forms_,
        "others": [service for service in chosen if service.pk not in own],
        "seen": seen,
        "few": [(form.service, seen.by_service.get(form.service.pk, 0)) for form in forms_ if form.service] if seen else [],
        "problems": list(problems),
        "wrong": [*problems, *(sentence for form in forms_ for errors in form.errors.values() for sentence in errors)],
        "may_widen": viewer.may_raise,
        "radius_max": read(Pros).radius_max,
    }
    return page(request, viewer, "pros/area.html", context, status=status)
