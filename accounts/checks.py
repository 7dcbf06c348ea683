"""Checks: what staff have verified of a pro, by whom, when and until when (RULES 1, 2).

Nothing has to run for a badge to fall: a check stands while its end lies ahead. What runs later only tells the pro. The ends of license
and insurance stand in pro_state too, where the decision reads them (`lacking`).
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import messages
from accounts.contact_data import normal_text
from accounts.models import Check, ProState
from accounts.policy import LAPSING, Pros
from accounts.seat_counters import lock_waiting
from core import events
from core.errors import NotAllowed, NotFound, Refusal
from core.policy import read

UNTIL = {Check.Kind.LICENCE.value: "licensed_until", Check.Kind.INSURANCE.value: "insured_until"}
BATCH = 200


class BadCheck(Refusal):
    """What was typed is no check; `fields` says which and why."""

    code = "bad_check"
    sentence = _("This check cannot be kept.")
    status = 400

    def __init__(self, field, sentence):
        super().__init__(fields={field: sentence})


def record(pro, kind: str, *, by, now: datetime, fact="", valid_until: date | None = None) -> Check:
    """Keep that `by`, a user of the staff, has checked this of `pro` at `now`; it holds to the end of the day `valid_until` in the pro's
    zone. It takes the place of the one that stood. The same one sent again is the same.

    Refuses NotAllowed, NotFound (no such pro), BadText for a `fact` over 80 characters, and BadCheck: no such kind, a license or
    insurance without its last day, a day that is over or further away than the policy allows.
    """
    _require_staff(by)
    if kind not in Check.Kind.values:
        raise BadCheck("kind", _("Choose what was checked."))
    fact = normal_text(fact, field="fact", longest=80)
    policy = read(Pros)
    ends_at = _end(pro, kind, valid_until, policy, now)
    _lock(pro)
    stood = Check.objects.filter(pro=pro, kind=kind, revoked_at=None).first()
    if stood:
        same_day = stood.checked_at.astimezone(ZoneInfo(pro.zone)).date() == now.astimezone(ZoneInfo(pro.zone)).date()
        if same_day and (stood.fact, stood.valid_until, stood.checked_by_id) == (fact, valid_until, by.pk):
            return stood
        _revoke(stood, by, now)
    check = Check.objects.create(
        pro=pro,
        kind=kind,
        fact=fact,
        checked_by=by,
        checked_at=now,
        valid_until=valid_until,
        ends_at=ends_at,
        due_at=ends_at and ends_at - timedelta(days=policy.check_warn_days),
    )
    _tell_state(pro, kind, ends_at)
    events.record("check.recorded", pro.subject, now=now, actor=f"staff:{by.pk}", test=pro.test, check=check.pk, of=kind)
    return check


def withdraw(check_id: int, *, by, now: datetime) -> Check:
    """The check holds no more: its badge is gone. One that was withdrawn stays so. Refuses NotAllowed, NotFound."""
    _require_staff(by)
    check = Check.objects.select_related("pro").filter(pk=check_id).first()
    if check is None:
        raise NotFound
    _lock(check.pro)
    check.refresh_from_db(fields=["revoked_at"])
    if check.revoked_at is None:
        _revoke(check, by, now)
        _tell_state(check.pro, check.kind, None)
        events.record("check.withdrawn", check.pro.subject, now=now, actor=f"staff:{by.pk}", test=check.pro.test, check=check.pk)
    return check


def standing(pro_ids, *, now: datetime) -> dict[int, list[Check]]:
    """{pro id: its checks that hold at `now`, with who checked, in the order of the kinds}. One query."""
    found = defaultdict(list)
    held = Check.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), pro__in=list(pro_ids), revoked_at=None)
    for check in sorted(held.select_related("checked_by"), key=lambda check: Check.Kind.values.index(check.kind)):
        found[check.pro_id].append(check)
    return found


def checks_of(pro) -> list[Check]:
    """The checks of `pro` that nobody revoked, those that have ended too, in the order of the kinds."""
    kept = Check.objects.filter(pro=pro, revoked_at=None).select_related("checked_by")
    return sorted(kept, key=lambda check: Check.Kind.values.index(check.kind))


def lacking(state, kinds, *, now: datetime) -> tuple[str, datetime | None] | None:
    """The first of `kinds` (of LAPSING) that does not hold at `now` for the pro of `state` (ProState, or a row with its columns), and
    when it ended, None if there was none; None when all hold. Pure."""
    for kind in kinds:
        until = getattr(state, UNTIL[kind])
        if until is None or until <= now:
            return kind, until
    return None


def tell_due(*, now: datetime, limit: int = BATCH) -> int:
    """Tell the owners and the account managers of the checks that are due at `now`: that they end soon, or have ended; returns how many.
    Each is told once of either; of an end that came first, that it has come."""
    due = Check.objects.filter(due_at__lte=now).select_related("pro__account_manager").order_by("due_at", "pk")
    checks = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    pausing = read(Pros).pause_without
    for check in checks:
        ended = check.ends_at <= now
        messages.check_ends(check, ended=ended, pauses=check.kind in pausing, now=now)
        check.due_at = None if ended else check.ends_at
        check.save(update_fields=["due_at"])
    return len(checks)


def _require_staff(by):
    if not (by.is_staff and by.is_active):
        raise NotAllowed


def _end(pro, kind, valid_until, policy, now) -> datetime | None:
    if valid_until is None:
        if kind in LAPSING:
            raise BadCheck("valid_until", _("Enter the last day it is valid."))
        return None
    today = now.astimezone(ZoneInfo(pro.zone)).date()
    if not today <= valid_until <= today + timedelta(days=366 * policy.check_years_max):
        raise BadCheck("valid_until", _("Enter a day from today on, at most %(years)s years ahead.") % {"years": policy.check_years_max})
    return datetime.combine(valid_until + timedelta(days=1), time.min, ZoneInfo(pro.zone)).astimezone(UTC)


def _lock(pro):
    """One check after the other, and none while the pro is being seated."""
    if not lock_waiting([pro.pk]):
        raise NotFound


def _revoke(check, by, now):
    check.revoked_at, check.revoked_by, check.due_at = now, by, None
    check.save(update_fields=["revoked_at", "revoked_by", "due_at"])


def _tell_state(pro, kind, until):
    """The decision reads the end in pro_state."""
    if kind in UNTIL:
        ProState.objects.filter(pro=pro).update(**{UNTIL[kind]: until}, rev=F("rev") + 1)
