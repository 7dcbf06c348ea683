"""Lead Purchase Settings: what a pro buys and how much. Each verb changes pro_state at once and raises its rev.

`by` is the member who changes it, or a user of the marketplace's staff on the pro's behalf. Anybody may lower spending; only owner and
billing raise it; whoever lowered something may restore the earlier state for 24 hours (RULES 31). Each verb returns the new state and
keeps an event "settings.changed" with setting, from and to; setting what is set already does nothing.

Verbs raise NotAllowed, and BadLimit with the field for a value the policy does not allow. Locks: member, then pro_state.

A pause with an end and the days of a vacation end by themselves; from then on they stand for nothing, here as in the decision.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.availability import EVERY_DAY
from accounts.models import Member, ProState, User
from accounts.policy import Pros
from accounts.pros import BadLimit, check_budget, check_cap
from accounts.rights import Right
from accounts.seat_counters import lock_waiting
from accounts.windows import local_date
from core import events
from core.errors import NotFound
from core.models import Event
from core.policy import read

CHANGED = "settings.changed"
MINUTES = 24 * 60


def pause(pro, *, until: datetime | None = None, by, now) -> ProState:
    """No new lead of any type from this moment on, `until` that instant or until somebody starts again. What the pro has stays its own."""
    if until is not None:
        if until <= now:
            raise BadLimit("until", _("Choose a time that is still to come."))
        _check_days_ahead("until", until - now)
    return _change(pro, "pause", (True, until), by=by, now=now)


def resume(pro, *, by, now) -> ProState:
    """Leads again from this moment on."""
    return _change(pro, "pause", (False, None), by=by, now=now)


def set_choice_match(pro, wanted: bool, *, by, now) -> ProState:
    """ "Receive Choice Match Leads" (RULES 11). AutoMatch goes on."""
    return _change(pro, "choice_match", (bool(wanted),), by=by, now=now)


def set_automatch(pro, wanted: bool, *, by, now) -> ProState:
    """Receive AutoMatch leads."""
    return _change(pro, "automatch", (bool(wanted),), by=by, now=now)


def set_offers(pro, wanted: bool, *, by, now) -> ProState:
    """Receive offers. One that was received before cannot be accepted any more after a No."""
    return _change(pro, "offers", (bool(wanted),), by=by, now=now)


def set_renters(pro, accepted: bool, *, by, now) -> ProState:
    """Accept requests of renters who have the owner's approval."""
    return _change(pro, "renters", (bool(accepted),), by=by, now=now)


def set_budget(pro, cents: int | None, *, by, now) -> ProState:
    """The most the pro spends in a 30-day period; None for no cap where the policy allows that. A cap below what is spent already is
    allowed: nothing more comes in this period."""
    return _change(pro, "budget", (check_budget(cents, read(Pros)),), by=by, now=now)


def set_day_cap(pro, leads: int | None, *, by, now) -> ProState:
    """The most leads on a local day; None for no limit."""
    return _change(pro, "day_cap", (check_cap("day_cap", leads, read(Pros)),), by=by, now=now)


def set_week_cap(pro, leads: int | None, *, by, now) -> ProState:
    """The most leads in a local week, Monday to Sunday; None for no limit."""
    return _change(pro, "week_cap", (check_cap("week_cap", leads, read(Pros)),), by=by, now=now)


def set_open_cap(pro, leads: int | None, *, by, now) -> ProState:
    """The most leads to work on at a time: those not won, lost or archived yet; None for no limit. A cap below what is open already is
    allowed: nothing more comes until some are done."""
    return _change(pro, "open_cap", (check_cap("open_cap", leads, read(Pros)),), by=by, now=now)


def set_job_range(pro, lowest: int | None, highest: int | None, *, by, now) -> ProState:
    """Only jobs estimated at `lowest` to `highest` cents, both ends included; None for no limit on that side."""
    most = read(Pros).job_max
    for field, value in (("job_min", lowest), ("job_max", highest)):
        if value is not None and not 0 <= value <= most:
            raise BadLimit(field, _("Enter an amount up to $%(most)s, or nothing.") % {"most": f"{most // 100:,}"})
    if lowest is not None and highest is not None and lowest > highest:
        raise BadLimit("job_max", _("The largest job must not be below the smallest."))
    return _change(pro, "job_range", (lowest, highest), by=by, now=now)


