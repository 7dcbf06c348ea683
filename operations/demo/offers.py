"""Where pros opt in: what homeowners of Austin asked for, and what pros answered to the offers, up to some minutes ago.

One pro sees every state: offers it may accept, one that opens soon, one it accepted and may still undo, one it gave back, one that others
took, one it passed on, and a lead it works.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from accounts import team
from accounts.models import Member, ProState, User
from billing import wallet
from core.tenancy import scope
from leads import matching, offers
from leads.models import Match, Offer
from leads.opening import open_match
from operations.demo.clock import LOOK, MOMENT, catch_up, pass_time
from operations.demo.sample import Wish
from operations.demo.story import Scene, Stage

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TOGETHER = 4 * MINUTE  # what happens within so long is delivered at once: delivering takes longer than all the rest
TIERS = {"heating": 3, "remodeling": 3, "plumbing": 2, "home": 1}  # by line of business; the others have no membership
PAID, LITTLE = 40_000, 600  # what is in the wallets; the first electrician's is nearly empty
MEMBER_LIMIT = 2_500  # up to which price the second member of the main pro accepts
ZIPS = ("78704", "78745", "78702", "78757", "78723")
WORDS = {
    "tank": "The tank is leaking from the bottom. We would like to hear about tankless as well.",
    "drip": "The shower valve drips and the wall behind it is damp.",
    "cold": "No hot water since Sunday, and the pilot light does not stay on.",
    "low": "Low pressure in the whole house since the street work.",
    "old": "The water heater is twenty years old and should go before it breaks.",
    "smell": "Rusty water in the morning, and the tank makes noises.",
    "kitchen": "A new sink and faucet in the kitchen; the parts are here.",
    "slow": "Two drains are slow, and the trap under the sink is cracked.",
}


class OfferStage(Stage):
    """The same stage, where leads are offered."""

    def play(self) -> None:
        with scope(self.marketplace):
            self.endow()
        scenes = sorted(self.scenes(), key=lambda scene: scene.at)
        for scene, following in pairwise([*scenes, Scene(self.now, None)]):
            with scope(self.marketplace):
                scene.play(scene.at)
            if following.at - scene.at > TOGETHER:
                pass_time(self.marketplace, until=scene.at + MOMENT)
        catch_up(self.marketplace, now=self.now)

    def endow(self) -> None:
        """Money in the wallets, as staff have recorded it, memberships, and what the main pro's second member may accept."""
        staff = User.objects.filter(is_staff=True).order_by("pk").first()
        poor = self.cast.pro(line="electric")
        for number, pro in enumerate(self.cast.pros.values(), start=1):
            paid_at = self.now - timedelta(days=6, hours=number % 5)
            cents = LITTLE if pro == poor else PAID + 2_500 * (number % 4)
            wallet.top_up(pro, cents, by=staff, reference=f"bank transfer {1_040 + number}", now=paid_at)
        for line, tier in TIERS.items():
            ids = [self.cast.pros[one.key].pk for one in self.cast.companies if one.line == line]
            ProState.objects.filter(pro__in=ids).update(tier=tier)
        member = Member.objects.select_related("pro").get(pro=self.main, role=Member.Role.MEMBER)
        team.let_accept(member, MEMBER_LIMIT, by=self.cast.owners[self.main.pk], now=self.now - timedelta(days=5))

    def scenes(self) -> list[Scene]:
        """Asked so long ago, and answered by whom after so many minutes."""
        heating, remodeling, home, pools = (self.cast.pro(line=line) for line in ("heating", "remodeling", "home", "pools"))
        main = self.main
        return [
            *self.offered("low", 27 * HOUR, "plumbing-repair", (heating, 6), (main, 7)),
            Scene(self.now - 27 * HOUR + 12 * MINUTE, self.open_newest),
            self.looked_at("low", 22 * HOUR),  # who has not answered is asked once more
            *self.offered("smell", 6 * HOUR, "water-heater", (heating, 1), (remodeling, 3), (home, 16), (pools, 18)),
            self.looked_at("smell", 5 * HOUR),  # nobody can undo any more
            *self.offered("slow", 3 * HOUR, "plumbing-repair", (heating, 4), passes=(main, "too_far", 7)),
            *self.offered("cold", 70 * MINUTE, "water-heater", (remodeling, 5), (main, 6)),
            Scene(self.now - 61 * MINUTE, self.undo_newest),
            *self.offered("tank", 34 * MINUTE, "water-heater", (heating, 2)),
            *self.offered("drip", 12 * MINUTE, "plumbing-repair", (remodeling, 1)),
            *self.offered("old", 8 * MINUTE, "water-heater", (main, 6)),
            *self.offered("kitchen", 2 * MINUTE, "plumbing-fixtures"),
        ]

    def offered(self, name, ago, service, *accepted, passes=None) -> list[Scene]:
        """Somebody asks; pros accept and pass after so many minutes."""
        at = self.now - ago
        wish = Wish(service, "Austin", ZIPS[len(name) % len(ZIPS)], WORDS[name])
        scenes = [Scene(at, lambda at: self.ask_pros(name, wish, at))]
        for pro, after in accepted:
            scenes.append(Scene(at + after * MINUTE, lambda at, pro=pro: self.accept(self.offer(name, pro), at)))
        if passes:
            pro, reason, after = passes
            scenes.append(Scene(at + after * MINUTE, lambda at: self.decline(self.offer(name, pro), reason, at)))
        return scenes

    def ask_pros(self, name, wish, at: datetime):
        """The request, and its first look: that offers it."""
        self.requests[name] = self.ask(wish, at)
        matching.route(lead_id=self.requests[name].pk, now=at + LOOK)

    def looked_at(self, name, ago) -> Scene:
        """A worker looks at the lead, as it does when that is due."""
        return Scene(self.now - ago, lambda at: matching.route(lead_id=self.requests[name].pk, now=at))

    def offer(self, name, pro) -> Offer:
        return Offer.objects.select_related("pro", "terms").get(lead=self.requests[name], pro=pro)

    def accept(self, offer, at: datetime):
        """Then, or as soon as its head start lets it."""
        offers.accept(offer, by=self.cast.owners[offer.pro_id], shown_price=offer.price, now=max(at, offer.opens_at))

    def decline(self, offer, reason, at: datetime):
        offers.decline(offer, reason=reason, by=self.cast.owners[offer.pro_id], now=at)

    def open_newest(self, at: datetime):
        open_match(self._newest(), by=self.cast.owners[self.main.pk], now=at)

    def undo_newest(self, at: datetime):
        offers.undo(self._newest(), by=self.cast.owners[self.main.pk], now=at)

    def _newest(self) -> Match:
        return Match.objects.filter(pro=self.main).select_related("line", "pro").latest("at")
