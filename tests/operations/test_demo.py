"""The demo of `make run`: built once, at an hour when everybody sleeps, and looked at from all sides."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Sum

from accounts.models import Member, Pro, ProArea, ProState, User
from billing.models import Charge, Membership, Transfer
from catalog.models import Service, Zip
from catalog.stock import flat_prices
from contact.models import Line
from core.models import Marketplace
from core.tenancy import SETTING, scope
from credits.models import CreditRequest
from demo.build_sample import Names, key
from leads.candidates import as_candidates
from leads.decision import Request, first_failure, instant
from leads.links import lead_of
from leads.models import Lead, LeadType, Match, Offer, Reveal
from leads.queries import offers_for
from notifications.models import LocalDelivery, Message
from operations.demo import NoDemoHere, build, logins
from operations.demo.building import PLATFORM_ADMIN
from operations.demo.cast import PASSWORD
from operations.demo.marketplaces import CRAFTYARD, HEARTHLINE
from operations.demo.sample import FOLDER, companies, names, wishes
from operations.prove import prove
from web import brand

NIGHT = datetime(2026, 5, 20, 8, 30, tzinfo=UTC)  # half past three in Chicago
PLANS = tuple(replace(plan, slug=f"demo-{plan.slug}") for plan in (CRAFTYARD, HEARTHLINE))
LIKELY_JOB = 500_000


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The demo under other names, as of half past three in the night."""
    local = pytest.MonkeyPatch()
    local.setattr("django.conf.settings.EMAIL_BACKEND", "notifications.channels.local.LocalEmailBackend")
    local.setattr("core.doorbell._put", lambda task, ids: None)
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(now=NIGHT, plans=PLANS)
        transaction.set_rollback(True)
    local.undo()


@pytest.fixture
def craftyard(built):
    with scope(Marketplace.objects.get(slug="demo-craftyard")) as marketplace:
        yield marketplace


@pytest.fixture
def hearthline(built):
    with scope(Marketplace.objects.get(slug="demo-hearthline")) as marketplace:
        yield marketplace


def test_both_marketplaces_are_made(built):
    assert [(one.name, one.new) for one in built] == [("Craftyard", True), ("Hearthline", True)]
    assert built[0].pros >= 120 and built[0].leads >= 120
    assert built[1].pros == 15 and built[1].leads == 8


def test_no_worker_is_woken_for_what_is_done(built):
    assert not connection.run_on_commit


def test_the_second_time_nothing_is_added(built):
    def rows():
        counts = [User.objects.count()]
        for plan in PLANS:
            with scope(Marketplace.objects.get(slug=plan.slug)):
                counts += [model.objects.count() for model in (Pro, Member, Lead, Match, Charge, Message, User)]
        return counts

    before = rows()
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, '', true)", [SETTING])  # a new transaction begins outside all marketplaces
    assert [one.new for one in build(now=NIGHT, plans=PLANS)] == [False, False]
    assert rows() == before


def test_leads_are_in_every_state_up_to_some_minutes_ago(craftyard):
    states = {(lead.state, lead.outcome) for lead in Lead.objects.filter(test=False)}
    assert states >= {("open", ""), ("closed", "filled"), ("closed", "part_filled"), ("closed", "unfilled")}
    assert Lead.objects.exclude(withdrawn_at=None).count() >= 2
    assert [lead.group_id != lead.pk for lead in Lead.objects.all()].count(True) == 1
    assert Lead.objects.filter(test=True).count() == 1 and Match.objects.filter(test=True).count() == 4
    assert Lead.objects.filter(ownership=Lead.Ownership.RENTER_APPROVED).exists()
    assert Match.objects.filter(opened_at=None).exists() and Match.objects.exclude(opened_at=None).exists()
    part_filled = Lead.objects.filter(state="open").annotate(taken=Count("matches")).filter(taken__gt=0)
    assert part_filled.exists()
    ages = sorted((NIGHT - at).total_seconds() / 60 for at in Lead.objects.values_list("submitted_at", flat=True))
    assert 3 <= ages[0] <= 5 and 18 <= ages[-1] / 60 / 24 <= 21


def test_no_invariant_is_broken(built):
    for plan in PLANS:
        findings = prove(Marketplace.objects.get(slug=plan.slug), now=NIGHT)
        assert [finding.name for finding in findings if finding.broken and not finding.name.startswith("tenancy.")] == []


def test_the_books_balance(craftyard):
    owed = Counter(dict(Transfer.objects.exclude(debit__pro=None).values_list("debit__pro").annotate(Sum("amount")).order_by()))
    owed.subtract(dict(Transfer.objects.exclude(credit__pro=None).values_list("credit__pro").annotate(Sum("amount")).order_by()))
    net = F("price") - F("discounted") - F("credited")
    assert (
        owed == Counter(dict(Charge.objects.values("pro").annotate(cents=Sum(net)).order_by().values_list("pro", "cents")))
        and owed.total() > 0
    )
    assert Charge.objects.exclude(discounted=0).count() > 20 and Charge.objects.exclude(credited=0).exists()
    for state in ProState.objects.filter(test=False):
        this_period = Charge.objects.filter(pro=state.pro_id, period=state.period).aggregate(cents=Sum(net))["cents"] or 0
        assert state.spent == this_period <= state.budget


