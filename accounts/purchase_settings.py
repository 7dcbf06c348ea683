"""Lead Purchase Settings: what a pro buys and how much. Each verb changes pro_state at once and raises its rev.

`by` is the member who changes it, or a user of the marketplace's staff on the pro's behalf. Anybody may lower spending; only owner and
billing raise it; whoever lowered something may restore the earlier state for 24 hours (RULES 31). Each verb returns the new state and
keeps an event "settings.changed" with setting, from and to; setting what is set already does nothing.

Verbs raise NotAllowed, and BadLimit with the field for a value the policy does not allow. Locks: member, then pro_state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.models import Member, ProState, User
from accounts.policy import Pros
from accounts.pros import BadLimit, check_budget, check_cap
from accounts.rights import Right
from accounts.seat_counters import lock_waiting
from core import events
from core.errors import NotFound
from core.models import Event
from core.policy import read

CHANGED = "settings.changed"
MINUTES = 24 * 60


def pause(pro, *, by, now) -> ProState:
    """No new lead of any type from this moment on. What the pro has stays its own."""
    return _change(pro, "pause", (True,), by=by, now=now)


def resume(pro, *, by, now) -> ProState:
    """Leads again from this moment on."""
    return _change(pro, "pause", (False,), by=by, now=now)


def set_choice_match(pro, wanted: bool, *, by, now) -> ProState:
    """ "Receive Choice Match Leads" (RULES 11). AutoMatch goes on."""
    return _change(pro, "choice_match", (bool(wanted),), by=by, now=now)


def set_automatch(pro, wanted: bool, *, by, now) -> ProState:
    """Receive AutoMatch leads."""
    return _change(pro, "automatch", (bool(wanted),), by=by, now=now)


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


@dataclass(frozen=True)
class Change:
    """One line of "Last changes". `was` and `became` are lists of the setting's values (two for ranges and hours)."""

    at: datetime
    who: str
    by_staff: bool
    setting: str
    was: list
    became: list


def history(pro, *, limit=10) -> list[Change]:
    """The latest changes of the settings, newest first, with the name of who made them."""
    rows = list(Event.objects.filter(subject=pro.subject, kind=CHANGED).order_by("-at", "-id")[:limit])
    names = _names({row.actor for row in rows})
    return [
        Change(row.at, names.get(row.actor, ""), row.actor.startswith("staff:"), row.data["setting"], row.data["from"], row.data["to"])
        for row in rows
    ]


@dataclass(frozen=True)
class Setting:
    """The columns of pro_state a setting lives in, and whether going from one value to another may raise spending."""

    columns: tuple[str, ...]
    raises: Callable[[tuple, tuple], bool]


def _switched_on(old, new):
    return new[0] and not old[0]


def _switched_off(old, new):
    return old[0] and not new[0]


def _more(old, new):
    """A limit rises; none is the highest."""
    return old[0] is not None and (new[0] is None or new[0] > old[0])


def _wider(old, new):
    lower = old[0] is not None and (new[0] is None or new[0] < old[0])
    return lower or _more(old[1:], new[1:])


def _longer(old, new):
    """Some minute of the day is new."""
    return bool(open_minutes(*new) - open_minutes(*old))


def open_minutes(opens: int | None, closes: int | None) -> set[int]:
    """The minutes of the day in receiving hours."""
    if opens is None or closes is None:
        return set(range(MINUTES))
    if opens < closes:
        return set(range(opens, closes))
    return set(range(opens, MINUTES)) | set(range(closes))


SETTINGS = {
    "pause": Setting(("paused",), _switched_off),
    "choice_match": Setting(("receives_choice",), _switched_on),
    "automatch": Setting(("receives_automatch",), _switched_on),
    "renters": Setting(("accepts_renters",), _switched_on),
    "budget": Setting(("budget",), _more),
    "day_cap": Setting(("day_cap",), _more),
    "week_cap": Setting(("week_cap",), _more),
    "job_range": Setting(("job_min", "job_max"), _wider),
    "hours": Setting(("opens", "closes"), _longer),
}


def _change(pro, name: str, new: tuple, *, by, now) -> ProState:
    setting = SETTINGS[name]
    actor = acting(by, pro)
    state = next(iter(lock_waiting([pro.pk])), None)
    if state is None:
        raise NotFound
    old = tuple(getattr(state, column) for column in setting.columns)
    if new == old:
        return state
    raising = setting.raises(old, new)
    if not (raising and _restores(actor, pro, name, new, now)):
        actor.require(Right.RAISE_SPENDING if raising else Right.LOWER_SPENDING)
    values = dict(zip(setting.columns, new, strict=True))
    ProState.objects.filter(pk=state.pk).update(**values, rev=F("rev") + 1)
    data = {"setting": name, "from": list(old), "to": list(new)}
    events.record(CHANGED, pro.subject, now=now, actor=actor.name, test=pro.test, **data)
    for column, value in values.items():
        setattr(state, column, value)
    state.rev += 1
    return state


def _restores(actor, pro, name: str, new: tuple, now: datetime) -> bool:
    """Whether `new` is no more than what was set before the actor's own latest changes, none of them older than 24 hours."""
    since = now - timedelta(hours=read(Pros).restore_hours)
    recent = Event.objects.filter(subject=pro.subject, kind=CHANGED, data__setting=name, at__gte=since, at__lte=now)
    earlier = None
    for event in recent.order_by("-at", "-id"):
        if event.actor != actor.name:
            break
        earlier = tuple(event.data["from"])
    return earlier is not None and not SETTINGS[name].raises(earlier, new)


def _names(actors: set[str]) -> dict[str, str]:
    """What people call the actors of events."""
    ids = {"member": [], "staff": []}
    for actor in actors:
        kind, _colon, pk = actor.partition(":")
        ids.get(kind, []).append(pk)
    members = Member.objects.filter(pk__in=ids["member"]).values_list("pk", "user__name")
    staff = User.objects.filter(pk__in=ids["staff"]).values_list("pk", "name")
    return {f"member:{pk}": name for pk, name in members} | {f"staff:{pk}": name for pk, name in staff}
