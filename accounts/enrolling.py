"""Staff bring a company in: a pro with its services, its area, and somebody who can sign in for it (RULES 3)."""

from accounts import coverage, pros, team
from accounts.contact_data import normal_zip
from accounts.grounds import BadGround, Ground
from accounts.models import Coverage, Pro
from catalog.models import Zip


def enrol(*, name, zip, services, miles, owner_email, by, now, phone="", email="", budget=None) -> Pro:
    """A pro that receives leads for `services` within `miles` of its ZIP from now on; its owner is invited by e-mail. `by` is a user of
    the marketplace's staff, who has checked the company and manages its account. Budget in cents per period.

    Refuses what `pros.register`, `coverage.offer` and `team.invite_first_owner` refuse, and a ZIP nobody knows (BadGround).
    """
    home = Zip.objects.filter(code=normal_zip(zip)).first()
    if home is None:
        raise BadGround(0, "zip", BadGround.sentence)
    pro = pros.register(
        name=name, zip=home.code, place=home.place, state=home.state, zone=home.zone, phone=phone, email=email, budget=budget, now=now
    )
    Pro.objects.filter(pk=pro.pk).update(account_manager=by)
    coverage.offer(pro, services, rules=[Ground(kind=Coverage.Kind.RADIUS, center=home.code, miles=miles)], now=now)
    team.invite_first_owner(pro, email=owner_email, by=by, now=now)
    return pro