def test_every_service_has_four_pros_in_both_cities_even_at_night(craftyard):
    places = {(zip.cell, zip.bit): zip for zip in Zip.objects.all() if (zip.place, zip.state) in {("Chicago", "IL"), ("Austin", "TX")}}
    prices, services = flat_prices(), {service.pk: service.code for service in Service.objects.all()}
    candidates = {
        candidate.pro: candidate
        for candidate in as_candidates(ProState.objects.all(), lead_type=LeadType.AUTOMATCH, own=set(), in_group=set(), now=NIGHT)
    }
    found = defaultdict(Counter)
    for area in ProArea.objects.all():
        request = Request(instant(NIGHT), "automatch", 4, LIKELY_JOB, prices[services[area.service_id]])
        if first_failure(request, candidates[area.pro_id]) is None:
            found[services[area.service_id]].update(
                zip.code for (cell, bit), zip in places.items() if cell == area.cell and area.mask >> bit & 1
            )
    assert set(found) == set(prices)
    fewest = {service: min(counts[zip.code] for zip in places.values()) for service, counts in found.items()}
    assert {service: count for service, count in fewest.items() if count < 4} == {}


def test_pros_differ_in_what_they_want(craftyard):
    states = ProState.objects.filter(test=False)
    assert states.filter(receives_choice=False).count() > 10
    assert states.filter(accepts_renters=True).count() > 50
    assert states.filter(paused=True).count() == 1
    assert states.exclude(opens=None).count() > 10
    assert states.filter(budget__gte=24_000, budget__lte=90_000).count() == states.count()
    said = dict(Message.objects.filter(kind__startswith="budget").values_list("kind", "subject"))
    assert set(said) == {"budget_75", "budget_used"}
    assert not Pro.objects.exclude(account_manager__is_staff=True).exists()


def test_names_are_invented(craftyard, hearthline):
    rows = [row.name for row in companies("city", "near", "edge", "test", "hearthline")]
    assert len(set(map(key, rows))) == len(rows)
    beginnings = (*names()["pros"]["Chicago"], *names()["pros"]["Austin"], "Fox River", "San Gabriel Fork", "Test Crew")
    assert all(name.startswith(beginnings) for name in rows)


def test_the_builder_takes_no_name_of_a_real_business():
    real = Names({key("PRAIRIE STATE PLUMBING, INC."), key("Lakefront Pipe and Drain")})
    assert real.new("Chicago", ["Plumbing", "Sewer"]) == "Prairie State Sewer"
    assert real.new("Chicago", ["Pipe & Drain", "Plumbing"]) == "Lakefront Plumbing"
    with pytest.raises(ValueError, match="real business"):
        real.claim("Prairie State Plumbing")


def test_nobody_can_be_reached(craftyard):
    numbers = [*Pro.objects.values_list("phone", flat=True), *User.objects.exclude(phone="").values_list("phone", flat=True)]
    numbers += Lead.objects.values_list("homeowner__phone", flat=True)
    assert all(number[5:10] == "55501" for number in numbers)
    addresses = [*Pro.objects.values_list("email", flat=True), *User.objects.values_list("email", flat=True)]
    addresses += Lead.objects.values_list("homeowner__email", flat=True)
    assert all(address.endswith(".example") for address in addresses)
    assert LocalDelivery.objects.count() > 500


def test_everybody_signs_in_with_the_one_password(craftyard):
    users = [member.user for member in Member.objects.select_related("user")] + list(User.objects.filter(is_staff=True))
    assert len({user.password for user in users}) == 1 and check_password(PASSWORD, users[0].password)
    for user in [*users, User(name=PLATFORM_ADMIN[0], email=PLATFORM_ADMIN[1])]:
        validate_password(PASSWORD, user)
    roles = Counter(Member.objects.filter(pro__name="Prairie State Plumbing").values_list("role", flat=True))
    assert roles == {"owner": 1, "billing": 1, "member": 1}


def test_pros_call_and_some_ask_for_a_credit(craftyard):
    """A tour finds every state: a clock that runs, one that was earned, a credit by code, one refused, one that waits."""
    lines = Line.objects.filter(test=False)
    assert lines.filter(earned_at__isnull=False).count() > 20 and lines.filter(earned_at=None, settled_at__isnull=False).exists()
    assert lines.filter(clock_ends_at__gt=NIGHT).exists() or lines.filter(clock_starts_at__gt=NIGHT).exists()
    asked = CreditRequest.objects.filter(match__pro__name="Prairie State Plumbing").exclude(filed_by="marketplace")
    assert sorted(asked.values_list("reason", "state")) == [
        ("dead_number", "granted"),
        ("not_owner", "refused"),
        ("wrong_contact", "open"),
    ]
    assert User.objects.filter(is_staff=True, owns_marketplace=True).count() == 1


