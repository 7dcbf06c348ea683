"""Some pros of the demo are members: bought by their owners, out of wallets that staff have filled."""

from datetime import datetime, timedelta

from accounts.models import User
from billing import membership, wallet
from billing.policy import Memberships
from core.policy import read
from operations.demo.cast import Cast

BOUGHT = {"heating": (3, 11), "remodeling": (3, 4), "plumbing": (2, 17), "home": (1, 6)}  # line: the tier, and how many days ago
PAID_IN = 25_000


def buy(cast: Cast, *, now: datetime) -> None:
    """The first company of each of these lines buys its membership; nothing happens where none is sold."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk").first()
    for line, (tier, ago) in BOUGHT.items() if read(Memberships).tiers else ():
        pro, at = cast.pro(line=line), now - timedelta(days=ago)
        wallet.top_up(pro, PAID_IN, by=staff, reference=f"first payment of {pro.source_key}", now=at - timedelta(hours=1))
        price = membership.cost(pro, None, tier, now=at)
        membership.buy(pro, tier, shown=price, by=cast.owners[pro.pk], now=at)
