"""What a pro offers and where, and the areas derived from it (RULES 12, DESIGN 4)."""

import math
from collections import defaultdict
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import coverage
from accounts.coverage import Offer, UnknownService, covered_zips, false_areas, offer, offer_many
from accounts.grounds import BadGround, Ground
from accounts.models import Coverage, ProArea, ProService, ProState
from accounts.queries import coverage_of, services_of
from catalog.models import Service, Zip
from core.errors import NotAllowed
from core.models import Event
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db
LINCOLN_PARK = ("60614", "60657", "60613")


@pytest.fixture
def services(marketplace):
    return list(Service.objects.order_by("code")[:3])


@pytest.fixture
def pro(services):
    return a_pro(services=(), zips=LINCOLN_PARK)


def listed(*zips, service=None):
    return Ground("list", service=service, zips=zips)


def test_a_service_with_grounds_of_its_own_uses_only_those(pro, services, now):
    first, second, _third = services
    offer(pro, [first, second], rules=[listed(*LINCOLN_PARK), listed("78704", service=second)], now=now)
    assert covered_zips(pro, first) == sorted(LINCOLN_PARK)
    assert covered_zips(pro, second) == ["78704"]
    assert services_of(pro) and {service.pk for service in services_of(pro)} == {first.pk, second.pk}
    assert [(ground.service_id, ground.zips) for ground in coverage_of(pro)] == [(None, list(LINCOLN_PARK)), (second.pk, ["78704"])]
    assert not list(false_areas())


def test_a_city_is_all_its_zips(pro, services, now):
    offer(pro, services[:1], rules=[Ground("city", place="chicago", state="il")], now=now)
    covered = covered_zips(pro, services[0])
    assert "60614" in covered and covered == list(Zip.objects.filter(place="Chicago", state="IL").values_list("code", flat=True))


def test_a_radius_is_measured_from_the_middle_of_the_zip(pro, services, now):
    offer(pro, services[:1], rules=[Ground("radius", center="60614", miles=10)], now=now)
    middle = Zip.objects.get(code="60614")
    near = [zip.code for zip in Zip.objects.filter(state__in=["IL", "IN", "WI"]) if miles_between(middle, zip) <= 10]
    assert covered_zips(pro, services[0]) == sorted(near)


def test_grounds_add_up(pro, services, now):
    offer(pro, services[:1], rules=[listed("60614", "60614"), Ground("radius", center="60614", miles=1), listed("99501")], now=now)
    assert {"60614", "99501"} <= set(covered_zips(pro, services[0]))


def test_a_change_keeps_the_ring_keys_of_what_stays(pro, services, now):
    offer(pro, services[:2], rules=[listed("60614", "78704")], now=now)
    before = {(row.service_id, row.cell): row.ring for row in ProArea.objects.filter(pro=pro)}
    rev = ProState.objects.get(pro=pro).rev
    offer(pro, services[:2], rules=[listed("60614", "60657", "99501")], now=now)
    after = {(row.service_id, row.cell): row.ring for row in ProArea.objects.filter(pro=pro)}
    kept = before.keys() & after.keys()
    assert kept and all(before[key] == after[key] for key in kept)
    assert ProState.objects.get(pro=pro).rev == rev + 1
    assert not list(false_areas())


def test_offering_nothing_leaves_nothing(pro, services, now):
    offer(pro, services, rules=[listed("60614")], now=now)
    offer(pro, [], rules=[], now=now)
    assert not ProArea.objects.filter(pro=pro).exists() and not ProService.objects.filter(pro=pro).exists()


@pytest.mark.parametrize(
    ("ground", "field"),
    [
        (listed("60614", "00000"), "zips"),
        (listed(), "zips"),
        (listed(*(["60614"] * 2001)), "zips"),
        (listed("\x00"), "zips"),
        (listed("\ud800"), "zips"),
        (listed("٦٠٦١٤"), "zips"),
        (Ground("city", place="Atlantis", state="IL"), "place"),
        (Ground("city", place="", state=""), "place"),
        (Ground("city", place="Chi\x00cago\ud800x", state="IL"), "place"),
        (Ground("radius", center="00000", miles=5), "center"),
        (Ground("radius", center="9" * 5000, miles=5), "center"),
        (Ground("radius", center="60614", miles=None), "miles"),
        (Ground("radius", center="60614", miles=0), "miles"),
        (Ground("radius", center="60614", miles=-3), "miles"),
        (Ground("radius", center="60614", miles=151), "miles"),
        (Ground("everywhere"), "kind"),
    ],
)
def test_a_place_that_does_not_exist_is_refused_and_nothing_is_written(pro, services, now, ground, field):
    offer(pro, services[:1], rules=[listed("60614")], now=now)
    rev = ProState.objects.get(pro=pro).rev
    with pytest.raises(BadGround) as refused:
        offer(pro, services[1:2], rules=[listed("60657"), ground], now=now)
    assert list(refused.value.fields) == [field] and refused.value.rule == 1
    refused.value.fields[field].encode()
    assert covered_zips(pro, services[0]) == ["60614"] and not covered_zips(pro, services[1])
    assert ProState.objects.get(pro=pro).rev == rev


def test_services_are_this_marketplaces_and_on_offer(pro, services, now):
    services[0].active = False
    services[0].save()
    with pytest.raises(UnknownService):
        offer(pro, services[:1], rules=[], now=now)
    with pytest.raises(UnknownService):
        offer(pro, [Service(pk=10**9)], rules=[], now=now)
    with pytest.raises(BadGround) as refused:
        offer(pro, services[1:2], rules=[listed("60614", service=services[2])], now=now)
    assert list(refused.value.fields) == ["service"]


