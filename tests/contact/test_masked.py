"""Masked means masked: after calls both ways, a credit and a withdrawal, no page, header, notice, log or export shows one side's number
or address to the other (INVARIANTS 22, 35)."""

import logging
import re

import pytest
from django.test import Client

from accounts.models import Member
from contact.models import LegEvent
from core.models import Event
from credits import requests, stopping
from leads import links
from leads.models import Lead
from notifications import delivery
from notifications.models import LocalDelivery, Message
from tests.contact.telephone import Story
from tests.factories import a_member
from tests.world import session_of

HOME, EMAIL, STREET, NAME = "+13125550142", "quill@feather.example", "4711 N Quillwort Ave", "Dana Quillfeather"
PRO_PHONE, MEMBER_PHONE, SECOND_PHONE, ALSO = "+17735550161", "+17735550162", "+17735550163", "+17735550164"
PRO_EMAIL, MEMBER_EMAIL = "office@marker-plumbing.example", "marcus@marker-plumbing.example"


def shapes(number):
    digits = number[2:]
    return {
        digits,
        f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
        f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
        f"{digits[:3]}.{digits[3:6]}.{digits[6:]}",
    }


HOMEOWNERS = {EMAIL, STREET, NAME.split()[1], "Quillwort"} | shapes(HOME)
PROS = {PRO_EMAIL, MEMBER_EMAIL}.union(*map(shapes, (PRO_PHONE, MEMBER_PHONE, SECOND_PHONE, ALSO)))


def marks(text, secrets):
    """Which of `secrets` stand in a text, however it is broken up by markup."""
    plain = re.sub(r"<wbr/?>|&#x27;|\s+", " ", str(text)).lower()
    joined = re.sub(r"[\s\-().]", "", plain)
    return {secret for secret in secrets if secret.lower() in plain or (secret.isdecimal() and secret in joined)}


@pytest.fixture
def story(marketplace, now, caplog):
    caplog.set_level(logging.DEBUG)
    story = Story(now, home=HOME, member_phone=MEMBER_PHONE, pros=2, email=EMAIL, street=STREET, name=NAME)
    pro = story.pro
    pro.phone, pro.email = PRO_PHONE, PRO_EMAIL
    pro.save()
    story.member.user.email = MEMBER_EMAIL
    story.member.user.save()
    a_member(pro, phone=SECOND_PHONE, role=Member.Role.MEMBER)
    leg = story.ring(from_number=MEMBER_PHONE)
    story.wait(5).answer(leg).wait(40).hang_up(leg).wait(60)
    call = story.dial(from_number=HOME)  # with two pros there is a menu
    story.enter(call, "1")
    story.answer(story.child_of(call)).wait(30).hang_up(story.child_of(call)).wait(60)
    stranger = story.dial(from_number="+12065550150")
    story.enter(stranger, "0000").wait(30)
    return story


def pages(client, paths, marketplace, story):
    """Every answer as it goes over the wire: status line apart, headers and body."""
    with story.clock():
        for path in paths:
            answer = client.get(path, headers={"host": marketplace.host})
            assert answer.status_code == 200, path
            yield path, f"{dict(answer.headers)} {answer.cookies} {answer.content.decode()}"


def as_member(story):
    client = Client()
    client.cookies["sessionid"] = session_of(story.member.user)
    return client


def test_the_pro_sees_no_number_and_no_address_of_the_homeowner(story, marketplace):
    lead = f"/pro/leads/{story.match.pk}/"
    paths = [
        "/pro/leads/",
        lead,
        f"{lead}credit/",
        "/pro/credits/",
        "/pro/billing/",
        "/pro/billing/statement.csv",
        "/pro/account/",
        "/pro/account/notices/",
    ]
    for path, shown in pages(as_member(story), paths, marketplace, story):
        assert not marks(shown, HOMEOWNERS), path
        assert story.line.pin not in shown or path == lead


def test_the_homeowner_sees_no_number_and_no_address_of_the_pro(story, marketplace):
    token = links.token(story.lead)
    for path, shown in pages(Client(), [f"/request/{token}/", f"/request/{token}/stop/"], marketplace, story):
        assert not marks(shown, PROS), path
        assert story.pro.name in shown or path.endswith("/stop/")


def test_no_notice_tells_one_side_of_the_other(story, marketplace):
    requests.submit(story.match, reason="wrong_contact", words="A bakery picked up.", by=story.member, now=story.now)
    stopping.stop_all_contact(Lead.objects.get(pk=story.lead.pk), now=story.now)
    story.wait(3600)
    delivery.drain(marketplace, now=story.now)
    to_pros = Message.objects.filter(recipient__startswith="member:")
    to_homeowner = Message.objects.filter(recipient__startswith="lead:")
    assert {message.kind for message in to_pros} >= {"new_lead", "lead_withdrawn"} and to_homeowner.count() >= 3
    bodies = {row.message: f"{row.title} {row.text} {row.html}" for row in LocalDelivery.objects.all()}
    for message in to_pros:
        assert not marks(f"{message.context} {bodies.get(message.pk)}", HOMEOWNERS), message.kind
        assert story.line.pin not in str(bodies.get(message.pk)) or message.kind == "new_lead"
    for message in to_homeowner:
        assert not marks(f"{message.context} {bodies.get(message.pk)}", PROS), message.kind


def test_no_log_and_no_record_of_what_happened_holds_a_number_or_a_pin(story, caplog):
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(("django.db", "asyncio", "faker")))
    kept = [str(data) for data in Event.objects.values_list("data", flat=True)] + [
        str(said) for said in LegEvent.objects.values_list("said", flat=True)
    ]
    for text in [said, *kept]:
        assert not marks(text, HOMEOWNERS | PROS | {story.line.pin}), text
