"""What there is to see where leads are offered: one pro with an offer in every state, its team, and the pros that were quicker."""

from datetime import timedelta

from accounts.models import Member, ProState, User
from billing import wallet
from core.models import Marketplace
from core.tenancy import scope
from leads import links, matching, offers, withdrawal
from leads.models import Lead, Offer
from leads.opening import open_match
from leads.queries import match_of
from tests.factories import a_funded_pro, a_lead, a_member

MINUTE = timedelta(minutes=1)
NAMES = ("Saltgrass Plumbing", "Moontower Water Works", "Live Oak Drain", "Bluebonnet Row Plumbing", "Cistern & Sons")
WORDS = "Swap a 50-gallon tank for a tankless unit. The gas line is 3/4 inch. Call me at (512) 555-0142, Dana."


def make(market, now) -> None:
    """Every answer is one of the use cases, at its own instant."""
    hearthline = Marketplace.objects.get(slug="hearthline")
    with scope(hearthline):
        then = now - timedelta(days=40)
        teams = [_team(name, tier=3, now=then) for name in NAMES]
        first, *others = teams
        market.members |= {
            "opter": first,
            "helper": _plain(first, then),
            "broke": _team("Dune Grass Plumbing", tier=3, now=then, cents=900),
        }
        _team("Old Dam Plumbing", tier=0, now=then)  # so that the first seats are not all
        staff = User.objects.filter(is_staff=True).order_by("pk").first()
        wallet.top_up(first.pro, 20_000, by=staff, reference="wire 2291", now=now - timedelta(days=1))
        story = _Story(market, first, now)
        story.offered("opted", 190, accepts=(first,), opens=True)
        story.offered("gone", 130, accepts=others)
        matching.route(lead_id=market.leads["gone"].pk, now=now - 80 * MINUTE)
        story.offered("passed on", 110)
        offers.decline(story.offer("passed on"), reason="too_far", by=first, now=now - 100 * MINUTE)
        story.offered("drawn", 70)
        Offer.objects.filter(pk=story.offer("drawn").pk).update(state=Offer.State.WAITING)
        story.offered("given back", 60, accepts=(first,))
        offers.undo(story.match("given back"), by=first, now=story.at["given back"] + 4 * MINUTE)
        story.offered("withdrawn offer", 50)
        lead = market.leads["withdrawn offer"]
        withdrawal.stop_all_contact(links.lead_of(links.token(lead)), now=now - 40 * MINUTE)
        story.offered("offered", 30, accepts=others[:1], description=WORDS)
        kept = story.offered("kept", 7, accepts=others[:2])
        Lead.objects.filter(pk=kept.pk).update(open_to_all_at=now + timedelta(hours=2))  # as long as somebody looks
        story.offered("may be undone", 2, accepts=(first,))
        Offer.objects.filter(pk=story.offer("may be undone").pk).update(undo_until=now + 99 * MINUTE)  # as long as somebody looks
        story.offered("soon", 1)
        Offer.objects.filter(pk=story.offer("soon").pk).update(opens_at=now + timedelta(hours=3))


def _team(name, *, tier, now, cents=50_000) -> Member:
    pro = a_funded_pro(name, cents=cents, budget=60_000, now=now)
    ProState.objects.filter(pro=pro).update(tier=tier)
    return a_member(pro, email=f"owner@{name.split()[0].lower()}.example", now=now)


def _plain(owner, now) -> Member:
    member = a_member(owner.pro, role=Member.Role.MEMBER, email="helper@saltgrass.example", now=now)
    Member.objects.filter(pk=member.pk).update(accept_up_to=500)
    return member


class _Story:
    def __init__(self, market, me, now):
        self.market, self.me, self.now, self.at = market, me, now, {}

    def offered(self, name, minutes, accepts=(), opens=False, **said) -> Lead:
        self.at[name] = self.now - minutes * MINUTE
        number = len(self.at)
        about = {"phone": f"+1512555{130 + number:04}", "street": f"{number} Sample Street", "name": f"Homer {name.title()}"} | said
        lead = self.market.leads[name] = a_lead(now=self.at[name], **about)
        matching.route(lead_id=lead.pk, now=self.at[name])
        for number, member in enumerate(accepts, start=1):
            offer = Offer.objects.select_related("pro", "terms").get(lead=lead, pro=member.pro)
            after = number * MINUTE / 4 if number <= 2 else (15 + number) * MINUTE  # the first two seats only before all may accept
            match = offers.accept(offer, by=member, shown_price=offer.price, now=self.at[name] + after)
            if opens:
                open_match(match, by=member, now=self.at[name] + 12 * MINUTE)
        return lead

    def offer(self, name) -> Offer:
        return Offer.objects.select_related("pro", "terms").get(lead=self.market.leads[name], pro=self.me.pro)

    def match(self, name):
        return match_of(self.offer(name))
