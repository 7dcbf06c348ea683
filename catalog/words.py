"""The bundled catalogue in the reader's language. What an operator has named itself is shown as it was typed."""

from django.utils.translation import pgettext

from catalog.guide import Guide

CONTEXT = "catalogue"  # of these texts among the translated ones


def local(text: str) -> str:
    """A name, question, hint, answer or unit of the catalogue in the language in force."""
    return pgettext(CONTEXT, text) if text else ""


def local_guide(guide) -> Guide:
    """The guide with its texts in the language in force; codes, limits and prices are the same."""
    prices = {**guide.prices, "label": local(guide.prices["label"])}
    return Guide(guide.version, [_question(question) for question in guide.questions], prices)


def _question(question):
    shown = {**question, "text": local(question["text"])}
    if question.get("help"):
        shown["help"] = local(question["help"])
    if question["kind"] == "number":
        return {**shown, "unit": [local(unit) for unit in question["unit"]]}
    return {**shown, "options": [{**option, "label": local(option["label"])} for option in question["options"]]}
