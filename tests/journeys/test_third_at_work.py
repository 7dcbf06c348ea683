"""The third marketplace at work, set up in the admin alone: a pick is a personal offer charged on accept, others opt in, three seats."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Member, Pro
from billing.models import Charge
from catalog.models import Service
from core.tenancy import scope
from leads import intake, links
from leads.models import Lead, Match, Offer
from leads.tasks import route_due
from notifications.models import Message
from operations.prove import prove
from tests.factories import a_request
from tests.journeys.test_third_marketplace import HOST, PASSWORD, filled, northgate, owner, platform, problems

__all__ = ["northgate", "owner", "platform"]
pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ("Mesa Plumbing", "Larimer Pipe", "Platte Water", "Sloan Drain", "Colfax Heating")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travel:
        yield travel


@pytest.fixture
def desk(clock, owner, northgate):
    """Choice and opt-in, a flat price of $31.50, three seats, 20 minutes to choose, published and announced in the admin."""
    page = owner.get("/admin/core/policyversion/add/")
    changes = {"leads__lead_types": "choice, opt_in", "leads__seats": "3", "phone_check__mode": "off"}
    changes |= {"choice__window": "1200", "choice__remind": "900", "choice__longest": "2400"}
    assert owner.post("/admin/core/policyversion/add/", filled(page, **changes)).status_code == 302
    page = owner.get("/admin/billing/terms/add/")
    terms = {"effective_from_0": "2026-05-20", "effective_from_1": "00:00:00", "pricing": "flat", "minutes": "30", "hours": "72"}
    answer = owner.post("/admin/billing/terms/add/", filled(page, **terms, **{"price__water-heater": "31.50"}))
    assert answer.status_code == 302, problems(answer)
    northgate.refresh_from_db()
    return owner


@pytest.fixture
def pros(desk, northgate):
    """Five companies: brought in and paid in by staff, joined by their owners through the link of the mail. {name: a signed-in client}."""
    clients = {}
    for number, name in enumerate(NAMES):
        with scope(northgate):
            service = Service.objects.get(code="water-heater").pk
        said = filled(desk.get("/admin/accounts/pro/add/"), name=name, zip="80202", miles="20", services=[service])
        said["owner_email"] = f"owner{number}@pros.example"
        assert desk.post("/admin/accounts/pro/add/", said).status_code == 302
        with scope(northgate):
            pro = Pro.objects.get(name=name)
            link = Message.objects.get(kind="invitation", address=f"owner{number}@pros.example").context["url"]
        paid = desk.post("/admin/billing/transfer/add/", {"pro": pro.pk, "dollars": "100.00", "payment": f"wire {number}"})
        assert paid.status_code == 302
        client = Client(HTTP_HOST=HOST)
        path = "/pro/" + link.partition("/pro/")[2]
        joined = client.post(path, {"name": f"Ann {name}", "phone": "", "password": PASSWORD, "again": PASSWORD})
        assert joined.status_code == 302, joined.content
        clients[name] = client
    return clients


def a_request_of(northgate, **said) -> Lead:
    with scope(northgate):
        asked = a_request(zip="80202", street="7 Marker Street", name="Dana Marker", phone="+13035550142", **said)
        return intake.submit(asked, submit_key=asked.email, now=datetime.now(UTC), page="/request/").lead


def offer_of(northgate, lead, name) -> Offer:
    with scope(northgate):
        return Offer.objects.get(lead=lead, pro__name=name)


def accept(client, offer, price="3150"):
    return client.post(f"/pro/offers/{offer.pk}/accept/", {"price": price})


def work(northgate):
    route_due(northgate, now=datetime.now(UTC))


def test_a_pick_is_a_personal_offer_charged_on_accept_and_others_opt_in_up_to_three(northgate, pros, clock):
    lead, visitor = a_request_of(northgate, way="choose"), Client(HTTP_HOST=HOST)
    with scope(northgate):
        assert lead.choice_ends_at == START + 20 * MINUTE and lead.seats == 3
        token, public = links.token(lead), dict(Pro.objects.values_list("name", "public_id"))
    page = visitor.get(f"/request/{token}/choose/").content.decode()
    assert all(name in page for name in NAMES)
    sent = visitor.post(f"/request/{token}/choose/", {"pro": [public["Mesa Plumbing"], public["Larimer Pipe"]], "fill": "1"})
    assert sent.status_code == 302
    with scope(northgate):
        assert not Match.objects.exists() and not Charge.objects.exists()
        assert {offer.lead_type for offer in Offer.objects.filter(slot__isnull=False)} == {"choice"}
    mine = offer_of(northgate, lead, "Mesa Plumbing")
    shown = pros["Mesa Plumbing"].get(f"/pro/offers/{mine.pk}/").content.decode()
    assert "$31.50" in shown and "Choice Match" in shown and "Marker" not in shown
    assert pros["Larimer Pipe"].get(f"/pro/offers/{mine.pk}/").status_code == 404

    assert accept(pros["Mesa Plumbing"], mine).status_code == 302
    with scope(northgate):
        match = Match.objects.get()
        assert (match.lead_type, match.price, Charge.objects.get().prepaid) == ("choice", 3_150, True)
    clock.shift(31 * MINUTE)  # the other pick let its time pass: its seat is free, and the free seats are offered
    work(northgate)
    clock.shift(16 * MINUTE)  # everybody may accept now
    answers = [accept(pros[name], offer_of(northgate, lead, name)).status_code for name in NAMES[2:]]
    assert sorted(answers) == [302, 302, 409], "three seats, never a fourth"
    page = visitor.get(f"/request/{token}/").content.decode()
    assert "Mesa Plumbing" in page and page.count('class="free"') == 0
    assert "3 of 3 seats" in pros["Mesa Plumbing"].get("/pro/leads/").content.decode()
    with scope(northgate):
        kinds = sorted(Match.objects.values_list("lead_type", flat=True))
        assert kinds == ["choice", "opt_in", "opt_in"] and Charge.objects.count() == 3
        assert Member.objects.count() == 5
    broken = {finding.name for finding in prove(northgate, now=datetime.now(UTC)) if finding.broken}
    assert broken <= {"time.in_time", "time.leads_due", "time.messages_due", "contact.due"}, "no worker runs here"


def test_whoever_wants_to_be_matched_is_offered_to_all_and_nobody_comes_too_early(northgate, pros, clock):
    lead = a_request_of(northgate)
    work(northgate)
    first = offer_of(northgate, lead, NAMES[0])
    assert accept(pros[NAMES[0]], first).status_code == 409, "no tier: 15 minutes after the first"
    clock.shift(15 * MINUTE)
    assert accept(pros[NAMES[0]], first, price="1").status_code == 409, "another price than the one on the button"
    assert accept(pros[NAMES[0]], first).status_code == 302
    assert pros[NAMES[0]].post(f"/pro/offers/{first.pk}/undo/").status_code == 302
    with scope(northgate):
        assert Match.objects.get().state == "undone" and Charge.objects.get().net == 0
