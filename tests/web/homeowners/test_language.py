"""Homeowners read, type and are written to in their language; pros, staff and the records stay in English."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import User
from catalog.models import Trade
from core import events
from core.policy import publish
from leads import links, matching, queries, reviews, unlisted, withdrawal
from leads.models import Lead, Match, Wish
from leads.policy import PhoneCheck
from notifications import letters
from notifications.models import Channel, Message
from operations.presets import PRESETS
from tests.calls import a_call
from tests.factories import a_member, a_photo, a_pro, the_code
from tests.spanish import STAYS_ENGLISH, Unknown
from tests.web.homeowners.conftest import JOB, SERVICE, Visitor
from tests.web.homeowners.test_unlisted import SAID

CONSENT = (
    "Acepto que hasta cuatro profesionales, cuyos nombres Craftyard me da de inmediato, se comuniquen conmigo sobre esta solicitud. "
    "Puedo detener todo contacto en cualquier momento con un toque."
)
IN_ENGLISH = re.compile(
    r"\b(your|the|with|this|you|pros|request|please|what|when|where|nobody|who|back|send|save|choose|enter|job|seat)\b", re.IGNORECASE
)
TYPED = ("The tank is leaking from the bottom.", "Solar tube for the hall", "The hall is dark.", "Quillwort Ave")


class Spanish(Visitor):
    """A browser that asks for Spanish, as those of phones from Mexico do."""

    def __init__(self):
        super().__init__()
        self.defaults["HTTP_ACCEPT_LANGUAGE"] = "es-MX,es;q=0.9,en;q=0.5"


@pytest.fixture
def visitor(marketplace):
    return Spanish()


@pytest.fixture
def members(marketplace):
    return [a_member(a_pro(name)) for name in ("Prairie State Plumbing", "Oakhurst Mechanical")]


@pytest.fixture(autouse=True)
def unknown(monkeypatch):
    """No page of these stories asks for words that have no Spanish."""
    asked = Unknown.watched(monkeypatch)
    yield asked
    assert asked.texts <= STAYS_ENGLISH


def text_of(answer) -> str:
    """What can be read on a page, without what somebody typed and the names of pros."""
    page = re.sub(r"<(script|style|template).*?</\1>|<head>.*?</head>", " ", answer.content.decode(), flags=re.DOTALL)
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    for typed in TYPED:
        words = words.replace(typed, " ")
    return words


def is_spanish(answer) -> bool:
    """Whether all of the page is. The labels of the product have no Spanish."""
    assert answer.status_code in (200, 422)
    words = re.sub(r"Lead Manager|AutoMatch|Choice Match|Prairie State|Oakhurst", "", text_of(answer))
    assert '<html lang="es"' in answer.content.decode() and answer["Content-Language"] == "es"
    assert IN_ENGLISH.findall(words) == []
    return True


def sent(visitor, **changes) -> Lead:
    visitor.send(**changes)
    return Lead.objects.select_related("consent", "homeowner").latest("submitted_at")


def matched(lead, now) -> Lead:
    with translation.override("en"):  # as a worker does
        matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def written(marketplace, **which) -> str:
    """All that these messages say, as a worker writes them."""
    with translation.override("en"):
        found = [letters.write(message, marketplace) for message in Message.objects.filter(**which)]
    assert found
    return "\n".join(letter.title + letter.text + unescape(letter.html) for letter in found)


# The form


def test_all_three_steps_are_read_in_spanish(visitor):
    assert is_spanish(visitor.look("home"))
    page = visitor.look("service")
    assert is_spanish(page) and "¿Qué necesita, y dónde?" in text_of(page)
    assert "Reemplazo de calentador de agua" in text_of(page) and "Plomería" in text_of(page)
    visitor.say("service", SERVICE)
    page = visitor.look("job")
    assert is_spanish(page) and "¿De qué tipo lo quiere?" in text_of(page) and "Tanque de gas" in text_of(page)
    visitor.say("job", JOB)
    page = visitor.look("you")
    assert is_spanish(page) and CONSENT in text_of(page) and "Conéctenme ahora" in text_of(page)


def test_what_is_wrong_is_said_in_spanish(visitor):
    assert is_spanish(visitor.say("service", {"q": "xylophone", "zip": "00000"}))
    visitor.say("service", SERVICE)
    assert is_spanish(visitor.say("job", {"answer_heaters": "999"}))
    page = visitor.send(phone="1 800 555 0142", name="", email="x", agreed="", way="")
    assert is_spanish(page) and "Hay 5 problemas" in text_of(page) and "Este es un número gratuito o de tarifa especial." in text_of(page)


def test_the_consent_is_kept_in_the_words_that_were_shown(visitor):
    kept = sent(visitor, agreed_sms="on").consent
    assert kept.words == CONSENT
    assert kept.sms_words.startswith("También acepto recibir mensajes de texto de Craftyard")


def test_answers_are_kept_by_code_and_the_pro_reads_them_in_english(visitor, members, now):
    lead = matched(sent(visitor), now)
    assert lead.homeowner.language == "es"
    assert lead.answers == {"kind": "gas_tank", "heaters": 1, "place": "garage"}
    assert lead.estimate_reasons[0] == "A 40 to 50 gallon tank, installed: $1,650.00"

    page = visitor.look("request", links.token(lead))
    assert is_spanish(page) and "Un tanque de 40 a 50 galones, instalado: $1,650.00" in text_of(page)
    assert "Dos profesionales tienen sus datos." in text_of(page)

    pro = Client(HTTP_HOST="craftyard.localhost", HTTP_ACCEPT_LANGUAGE="es")
    pro.force_login(members[0].user)
    page = pro.get(f"/pro/leads/{Match.objects.get(lead=lead, pro=members[0].pro).pk}/")
    assert "Which kind do you want?" in text_of(page) and "A 40 to 50 gallon tank, installed: $1,650.00" in text_of(page)
    assert "Water heater replacement" in text_of(page) and "galones" not in text_of(page)


def test_a_corrected_job_stays_english_for_its_pros(visitor):
    token = links.token(sent(visitor))
    assert is_spanish(visitor.look("correct", token))
    answer = visitor.say("correct", {**JOB, "answer_kind": "tankless", "answer_heaters": "2"}, token)
    assert answer.status_code == 302
    lead = Lead.objects.get()
    assert "Which kind do you want? Tankless: + $2,300.00" in lead.estimate_reasons
    changes = next(event.data["changes"] for event in events.history(lead.pk) if event.kind == "lead.corrected")
    assert ["Which kind do you want?", "Gas tank", "Tankless"] in changes
    assert is_spanish(visitor.look("request", token))


# The switch


def test_the_switch_in_the_footer_keeps_the_page_and_what_it_asked_for(visitor):
    page = visitor.get("/request/services", {"q": "techo", "from": "a&b"}).content.decode()
    shown = unescape(re.search(r'name="next" value="([^"]*)"', page)[1])
    assert shown == "/request/services?q=techo&from=a%26b" and ">English</button>" in page
    answer = visitor.post("/language/", {"language": "en", "next": shown})
    assert (answer.status_code, answer["Location"]) == (302, shown)
    page = visitor.get("/")
    assert '<html lang="en"' in page.content.decode() and ">Español</button>" in page.content.decode()
    assert visitor.post("/language/", {"language": "es", "next": "/"}).url == "/"
    assert is_spanish(visitor.get("/"))


def test_the_preview_goes_on_as_the_step_it_is_of(visitor):
    visitor.say("service", SERVICE)
    page = visitor.say("preview", JOB).content.decode()
    assert 'name="next" value="/request/job/"' in page


@pytest.mark.parametrize("page", ["/a\r\nSet-Cookie: x=1", "/" + "a" * 9_000, "/\0", "/request/?q=ñandú&a=%zz"])
def test_a_strange_page_to_go_back_to_breaks_nothing(visitor, page):
    answer = visitor.post("/language/", {"language": "en", "next": page})
    assert answer.status_code in (302, 400) and "x=1" not in str(answer.cookies)


@pytest.mark.parametrize("language", ["", "de", "ES", "es-MX", "en ", "\0", "x" * 5_000])
def test_a_language_that_is_not_spoken_is_refused(visitor, language):
    answer = visitor.post("/language/", {"language": language, "next": "/"})
    assert answer.status_code == 400 and "django_language" not in visitor.cookies


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil.example"])
def test_the_switch_leads_nowhere_else(visitor, page):
    assert visitor.post("/language/", {"language": "en", "next": page}).url == "/"


@pytest.mark.parametrize("language", ["de", "xx-ZZ", "es;q=abc", "\\x00", "e" * 600, "en-GB,es;q=0.9"])
def test_other_languages_and_nonsense_get_english(marketplace, language):
    answer = Client(HTTP_HOST="craftyard.localhost", HTTP_ACCEPT_LANGUAGE=language).get("/")
    assert answer.status_code == 200 and '<html lang="en"' in answer.content.decode()


def test_a_copy_of_a_page_is_for_one_language(visitor):
    for path in ("/", "/request/", "/nothing/", "/privacy/"):
        varies = {name.strip() for name in visitor.get(path)["Vary"].split(",")}
        assert {"Accept-Language", "Cookie"} <= varies
    sheet = visitor.get("/t/craftyard/brand.css")
    assert "Accept-Language" not in sheet.get("Vary", "") and "Content-Language" not in sheet


@pytest.mark.parametrize("path", ["/pro/sign-in/", "/pro/password/", "/admin/login/", "/dev/outbox/"])
def test_pros_and_staff_read_english_whatever_their_browser_says(visitor, path, unknown):
    visitor.post("/language/", {"language": "es", "next": "/"})
    answer = visitor.get(path)
    assert answer.status_code == 200 and '<html lang="en' in answer.content.decode()
    assert "Accept-Language" not in answer.get("Vary", "")


def test_staff_read_english(visitor):
    visitor.force_login(User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True))
    page = visitor.get("/staff/credits/").content.decode()
    assert '<html lang="en"' in page and "Solicitud" not in page


def test_a_request_leaves_its_language_behind(visitor):
    assert is_spanish(visitor.get("/"))
    assert translation.get_language() == "en"


# The homeowner's pages


def test_the_page_of_the_request_and_what_is_done_there(visitor, members, now, clock):
    lead = matched(sent(visitor, street="4711 Quillwort Ave"), now)
    token, match = links.token(lead), Match.objects.filter(lead=lead).order_by("slot").first()
    caller = next(member for member in members if member.pro_id == match.pro_id)
    a_call(match, by=caller, at=now + timedelta(minutes=3), talked=120)
    clock.now = now + timedelta(hours=1)
    page = visitor.look("request", token)
    assert is_spanish(page) and "y hablaron 2 min" in text_of(page)
    for what in ("stop", "replace", "phone", "address"):
        assert is_spanish(visitor.look("one_pro", token, match.pk, what))
    for name in ("stop", "hired", "photos", "review"):
        assert is_spanish(visitor.look(name, token))
    assert is_spanish(visitor.look("profile", token, match.pro.public_id))
    assert is_spanish(visitor.say("photos", {}, token))
    assert visitor.say("photos", {"photo": SimpleUploadedFile("a.jpg", a_photo())}, token).status_code == 302
    assert is_spanish(visitor.look("photos", token))
    visitor.say("hired", {"who": str(match.pk)}, token)
    assert is_spanish(visitor.look("request", token))
    clock.now = now + timedelta(days=8)
    assert is_spanish(visitor.look("review", token))
    reviews.write(lead, match.pk, stars=5, words="", now=clock.now)
    assert is_spanish(visitor.look("review", token))
    visitor.say("stop", {}, token)
    page = visitor.look("request", token)
    assert is_spanish(page) and "El dueño de casa retiró esta solicitud." in text_of(page)


def test_the_pros_to_choose_from(visitor, members):
    lead = sent(visitor, way="choose")
    token = links.token(lead)
    page = visitor.look("choose", token)
    assert is_spanish(page) and "Elija hasta cuatro profesionales" in text_of(page) and "Plomería" in text_of(page)
    picked = [str(member.pro.public_id) for member in members]
    page = visitor.look("choose", token, pro=picked, compare=picked)
    assert is_spanish(page) and "Lado a lado" in text_of(page)
    assert is_spanish(visitor.look("profile", token, members[0].pro.public_id))
    visitor.say("choose", {"pro": picked[0]}, token)
    assert "para comunicarse conmigo sobre esta solicitud (Reemplazo de calentador de agua)" in queries.picks_agreed(lead)[0].words
    page = visitor.look("request", token)
    assert is_spanish(page) and "Enviada a 1 profesional." in text_of(page)


def test_the_code_that_confirms_the_phone(marketplace, visitor, now):
    sections = PRESETS["lead_manager"].sections
    publish([PhoneCheck(mode="required") if isinstance(each, PhoneCheck) else each for each in sections], now=now)
    page = visitor.send().url
    assert is_spanish(visitor.get(page))
    visitor.post(page)
    assert is_spanish(visitor.get(page)) and is_spanish(visitor.get(page.removesuffix("code/")))
    text = written(marketplace, kind="phone_code")
    assert "es su codigo" in text and text.endswith(the_code(Lead.objects.get()))
    answer = visitor.post(page, {"code": "000000" if the_code(Lead.objects.get()) != "000000" else "111111"})
    assert "Este no es el código más nuevo" in text_of(answer)


def test_nobody_could_take_it(visitor, marketplace, now, clock):
    lead = matched(sent(visitor), now)
    assert is_spanish(visitor.look("request", links.token(lead)))
    clock.now = lead.closes_at + timedelta(minutes=1)
    matching.route(lead_id=lead.pk, now=clock.now)
    page = visitor.look("request", links.token(lead))
    assert is_spanish(page) and "Nadie que haga Reemplazo de calentador de agua en 60614 pudo tomarlo" in text_of(page)
    assert is_spanish(visitor.look("send_again", links.token(lead)))


def test_what_is_not_in_the_list(visitor, marketplace, now):
    assert is_spanish(visitor.look("unlisted", q="techo"))
    assert is_spanish(visitor.say("unlisted", {}))
    visitor.look("unlisted")
    page = visitor.say("unlisted", SAID).url
    assert is_spanish(visitor.get(page))
    assert "todavía no está en nuestra lista" in written(marketplace, kind="wish_received")
    staff = User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True)
    with translation.override("en"):
        made = {"trade": Trade.objects.first().code, "name": "Solar tube", "synonyms": [], "like": "", "amounts": (40_000, 80_000, 120_000)}
        wish = unlisted.add_to_catalogue(Wish.objects.get().pk, **made, lead_price=2_500, by=staff, now=now)
        unlisted.end_due(now=wish.due_at)
    assert Wish.objects.get().reason == "Ningún profesional que lo haga en su zona lo ha agregado."
    assert "No encontramos profesionales para su solicitud" in written(marketplace, kind="wish_over")


def test_a_request_that_staff_send_stays_in_its_language(visitor, marketplace, now):
    visitor.look("unlisted")
    visitor.say("unlisted", SAID)
    staff = User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True)
    with translation.override("en"):
        lead = unlisted.send_as(Wish.objects.get().pk, "water-heater", by=staff, now=now).lead
    assert lead.homeowner.language == "es" and lead.consent.words == CONSENT
    assert lead.estimate_reasons[0].startswith("A 40 to 50 gallon tank")
    assert "Tenemos su solicitud: Reemplazo de calentador de agua" in written(marketplace, kind="request_received")


# Notices


def test_notices_come_in_the_homeowners_language_and_to_pros_in_english(visitor, marketplace, members, now):
    lead = matched(sent(visitor, agreed_sms="on"), now)
    mail = written(marketplace, kind="introduction", channel=Channel.EMAIL)
    assert "Quién tiene sus datos: Reemplazo de calentador de agua" in mail and "Estos profesionales tienen sus datos" in mail
    text = written(marketplace, kind="introduction", channel=Channel.SMS)
    assert "tienen sus datos" in text and "Responda STOP" in text
    visitor.say("stop", {}, links.token(lead))
    assert "Usted detuvo todo contacto" in written(marketplace, kind="request_withdrawn", channel=Channel.EMAIL)
    for kind in ("new_lead", "lead_withdrawn"):
        words = written(marketplace, kind=kind)
        assert "Water heater replacement" in words and "calentador" not in words and "Usted" not in words
    assert set(Message.objects.filter(recipient__startswith="member:").values_list("language", flat=True)) == {"en"}


def test_who_reads_english_gets_all_of_it_in_english(marketplace, members, now):
    lead = matched(sent(Visitor(), agreed_sms="on"), now)
    with translation.override("es"):  # whatever is in force where a notice is promised
        withdrawal.stop_all_contact(lead, now=now)
    words = written(marketplace)
    assert "You stopped all contact" in words and "Usted" not in words and "solicitud" not in words
