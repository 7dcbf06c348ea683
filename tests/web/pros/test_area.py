"""Services and area: lists, cities and circles, for all services or for one, counted before they are saved."""

import pytest

from accounts.coverage import covered_zips
from accounts.models import Member
from accounts.queries import coverage_of, services_of
from catalog.models import Service
from tests.factories import a_member
from tests.web.pros.test_inbox import text_of

HERE = "/pro/account/services-and-area/"
CIRCLE = {"all-miles_0": "", "all-center_0": ""}


def said(**changes):
    return {"services": ["water-heater"], "all-zips": "60614", "all-cities": "", **CIRCLE, **changes}


def zips_of(pro, code="water-heater"):
    return covered_zips(pro, Service.objects.get(code=code))


@pytest.fixture
def joys(prairie, signed_in):
    return signed_in(a_member(prairie, role=Member.Role.MEMBER))


def test_the_page_shows_what_is_offered_and_counts_it(browser, prairie):
    page = browser.get(HERE).content.decode()
    assert 'value="water-heater" checked' in page and page.count(" checked") == 1
    assert "60614</textarea>" in page and "1 ZIP code" in text_of(browser.get(HERE))


def test_lists_cities_and_circles_add_up(browser, prairie):
    answer = browser.post(
        HERE, said(**{"all-zips": "60614, 60622-1234\n60614", "all-cities": "Oak Park, IL\n", "all-miles_0": "2", "all-center_0": "60647"})
    )
    assert answer.status_code == 302
    kinds = [rule.kind for rule in coverage_of(prairie)]
    assert sorted(kinds) == ["city", "list", "radius"]
    covered = zips_of(prairie)
    assert {"60614", "60622", "60301", "60647"} <= set(covered)
    page = browser.get(HERE).content.decode()
    assert "60614 60622</textarea>" in page and "Oak Park, IL</textarea>" in page and f"<b>{len(covered)}</b>" in page
    assert 'name="all-miles_1"' in page, "there is room for one more circle"


def test_a_service_gets_an_area_of_its_own_and_gives_it_back(browser, prairie):
    both = {"services": ["water-heater", "sump-pump"]}
    opened = browser.post(HERE, said(**both, do="own", own_service="sump-pump"))
    assert opened.status_code == 200 and 'name="own" value="sump-pump"' in opened.content.decode()
    assert [service.code for service in services_of(prairie)] == ["water-heater"], "nothing is saved yet"
    own = both | {"own": "sump-pump", "sump-pump-zips": "60657 60618", "sump-pump-cities": ""}
    assert browser.post(HERE, said(**own)).status_code == 302
    assert (zips_of(prairie), zips_of(prairie, "sump-pump")) == (["60614"], ["60618", "60657"])
    assert "Where you do: Sump" in text_of(browser.get(HERE))
    assert browser.post(HERE, said(**own | {"sump-pump-zips": ""})).status_code == 302
    assert zips_of(prairie, "sump-pump") == ["60614"] and "Where you do" not in text_of(browser.get(HERE))


def test_a_preview_counts_and_saves_nothing(browser, prairie):
    page = text_of(browser.post(HERE, said(**{"all-zips": "60614 60622", "do": "preview"})))
    assert "2 ZIP codes" in page and "This covers more than what is saved." in page
    assert zips_of(prairie) == ["60614"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"all-zips": "6061"}, "We do not know these ZIP codes: 6061"),
        ({"all-zips": "00000 <b>"}, "We do not know these ZIP codes: 00000, &lt;b&gt;"),
        ({"all-zips": "\u0666\u0660\u0666\u0661\u0664"}, "We do not know these ZIP codes"),
        ({"all-cities": "Oak Park"}, "Write the state behind a comma: Oak Park, IL"),
        ({"all-cities": "Nowhere, ZZ"}, "We do not know this city"),
        ({"all-miles_0": "5"}, "We do not know this ZIP code"),
        ({"all-center_0": "60614"}, "Enter 1 to 150 miles"),
        ({"all-miles_0": "5000", "all-center_0": "60614"}, "Enter 1 to 150 miles"),
        ({"all-miles_0": "-1", "all-center_0": "60614"}, "Enter whole miles"),
        ({"all-miles_0": "9" * 5000, "all-center_0": "60614"}, "Enter whole miles"),
        ({"all-zips": "60614\x00"}, "Null characters"),
        ({"all-zips": "60614 " * 10_000}, "at most 20000 characters"),
        ({"all-zips": " ".join(f"{n:05}" for n in range(2_100))}, "Enter 1 to 2000 ZIP codes"),
    ],
)
def test_what_is_no_place_is_said_at_its_field(browser, prairie, changes, words):
    answer = browser.post(HERE, said(**changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert zips_of(prairie) == ["60614"]


@pytest.mark.parametrize("services", [["nothing"], ["\x00"], ["x" * 5000], ["water-heater", "nothing"], []])
def test_unknown_services_are_no_services(browser, prairie, services):
    assert browser.post(HERE, said(services=services, own=["nothing", "\x00"], own_service="nothing")).status_code == 302
    assert [service.code for service in services_of(prairie)] == [code for code in services if code == "water-heater"]


def test_a_plain_member_narrows_and_never_widens(joys, browser, prairie):
    refused = joys.post(HERE, said(**{"all-zips": "60614 60622"}))
    assert refused.status_code == 422 and "Only the owner or a billing member may widen the area" in text_of(refused)
    assert joys.post(HERE, said(services=["water-heater", "sump-pump"])).status_code == 422
    assert zips_of(prairie) == ["60614"]
    assert "Only the owner or a billing member may save that." in text_of(joys.post(HERE, said(**{"all-zips": "60622", "do": "preview"})))
    assert browser.post(HERE, said(**{"all-zips": "60614 60622"})).status_code == 302
    assert joys.post(HERE, said(**{"all-zips": "60622"})).status_code == 302 and zips_of(prairie) == ["60622"]


def test_inactive_services_are_not_offered_anew(browser, prairie):
    Service.objects.filter(code="sump-pump").update(active=False)
    assert "sump-pump" not in browser.get(HERE).content.decode()