def test_anybody_narrows_and_only_owner_and_billing_widen(pro, services, now):
    owner, billing, member = a_member(pro), a_member(pro, role="billing"), a_member(pro, role="member")
    offer(pro, services[:2], rules=[listed(*LINCOLN_PARK)], now=now, by=owner)
    offer(pro, services[:2], rules=[listed("60614", "60657")], now=now, by=member)
    offer(pro, services[:1], rules=[listed("60614", "60657")], now=now, by=member)
    for wider in [
        (services[:2], [listed("60614", "60657")]),
        (services[:1], [listed("60614", "60657", "60613")]),
        (services[1:2], [listed("60614")]),
    ]:
        with pytest.raises(NotAllowed):
            offer(pro, wider[0], rules=wider[1], now=now, by=member)
    assert covered_zips(pro, services[0]) == ["60614", "60657"]
    offer(pro, services[:1], rules=[listed("78704")], now=now, by=billing)
    last = Event.objects.filter(subject=pro.subject, kind="coverage.changed").order_by("-id").first()
    assert (last.actor, last.data) == (billing.subject, {"services": 1, "grounds": 1})


def test_a_member_of_another_pro_may_not(pro, services, now):
    with pytest.raises(NotAllowed):
        offer(pro, [], rules=[], now=now, by=a_member(a_pro()))


def test_many_pros_take_few_statements(marketplace, services, now, django_assert_max_num_queries):
    pros = [a_pro(services=(), zips=("60614",)) for _ in range(30)]
    offers = [Offer(one, tuple(services), (listed("60614", "78704"), Ground("radius", center="60601", miles=5))) for one in pros]
    with django_assert_max_num_queries(14):
        offer_many(offers, now=now)
    assert ProArea.objects.filter(pro__in=pros).values("ring").distinct().count() == ProArea.objects.filter(pro__in=pros).count()
    assert not list(false_areas())


def test_a_false_area_is_found(pro, services, now):
    offer(pro, services[:2], rules=[listed("60614", "78704")], now=now)
    row = ProArea.objects.filter(pro=pro).first()
    ProArea.objects.filter(pk=row.pk).update(mask=row.mask | 1 << 31)
    assert list(false_areas()) == [(pro.pk, row.service_id, row.cell)]
    row.delete()
    assert list(false_areas()) == [(pro.pk, row.service_id, row.cell)]
    offer(pro, services[:2], rules=[listed("60614", "78704")], now=now)
    Coverage.objects.filter(pro=pro).update(zips=["60614"])
    assert len(list(false_areas())) == 2


SOME_ZIPS = ["60614", "60657", "60613", "60640", "60601", "60540", "78704", "78745", "78701"]
PLACES = st.one_of(
    st.lists(st.sampled_from(SOME_ZIPS), min_size=1, max_size=4).map(lambda zips: {"kind": "list", "zips": tuple(zips)}),
    st.tuples(st.sampled_from(SOME_ZIPS), st.integers(1, 25)).map(lambda at: {"kind": "radius", "center": at[0], "miles": at[1]}),
    st.sampled_from([("Chicago", "IL"), ("Austin", "TX")]).map(lambda at: {"kind": "city", "place": at[0], "state": at[1]}),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    offered=st.sets(st.integers(0, 2)),
    rules=st.lists(st.tuples(st.sampled_from([None, 0, 1, 2]), PLACES), max_size=4),
)
def test_areas_say_what_services_and_grounds_say(pro, services, now, offered, rules):
    """Against a brute-force reading of RULES 12, ZIP by ZIP."""
    rules = [(index, place) for index, place in rules if index is None or index in offered]
    grounds = [Ground(service=None if index is None else services[index], **place) for index, place in rules]
    offer(pro, [services[index] for index in offered], rules=grounds, now=now)
    said = defaultdict(set)
    for index, place in rules:
        said[index] |= zips_of(**place)
    own = {index for index, _place in rules}
    for index, service in enumerate(services):
        expected = (said[index] if index in own else said[None]) if index in offered else set()
        assert covered_zips(pro, service) == sorted(expected)
    assert not list(false_areas())


@cache
def all_zips():
    return {zip.code: zip for zip in Zip.objects.filter(state__in=["IL", "IN", "WI", "TX", "MI"])}


@cache
def zips_of(kind, zips=(), place="", state="", center="", miles=0):
    """The ZIPs of a ground, looked at one by one."""
    if kind == "list":
        return set(zips)
    if kind == "city":
        return {zip.code for zip in all_zips().values() if (zip.place, zip.state) == (place, state)}
    return {zip.code for zip in all_zips().values() if miles_between(all_zips()[center], zip) <= miles}


def miles_between(one, other):
    """By the spherical law of cosines, not by the formula under test."""
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    return 3958.8 * math.acos(min(1, math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)))


def test_the_largest_batch_is_bounded(monkeypatch, marketplace, services, now):
    monkeypatch.setattr(coverage, "AT_ONCE", 2)
    pros = [a_pro(services=(), zips=("60614",)) for _ in range(5)]
    offer_many([Offer(one, tuple(services[:1]), (listed("60614"),)) for one in pros], now=now)
    assert ProArea.objects.filter(pro__in=pros).count() == 5 and not list(false_areas())