def set_hours(pro, opens: int | None, closes: int | None, *, by, now) -> ProState:
    """Receive leads only between these minutes of the local day, `closes` not included; they may cross midnight (1200 to 360 is 8 PM
    to 6 AM). None and None: at all hours."""
    if (opens is None) != (closes is None):
        raise BadLimit("closes" if closes is None else "opens", _("Enter both times, or none."))
    if opens is not None:
        if not 0 <= opens < MINUTES or not 0 <= closes <= MINUTES:
            raise BadLimit("opens", _("Enter times between 12:00 AM and 11:59 PM."))
        if opens == closes:
            raise BadLimit("closes", _("Opening and closing time must differ. To stop leads, pause them."))
    return _change(pro, "hours", (opens, closes), by=by, now=now)


def set_days_off(pro, mask: int, *, by, now) -> ProState:
    """Weekdays without leads in the pro's zone: Monday is 1, Sunday 64, added; 0 for none."""
    if not 0 <= mask <= EVERY_DAY:
        raise BadLimit("days_off", _("Choose days of the week."))
    if mask == EVERY_DAY:
        raise BadLimit("days_off", _("That is every day. To stop leads, pause them."))
    return _change(pro, "days_off", (mask,), by=by, now=now)


def set_away(pro, first: date | None, last: date | None, *, by, now) -> ProState:
    """No leads on the local dates from `first` to `last`, both included: the next holiday or vacation. None and None for none."""
    if (first is None) != (last is None):
        raise BadLimit("away_to" if last is None else "away_from", _("Enter both days, or none."))
    if first is not None:
        if last < first:
            raise BadLimit("away_to", _("The last day must not be before the first."))
        today = local_date(pro.zone, now)
        if last < today:
            raise BadLimit("away_to", _("Choose days that are still to come."))
        _check_days_ahead("away_to", last - today)
    return _change(pro, "away", (first, last), by=by, now=now)


@dataclass(frozen=True)
class Change:
    """One line of "Last changes". `was` and `became` are the values of the setting's columns."""

    at: datetime
    who: str
    by_staff: bool
    setting: str
    was: tuple
    became: tuple


def history(pro, *, limit=10) -> list[Change]:
    """The latest changes of the settings, newest first, with the name of who made them."""
    rows = list(Event.objects.filter(subject=pro.subject, kind=CHANGED).order_by("-at", "-id")[:limit])
    names = _names({row.actor for row in rows})
    return [
        Change(
            row.at,
            names.get(row.actor, ""),
            row.actor.startswith("staff:"),
            row.data["setting"],
            _kept(row.data["setting"], row.data["from"]),
            _kept(row.data["setting"], row.data["to"]),
        )
        for row in rows
    ]


def stands(state, name: str, *, now: datetime) -> tuple:
    """What a setting of `state` is at `now`: a pause or a vacation that is over is none."""
    values = tuple(getattr(state, column) for column in SETTINGS[name].columns)
    return _unless_over(state, name, values, now)


@dataclass(frozen=True)
class Setting:
    """The columns of pro_state a setting lives in, and whether going from one value to another may raise spending. One that ends by itself
    says when (an instant, or the last local date), and is `none` afterwards."""

    columns: tuple[str, ...]
    raises: Callable[[tuple, tuple], bool]
    none: tuple = ()


def _switched_on(old, new):
    return new[0] and not old[0]


def _more(old, new):
    """A limit rises; none is the highest."""
    return old[0] is not None and (new[0] is None or new[0] > old[0])


def _wider(old, new):
    lower = old[0] is not None and (new[0] is None or new[0] < old[0])
    return lower or _more(old[1:], new[1:])


def _longer(old, new):
    """Some minute of the day is new."""
    return bool(open_minutes(*new) - open_minutes(*old))


def _sooner(old, new):
    """A pause is taken off, or ends earlier; one without an end lasts longest."""
    if not old[0] or not new[0]:
        return bool(old[0])
    return new[1] is not None and (old[1] is None or new[1] < old[1])


def _fewer(old, new):
    """Some weekday is no day off any more."""
    return bool(old[0] & ~new[0])


def _back(old, new):
    """Some day of the time away is none any more."""
    return old[0] is not None and (new[0] is None or old[0] < new[0] or new[1] < old[1])


