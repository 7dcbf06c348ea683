"""Reading money: a pro's charges by period, and what the books say about them."""

from django.db.models import Count, QuerySet, Sum as Total

from billing.models import Charge, LedgerAccount, Transfer
from billing.statement import Sum


def charges_of(pro, period: int) -> QuerySet:
    """The charges of one 30-day period of the pro, newest first, with their terms."""
    return Charge.objects.filter(pro=pro, period=period).select_related("terms").order_by("-opened_at", "-pk")


def sums_of(pro) -> dict[int, Sum]:
    """What each period of the pro that has charges comes to, the latest first. One query."""
    rows = (
        Charge.objects.filter(pro=pro)
        .order_by("-period")
        .values_list("period")
        .annotate(Count("pk"), Total("price"), Total("discounted"), Total("credited"))
    )
    return {row[0]: Sum(*row) for row in rows}


def owed_for(pro, period: int) -> int:
    """What the books say the pro owes for the charges of a period: debits less credits of its account."""
    account = LedgerAccount.objects.filter(kind=LedgerAccount.Kind.RECEIVABLE, pro=pro)
    posted = Transfer.objects.filter(charge__pro=pro, charge__period=period)
    owed = posted.filter(debit__in=account).aggregate(cents=Total("amount"))["cents"] or 0
    back = posted.filter(credit__in=account).aggregate(cents=Total("amount"))["cents"] or 0
    return owed - back
