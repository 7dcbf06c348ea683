"""What staff do in a play."""

from dataclasses import replace

from accounts import pros
from accounts.models import Pro
from billing import membership as memberships
from billing import terms, wallet
from billing.models import Terms
from billing.policy import Billing
from core.policy import publish, read
from credits import review
from credits.models import CreditRequest
from leads import unlisted
from leads.models import Wish
from leads.policy import OptIn
from tests.play.acts import collect

ACTS = []
act = collect(ACTS)


def pay(pro, cents, *, by, reference, now) -> None:
    """What a pro has paid, where pros pay beforehand."""
    if read(Billing).prepaid:
        wallet.top_up(pro, cents, by=by, reference=reference, now=now)


@act(3)
def record_a_payment(game, *, now):
    number = game.chance.randrange(400)
    pay(game.pro(), 5_000 + number, by=game.clerk(), reference=f"wire {number}", now=now)


@act(4)
def decide_a_credit(game, *, now):
    request = game.some(CreditRequest.objects.filter(state__in=CreditRequest.UNDECIDED).select_related("match__pro"))
    verdict = game.chance.choice(["grant", "grant", "refuse"])
    rule = game.chance.choice(review.rules_of(verdict))
    review.decide(request, verdict=verdict, rule=rule, note="So it is.", by=game.clerk(), now=now)


@act(0.5)
def give_a_month(game, *, now):
    memberships.give(game.pro(), game.chance.randint(1, 3), by=game.clerk(), now=now)


@act(0.6)
def suspend_or_approve(game, *, now):
    pro = game.some(Pro.objects.exclude(status="approved")) if game.chance.random() < 0.6 else game.pro()
    (pros.suspend if pro.status == "approved" else pros.approve)(pro, now=now, by=game.clerk())


@act(1.5)
def answer_a_wish(game, *, now):
    wish, by = game.some(Wish.objects.all()), game.clerk()
    amounts = (40_000, 80_000, 120_000)
    match game.chance.randrange(3):
        case 0:
            unlisted.refuse(wish.pk, "We do not do that.", by=by, now=now)
        case 1:
            unlisted.send_as(wish.pk, "plumbing-repair", by=by, now=now)
        case 2:
            name = f"Thing {game.chance.randrange(4)}"
            made = {"trade": "plumbing", "name": name, "synonyms": [], "like": "", "amounts": amounts, "lead_price": 2_500}
            unlisted.add_to_catalogue(wish.pk, **made, by=by, now=now)


@act(1)
def take_a_service_up(game, *, now):
    """A pro adds a service that somebody waits for."""
    wish = game.some(Wish.objects.filter(state="offered").select_related("service"))
    pro = game.pro()
    unlisted.take_up(pro, wish.service, by=game.member(pro.pk), now=now)


@act(0.15)
def draw_or_not(game, *, now):
    """The marketplace changes how seats are allocated, while leads are open."""
    other = "first" if read(OptIn).allocation == "draw" else "draw"
    publish([replace(one, allocation=other) if isinstance(one, OptIn) else one for one in game.sections], now=now)


@act(0.15)
def change_prices(game, *, now):
    latest = Terms.objects.order_by("-version").first()
    kept = {field.name: getattr(latest, field.name) for field in Terms._meta.concrete_fields}
    conditions = {name: value for name, value in kept.items() if name not in ("id", "marketplace", "version", "effective_from")}
    if latest.pricing == "percent":
        conditions["basis_points"] = game.chance.choice([80, 100, 120])
    else:
        conditions["prices"] = {code: price + game.chance.choice([-100, 0, 100]) for code, price in latest.prices.items()}
    terms.publish(now=now, **conditions)
