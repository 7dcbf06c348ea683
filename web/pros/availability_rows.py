"""The rows of Lead Purchase Settings that say when leads come: the pause, receiving hours, days off and time away."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import purchase_settings as settings_of
from accounts.availability import weekdays, weekdays_in_words
from accounts.windows import local_date
from core.policy import read
from leads.policy import Leads
from leads.why_not import clock
from web.pros.setting_rows import AVAILABILITY, KINDS, Setting
from web.templatetags.plumbline import zone_name

PAUSE, RESUME = "pause", "resume"
MORNING = time(7)  # when a working day begins, for the ends of a pause that are one tap away


class Pause(Setting):
    """The button pauses at once or starts again, and says which, so that a second tap does not take back the first; the fields say when a
    pause ends."""

    slug, code, label, group = "pause", "pause", gettext_lazy("Pause all leads"), KINDS

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        self.pressed = bool(data) and data.get("do") in (PAUSE, RESUME)
        if not self.pressed:
            self.fields["until"] = forms.DateField(label=_("Until the day"), required=False, widget=_day())
            self.fields["at"] = forms.TimeField(label=_("At"), required=False, widget=_clock())

    @property
    def does(self):
        """What the button sends."""
        return RESUME if self.columns()[0] else PAUSE

    @property
    def button(self):
        return _("Start again") if self.columns()[0] else _("Pause")

    @property
    def more(self):
        return _("Until ...")

    def now(self):
        end = self.columns()[1]
        local = end.astimezone(ZoneInfo(self.viewer.zone)) if end else None
        return {"until": local.date() if local else None, "at": local.time() if local else MORNING}

    def quick(self) -> list[dict]:
        """Ends that are one tap away: tomorrow morning, and Monday's."""
        today = local_date(self.viewer.zone, self.viewer.now)
        tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
        at = clock(MORNING.hour * 60)
        ends = [(tomorrow, _("Until tomorrow, %(at)s"))] + ([(monday, _("Until Monday, %(at)s"))] if monday != tomorrow else [])
        return [{"until": day.isoformat(), "at": f"{MORNING:%H:%M}", "words": words % {"at": at}} for day, words in ends]

    def stands(self):
        return until_in_words(self.columns(), self.viewer.zone)

    def effect(self):
        paused, end = self.columns()
        if end:
            return _("Nothing comes in and nothing is charged until then. Leads start again by themselves.")
        if paused:
            return _("Nothing comes in and nothing is charged until you start again.")
        return _("Works at once. No notice and no fee. Nothing comes in and nothing is charged until you start again.")

    def before(self):
        said = {"zone": zone_name(self.viewer.zone)}
        return _("Leads start again by themselves then, in your time zone (%(zone)s). Without a day: when you start again.") % said

    def clean(self):
        said = super().clean()
        if said.get("until") and not said.get("at") and "at" not in self.errors:
            self.add_error("at", _("Enter a time, like 07:00 AM."))
        return said

    def save(self):
        how = {"by": self.viewer.member, "now": self.viewer.now}
        if self.pressed:
            return (settings_of.pause if self.data["do"] == PAUSE else settings_of.resume)(self.viewer.pro, **how)
        day, at = self.cleaned_data["until"], self.cleaned_data["at"]
        until = datetime.combine(day, at, tzinfo=ZoneInfo(self.viewer.zone)) if day else None
        return settings_of.pause(self.viewer.pro, until=until, **how)


class Hours(Setting):
    slug, code, label = "receiving-hours", "hours", gettext_lazy("Receiving hours")
    group = AVAILABILITY

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        for name, label in (("opens", _("From")), ("closes", _("Until"))):
            self.fields[name] = forms.TimeField(label=label, required=False, widget=_clock())

    def now(self):
        return {name: None if value is None else _time(value) for name, value in zip(("opens", "closes"), self.columns(), strict=True)}

    @staticmethod
    def words(values):
        opens, closes = values
        if opens is None:
            return _("At all hours")
        return _("%(opens)s to %(closes)s") % {"opens": clock(opens), "closes": clock(closes)}

    def effect(self):
        said = _("Every day, in your time zone (%(zone)s). Outside them no new lead reaches you.") % {"zone": zone_name(self.viewer.zone)}
        return f"{said} {_('An offer you have can be accepted at any time.')}" if read(Leads).opt_in else said

    def before(self):
        return _("Requests that come outside these hours go to other pros. They may cross midnight. Leave both empty for all hours.")

    def save(self):
        times = [self.cleaned_data["opens"], self.cleaned_data["closes"]]
        opens, closes = (None if at is None else at.hour * 60 + at.minute for at in times)
        return settings_of.set_hours(self.viewer.pro, opens, closes, by=self.viewer.member, now=self.viewer.now)


class DaysOff(Setting):
    slug, code, label = "days-off", "days_off", gettext_lazy("Days off")
    group, picks = AVAILABILITY, True

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        self.fields["days_off"] = forms.MultipleChoiceField(
            label=_("Days off"), choices=list(WEEKDAYS.items()), required=False, widget=forms.CheckboxSelectMultiple
        )

    def now(self):
        return {"days_off": weekdays(self.columns()[0])}

    @staticmethod
    def words(values):
        return weekdays_in_words(values[0]) or _("None")

    def effect(self):
        return _("Every week. On these days no new lead reaches you.")

    def before(self):
        return _("Requests that come on these days go to other pros. The leads you have stay yours.")

    def save(self):
        mask = sum(1 << int(weekday) for weekday in set(self.cleaned_data["days_off"]))
        return settings_of.set_days_off(self.viewer.pro, mask, by=self.viewer.member, now=self.viewer.now)


class Away(Setting):
    slug, code, label = "time-away", "away", gettext_lazy("Time away")
    group = AVAILABILITY

    def __init__(self, viewer, data=None):
        super().__init__(viewer, data)
        for name, label in (("away_from", _("First day")), ("away_to", _("Last day"))):
            self.fields[name] = forms.DateField(label=label, required=False, widget=_day())

    def now(self):
        return dict(zip(("away_from", "away_to"), self.columns(), strict=True))

    @staticmethod
    def words(values):
        first, last = values
        if first is None:
            return _("None planned")
        said = {"first": date_format(first, "D, M j"), "last": date_format(last, "D, M j")}
        return said["first"] if first == last else _("%(first)s to %(last)s") % said

    def effect(self):
        return _("A holiday or a vacation. Leads start again by themselves on the day after.")

    def before(self):
        return _("Both days included. Requests that come on them go to other pros. Leave both empty for none.")

    def save(self):
        said = self.cleaned_data
        return settings_of.set_away(self.viewer.pro, said["away_from"], said["away_to"], by=self.viewer.member, now=self.viewer.now)


def until_in_words(values, zone: str) -> str:
    """A stored pause in words, with its end in the pro's time."""
    paused, end = values
    if not paused:
        return _("Not paused")
    return _("Paused until %(end)s") % {"end": end_in_words(end, zone)} if end else _("Paused")


def end_in_words(end: datetime, zone: str) -> str:
    """ "Mon, Nov 23, 7:00 AM"."""
    return date_format(end.astimezone(ZoneInfo(zone)), "D, M j, g:i A")


def _day():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})


def _clock():
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"})


def _time(value: int) -> time:
    return time(value // 60 % 24, value % 60)