def test_the_main_pro_has_a_full_inbox(craftyard):
    inbox = Match.objects.filter(pro__name="Prairie State Plumbing")
    assert inbox.count() >= 8
    assert inbox.filter(state=Match.State.WITHDRAWN).exists()


def test_a_homeowner_of_the_main_pro_has_used_all_of_the_page(craftyard):
    lead = Lead.objects.get(matches__state=Match.State.REPLACED)
    assert lead.matches.filter(pro__name="Prairie State Plumbing", state=Match.State.LIVE).exists()
    assert lead.photos.count() == 2 and lead.chosen_at
    assert Reveal.objects.get().match.pro.name == "Prairie State Plumbing"
    assert Match.objects.filter(warned_at__isnull=False).count() >= 1


def test_some_are_off_on_sundays_and_the_main_pro_goes_away(craftyard):
    assert ProState.objects.filter(days_off=64).exists()
    main = ProState.objects.get(pro__name="Prairie State Plumbing")
    assert (main.away_from - NIGHT.date()).days == 12 and (main.away_to - main.away_from).days == 3


def test_some_of_hearthline_are_members(hearthline):
    assert Counter(ProState.objects.filter(tier__gt=0).values_list("tier", flat=True)) == {1: 1, 2: 1, 3: 2}
    assert Transfer.objects.filter(reference__startswith="membership:").count() == 4
    assert not Membership.objects.filter(due_at__lte=NIGHT).exists()


def test_hearthline_s_first_pro_has_an_offer_in_every_state(hearthline):
    pro = Pro.objects.get(name="Saltgrass Plumbing")
    mine = {offer.lead_id: offer for offer in Offer.objects.filter(pro=pro)}
    assert Counter(offer.state for offer in mine.values()) == {"open": 3, "accepted": 2, "undone": 1, "declined": 1, "taken": 1}
    assert offers_for(pro, now=NIGHT).count() == 2, "and one opens in some minutes"
    assert any(offer.undo_until > NIGHT for offer in mine.values() if offer.state == "accepted")
    assert Match.objects.filter(pro=pro).exclude(opened_at=None).count() == 1
    assert set(Offer.objects.values_list("state", flat=True)) >= {"open", "accepted", "undone", "declined", "taken", "expired"}
    assert {tier for (tier,) in Offer.objects.values_list("tier")} >= {0, 1, 2, 3}


def test_hearthline_s_pros_have_paid_beforehand(hearthline):
    assert Member.objects.filter(role="owner").count() == 15
    assert ProState.objects.filter(wallet__gt=0).count() == 15 and ProState.objects.filter(wallet__lt=1_000).count() == 1
    assert Transfer.objects.filter(reference__startswith="topup:").count() == 15 + 4, "members paid before they bought"


def test_logins_are_written_with_a_homeowners_link(built, tmp_path, monkeypatch):
    monkeypatch.setattr(logins, "FILE", tmp_path / "var" / "logins.txt")
    monkeypatch.setattr(logins, "PLANS", PLANS)
    text = logins.write()
    assert (tmp_path / "var" / "logins.txt").read_text() == text
    assert PASSWORD in text and "marcus@prairiestateplumbing.example" in text and "/dev/outbox/" in text and PLATFORM_ADMIN[1] in text
    token = text.partition("/request/")[2].partition("/")[0]
    with scope(Marketplace.objects.get(slug="demo-craftyard")):
        assert lead_of(token).matches.filter(pro__name="Prairie State Plumbing").exists()


@pytest.mark.django_db
def test_a_marketplace_that_is_there_is_left_as_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(logins, "FILE", tmp_path / "logins.txt")
    call_command("demo")
    assert capsys.readouterr().out.count("nothing was added") == 2
    with scope(Marketplace.objects.get(slug="craftyard")):
        assert not Pro.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"CARRIER": "twilio"}, {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"}, {"DEVELOPMENT": False}]
)
def test_there_is_no_demo_where_somebody_could_be_reached(settings, change):
    for name, value in change.items():
        setattr(settings, name, value)
    with pytest.raises(NoDemoHere):
        build(now=NIGHT)
    with pytest.raises(CommandError, match="local carrier"):
        call_command("demo")


def test_brands_are_readable_and_the_sample_is_small():
    assert [brand.problems(plan.brand) for plan in PLANS] == [[], []]
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_000_000


def test_every_service_is_wished_for():
    wished = Counter(wish.service for wish in wishes())
    assert set(wished) == set(flat_prices())
