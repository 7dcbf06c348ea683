"""What is read of credits: the preview before asking, rates with their base, and a pro's own requests (RULES 36, 37)."""

import pytest

from core.errors import NotFound
from credits import review
from credits.models import CreditRequest
from credits.queries import granted_share, history_of, open_requests, request_for, requests_for, shares_by_steps
from credits.requests import preview, submit
from tests.credits.stories import HOUR, MINUTE, PRICE, dead, owner_of, rang, seats, staff


@pytest.fixture
def match(marketplace, now):
    return seats(now=now)[0]


def ask(match, *, now, reason="dead_number") -> CreditRequest:
    return submit(match, reason=reason, words="A bakery picked up.", by=owner_of(match), now=now)


def test_the_preview_tells_what_would_come_of_it(match, now):
    rang(match, at=now + 7 * MINUTE)
    shown = preview(match, "wrong_contact", now=now + HOUR)
    assert (shown.price, shown.discounted, shown.cents) == (PRICE, 0, PRICE)
    assert shown.reasons == ("dead_number", "wrong_contact", "not_owner", "duplicate")
    assert (shown.verdict.grant, shown.verdict.rule) == (False, "not_proven")
    assert shown.promised_at.isoformat() == shown.typical_at.isoformat() == "2026-05-23T04:59:59.999999+00:00"
    labels = [str(step.label) for step in shown.evidence.steps]
    assert labels == ["Call Lead Within 30 Minutes", "Follow Up That Week", "Send An Email"]
    assert shown.evidence.mine.attempts == 1 and shown.refusal is None
    assert shown.share.few and shown.share.of == 0
    dead(match, at=now + MINUTE)
    dead(match, at=now + MINUTE + HOUR)
    assert preview(match, "wrong_contact", now=now + 2 * HOUR).verdict.rule == "dead_number"
    assert preview(match, now=now).verdict is None and preview(match, "nonsense", now=now).reason == ""
    assert CreditRequest.objects.count() == 0


def test_the_preview_is_few_queries(match, now, django_assert_max_num_queries):
    dead(match, at=now + MINUTE)
    with django_assert_max_num_queries(11):
        preview(match, "dead_number", now=now)


def test_rates_are_real_figures_with_their_base(numbers, now):
    numbers(few=3)
    renee = staff(owns_marketplace=True)
    for number in range(4):
        (match,) = seats(now=now, pros=1 if not number else 0)
        request = ask(match, now=now, reason="wrong_contact" if number else "not_owner")
        verdict = (
            {"verdict": "refuse", "rule": "not_proven", "note": "No."} if number == 1 else {"verdict": "grant", "rule": "wrong_contact"}
        )
        review.decide(request, by=renee, now=now + HOUR, **verdict)
    share = granted_share(reason="wrong_contact")
    assert (share.granted, share.of, share.few) == (2, 3, False)
    assert granted_share(reason="not_owner").few and granted_share(rule="not_proven").of == 4
    assert [one.of for one in shares_by_steps()] == [4, 0, 0, 0]
    history = history_of(match.pro)
    assert (history.leads, history.requests, history.granted) == (4, 4, 3)


def test_a_pro_reads_its_own_requests_only(marketplace, now):
    one, two = seats(now=now, pros=2)
    request = ask(one, now=now)
    assert request_for(one.pro, request.pk).pk == request.pk
    assert list(requests_for(one.pro)) == [request] and list(requests_for(two.pro)) == []
    assert open_requests([one.pk, two.pk]) == {one.pk: request}
    for pro, pk in ((two.pro, request.pk), (one.pro, one.pk)):
        with pytest.raises(NotFound):
            request_for(pro, pk)
