"""A homeowner asks for a job (RULES 3-7), without a script: every step is a POST and a redirect."""

from datetime import timedelta

import pytest

from leads import consent
from leads.models import Lead
from notifications.models import Message
from tests.web.homeowners.conftest import JOB, PERSON, SERVICE, Visitor

CONSENT = (
    "I agree that up to four pros, whom Craftyard names to me at once, contact me about this request. "
    "I can stop all contact at any time with one tap."
)


def errors(answer) -> str:
    page = answer.content.decode()
    return page[page.index("data-problems") : page.index("</ul>", page.index("data-problems"))]


def test_three_steps_make_a_lead_and_open_its_page(visitor, now):
    answer = visitor.say("service", SERVICE)
    assert answer.url == "/request/job/"
    assert visitor.say("job", JOB).url == "/request/you/"
    answer = visitor.say("you", {**PERSON, "key": visitor.key()})
    lead = Lead.objects.get()
    assert answer.status_code == 302 and answer.url.startswith("/request/")
    assert visitor.get(answer.url).status_code == 200
    assert (lead.service.code, lead.zip, lead.description) == ("water-heater", "60614", JOB["description"])
    assert lead.answers == {"kind": "gas_tank", "heaters": 1, "place": "garage"}
    assert (lead.homeowner.phone, lead.homeowner.email) == ("+13125550142", "dana@homeowners.example")
    assert lead.submitted_at == now and lead.source == "form" and not lead.test


def test_consent_is_kept_word_for_word_with_time_page_and_address(visitor, now):
    visitor.reach_last_step()
    page = visitor.look("you").content.decode()
    assert CONSENT in page and consent.words() == CONSENT
    for box in ("agreed", "agreed_sms", "different_job"):
        assert f'type="checkbox" name="{box}"' in page
    assert "checked" not in page
    visitor.send()
    kept = Lead.objects.get().consent
    assert (kept.words, kept.sms, kept.sms_words, kept.at) == (CONSENT, False, "", now)
    assert (kept.page, kept.ip) == ("craftyard.localhost/request/you/", "127.0.0.1")


def test_text_messages_need_their_own_consent(visitor):
    visitor.send(agreed_sms="on")
    assert Lead.objects.get().consent.sms_words == consent.sms_words()
    assert set(Message.objects.values_list("channel", flat=True)) == {"email", "sms"}


def test_without_consent_nothing_is_sent_and_nothing_typed_is_lost(visitor):
    answer = visitor.send(agreed="")
    assert answer.status_code == 422 and not Lead.objects.exists()
    assert "Tick the box so that pros may contact you." in errors(answer)
    assert 'value="Dana Whitfield"' in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter your name."),
        ("name", "\u200b\u200b\u2800", "Enter a name of 2 to 120 letters."),
        ("phone", "555", "Enter a US phone number with its area code"),
        ("phone", "٣١٢٥٥٥٠١٤٢", "Enter a US phone number with its area code"),
        ("phone", "+1 416 555 0142", "not in the United States"),
        ("phone", "1 800 555 0142", "toll-free or premium"),
        ("email", "dana", "Enter an e-mail address like name@example.com."),
        ("email", "", "Enter your email address."),
    ],
)
def test_contact_data_that_reaches_nobody_is_refused_with_its_field(visitor, field, value, sentence):
    answer = visitor.send(**{field: value})
    assert answer.status_code == 422 and not Lead.objects.exists()
    assert sentence in errors(answer) and f'href="#id_{field}"' in errors(answer)


def test_all_problems_of_a_step_are_named_at_once(visitor):
    visitor.say("service", SERVICE)
    answer = visitor.say("job", {"description": "It leaks.", "answer_heaters": "21"})
    assert answer.status_code == 422 and "There are 6 problems" in answer.content.decode()
    assert "Please give a whole number from 1 to 20." in errors(answer)
    assert "It leaks." in answer.content.decode()


def test_a_renter_who_has_not_asked_may_save_and_come_back(visitor):
    visitor.say("service", SERVICE)
    answer = visitor.say("job", {**JOB, "ownership": "renter_not_asked"})
    assert answer.url == "/request/job/"
    assert "Ask the owner of the home first." in visitor.look("job").content.decode()
    assert visitor.look("you").url == "/request/job/"
    assert visitor.say("you", PERSON).url == "/request/job/" and not Lead.objects.exists()

    visitor.say("job", {**JOB, "ownership": "renter_approved"})
    visitor.say("you", {**PERSON, "key": visitor.key()})
    assert Lead.objects.get().is_renter


def test_i_am_not_sure_is_an_answer_to_a_number_too(visitor):
    visitor.reach_last_step()
    visitor.say("job", {**JOB, "answer_heaters": "", "answer_heaters_unsure": "on"})
    visitor.say("you", {**PERSON, "key": visitor.key()})
    assert Lead.objects.get().answers["heaters"] == "unsure"


def test_a_double_click_a_reload_and_the_back_button_give_the_same_lead(visitor):
    key = visitor.reach_last_step()
    first = visitor.say("you", {**PERSON, "key": key})
    again = visitor.say("you", {**PERSON, "key": key})
    assert first.url == again.url
    assert visitor.look("you").url == visitor.look("job").url == first.url
    assert Lead.objects.count() == 1


def test_the_key_stays_while_the_last_step_is_shown_again(visitor):
    key = visitor.reach_last_step()
    assert visitor.key() == key
    visitor.say("you", {**PERSON, "key": key, "phone": "1"})
    assert visitor.key() == key


