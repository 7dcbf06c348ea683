"""Lead Purchase Settings (design 09): each setting is a row whose Edit opens in place, or as this page without scripts.

Every answer is the whole page; htmx takes the row, the last changes and the message out of it.
"""

from datetime import time

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import purchase_settings as settings_of
from accounts.policy import Pros
from accounts.queries import team_of
from accounts.rights import Right, may
from core.errors import NotAllowed, Refusal
from core.policy import read
from leads.policy import Leads
from web.pros.fields import MoneyField, take
from web.pros.standing_words import minute
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import money, zone_name

KINDS, LIMITS = gettext_lazy("Kinds of leads"), gettext_lazy("Limits")


class Setting(forms.Form):
    """One row. A subclass says its words, its fields, and which verb saves it."""

    slug = code = label = ""
    group = LIMITS
    button = ""  # a row with a button has nothing to type: it acts at once

    def __init__(self, viewer, data=None):
        self.viewer, self.state = viewer, viewer.state
        super().__init__(data, auto_id=f"{self.slug}-%s", initial=self.now())

    @classmethod
    def is_offered(cls, lead_types) -> bool:
        return True

    def now(self) -> dict:
        """The initial values of the fields."""
        return {}

    def stands(self) -> str:
        return self.words(self.columns())

    def columns(self) -> list:
        return [getattr(self.state, column) for column in settings_of.SETTINGS[self.code].columns]

    @staticmethod
    def words(values) -> str:
        """Stored values in words, as the row and "Last changes" say them."""
        raise NotImplementedError

    def effect(self) -> str:
        """The line under the value."""
        return ""

    def before(self) -> str:
        """What saving will do, said before it is done."""
        return ""

    def save(self):
        raise NotImplementedError


class YesNo(Setting):
    group = KINDS

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        self.fields["value"] = forms.ChoiceField(
            label=self.label,
            choices=[("yes", _("Yes")), ("no", _("No"))],
            widget=forms.Select(attrs={"class": "short"}),
        )

    def now(self):
        return {"value": "yes" if self.columns()[0] else "no"}

    @staticmethod
    def words(values):
        return _("Yes") if values[0] else _("No")

    @property
    def wanted(self) -> bool:
        return self.cleaned_data["value"] == "yes"

    def saved_with(self, verb):
        return verb(self.viewer.pro, self.wanted, by=self.viewer.member, now=self.viewer.now)


class ChoiceMatch(YesNo):
    slug, code, label = "choice-match", "choice_match", gettext_lazy("Receive Choice Match Leads")

    @classmethod
    def is_offered(cls, lead_types):
        return "choice" in lead_types

    def effect(self):
        return _("Homeowners pick you by name. Same price, same four seats as AutoMatch. Also called Premium Leads.")

    def before(self):
        return _(
            "If you save “No”, homeowners no longer see you in their list from now on. AutoMatch leads go on, and the leads you have "
            "stay yours. You can switch back at any time."
        )

    def save(self):
        return self.saved_with(settings_of.set_choice_match)


class AutoMatch(YesNo):
    slug, code, label = "automatch", "automatch", gettext_lazy("Receive AutoMatch Leads")

    @classmethod
    def is_offered(cls, lead_types):
        return "automatch" in lead_types

    def effect(self):
        return _("We match jobs to your services and area.")

    def before(self):
        return _(
            "If you save “No”, the system matches you to no new job from now on, and you lose no place: your fair share waits. "
            "The leads you have stay yours."
        )

    def save(self):
        return self.saved_with(settings_of.set_automatch)


class Renters(YesNo):
    slug, code, label = "renters", "renters", gettext_lazy("Accept renters")

    @classmethod
    def is_offered(cls, lead_types):
        return read(Leads).renters_need_approval

    def effect(self):
        return _("Homes that are rented, with the owner’s approval of the work.")

    def before(self):
        return _("If you save “Yes”, you also receive requests of renters whose owner agreed. “No” means owners only.")

    def save(self):
        return self.saved_with(settings_of.set_renters)


