"""Many guesses at one code at the same instant: never a sixth one is compared (INVARIANTS 19, RULES 5).

The control shows that without the lock on the lead more of them are.
"""

from dataclasses import replace
from datetime import UTC, datetime

from core.policy import publish
from core.tenancy import scope
from leads import phone_check
from leads.models import Lead, PhoneCode
from leads.policy import PhoneCheck
from operations.presets import PRESETS
from tests.factories import a_lead, the_code
from tests.races.processes import race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
GUESSERS, EACH = 6, 12


def a_draft(fresh):
    """A marketplace where phones are confirmed, and a request with a code on its way."""
    marketplace = fresh()
    sections = PRESETS["lead_manager"].sections
    with scope(marketplace):
        publish([replace(each, mode="required") if isinstance(each, PhoneCheck) else each for each in sections], now=NOW)
        draft = a_lead(now=NOW, source="form", phone="+13125550142")
        phone_check.send(draft, now=NOW)
        return marketplace, draft, int(the_code(draft))


def guesser(marketplace, draft, codes):
    """Tries one code after another; says how many of them were compared."""

    def work():
        compared = []
        known = phone_check.hmac.compare_digest
        phone_check.hmac.compare_digest = lambda *pair: compared.append(pair) or known(*pair)
        for code in codes:
            with scope(marketplace):
                assert not phone_check.confirm(draft, f"{code % 10**6:06}", now=NOW)
        return len(compared)

    return work


def guessed(fresh):
    """How many guesses were compared in all, by so many guessers at once."""
    marketplace, draft, right = a_draft(fresh)
    wrong = [[right + 1 + EACH * number + one for one in range(EACH)] for number in range(GUESSERS)]
    compared = sum(race([guesser(marketplace, draft, codes) for codes in wrong]))
    with scope(marketplace):
        assert not phone_check.confirm(draft, f"{right:06}", now=NOW) or compared < 5
        return compared, PhoneCode.objects.get().attempts


def test_five_guesses_at_a_code_however_many_come_at_once(fresh):
    assert guessed(fresh) == (5, 5)


def test_control_without_the_lock_on_the_lead_more_are_compared(fresh, monkeypatch):
    def read_only(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead_id)

    monkeypatch.setattr(phone_check, "lock", read_only)
    tries = [guessed(fresh)[0] for _ in range(3)]
    assert max(tries) > 5
