"""A marketplace in which most things have happened once, told by the use cases, and committed: what `prove` is tested on."""

from datetime import timedelta

from core.tenancy import scope
from leads import links, withdrawal
from leads.tasks import fold_all, route_due
from notifications import delivery, stop
from notifications.models import Channel
from operations.founding import found
from tests.conftest import NOON
from tests.factories import SIGN_UP, a_lead, a_member, a_pro

CROWDED, SPARSE, LONELY, EMPTY = "60614", "60622", "60629", "60640"
END = NOON + timedelta(days=3, hours=1)


def tell():
    """Found two marketplaces and let them live until END; returns the first."""
    live, other = (found(slug=slug, preset="lead_manager", now=SIGN_UP) for slug in ("craftyard", "elsewhere"))
    _pros(live)
    _pros(other)
    _request(live, NOON - timedelta(days=35), zip=CROWDED)
    _work(live, NOON - timedelta(days=35))
    _request(other, NOON, zip=CROWDED)
    _work(other, NOON)

    for _ in range(22):
        _request(live, NOON, zip=LONELY)
    _request(live, NOON, zip=SPARSE, phone="+17735550171", email="", agreed_sms=True)
    _request(live, NOON, zip=EMPTY)
    _request(live, NOON, zip=CROWDED, test=True)
    first = _request(live, NOON, zip=CROWDED, email="ana@homeowners.example")
    _work(live, NOON)

    tomorrow = NOON + timedelta(days=1)
    _request(live, tomorrow, zip=CROWDED, email="ana@homeowners.example")
    _request(live, tomorrow, zip=CROWDED, email="ana@homeowners.example", description="Another one.", different_job=True)
    _work(live, tomorrow)

    with scope(live):
        withdrawal.stop_all_contact(links.lead_of(links.token(first)), now=NOON + timedelta(days=2))
        stop.stop(Channel.SMS, "+17735550171", reason="stop", now=NOON + timedelta(days=2))
    _request(live, NOON + timedelta(days=2), zip=EMPTY, agreed_sms=False)
    _work(live, NOON + timedelta(days=2))
    _work(live, END)
    for _ in range(2):
        _request(live, END, zip=EMPTY, agreed_sms=False)
    return live


def _pros(marketplace):
    with scope(marketplace):
        for number in range(6):
            limits = {"day_cap": 5, "week_cap": 9} if number else {}
            a_member(a_pro(zips=[CROWDED], budget=100_000, **limits), phone=f"+1312555019{number}")
        for _ in range(2):
            a_member(a_pro(zips=[SPARSE], budget=100_000))
        a_pro(zips=[LONELY], budget=1_000_000)
        for _ in range(3):
            a_pro(zips=[CROWDED], test=True)


def _request(marketplace, now, **changes):
    with scope(marketplace):
        return a_lead(now=now, **changes)


def _work(marketplace, now):
    """What workers do at `now`, and half a minute later when they look up what became of the messages."""
    while route_due(marketplace, now=now):
        pass
    fold_all(marketplace)
    delivery.drain(marketplace, now=now)
    delivery.drain(marketplace, now=now + timedelta(seconds=31))
