"""What the homeowner does about its pros, on the page: one tap, one question, and what each side reads afterwards (RULES 16, 19, 26)."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client

from leads import links, matching, replacing, withdrawal
from leads.models import Lead, Match, Photo, Reveal
from tests.calls import a_call
from tests.factories import a_lead, a_matched_lead, a_member, a_photo, a_pro, answers_to
from tests.web.homeowners.conftest import Visitor

PHONE, STREET = "+13125550142", "4711 Quillwort Ave"
SHAPES = ("(312) 555-0142", "312-555-0142", "3125550142", STREET, "Quillwort")
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def members(marketplace):
    return [a_member(a_pro(name)) for name in ("Prairie State Plumbing", "Fox River Plumbing", "Oakhurst Mechanical")]


@pytest.fixture
def lead(members, now):
    return a_matched_lead(now=now, phone=PHONE, street=STREET)


def match_of(lead, member) -> Match:
    return Match.objects.select_related("line", "pro").get(lead=lead, pro=member.pro)


def page(lead, ending=""):
    return f"/request/{links.token(lead)}/{ending}"


def about(lead, member, what):
    return page(lead, f"pros/{match_of(lead, member).pk}/{what}/")


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&amp;", "&").replace("&#x27;", "'")))


def browser_of(member):
    client = Client(HTTP_HOST="craftyard.localhost")
    client.force_login(member.user)
    return client


def lead_page(member, lead):
    return browser_of(member).get(f"/pro/leads/{match_of(lead, member).pk}/")


# One pro


def test_one_tap_asks_and_the_second_stops_one_pro(visitor, lead, members, clock, now):
    url = about(lead, members[0], "stop")
    question = text_of(visitor.get(url))
    assert "Stop Prairie State Plumbing now?" in question and str(withdrawal.SENTENCE) in question
    assert match_of(lead, members[0]).state == "live", "a look changes nothing"
    clock.now = now + 10 * timedelta(minutes=1)
    assert visitor.post(url).url == page(lead)
    said = text_of(visitor.get(page(lead)))
    assert "Prairie State Plumbing Stopped 12:10 PM" in said and "Two pros have your details." in said
    assert "You stopped Prairie State Plumbing" in said and said.count("Stop this pro : ") == 2
    pros = text_of(lead_page(members[0], lead))
    assert str(withdrawal.SENTENCE) in pros and "Dana" not in pros
    assert "Dana W." in text_of(lead_page(members[1], lead))
    assert visitor.post(url).status_code == 302 and match_of(lead, members[0]).state_at == clock.now, "twice is once"


def test_the_pro_stopped_alone_reads_what_all_read(visitor, lead, members, now):
    """It does not learn whether others go on."""
    other = a_matched_lead(now=now, phone="")
    visitor.post(about(lead, members[0], "stop"))
    visitor.post(page(other, "stop/"))
    alone, among = (text_of(lead_page(members[0], each)) for each in (lead, other))
    codes = [match_of(each, members[0]).code for each in (lead, other)]
    assert re.sub(r"data-\S+", "", alone).replace(codes[0], "") == re.sub(r"data-\S+", "", among).replace(codes[1], "")


def test_a_silent_pro_is_replaced_on_the_page(visitor, lead, members, clock, now):
    talker, silent, _third = members
    a_call(match_of(lead, talker), by=talker, at=now + HOUR, talked=120)
    assert "Replace this pro" not in text_of(visitor.get(page(lead)))
    replacing.warn_due(now=now + DAY)
    clock.now = now + 2 * DAY
    said = text_of(visitor.get(page(lead)))
    assert said.count("Replace this pro") == 2 and said.count("Has not called yet. We warned it: Thu, May 21, 12:00 PM.") == 2
    assert "Called you: Wed, May 20, 1:00 PM, and you talked for 2 min." in said
    assert visitor.post(about(lead, silent, "replace")).status_code == 302
    assert "You replaced Fox River Plumbing, which never called" in text_of(visitor.get(page(lead)))
    answer = visitor.post(about(lead, talker, "replace"))
    assert answer.status_code == 409 and "This pro has called you, so it keeps its seat." in text_of(answer)
    pros = text_of(lead_page(silent, lead))
    assert "The homeowner replaced you" in pros and "the price stays as it was" in pros and "Dana" not in pros
    assert "$28.00" in pros, "it may read what it pays for"


def test_a_number_is_shown_to_one_pro_and_nowhere_else(visitor, lead, members):
    one, other, _third = members
    for what in ("phone", "address"):
        assert visitor.get(about(lead, one, what)).status_code == 200
        assert visitor.post(about(lead, one, what)).status_code == 302
    mine = text_of(lead_page(one, lead))
    assert "(312) 555-0142" in mine and STREET in mine
    for answer in (lead_page(other, lead), *(browser_of(member).get("/pro/leads/") for member in members)):
        assert not [secret for secret in SHAPES if secret in answer.content.decode()]
    assert "You showed Prairie State Plumbing your phone number" in text_of(visitor.get(page(lead)))
    visitor.post(about(lead, one, "stop"))
    gone = lead_page(one, lead).content.decode()
    assert not [secret for secret in SHAPES if secret in gone] and Reveal.objects.count() == 2


def test_what_is_asked_of_strangers_is_not_found(visitor, lead, members, now):
    stranger = a_matched_lead(now=now, phone="")
    match = match_of(lead, members[0])
    assert match.state == "live"
    urls = [page(stranger, f"pros/{match.pk}/stop/"), page(lead, f"pros/{uuid4()}/stop/"), page(lead, f"pros/{match.pk}/nothing/")]
    assert {visitor.post(url).status_code for url in urls} == {visitor.get(url).status_code for url in urls} == {404}
    assert match_of(lead, members[0]).state == "live"


def test_a_form_of_another_site_stops_nobody(lead, members):
    strict = Visitor()
    strict.handler.enforce_csrf_checks = True
    assert strict.post(about(lead, members[0], "stop")).status_code == 403


def test_one_more_pro_is_invited_while_a_seat_is_free(visitor, lead, now, clock):
    """Whoever asked to be matched sees who could come besides, with the words for that pro alone."""
    assert "Choose a pro" in text_of(visitor.get(page(lead))) and "No pro fits right now" in text_of(visitor.get(page(lead, "choose/")))
    more = a_pro("Dupage Water Works")
    choice = text_of(visitor.get(page(lead, "choose/"), {"pro": [str(more.public_id)]}))
    assert "Dupage Water Works may contact me about this request" in choice
    assert "Fill the seats I leave free" not in choice and "no pro knows of your request" not in choice
    assert visitor.post(page(lead, "choose/"), {"pro": [str(more.public_id)]}).url == page(lead)
    assert "Four pros have your details." in text_of(visitor.get(page(lead)))
    assert Lead.objects.get(pk=lead.pk).outcome == "filled" and Match.objects.get(pro=more).lead_type == "choice"


# Hired


def test_everybody_is_told_who_was_hired_in_its_own_words(visitor, lead, members):
    hired = match_of(lead, members[1])
    form = visitor.get(page(lead, f"hired/?pro={hired.pk}")).content.decode()
    assert re.search(rf'value="{hired.pk}"[^>]* checked', form) and form.count(" checked") == 1
    assert visitor.post(page(lead, "hired/"), {"who": str(hired.pk)}).url == page(lead)
    said = text_of(visitor.get(page(lead)))
    assert "You hired Fox River Plumbing." in said and "nobody else gets them" in said
    assert "The homeowner says that it hired you." in text_of(lead_page(members[1], lead))
    other = text_of(lead_page(members[0], lead))
    assert "The homeowner hired another pro." in other and "Fox River" not in other
    visitor.post(page(lead, "hired/"), {"who": "nobody"})
    assert "The homeowner is not hiring any more." in text_of(lead_page(members[1], lead))


@pytest.mark.parametrize("who", ["", "everybody", "pro", "00000000-0000-7000-8000-000000000000", "\0", "x" * 5_000])
def test_nonsense_was_not_hired(visitor, lead, who):
    answer = visitor.post(page(lead, "hired/"), {"who": who})
    assert answer.status_code == 422 and Lead.objects.get(pk=lead.pk).hired == ""


# The job


def job(**changes):
    answers = {f"answer_{code}": answer for code, answer in answers_to("water-heater").items()}
    return answers | {"description": "Two tanks.", "timing": "now", "reach": "evenings"} | changes


def test_the_job_is_corrected_until_a_pro_has_it(visitor, marketplace, now):
    lead = a_lead(now=now)
    assert "Correct it" in text_of(visitor.get(page(lead)))
    answer = visitor.post(page(lead, "correct/"), job(answer_heaters="3"))
    assert answer.status_code == 302
    said = text_of(visitor.get(page(lead)))
    assert "“Two tanks.”" in said and "Evenings only" in said and "You corrected the job" in said
    a_pro()
    matching.route(lead_id=lead.pk, now=now)
    assert "Correct it" not in text_of(visitor.get(page(lead)))
    answer = visitor.post(page(lead, "correct/"), job())
    assert answer.status_code == 409 and "A pro has your request already" in text_of(answer)
    assert Lead.objects.get(pk=lead.pk).answers["heaters"] == 3


@pytest.mark.parametrize("wrong", [{"answer_heaters": "many"}, {"timing": "never"}, {"reach": ""}, {"description": "x" * 2_001}])
def test_wrong_answers_say_which(visitor, marketplace, now, wrong):
    lead = a_lead(now=now)
    answer = visitor.post(page(lead, "correct/"), job(**wrong))
    assert answer.status_code == 422 and 'class="err"' in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).description == lead.description


# Photos


def sent(data, name="boiler.jpg"):
    file = BytesIO(data)
    file.name = name
    return file


def test_photos_go_to_pros_with_a_seat(visitor, lead, members, now):
    assert visitor.post(page(lead, "photos/"), {"photo": [sent(a_photo()), sent(a_photo(color=(1, 2, 3)))]}).status_code == 302
    photo = Photo.objects.first()
    url = page(lead, f"photos/{photo.pk}/")
    assert url in visitor.get(page(lead)).content.decode()
    answer = visitor.get(url)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, max-age=300")
    assert answer["X-Content-Type-Options"] == "nosniff" and answer.content[8:12] == b"WEBP"
    theirs = f"/pro/leads/{match_of(lead, members[0]).pk}/photos/{photo.pk}/"
    assert theirs in lead_page(members[0], lead).content.decode() and browser_of(members[0]).get(theirs).status_code == 200
    visitor.post(about(lead, members[0], "stop"))
    assert browser_of(members[0]).get(theirs).status_code == 404 and theirs not in lead_page(members[0], lead).content.decode()
    assert visitor.post(page(lead, "photos/"), {"remove": str(photo.pk)}).status_code == 302
    assert visitor.get(url).status_code == 404 and Photo.objects.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a" + b"\0" * 50, b"<svg onload=alert(1)>", a_photo()[:300], b"\0\0\0\x18ftypheic" + b"\0" * 50]
)
def test_what_is_no_picture_is_refused_and_nothing_of_the_others_is_kept(visitor, lead, data):
    answer = visitor.post(page(lead, "photos/"), {"photo": [sent(a_photo()), sent(data)]})
    assert answer.status_code == 422 and not Photo.objects.exists()
    if b"heic" in data:
        assert "HEIC" in text_of(answer)


def test_no_picture_at_all_and_ids_of_nothing(visitor, lead):
    assert visitor.post(page(lead, "photos/"), {}).status_code == 422
    for nothing in ("", "x", "\0", str(uuid4()), "9" * 5_000):
        assert visitor.post(page(lead, "photos/"), {"remove": nothing}).status_code == 302


# The list


def test_nobody_fits_is_said_plainly_and_the_list_is_one_tap(visitor, marketplace, now, clock):
    lead = a_matched_lead(now=now, phone=PHONE)
    assert "Nobody who does Water heater replacement in 60614 can take it now." in text_of(visitor.get(page(lead)))
    assert visitor.post(page(lead, "list/")).status_code == 409, "it is looked for anyway"
    clock.now = now + 3 * DAY
    matching.route(lead_id=lead.pk, now=clock.now)
    assert "Keep me on the list for 30 days" in text_of(visitor.get(page(lead)))
    visitor.post(page(lead, "list/"))
    assert "You are on the list" in text_of(visitor.get(page(lead)))
    assert "You agree to this by sending it" in text_of(visitor.get(page(lead, "again/")))
    a_pro("Prairie State Plumbing")
    answer = visitor.post(page(lead, "again/"))
    new = Lead.objects.get(source="waiting")
    assert answer.url == page(new) and visitor.post(page(lead, "again/")).url == page(new)
    assert "You sent it again" in text_of(visitor.get(page(lead))) and page(new) in visitor.get(page(lead)).content.decode()
    assert visitor.post(page(lead, "list/")).status_code == 409, "what was sent again waits no more"
    visitor.post(page(lead, "list/"), {"leave": "1"})
    assert Lead.objects.get(pk=lead.pk).waiting_until is None


def test_what_is_sent_again_is_agreed_to_from_the_visitors_address(visitor, marketplace, now, clock, settings):
    """Behind a proxy: its own address would be one for all visitors, and so would their limit."""
    settings.PROXY_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    lead = a_matched_lead(now=now, phone=PHONE)
    clock.now = now + 3 * DAY
    matching.route(lead_id=lead.pk, now=clock.now)
    visitor.post(page(lead, "again/"), headers={"X-Real-IP": "203.0.113.7"})
    assert Lead.objects.get(source="waiting").consent.ip == "203.0.113.7"


def test_who_was_served_has_nothing_to_send_again(visitor, lead):
    assert visitor.get(page(lead, "again/")).url == visitor.post(page(lead, "again/")).url == page(lead)
    assert Lead.objects.count() == 1
