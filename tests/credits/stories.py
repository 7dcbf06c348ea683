"""What stories of credits are made of: a lead at noon with its pros, calls that were made on it, and the marketplace's staff."""

from datetime import timedelta

from accounts.models import Member, User
from billing.models import Charge, Transfer
from contact.models import Call, Leg, Line, Side
from core.ids import new_id
from leads.models import Match
from tests.factories import ZIP, a_matched_lead, a_member, a_pro

PRICE = 2_800  # of a water heater, cents
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def seats(*, now, pros=1, delivered=True, **changes) -> list[Match]:
    """The matches of a lead, by slot; each pro has an owner. Its notices arrived at once."""
    for _each in range(pros):
        a_member(a_pro(zips=[changes.get("zip", ZIP)]), phone="+17735550199")
    lead = a_matched_lead(now=now, **changes)
    if delivered:
        Line.objects.filter(match__lead=lead).update(delivered_at=now, clock_starts_at=now, clock_ends_at=now + 30 * MINUTE)
    return again(lead.matches.order_by("slot"))


def again(matches) -> list[Match]:
    """The matches as they are now."""
    pks = [match.pk for match in matches]
    return list(Match.objects.filter(pk__in=pks).select_related("pro", "line", "charge", "lead", "terms").order_by("slot"))


def owner_of(match) -> Member:
    return Member.objects.filter(pro=match.pro_id).first()


def staff(name="Renee Okafor", **rights) -> User:
    """Somebody who works for the marketplace."""
    return User.objects.create_user(f"{name.split()[0].lower()}@craftyard.example", "x", name=name, is_staff=True, **rights)


def dead(match, *, at) -> Call:
    """A call that found the number dead."""
    return _call(match, at, status="failed", code=404, ended_at=at)


def rang(match, *, at) -> Call:
    """A call that nobody answered."""
    return _call(match, at, status="no-answer", ringing_at=at, ended_at=at + 30 * timedelta(seconds=1))


def spoke(match, *, at, for_=MINUTE) -> Call:
    """A call in which two people spoke for a minute."""
    return _call(match, at, status="completed", answered_at=at, ended_at=at + for_, machine=False)


def _call(match, at, **facts):
    call = Call.objects.create(way=Call.Way.PIN, number=match.line.number, line=match.line, opened_at=at, closed_at=at + MINUTE)
    Leg.objects.create(call=call, side=Side.HOMEOWNER, provider_id=f"CA{new_id().hex}", initiated_at=at, **facts)
    return call


def money(match) -> tuple:
    """(price, discounted, credited) of the match's charge, and what its transfers add up to on the pro's side."""
    charge = Charge.objects.get(pk=match.pk)
    owed = 0
    for transfer in Transfer.objects.filter(charge=charge).select_related("debit"):
        owed += transfer.amount if transfer.debit.pro_id else -transfer.amount
    return charge.price, charge.discounted, charge.credited, owed
