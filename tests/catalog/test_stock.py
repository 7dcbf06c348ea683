"""The bundled catalogue, in a marketplace."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from catalog import queries, stock
from catalog.models import GuideVersion, Service, Trade, Zip


def test_it_is_wide_enough():
    services = [service for trade in stock.bundled() for service in trade["services"]]
    assert len(stock.bundled()) >= 14
    assert len(services) >= 30
    assert len({service["code"] for service in services}) == len(services)
    assert {"painting", "flooring", "tree-care", "handyman"} <= {trade["code"] for trade in stock.bundled()}


def test_a_marketplace_is_stocked_once(marketplace, now):
    assert Trade.objects.count() == len(stock.bundled())
    assert Service.objects.count() == GuideVersion.objects.count() == len(stock.flat_prices())
    assert stock.stock(now=now) == stock.Stocked(0, 0, 0)


def test_what_is_missing_comes_and_what_staff_changed_stays(marketplace, now):
    Service.objects.filter(code="deck").update(name="Decks by us", active=False)
    trades = Trade.objects.count()
    assert stock.stock(now=now) == stock.Stocked(0, 0, 0)
    assert Service.objects.get(code="deck").name == "Decks by us"
    assert Trade.objects.count() == trades


def test_a_changed_guide_is_a_new_version_seven_days_later(marketplace, now, monkeypatch):
    changed = deepcopy(stock.bundled())
    deck = next(service for trade in changed for service in trade["services"] if service["code"] == "deck")
    deck["prices"]["base"] = [1, 2, 3]
    monkeypatch.setattr(stock, "bundled", lambda: changed)
    assert stock.stock(now=now).guides == 1
    assert stock.stock(now=now).guides == 0

    service = Service.objects.get(code="deck")
    assert queries.guide_of(service, now=now).version == 1
    assert queries.guide_of(service, now=now + timedelta(days=7)).version == 2
    assert queries.guides_in_force(now=now)[service.pk].version == 1
    assert queries.guides_in_force(now=now + timedelta(days=7))[service.pk].version == 2


def test_the_first_guide_holds_for_all_time_before_it(marketplace, now):
    service = Service.objects.get(code="deck")
    assert queries.guide_of(service, now=now - timedelta(days=5000)).version == 1
    assert len(queries.guides_in_force(now=now - timedelta(days=5000))) == Service.objects.count()


def test_the_site_may_not_change_the_zip_map(marketplace):
    with pytest.raises(DatabaseError), transaction.atomic():
        Zip.objects.filter(code="60614").update(place="Elsewhere")


def test_a_guide_is_never_changed(marketplace):
    with pytest.raises(DatabaseError), transaction.atomic():
        GuideVersion.objects.filter(version=1).update(lead_price=1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("water heater", "water-heater"),
        ("hot water tank", "water-heater"),
        ("tankl", "water-heater"),
        ("tuck", "tuckpointing"),
        ("panel upgr", "electrical-service"),
        ("ev charger", "ev-charger"),
        ("my roof is leaking", "roof-repair"),
        ("new roof", "roof-replacement"),
        ("Kitchen", "kitchen-remodel"),
        ("hvac", "hvac-replacement"),
        ("paint my house", "exterior-painting"),
        ("fence", "fence"),
        ("shower", "bathroom-remodel"),
        ("cut down tree", "tree-removal"),
        ("back porch", "porch"),
        ("adu", "accessory-dwelling"),
    ],
)
def test_services_are_found_by_name_and_by_what_people_call_them(marketplace, text, code):
    assert queries.find_services(text)[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("calentador", "water-heater"),
        ("calentador de agua", "water-heater"),
        ("mi techo gotea", "roof-repair"),
        ("reemplazo de techo", "roof-replacement"),
        ("REPARACION DE TECHO", "roof-repair"),
        ("remodelar la cocina", "kitchen-remodel"),
        ("new roof", "roof-replacement"),
    ],
)
def test_in_spanish_services_are_found_by_their_spanish_names_too(marketplace, text, code):
    with translation.override("es"):
        assert queries.find_services(text)[0].code == code


def test_small_words_find_nothing_by_themselves(marketplace):
    with translation.override("es"):
        assert queries.find_services("de la") == []
        assert queries.is_called(queries.find_services("calentador")[0], "reemplazo de calentador de agua")
    assert "water-heater" not in [service.code for service in queries.find_services("calentador")], "only where Spanish is in force"


def test_what_is_not_offered_is_not_found(marketplace):
    Service.objects.filter(code="fence").update(active=False)
    assert "fence" not in [service.code for service in queries.find_services("fence")]
    assert "fence" not in [service.code for service in queries.services_for(marketplace)]
    assert queries.find_services("") == queries.find_services("qqq") == []


def test_services_come_in_the_order_of_their_trades(marketplace):
    services = list(queries.services_for(marketplace))
    assert services[0].trade.code == "roofing"
    assert [service.trade.position for service in services] == sorted(service.trade.position for service in services)
