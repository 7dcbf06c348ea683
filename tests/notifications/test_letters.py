"""The words: complete, short enough, plain in a text message, escaped in HTML only, and silent about the homeowner (INVARIANTS 22)."""

import re

import pytest

from notifications import letters
from notifications.kinds import KINDS
from notifications.models import Channel, Message
from tests.notifications.post import CONTEXT

EVERY = [(kind, channel) for kind, row in KINDS.items() for channel in row.channels]
LONG_URL = "http://craftyard.localhost:8000/request/" + "x" * 56 + "/"
LONG = {
    "pro": "W" * 120,
    "service": "W" * 80,
    "place": "W" * 60,
    "zip": "60614",
    "lead_type": "Choice Match",
    "price": "$12,345.00",
    "estimate": "$12,345.00",
    "budget": "$12,345.00",
    "spent": "$12,345.00",
    "url": LONG_URL,
    "code": "K7Q2WX",
    "pros": ["W" * 90] * 4,
    "inviter": "W" * 90,
    "at": "2026-11-20T17:00:00+00:00",
    "until_at": "2026-11-20T17:30:00+00:00",
    "then_automatch": True,
    "tier": "W" * 40,
    "balance": "$12,345.00",
    "next": "W" * 40,
    "next_amount": "$12,345.00",
    "chosen": True,
    "saving": "$1,234.00",
    "number": "(312) 555-0117",
    "amount": "$12,345.00",
    "promised_at": "2026-11-20T17:00:00+00:00",
    "by": "W" * 80,
    "why": "W" * 90,
    "note": "W" * 2_000,
    "question": "W" * 2_000,
    "last": False,
    "step": "Call Lead Within 30 Minutes",
    "done": 2,
    "of": 3,
    "what": "address",
    "decision": "another",
    "minutes": 10,
}


def written(marketplace, now, kind, channel, language="en", **changes):
    context = {**CONTEXT[kind], **changes}
    common = {"zone": "America/Chicago", "language": language, "created_at": now, "attempts": 1}
    return letters.write(Message(kind=kind, channel=channel, address="x", context=context, **common), marketplace)


@pytest.mark.parametrize(("kind", "channel"), EVERY)
def test_every_notice_fills_every_template(marketplace, now, kind, channel):
    letter = written(marketplace, now, kind, channel)
    everything = letter.title + letter.text + letter.html
    assert "{{" not in everything and "{%" not in everything and "None" not in everything
    assert "!" not in letter.title + letter.text
    assert CONTEXT[kind].get("url", "") in letter.text
    assert marketplace.name in letter.text
    if channel == Channel.SMS:
        assert (letter.title, letter.html) == ("", "") and "\n" not in letter.text.partition("\n\n@")[0]
    else:
        assert letter.title and "\n" not in letter.title
        assert CONTEXT[kind]["url"] in letter.html and letter.title.split(":")[0] in letter.html.replace("&#x27;", "'")


@pytest.mark.parametrize("kind", [kind for kind, row in KINDS.items() if Channel.SMS in row.channels])
def test_a_text_is_short_and_plain_whatever_is_put_in(marketplace, now, kind):
    marketplace.name = "W" * 80
    text = written(marketplace, now, kind, Channel.SMS, **{key: LONG[key] for key in KINDS[kind].keys}).text
    assert len(text) <= 320, len(text)
    assert text.isascii() and (LONG_URL in text or "url" not in KINDS[kind].keys)


# The characters that a text message may have without costing double, beside ASCII
CHEAP = set("£¥èéùìòÇØøÅåÆæßÉ¡ÄÖÑÜ§¿äöñüà")


@pytest.mark.parametrize("kind", [kind for kind, row in KINDS.items() if Channel.SMS in row.channels])
def test_in_spanish_a_text_is_as_short_and_no_dearer(marketplace, now, kind):
    marketplace.name = "W" * 80
    text = written(marketplace, now, kind, Channel.SMS, language="es", **{key: LONG[key] for key in KINDS[kind].keys}).text
    assert len(text) <= 320, len(text)
    assert {letter for letter in text if not letter.isascii()} <= CHEAP


def test_accents_that_would_cost_double_are_left_out_of_texts_only(marketplace, now):
    text = written(marketplace, now, "review_asked", Channel.SMS, language="es", service="Baño, jardín y césped").text
    assert "¿como le fue" in text and "Baño, jardin y césped" in text
    assert "¿Cómo le fue" in written(marketplace, now, "review_asked", Channel.EMAIL, language="es").text


@pytest.mark.parametrize("kind", [kind for kind, row in KINDS.items() if row.switchable])
def test_a_notice_to_a_pro_knows_nothing_of_the_homeowner(kind):
    words = " ".join(KINDS[kind].keys)
    assert not re.search(r"phone|email|street|address|last_name|homeowner", words)


@pytest.mark.parametrize("channel", Channel)
def test_choice_match_reads_differently_in_every_channel(marketplace, now, channel):
    auto = written(marketplace, now, "new_lead", channel)
    chosen = written(marketplace, now, "new_lead", channel, lead_type="Choice Match")
    assert "chose you" in chosen.text and "chose you" not in auto.text
    assert (channel == Channel.SMS) or ("chose you" in chosen.title and "chose you" in chosen.html)
    assert "AutoMatch" in auto.text and "Choice Match" in chosen.text


def test_both_sides_read_the_same_sentence(marketplace, now):
    sentence = "The homeowner withdrew this request."
    assert sentence in written(marketplace, now, "lead_withdrawn", "email").text
    assert sentence in written(marketplace, now, "request_withdrawn", "email").text


def test_a_time_is_the_recipients(marketplace, now):
    letter = written(marketplace, now, "request_withdrawn", "email")
    assert "May 20, 2026 at 12:00 PM CDT" in letter.text and "May 20, 2026 at 12:00 PM CDT" in letter.html


def test_only_html_is_escaped(marketplace, now):
    pros = ["Lakeview & Drain", "<b>Bold</b>"]
    letter = written(marketplace, now, "introduction", "email", pros=pros, service="Tub\r\nBcc: x@example.com")
    assert "Lakeview & Drain" in letter.text and "<b>Bold</b>" in letter.text
    assert "Lakeview &amp; Drain" in letter.html and "<b>Bold" not in letter.html
    assert letter.title == "Who has your details: Tub Bcc: x@example.com"
    assert "Lakeview & Drain and <b>" in written(marketplace, now, "introduction", "sms", pros=pros).text


@pytest.mark.parametrize(("pros", "words"), [(["A"], "A has"), (["A", "B"], "A and B have"), (["A", "B", "C"], "A, B and C have")])
def test_names_are_listed_as_people_list_them(marketplace, now, pros, words):
    assert f"{words} your details" in written(marketplace, now, "introduction", "sms", pros=pros).text