def open_minutes(opens: int | None, closes: int | None) -> set[int]:
    """The minutes of the day in receiving hours."""
    if opens is None or closes is None:
        return set(range(MINUTES))
    if opens < closes:
        return set(range(opens, closes))
    return set(range(opens, MINUTES)) | set(range(closes))


SETTINGS = {
    "pause": Setting(("paused", "paused_until"), _sooner, none=(False, None)),
    "choice_match": Setting(("receives_choice",), _switched_on),
    "automatch": Setting(("receives_automatch",), _switched_on),
    "offers": Setting(("receives_opt_in",), _switched_on),
    "renters": Setting(("accepts_renters",), _switched_on),
    "budget": Setting(("budget",), _more),
    "day_cap": Setting(("day_cap",), _more),
    "week_cap": Setting(("week_cap",), _more),
    "open_cap": Setting(("open_cap",), _more),
    "job_range": Setting(("job_min", "job_max"), _wider),
    "hours": Setting(("opens", "closes"), _longer),
    "days_off": Setting(("days_off",), _fewer),
    "away": Setting(("away_from", "away_to"), _back, none=(None, None)),
}


def _change(pro, name: str, new: tuple, *, by, now) -> ProState:
    setting = SETTINGS[name]
    actor = acting(by, pro)
    state = next(iter(lock_waiting([pro.pk])), None)
    if state is None:
        raise NotFound
    old = stands(state, name, now=now)
    if new == old:
        return state
    raising = setting.raises(old, new)
    if not (raising and _restores(actor, state, name, new, now)):
        actor.require(Right.RAISE_SPENDING if raising else Right.LOWER_SPENDING)
    values = dict(zip(setting.columns, new, strict=True))
    ProState.objects.filter(pk=state.pk).update(**values, rev=F("rev") + 1)
    data = {"setting": name, "from": _written(old), "to": _written(new)}
    events.record(CHANGED, pro.subject, now=now, actor=actor.name, test=pro.test, **data)
    for column, value in values.items():
        setattr(state, column, value)
    state.rev += 1
    return state


def _restores(actor, state, name: str, new: tuple, now: datetime) -> bool:
    """Whether `new` is no more than what was set before the actor's own latest changes, none of them older than 24 hours."""
    since = now - timedelta(hours=read(Pros).restore_hours)
    recent = Event.objects.filter(subject=f"pro:{state.pro_id}", kind=CHANGED, data__setting=name, at__gte=since, at__lte=now)
    earlier = None
    for event in recent.order_by("-at", "-id"):
        if event.actor != actor.name:
            break
        earlier = _unless_over(state, name, _kept(name, event.data["from"]), now)
    return earlier is not None and not SETTINGS[name].raises(earlier, new)


def _unless_over(state, name: str, values: tuple, now: datetime) -> tuple:
    """The values, or those of none when their end has come: an instant has, a local date is over with its day."""
    end = values[-1] if SETTINGS[name].none else None
    over = end is not None and (end <= now if isinstance(end, datetime) else end < local_date(state.zone, now))
    return SETTINGS[name].none if over else values


def _check_days_ahead(field: str, ahead: timedelta) -> None:
    most = read(Pros).away_days_max
    if ahead > timedelta(days=most):
        raise BadLimit(field, _("Choose a day within the next %(days)s days.") % {"days": most})


def _written(values: tuple) -> list:
    """Values as an event keeps them."""
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _kept(name: str, values: list) -> tuple:
    """Values out of an event, which may be older than a column of the setting."""
    setting = SETTINGS.get(name)
    if setting is None:
        return tuple(values)
    columns = [ProState._meta.get_field(column) for column in setting.columns]
    return tuple(column.to_python(value) for column, value in zip_longest(columns, values))


def _names(actors: set[str]) -> dict[str, str]:
    """What people call the actors of events."""
    ids = {"member": [], "staff": []}
    for actor in actors:
        kind, _colon, pk = actor.partition(":")
        ids.get(kind, []).append(pk)
    members = Member.objects.filter(pk__in=ids["member"]).values_list("pk", "user__name")
    staff = User.objects.filter(pk__in=ids["staff"]).values_list("pk", "name")
    return {f"member:{pk}": name for pk, name in members} | {f"staff:{pk}": name for pk, name in staff}
