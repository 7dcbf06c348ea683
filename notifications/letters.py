"""Filling in the words: templates/messages/<kind>/{subject.txt,body.txt,body.html,sms.txt}."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from notifications.channels import Letter
from notifications.models import Channel

# One character outside the plain set of text messages more than doubles what a message costs. That set has é, ñ, ü, ¿ and ¡, but no
# other accents of Spanish: those are read without as well.
_PLAIN = str.maketrans({"…": "...", "−": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\N{NO-BREAK SPACE}": " "})
_PLAIN |= str.maketrans("áíóúÁÍÓÚ", "aiouAIOU")


def envelope(message, marketplace) -> Letter:
    """The letter of `message` without its words: enough to ask for one whose provider's id is known."""
    return Letter(
        id=message.pk,
        marketplace=marketplace,
        channel=message.channel,
        address=message.address,
        provider_id=message.provider_id,
        attempts=message.attempts,
        created_at=message.created_at,
    )


def write(message, marketplace) -> Letter:
    """The letter of `message`, with times in the recipient's zone, in its language. Raises whatever its templates or its zone raise."""
    empty = envelope(message, marketplace)
    with timezone.override(ZoneInfo(message.zone)), translation.override(message.language):
        words = _words(message, marketplace)
        if message.channel == Channel.SMS:
            return replace(empty, text=_lines(_fill(message.kind, "sms.txt", words)).translate(_PLAIN))
        title = words["subject"] = _line(_fill(message.kind, "subject.txt", words))
        text = _fill(message.kind, "body.txt", words).strip() + "\n"
        return replace(empty, title=title, text=text, html=_fill(message.kind, "body.html", words))


def _words(message, marketplace):
    instants = {key: datetime.fromisoformat(value) for key, value in message.context.items() if key == "at" or key.endswith("_at")}
    return {**message.context, **instants, "marketplace": marketplace, "brand": marketplace.brand}


def _fill(kind, part, words):
    """Only HTML is escaped: in a text an ampersand is an ampersand."""
    template = get_template(f"messages/{kind}/{part}").template
    return template.render(Context(words, autoescape=part.endswith(".html")))


def _lines(text):
    """One line; but what begins with @ stands alone, as phones want it that take a code out of a text by themselves."""
    said, at, code = text.partition("\n@")
    return f"{_line(said)}\n\n@{_line(code)}" if at else _line(said)


def _line(text):
    return " ".join(text.split())