def test_a_job_changed_in_another_window_is_shown_before_it_is_sent(visitor):
    key = visitor.reach_last_step()
    visitor.say("job", {**JOB, "timing": "planning"})
    answer = visitor.say("you", {**PERSON, "key": key})
    assert answer.url == "/request/you/" and not Lead.objects.exists()
    page = visitor.look("you").content.decode()
    assert "The job was changed in another window." in page and 'value="Dana Whitfield"' in page and "I am planning ahead" in page
    visitor.say("you", {**PERSON, "key": visitor.key()})
    assert Lead.objects.get().timing == "planning"


def test_a_second_request_is_another_lead_of_the_same_group(visitor, clock):
    visitor.send()
    clock.now += timedelta(hours=1)
    visitor.send(description="It leaks more now.")
    second, first = Lead.objects.all()
    assert second.group_id == first.pk


def test_a_different_job_stands_by_itself(visitor, clock):
    visitor.send()
    clock.now += timedelta(hours=1)
    visitor.send(different_job="on", description="Another one, in the cottage.")
    assert {lead.group_id for lead in Lead.objects.all()} == set(Lead.objects.values_list("pk", flat=True))


def test_whoever_types_somebody_s_number_learns_nothing_of_their_requests(visitor):
    visitor.send()
    stranger = Visitor()
    key = stranger.reach_last_step()
    answer = stranger.say("you", {**PERSON, "key": key, "name": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "This is a different job" in page and "another request" not in page


# The preview


def test_pros_see_the_job_and_never_the_way_to_the_person(visitor, htmx):
    visitor.say("service", SERVICE)
    said = {**JOB, "description": "Call 630-555-0117 or dana@example.com, 1201 N Hoyne Ave."}
    page = visitor.say("preview", said, **htmx).content.decode()
    assert "Call [phone number hidden] or [email hidden], [street hidden]" in page
    assert "We hide phone numbers, email addresses and streets" in page
    assert "Gas tank" in page and "Owns the home" in page and "This week" in page
    assert "<html" not in page
    page = visitor.say("preview", {"name": "Dana Whitfield"}, **htmx).content.decode()
    assert "<b>Dana W.</b>" in page and "Whitfield" not in page


def test_the_estimate_comes_with_its_reasons_while_the_answers_come(visitor, htmx):
    visitor.say("service", SERVICE)
    page = visitor.look("job").content.decode()
    assert "counts as “I am not sure”" in page
    page = visitor.say("preview", JOB, **htmx).content.decode()
    assert "Typical <b>$1,650.00</b>, between $1,000.00 and $2,600.00, because:" in page
    assert "<li>Which kind do you want? Gas tank: no change</li>" in page and "counts as" not in page


def test_without_a_script_the_preview_is_the_page_with_everything_typed(visitor):
    visitor.say("service", SERVICE)
    page = visitor.say("preview", {"description": "Call 630-555-0117.", "answer_kind": "tankless"}).content.decode()
    assert "<html" in page and "Call 630-555-0117.</textarea>" in page and "Call [phone number hidden]." in page
    assert 'value="tankless" required id="id_answer_kind_2" checked' in page


def test_a_preview_saves_nothing(visitor, htmx):
    visitor.say("service", SERVICE)
    visitor.say("preview", JOB, **htmx)
    assert JOB["description"] not in visitor.look("job").content.decode()


# Looking up


def test_services_are_found_while_typing(visitor, htmx):
    page = visitor.get("/request/services", {"q": "tank"}, headers=htmx).content.decode()
    assert 'type="radio" name="service" value="water-heater"' in page and "<html" not in page
    page = visitor.get("/request/services", {"q": "xylophone"}, headers=htmx).content.decode()
    assert "We know no service called “xylophone”." in page
    assert "<html" in visitor.get("/request/services", {"q": "tank"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("60614", "60614 Chicago, IL"),
        ("60614-1234", "60614 Chicago, IL"),
        ("Naperville", '<option value="60540">'),
        ("99999", "We do not know this place."),
        ("nowhereville", "We do not know this place."),
        ("606", ""),
    ],
)
def test_a_place_is_named_or_chosen(visitor, htmx, typed, words):
    page = visitor.get("/request/places", {"q": typed}, headers=htmx).content.decode()
    assert words in page if words else not page.strip()


def test_a_city_becomes_one_of_its_zip_codes(visitor):
    answer = visitor.say("service", {"service": "water-heater", "zip": "Naperville"})
    assert answer.status_code == 422 and "Choose the ZIP code of the job." in errors(answer)
    assert visitor.say("service", {"service": "water-heater", "zip": "Naperville", "place": "60540"}).url == "/request/job/"
    assert "Naperville, IL 60540" in visitor.look("job").content.decode()


def test_another_service_forgets_the_answers_to_the_first(visitor):
    visitor.reach_last_step()
    visitor.say("service", {**SERVICE, "service": "fence"})
    page = visitor.look("job").content.decode()
    assert "How long is the fence?" in page and JOB["description"] in page and "Gas tank" not in page


# Edges


def test_steps_are_private(visitor):
    visitor.say("service", SERVICE)
    for step in ("service", "job"):
        answer = visitor.look(step)
        assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex, nofollow"


def test_steps_out_of_order_lead_back_to_the_first_one_missing(visitor):
    assert visitor.look("job").url == visitor.look("you").url == "/request/"
    visitor.say("service", SERVICE)
    assert visitor.look("you").url == "/request/job/"


def test_queries_of_each_step(visitor, django_assert_max_num_queries):
    visitor.send()
    visitor.reach_last_step()
    for name, most in (("service", 8), ("job", 8), ("you", 8)):
        with django_assert_max_num_queries(most):
            assert visitor.look(name).status_code == 200
    with django_assert_max_num_queries(10):
        visitor.say("job", JOB)
    key = visitor.key()
    with django_assert_max_num_queries(23):
        assert visitor.say("you", {**PERSON, "key": key}).status_code == 302
