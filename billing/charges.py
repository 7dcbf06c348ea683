"""A lead's charge, opened when the match is made. Discount and credit are its other verbs and come with calls and credits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing import ledger
from billing.models import Charge, Terms
from billing.pricing import Quote
from core import sql


@dataclass(frozen=True)
class Sale:
    """One match to charge: its id, who pays, and the pro's 30-day period the price counts in."""

    match_id: UUID
    pro_id: int
    period: int


def open_charges(sales: list[Sale], *, terms: Terms, quote: Quote, now: datetime) -> None:
    """Charge each match at the quoted price, once: one INSERT of charges, one of transfers. A free lead posts nothing."""
    sql.insert(
        Charge(id=sale.match_id, pro_id=sale.pro_id, terms=terms, price=quote.price, basis=quote.basis, period=sale.period, opened_at=now)
        for sale in sales
    )
    if quote.price:
        ledger.post([ledger.Entry(f"charge:{sale.match_id}", sale.pro_id, quote.price, sale.match_id, now) for sale in sales])