class Pause(Setting):
    slug, code, label, group = "pause", "pause", gettext_lazy("Pause all leads"), KINDS

    @property
    def button(self):
        return _("Start again") if self.state.paused else _("Pause")

    @staticmethod
    def words(values):
        return _("Paused") if values[0] else _("Not paused")

    def effect(self):
        if self.state.paused:
            return _("Nothing comes in and nothing is charged until you start again.")
        return _("Works at once. No notice and no fee. Nothing comes in and nothing is charged until you start again.")

    def save(self):
        verb = settings_of.resume if self.state.paused else settings_of.pause
        return verb(self.viewer.pro, by=self.viewer.member, now=self.viewer.now)


class Budget(Setting):
    slug, code, label = "budget-cap", "budget", gettext_lazy("Budget cap")

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        self.policy = read(Pros)
        self.fields["budget"] = MoneyField(
            label=_("Dollars per %(days)s days") % {"days": self.policy.period_days},
            required=self.policy.budget_required,
            widget=forms.TextInput(attrs={"class": "short"}),
        )

    def now(self):
        return {"budget": self.state.budget}

    @staticmethod
    def words(values):
        if values[0] is None:
            return _("No cap")
        return _("%(cap)s per %(days)s days") % {"cap": money(values[0]), "days": read(Pros).period_days}

    def effect(self):
        return _("Smallest cap is %(least)s. We never go over. At 75%% we email and text you.") % {"least": money(self.policy.budget_min)}

    def before(self):
        _first, last = self.viewer.period
        said = {"spent": money(self.viewer.counters.spent), "last": date_format(last, "M j")}
        words = (
            _("You have spent %(spent)s in the period that ends on %(last)s. With a cap below that, nothing more comes until then.") % said
        )
        return words if self.policy.budget_required else _("%(words)s Empty means no cap.") % {"words": words}

    def save(self):
        return settings_of.set_budget(self.viewer.pro, self.cleaned_data["budget"], by=self.viewer.member, now=self.viewer.now)


class Cap(Setting):
    field = ""

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        self.fields[self.field] = forms.RegexField(
            r"^[0-9]{1,6}\Z",
            label=_("No more than"),
            required=False,
            strip=True,
            error_messages={"invalid": _("Enter a whole number, or nothing for no limit.")},
            widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
        )

    def now(self):
        return {self.field: self.columns()[0]}

    @property
    def wanted(self):
        text = self.cleaned_data[self.field]
        return int(text) if text else None

    @staticmethod
    def words(values):
        return _("No limit") if values[0] is None else _("No more than %(n)s") % {"n": f"{values[0]:,}"}

    def before(self):
        return _("Empty means no limit. The leads you have stay yours, and no unused lead is carried over.")


class DayCap(Cap):
    slug, code, label, field = "leads-per-day", "day_cap", gettext_lazy("Leads per day"), "day_cap"

    def effect(self):
        return _("Today: %(n)s") % {"n": self.viewer.counters.day_count}

    def save(self):
        return settings_of.set_day_cap(self.viewer.pro, self.wanted, by=self.viewer.member, now=self.viewer.now)


class WeekCap(Cap):
    slug, code, label, field = "leads-per-week", "week_cap", gettext_lazy("Leads per week"), "week_cap"

    def effect(self):
        return _("This week, since Monday: %(n)s") % {"n": self.viewer.counters.week_count}

    def save(self):
        return settings_of.set_week_cap(self.viewer.pro, self.wanted, by=self.viewer.member, now=self.viewer.now)


class JobSize(Setting):
    slug, code, label = "job-size", "job_range", gettext_lazy("Job size")

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        for name, label in (("job_min", _("From")), ("job_max", _("To"))):
            self.fields[name] = MoneyField(label=label, required=False, widget=forms.TextInput(attrs={"class": "short"}))

    def now(self):
        return {"job_min": self.state.job_min, "job_max": self.state.job_max}

    @staticmethod
    def words(values):
        low, high = values
        if low is None and high is None:
            return _("Any size")
        if low is None:
            return _("Up to %(high)s") % {"high": money(high)}
        if high is None:
            return _("From %(low)s") % {"low": money(low)}
        return _("%(low)s to %(high)s") % {"low": money(low), "high": money(high)}

    def effect(self):
        return _("By our estimate of what the job is worth.")

    def before(self):
        return _("Jobs estimated outside this range no longer reach you. Empty means no limit on that side.")

    def save(self):
        said = self.cleaned_data
        return settings_of.set_job_range(self.viewer.pro, said["job_min"], said["job_max"], by=self.viewer.member, now=self.viewer.now)


