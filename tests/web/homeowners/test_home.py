"""The start page says what the place is, and begins a request."""

from django.test import Client

from core.policy import publish
from leads.models import Lead
from leads.policy import Leads
from tests.web.homeowners.conftest import SERVICE, Visitor


def test_the_platform_lists_its_marketplaces(marketplace, opt_in):
    page = Client(HTTP_HOST="localhost").get("/").content.decode()
    assert "http://craftyard.localhost:8000/" in page and "http://hearthline.localhost:8000/" in page


def test_the_start_page_says_who_gets_what_and_who_pays(visitor):
    page = visitor.look("home").content.decode()
    assert "What do you need done?" in page
    assert "At most four pros get your details." in page and "Pros pay Craftyard to be introduced" in page
    assert "/request/?service=water-heater" in page


def test_three_words_and_a_zip_lead_straight_to_the_questions(visitor):
    answer = visitor.say("service", {"from_home": "1", "q": "No hot water", "zip": "60614"})
    assert (answer.status_code, answer.url) == (302, "/request/job/")


def test_words_that_may_mean_several_services_lead_to_the_choice(visitor):
    answer = visitor.say("service", {"from_home": "1", "q": "heat", "zip": "Naperville"})
    assert (answer.status_code, answer.url) == (302, "/request/?q=heat&zip=Naperville")
    page = visitor.get(answer.url).content.decode()
    assert "Which fits best?" in page and 'value="furnace"' in page and "There is" not in page
    assert '<option value="60540">60540 Naperville, IL</option>' in page


def test_who_left_in_the_middle_finds_the_request_again(visitor):
    visitor.say("service", SERVICE)
    visitor.say("job", {"description": "It leaks.", "answer_kind": "gas_tank", "leave": "1"})
    page = visitor.look("home").content.decode()
    assert "Saved. Come back on this device until Jun 19, 2026 and go on." in page
    assert "Your request is not sent yet: Water heater replacement in 60614." in page
    page = visitor.look("job").content.decode()
    assert "It leaks." in page and 'value="gas_tank" required id="id_answer_kind_0" checked' in page


def test_what_was_typed_can_be_forgotten(visitor):
    visitor.say("service", SERVICE)
    visitor.say("service", {"forget": "1"})
    assert "not sent yet" not in visitor.look("home").content.decode()
    assert visitor.look("job").url == "/request/"


def test_where_pros_opt_in_requests_are_taken_without_asking_how(opt_in):
    visitor = Visitor("hearthline.localhost")
    assert "Requests open soon" not in visitor.look("home").content.decode()
    visitor.reach_last_step()
    assert 'name="way"' not in visitor.look("you").content.decode()
    answer = visitor.send(way="")
    assert answer.status_code == 302
    assert Lead.objects.get().way == Lead.Way.MATCH


def test_where_there_is_no_way_to_pros_yet_requests_open_soon(opt_in, now):
    publish([Leads(lead_types=())], now=now)
    visitor = Visitor("hearthline.localhost")
    page = visitor.look("home").content.decode()
    assert "Requests open soon" in page and 'name="zip"' not in page
    for step in ("service", "job", "you"):
        assert "Requests open soon" in visitor.look(step).content.decode()
        assert visitor.say(step, SERVICE).status_code == 422


def test_a_start_page_is_few_queries(visitor, django_assert_max_num_queries):
    visitor.look("home")
    with django_assert_max_num_queries(5):  # marketplace, two settings of the scope, a savepoint, the services
        visitor.look("home")
