"""The rows of Lead Purchase Settings: which kinds of leads, and how many of them. When they come says web.pros.availability_rows."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import purchase_settings as settings_of
from accounts.policy import Pros
from core.policy import read
from leads.policy import Leads
from web.pros.fields import MoneyField
from web.templatetags.plumbline import money

KINDS, LIMITS, AVAILABILITY = gettext_lazy("Kinds of leads"), gettext_lazy("Limits"), gettext_lazy("Availability")


class Setting(forms.Form):
    """One row. A subclass says its words, its fields, and which verb saves it."""

    slug = code = label = ""
    group = LIMITS
    button = ""  # what acts at once, without anything to type
    pressed = False  # whether the button was
    picks = False  # whether its field is some of a few: a box for each

    def __init__(self, viewer, data=None):
        self.viewer, self.state = viewer, viewer.state  # viewer.member is a member, or a user of the staff on the pro's behalf
        super().__init__(data, auto_id=f"{self.slug}-%s", initial=self.now())

    @classmethod
    def is_offered(cls, lead_types) -> bool:
        return True

    def now(self) -> dict:
        """The initial values of the fields."""
        return {}

    def stands(self) -> str:
        return self.words(self.columns())

    def columns(self) -> tuple:
        """The values that are in force now."""
        return settings_of.stands(self.state, self.code, now=self.viewer.now)

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


class Offers(YesNo):
    slug, code, label = "offers", "offers", gettext_lazy("Receive offers")

    @classmethod
    def is_offered(cls, lead_types):
        return "opt_in" in lead_types

    def effect(self):
        return _("You see the job and the exact fee, and decide. Nothing is charged until you accept.")

    def before(self):
        return _("If you save “No”, nothing more is offered to you, and what is offered now cannot be accepted. Your leads stay yours.")

    def save(self):
        return self.saved_with(settings_of.set_offers)


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


class OpenCap(Cap):
    slug, code, label, field = "open-leads", "open_cap", gettext_lazy("Open leads at a time"), "open_cap"

    def effect(self):
        return _("Open now: %(n)s. A lead is open until you say it is won, lost or archived.") % {"n": f"{self.state.open_work:,}"}

    def before(self):
        return _("At that many, new leads wait until you are done with some. Empty means no limit. The leads you have stay yours.")

    def save(self):
        return settings_of.set_open_cap(self.viewer.pro, self.wanted, by=self.viewer.member, now=self.viewer.now)


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