class Hours(Setting):
    slug, code, label = "receiving-hours", "hours", gettext_lazy("Receiving hours")

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        for name, label in (("opens", _("From")), ("closes", _("Until"))):
            self.fields[name] = forms.TimeField(
                label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})
            )

    def now(self):
        return {name: None if value is None else _time(value) for name, value in zip(("opens", "closes"), self.columns(), strict=True)}

    @staticmethod
    def words(values):
        opens, closes = values
        if opens is None:
            return _("At all hours")
        return _("%(opens)s to %(closes)s") % {"opens": minute(opens), "closes": minute(closes)}

    def effect(self):
        return _("Every day, in your time zone (%(zone)s). Outside them no new lead reaches you.") % {"zone": zone_name(self.viewer.zone)}

    def before(self):
        return _("Requests that come outside these hours go to other pros. They may cross midnight. Leave both empty for all hours.")

    def save(self):
        times = [self.cleaned_data["opens"], self.cleaned_data["closes"]]
        opens, closes = (None if at is None else at.hour * 60 + at.minute for at in times)
        return settings_of.set_hours(self.viewer.pro, opens, closes, by=self.viewer.member, now=self.viewer.now)


SETTINGS = {each.slug: each for each in (ChoiceMatch, AutoMatch, Renters, Pause, Budget, DayCap, WeekCap, JobSize, Hours)}
BY_CODE = {each.code: each for each in SETTINGS.values()}


@pro_page("GET")
def settings(request, viewer):
    return _page(request, viewer, near=request.GET.get("row", ""))


@pro_page("GET", "POST")
def edit(request, viewer, setting):
    """One row, open. A POST saves it."""
    kind = SETTINGS.get(setting)
    if kind is None or not kind.is_offered(read(Leads).lead_types):
        raise Http404
    form = kind(viewer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except NotAllowed:
            form.add_error(None, _only_these_raise(viewer))
            return _page(request, viewer, form, status=422 if request.htmx else 403)
        except Refusal as refusal:
            take(form, refusal)
        else:
            messages.success(request, _("Saved: %(label)s. It holds from this moment on.") % {"label": form.label})
            return redirect(reverse("pros:purchase_settings") + "?" + urlencode({"row": setting}))
    return _page(request, viewer, form, status=422 if form.errors else 200)


def _page(request, viewer, form=None, *, near="", status=200):
    lead_types = read(Leads).lead_types
    if form and form.fields:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    rows = [form if isinstance(form, kind) else kind(viewer) for kind in SETTINGS.values() if kind.is_offered(lead_types)]
    context = {
        "open": form.slug if form else "",
        "near": near,
        "groups": [(str(group), [row for row in rows if row.group == group]) for group in (KINDS, LIMITS)],
        "raisers": _raisers(viewer),
        "changes": [_change(each) for each in settings_of.history(viewer.pro)],
    }
    return page(request, viewer, "pros/purchase_settings.html", context, status=status)


def _raisers(viewer) -> str:
    """Who may raise spending, by name."""
    names = [str(each.user) for each in team_of(viewer.pro) if may(each.role, Right.RAISE_SPENDING)]
    return get_text_list(names, _("or"))


def _only_these_raise(viewer) -> str:
    return _("This would raise spending. Only %(names)s may do that; you may lower it at any time.") % {"names": _raisers(viewer)}


def _change(change) -> dict:
    """A line of "Last changes"."""
    kind = BY_CODE.get(change.setting)
    who = change.who or _("Somebody")
    if change.by_staff:
        who = _("%(who)s, for you,") % {"who": who}
    said = {"who": who, "label": kind.label if kind else change.setting}
    if kind is Pause:
        text = _("%(who)s paused all leads") if change.became[0] else _("%(who)s started leads again")
    else:
        text = _("%(who)s changed %(label)s from “%(was)s” to “%(became)s”")
        said |= {"was": kind.words(change.was), "became": kind.words(change.became)} if kind else {"was": "", "became": ""}
    return {"icon": "pause" if kind is Pause else "gear", "text": text % said, "at": change.at}


def _time(value: int) -> time:
    return time(value // 60 % 24, value % 60)
