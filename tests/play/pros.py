"""What the teams of pros do in a play."""

from datetime import timedelta

import time_machine

from accounts import purchase_settings as settings
from accounts.windows import local_date
from billing import membership as memberships
from billing.queries import membership_of
from contact.models import LocalCall
from core.policy import read
from core.tenancy import scope
from credits import requests, review
from credits.models import CreditRequest
from credits.policy import Credits
from leads import offers, opening, progress
from leads.models import Match, Offer
from tests.play.acts import collect

ACTS = []
act = collect(ACTS)


@act(26, alone=True)
def accept(game, *, now):
    """At the price that was shown; a second tap at the new one, should it have changed."""
    with scope(game.marketplace):
        wanted = Offer.objects.select_related("pro", "lead")
        if game.chance.random() < 0.8:
            wanted = wanted.filter(state="open", opens_at__lte=now)
        offer = game.some(wanted)
        by, price = game.member(offer.pro_id), offer.price
    try:
        with scope(game.marketplace):
            offers.accept(offer, by=by, shown_price=price, now=now)
    except offers.PriceChanged as changed:
        with scope(game.marketplace):
            offers.accept(offer, by=by, shown_price=changed.new, now=now)


@act(6)
def undo(game, *, now):
    match = game.some(Match.objects.filter(lead_type__in=["opt_in", "choice"]).select_related("pro"))
    if game.chance.random() < 0.7:
        match = game.some(Match.objects.filter(state="live", at__gt=now - timedelta(minutes=11)).select_related("pro"))
    offers.undo(match, by=game.member(match.pro_id), now=now)


@act(2)
def decline(game, *, now):
    offer = game.some(Offer.objects.select_related("pro"))
    offers.decline(offer, reason=game.chance.choice(Offer.Reason.values), by=game.member(offer.pro_id), now=now)


@act(3)
def leave_the_draw(game, *, now):
    offer = game.some(Offer.objects.filter(state="waiting").select_related("pro"))
    offers.leave_draw(offer, by=game.member(offer.pro_id), now=now)


@act(4)
def open_lead(game, *, now):
    match = game.some(Match.objects.filter(opened_at=None))
    opening.open_match(match, by=game.member(match.pro_id), now=now)


@act(3)
def say_how_it_goes(game, *, now):
    match = game.some(Match.objects.all())
    said = game.chance.choice(Match.Progress.values)
    more = {"won": {"won_amount": 250_000}, "lost": {"lost_reason": "price"}}.get(said, {})
    progress.set_progress(match, said, by=game.member(match.pro_id), now=now, **more)


@act(6)
def change_settings(game, *, now):
    draw, pro = game.chance, game.pro()
    by = game.member(pro.pk)
    if draw.random() < 0.6:  # most of what was narrowed is widened again, so that the play goes on
        which = draw.choice(["resume", "hours", "caps", "budget", "wants", "days"])
        match which:
            case "resume":
                settings.resume(pro, by=by, now=now)
            case "hours":
                settings.set_hours(pro, None, None, by=by, now=now)
            case "caps":
                settings.set_day_cap(pro, None, by=by, now=now)
                settings.set_week_cap(pro, None, by=by, now=now)
                settings.set_open_cap(pro, None, by=by, now=now)
            case "budget":
                settings.set_budget(pro, 500_000, by=by, now=now)
            case "wants":
                for change in (settings.set_offers, settings.set_choice_match, settings.set_automatch):
                    change(pro, True, by=by, now=now)
            case "days":
                settings.set_days_off(pro, 0, by=by, now=now)
                settings.set_away(pro, None, None, by=by, now=now)
        return
    today = local_date(pro.zone, now)
    match draw.randrange(9):
        case 0:
            settings.pause(pro, until=draw.choice([None, now + timedelta(minutes=20), now + timedelta(hours=3)]), by=by, now=now)
        case 1:
            settings.set_hours(pro, draw.randrange(1440), draw.randrange(1440), by=by, now=now)
        case 2:
            settings.set_days_off(pro, draw.randrange(127), by=by, now=now)
        case 3:
            settings.set_away(pro, today, today + timedelta(days=draw.randrange(3)), by=by, now=now)
        case 4:
            settings.set_day_cap(pro, draw.randint(1, 4), by=by, now=now)
        case 5:
            settings.set_open_cap(pro, draw.randint(1, 5), by=by, now=now)
        case 6:
            settings.set_budget(pro, draw.choice([10_000, 20_000, 60_000]), by=by, now=now)
        case 7:
            draw.choice([settings.set_offers, settings.set_choice_match, settings.set_automatch])(pro, False, by=by, now=now)
        case 8:
            settings.set_week_cap(pro, draw.randint(1, 9), by=by, now=now)


@act(3)
def deal_with_membership(game, *, now):
    pro = game.pro()
    by, held, tier = game.member(pro.pk), membership_of(pro), game.chance.randint(1, 3)
    if held is None:
        memberships.buy(pro, tier, shown=memberships.cost(pro, None, tier, now=now), by=by, now=now)
    elif game.chance.random() < 0.3:
        memberships.cancel(pro, by=by, now=now)
    else:
        memberships.change(pro, tier, seen=held.stamp, shown=memberships.cost(pro, held, tier, now=now), by=by, now=now)


@act(3)
def ask_for_a_credit(game, *, now):
    match = game.some(Match.objects.select_related("pro"))
    reason = game.chance.choice(read(Credits).reasons)
    requests.submit(match, reason=reason, words="It was not right.", by=game.member(match.pro_id), now=now)


@act(1)
def appeal(game, *, now):
    request = game.some(CreditRequest.objects.filter(state="refused").select_related("match__pro"))
    review.appeal(request, words="Look again.", by=game.member(request.match.pro_id), now=now)


@act(5, alone=True)
def call(game, *, now):
    """Somebody of the pro dials, enters the PIN, and lets it ring; perhaps somebody answers, and perhaps the homeowner calls back."""
    with scope(game.marketplace):
        match = game.some(Match.objects.select_related("line__number", "lead__homeowner", "pro"))
        phone, line = game.member(match.pro_id).user.phone, match.line
        back = game.chance.random() < 0.2
        caller = match.lead.homeowner.phone if back else phone
    if not caller:
        return
    with time_machine.travel(now, tick=False):
        dialled = game.carrier.dial(from_number=caller, to_number=line.number.number, at=now)
        game.carrier.press(dialled, game.chance.choice("123") if back else line.pin, at=now)
        with scope(game.marketplace):
            far = LocalCall.objects.filter(parent__provider_id=dialled).values_list("provider_id", flat=True).first()
        if far and game.chance.random() < 0.6:
            game.carrier.answer(far, at=now)
        if game.chance.random() < 0.5:
            game.carrier.hang_up(game.chance.choice([far or dialled, dialled]), at=now)
