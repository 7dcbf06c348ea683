"""Pros join, are approved and are suspended. `register_many` takes a whole file at once."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.contact_data import normal_email, normal_name, normal_phone, normal_text, normal_zip
from accounts.models import Pro, ProState, User
from accounts.policy import Pros
from core import events
from core.errors import NotAllowed, NotFound, Refusal
from core.policy import read


class BadLimit(Refusal):
    """A budget or cap that the policy does not allow; `fields` says which and what is."""

    code = "bad_limit"
    sentence = _("This limit is not possible.")
    status = 400

    def __init__(self, field, sentence):
        super().__init__(fields={field: sentence})


class BadZone(Refusal):
    code = "bad_zone"
    sentence = _("There is no such time zone.")
    status = 400


class AlreadyRegistered(Refusal):
    code = "already_registered"
    sentence = _("This company is registered already.")
    status = 409


@dataclass(frozen=True, kw_only=True)
class NewPro:
    """What `register` takes, as a row for `register_many`. Budget in cents per 30 days; None means no limit."""

    name: str
    zone: str
    zip: str = ""
    place: str = ""
    state: str = ""
    phone: str = ""
    email: str = ""
    source_key: str = ""
    test: bool = False
    budget: int | None = None
    day_cap: int | None = None
    week_cap: int | None = None
    approved: bool = True


def register(*, name, now, zone, zip="", place="", state="", phone="", email="", source_key="", test=False, budget=None,
             day_cap=None, week_cap=None, approved=True) -> Pro:  # fmt: skip
    """A new pro with its purchase settings: nothing paused, renters not accepted, no services yet.

    Refuses bad names, numbers and ZIPs (BadContact), limits outside the policy (BadLimit; no budget where one is required),
    unknown zones, and a `source_key` that is known (AlreadyRegistered).
    """
    row = NewPro(
        name=name, zone=zone, zip=zip, place=place, state=state, phone=phone, email=email, source_key=source_key, test=test,
        budget=budget, day_cap=day_cap, week_cap=week_cap, approved=approved,
    )  # fmt: skip
    registered = register_many([row], now=now)
    if not registered:
        raise AlreadyRegistered
    return registered[0]


def register_many(rows, *, now) -> list[Pro]:
    """Register every NewPro whose `source_key` is not known yet, all or none; returns the new pros in the order of their rows.

    The number of statements does not grow with the rows. Refuses like `register`, with `row` (its position) on the refusal.
    """
    policy, zones = read(Pros), {}
    pros, states = [], []
    for position, row in enumerate(rows):
        try:
            pro = _pro(row, now)
            state = _state(row, pro, policy, _anchor(row.zone, now, zones))
        except Refusal as refusal:
            refusal.row = position
            raise
        pros.append(pro)
        states.append(state)
    known = _known_keys(pros)
    first_of = {pro.source_key: pro for pro in reversed(pros) if pro.source_key}
    new = [
        (pro, state)
        for pro, state in zip(pros, states, strict=True)
        if not pro.source_key or (pro.source_key not in known and first_of[pro.source_key] is pro)
    ]
    Pro.objects.bulk_create((pro for pro, _state in new), batch_size=5_000)
    for pro, state in new:
        state.pro_id = pro.pk
    ProState.objects.bulk_create((state for _pro, state in new), batch_size=5_000)
    if len(new) == 1:
        events.record("pro.registered", new[0][0].subject, now=now, test=new[0][0].test)
    return [pro for pro, _state in new]


def approve(pro, *, now, by=None) -> None:
    """Let an applied or suspended pro receive leads from now on. `by` is the member of staff."""
    _set_status(pro, Pro.Status.APPROVED, now, by)


def suspend(pro, *, now, by=None) -> None:
    """No new lead reaches the pro from now on; what it has stays its own."""
    _set_status(pro, Pro.Status.SUSPENDED, now, by)


def assign(pro, *, by, now) -> None:
    """From now on the member of staff `by` looks after the pro: it is their name that the pro reads. Raises NotAllowed, NotFound."""
    if not User.objects.filter(pk=by.pk, is_staff=True, is_active=True).exists():
        raise NotAllowed
    if not Pro.objects.filter(pk=pro.pk).update(account_manager=by):
        raise NotFound
    events.record("pro.assigned", pro.subject, now=now, actor=f"staff:{by.pk}", test=pro.test, manager=by.pk)
    pro.account_manager = by


def check_budget(budget: int | None, policy: Pros) -> int | None:
    """A budget cap in cents per period that the policy allows, or BadLimit."""
    if budget is None:
        if policy.budget_required:
            raise BadLimit("budget", _("Set a budget cap: the most you want to spend in 30 days."))
        return None
    if not policy.budget_min <= budget <= policy.budget_max:
        raise BadLimit(
            "budget",
            _("The budget cap is at least $%(low)s and at most $%(high)s.")
            % {"low": f"{policy.budget_min / 100:,.2f}", "high": f"{policy.budget_max / 100:,.2f}"},
        )
    return budget


def check_cap(field: str, cap: int | None, policy: Pros) -> int | None:
    """A number of leads a day or a week, or None for no limit; else BadLimit."""
    if cap is not None and not 1 <= cap <= policy.cap_max:
        raise BadLimit(field, _("Enter a number from 1 to %(most)s, or nothing for no limit.") % {"most": policy.cap_max})
    return cap


def _pro(row: NewPro, now: datetime) -> Pro:
    return Pro(
        public_id=uuid.uuid4(),
        name=normal_name(row.name),
        place=normal_text(row.place, field="place", longest=80),
        state=normal_text(row.state, field="state", longest=2).upper(),
        zip=normal_zip(row.zip) if row.zip else "",
        zone=row.zone,
        phone=normal_phone(row.phone, toll_free=True) if row.phone else "",
        email=normal_email(row.email) if row.email else "",
        status=Pro.Status.APPROVED if row.approved else Pro.Status.APPLIED,
        signed_up_at=now,
        source_key=normal_text(row.source_key, field="source_key", longest=64),
        test=row.test,
    )


def _state(row: NewPro, pro: Pro, policy: Pros, anchor) -> ProState:
    return ProState(
        test=row.test,
        approved=row.approved,
        zone=row.zone,
        anchor=anchor,
        budget=check_budget(row.budget, policy),
        day_cap=check_cap("day_cap", row.day_cap, policy),
        week_cap=check_cap("week_cap", row.week_cap, policy),
    )


def _anchor(zone: str, now: datetime, known: dict):
    """The local date of sign-up: day 0 of the first period."""
    if zone not in known:
        try:
            known[zone] = now.astimezone(ZoneInfo(zone)).date()
        except (KeyError, ValueError, TypeError, OSError):
            raise BadZone(fields={"zone": BadZone.sentence}) from None
    return known[zone]


def _known_keys(pros) -> set[str]:
    keys = [pro.source_key for pro in pros if pro.source_key]
    return set(Pro.objects.filter(source_key__in=keys).values_list("source_key", flat=True)) if keys else set()


def _set_status(pro, status, now, by):
    if not Pro.objects.filter(pk=pro.pk).update(status=status):
        raise NotFound
    ProState.objects.filter(pro=pro).update(approved=status == Pro.Status.APPROVED, rev=F("rev") + 1)
    events.record(f"pro.{status}", pro.subject, now=now, actor=f"staff:{by.pk}" if by else "", test=pro.test)
    pro.status = status
