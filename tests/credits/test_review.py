"""A person decides, by name and with a reason; one appeal, heard by somebody else; and who may not decide (RULES 38-41)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Pro, ProState, User
from billing import charges
from core.errors import NotAllowed, NotFound, StaleState
from core.models import Event
from credits import requests, review
from credits.claim import thaw
from credits.granting import NoCredit
from credits.models import CreditRequest, Ruling
from credits.queries import case, queue, queue_counts, request_of
from credits.review import AlreadyDecided, AppealUsed, NeedsOwner, NoteMissing, OwnDecision, OwnPro, UnknownRule
from leads import matching, sight, withdrawal
from leads.queries import match_for
from notifications.models import Message
from tests.credits.stories import DAY, HOUR, MINUTE, PRICE, again, dead, money, owner_of, seats, spoke, staff
from tests.factories import a_pro

REFUSAL = {"verdict": "refuse", "rule": "not_proven", "note": "The number rang when we tried it."}
GRANT = {"verdict": "grant", "rule": "wrong_contact", "note": "It is a bakery."}


@pytest.fixture
def renee(marketplace):
    return staff("Renee Okafor")


@pytest.fixture
def tom(marketplace):
    return staff("Tom Reyes")


def asked(match, *, now, reason="wrong_contact"):
    return requests.submit(match, reason=reason, words="A bakery picked up.", by=owner_of(match), now=now)


@pytest.fixture
def request_(marketplace, now):
    return asked(seats(now=now)[0], now=now)


def decide(request, by, *, now, **decision):
    return review.decide(request, by=by, now=now, **decision)


def manages(user, request):
    Pro.objects.filter(pk=request.match.pro_id).update(account_manager=user)


# Granting


def test_a_grant_gives_back_closes_the_line_hides_the_homeowner_and_tells_the_pro(request_, renee, tom, now):
    decided = decide(request_, renee, now=now + HOUR, **GRANT)
    assert (decided.state, decided.amount, decided.decided_at) == ("granted", PRICE, now + HOUR)
    assert decided.rule == "not_proven"  # what the judge had said; the ruling says what the person went by
    match = again([request_.match])[0]
    assert money(match) == (PRICE, 0, PRICE, 0)
    assert (match.state, match.line.closed_reason, match.line.is_live) == ("credited", "credited", False)
    sheet = sight.sheet_of(match_for(match.pro, match.pk), now=now + HOUR)
    assert sheet.job is None and sheet.net == 0
    ruling = Ruling.objects.get()
    assert (ruling.by, ruling.rule, ruling.note, ruling.is_appeal) == (renee, "wrong_contact", "It is a bakery.", False)
    assert Event.objects.get(kind="credit.granted").actor == f"staff:{renee.pk}"
    told = Message.objects.get(kind="credit_granted", channel="email").context
    assert (told["amount"], told["why"], told["note"]) == ("$28.00", "The contact is wrong or fake.", "It is a bakery.")


def test_a_credit_frees_the_budget_of_its_period(request_, renee, tom, now):
    before = ProState.objects.get(pro=request_.match.pro)
    decide(request_, renee, now=now + HOUR, **GRANT)
    after = ProState.objects.get(pro=request_.match.pro)
    assert (before.spent, after.spent) == (PRICE, 0)
    assert (after.day_count, after.received) == (before.day_count, before.received) and after.rev == before.rev + 2


def test_what_the_homeowner_stopped_can_still_be_granted(request_, renee, tom, now):
    withdrawal.stop_all_contact(request_.match.lead, now=now + MINUTE)
    decide(request_, renee, now=now + HOUR, **GRANT)
    match = again([request_.match])[0]
    assert (match.state, match.line.closed_reason) == ("credited", "withdrawn") and money(match)[3] == 0


def test_where_nothing_is_left_nothing_is_granted(request_, renee, tom, now):
    charges.credit_back(request_.match.charge_id, reference="credit:elsewhere", now=now)
    with pytest.raises(NoCredit), transaction.atomic():
        decide(request_, renee, now=now + HOUR, **GRANT)
    assert request_of(request_.pk).state == "open" and not Ruling.objects.exists()
    assert decide(request_, renee, now=now + HOUR, **REFUSAL).state == "refused"


# A fact of the lead


@pytest.mark.parametrize("rule", ["fraudulent", "dead_number", "wrong_contact"])
def test_a_fact_of_the_lead_credits_the_others_who_have_not_spoken(marketplace, renee, tom, now, rule):
    one, two, three = seats(now=now, pros=3)
    spoke(three, at=now + MINUTE)
    request = asked(one, now=now + HOUR)
    decide(request, renee, now=now + 2 * HOUR, verdict="grant", rule=rule)

    states = [match.state for match in again([one, two, three])]
    if rule == "wrong_contact":
        assert states == ["credited", "live", "live"]
        return
    assert states == ["credited", "credited", "live"]
    unasked = CreditRequest.objects.get(match=two)
    assert (unasked.filed_by, unasked.state, unasked.rule, unasked.amount) == ("marketplace", "granted", "proven_for_another", PRICE)
    ruling = unasked.rulings.get()
    assert (ruling.by, ruling.rule, ruling.evidence["proven_by"]) == (None, "proven_for_another", str(request.pk))
    assert [money(match)[3] for match in (one, two, three)] == [0, 0, PRICE]
    assert not again([two])[0].line.is_live and again([three])[0].line.is_live
    assert Message.objects.filter(kind="credit_granted", subject=unasked.subject).count() == 2


def test_what_code_proves_holds_for_the_others_too_and_grants_what_they_asked(marketplace, now):
    one, two, three = seats(now=now, pros=3)
    theirs = asked(two, now=now, reason="not_owner")
    dead(one, at=now + MINUTE)
    dead(three, at=now + MINUTE + HOUR)
    requests.submit(one, reason="dead_number", words="", by=owner_of(one), now=now + 2 * HOUR)
    theirs.refresh_from_db()
    assert (theirs.state, theirs.rule, theirs.filed_by) == ("granted", "proven_for_another", owner_of(two).subject)
    assert [money(match)[3] for match in (one, two, three)] == [0, 0, 0]
    assert CreditRequest.objects.filter(filed_by="marketplace").count() == 1


@pytest.mark.parametrize(("rule", "state", "outcome"), [("dead_number", "closed", "part_filled"), ("wrong_contact", "open", "")])
def test_a_fact_of_the_lead_ends_its_sale(request_, renee, tom, now, rule, state, outcome):
    decide(request_, renee, now=now + HOUR, verdict="grant", rule=rule)
    a_pro()  # who would have got the next seat
    lead = request_.match.lead
    matching.route(lead_id=lead.pk, now=now + 2 * HOUR)
    lead.refresh_from_db()
    assert (lead.state, lead.outcome, lead.outcome_reason) == (state, outcome, rule if outcome else "")
    assert lead.matches.count() == (1 if outcome else 2)


# Refusing


def test_a_refusal_carries_a_name_a_reason_and_the_right_to_one_appeal(request_, renee, tom, now):
    refused = decide(request_, renee, now=now + HOUR, **REFUSAL)
    assert (refused.state, refused.decided_at, refused.due_at, refused.amount) == ("refused", now + HOUR, None, None)
    assert money(request_.match) == (PRICE, 0, 0, PRICE) and again([request_.match])[0].state == "live"
    told = Message.objects.get(kind="credit_refused", channel="email").context
    assert (told["by"], told["note"], told["last"]) == ("Renee Okafor", REFUSAL["note"], False)
    assert told["why"] == "What we know does not prove it."
    with pytest.raises(requests.AlreadyAsked):
        asked(request_.match, now=now + 2 * HOUR)


def test_a_refusal_without_words_or_with_a_rule_of_ones_own_is_none(request_, renee, tom, now):
    with pytest.raises(NoteMissing):
        decide(request_, renee, now=now, verdict="refuse", rule="not_proven", note=" \n")
    for verdict, rule in (("refuse", "wrong_contact"), ("grant", "not_proven"), ("grant", ""), ("ask", "not_proven"), ("", "")):
        with pytest.raises(UnknownRule):
            decide(request_, renee, now=now, verdict=verdict, rule=rule, note="x")
    assert request_of(request_.pk).state == "open"


def test_only_staff_of_this_instant_decide(request_, renee, tom, now):
    User.objects.filter(pk=tom.pk).update(is_active=False)
    for by in (tom, owner_of(request_.match), owner_of(request_.match).user):
        with pytest.raises(NotAllowed):
            decide(request_, by, now=now, **REFUSAL)


def test_the_second_of_two_decisions_is_told_so(request_, renee, tom, now):
    decide(request_, renee, now=now + HOUR, **REFUSAL)
    for decision in (REFUSAL, GRANT):
        with pytest.raises(AlreadyDecided):
            decide(request_, tom, now=now + HOUR, **decision)
    with pytest.raises(AlreadyDecided):
        review.ask(request_, question="Who?", by=tom, now=now + HOUR)


def test_a_note_hides_the_homeowner(request_, renee, tom, now):
    decide(request_, renee, now=now, verdict="refuse", rule="not_proven", note="We called (312) 555-0142 and Dana answered.")
    told = Message.objects.get(kind="credit_refused", channel="email").context
    assert told["note"] == "We called [phone number hidden] and Dana answered."


# The appeal


def appealed(request, *, now, by=None):
    return review.appeal(request, words="It is a bakery, try again.", by=by or owner_of(request.match), now=now)


def test_an_appeal_is_heard_by_somebody_else_with_a_promise_of_its_own(request_, renee, tom, now):
    decide(request_, renee, now=now + HOUR, **REFUSAL)
    request = appealed(request_, now=now + 3 * DAY)
    assert (request.state, request.decided_at, request.appealed_at) == ("open", None, now + 3 * DAY)
    assert request.promised_at == request_.promised_at
    assert request.answer_by == request.appeal_promised_at > request.promised_at

    for decision in (REFUSAL, GRANT):
        with pytest.raises(OwnDecision):
            decide(request, renee, now=now + 3 * DAY, **decision)
    assert decide(request, tom, now=now + 4 * DAY, **GRANT).state == "granted"
    assert [(one.by, one.verdict, one.is_appeal) for one in Ruling.objects.all()] == [(renee, "refuse", False), (tom, "grant", True)]


def test_there_is_one_appeal(request_, renee, tom, now):
    with pytest.raises(StaleState):
        appealed(request_, now=now)
    decide(request_, renee, now=now + HOUR, **REFUSAL)
    first = appealed(request_, now=now + 2 * HOUR)
    assert appealed(request_, now=now + 3 * HOUR).appealed_at == first.appealed_at  # a second click
    with pytest.raises(AppealUsed):
        review.appeal(request_, words="And again.", by=owner_of(request_.match), now=now + 3 * HOUR)
    decide(request_, tom, now=now + DAY, **REFUSAL)
    with pytest.raises(AppealUsed):
        appealed(request_, now=now + 2 * DAY)
    letters = Message.objects.filter(kind="credit_refused", channel="email").order_by("created_at")
    assert [letter.context["last"] for letter in letters] == [False, True]
    assert Message.objects.filter(kind="credit_received").count() == 2


def test_evidence_that_came_meanwhile_grants_an_appeal_at_once(request_, renee, tom, now):
    decide(request_, renee, now=now + HOUR, **REFUSAL)
    dead(request_.match, at=now + 2 * HOUR)
    dead(request_.match, at=now + 3 * HOUR)
    request = appealed(request_, now=now + 4 * HOUR)
    assert (request.state, request.rule, request.rulings.last().is_appeal) == ("granted", "dead_number", True)


def test_who_refused_does_not_file_the_appeal(request_, renee, tom, now):
    decide(request_, renee, now=now + HOUR, **REFUSAL)
    with pytest.raises(OwnDecision):
        appealed(request_, now=now + 2 * HOUR, by=renee)
    assert appealed(request_, now=now + 2 * HOUR, by=tom).appealed_by == f"staff:{tom.pk}"


# Who may not decide


def test_nobody_decides_about_the_own_pro_while_somebody_else_may(request_, renee, tom, now):
    manages(renee, request_)
    for decision in (REFUSAL, GRANT):
        with pytest.raises(OwnPro):
            decide(request_, renee, now=now, **decision)
    with pytest.raises(OwnPro):
        review.ask(request_, question="Who?", by=renee, now=now)
    assert decide(request_, tom, now=now, **REFUSAL).state == "refused"


@pytest.mark.parametrize("own", [True, False])
def test_a_sole_member_of_staff_may_grant_and_only_the_owner_refuses(request_, renee, now, own):
    if own:
        manages(renee, request_)
    with pytest.raises(NeedsOwner):
        decide(request_, renee, now=now, **REFUSAL)
    User.objects.filter(pk=renee.pk).update(owns_marketplace=True)
    renee.refresh_from_db()
    assert review.objection(request_, verdict="refuse", by=renee) is None
    User.objects.filter(pk=renee.pk).update(owns_marketplace=False)
    renee.refresh_from_db()
    assert decide(request_, renee, now=now, **GRANT).state == "granted"


def test_where_the_manager_alone_is_left_to_hear_an_appeal_it_may_grant(request_, renee, tom, now):
    manages(tom, request_)
    decide(request_, renee, now=now, **REFUSAL)
    request = appealed(request_, now=now + HOUR)
    with pytest.raises(NeedsOwner):
        decide(request, tom, now=now + HOUR, **REFUSAL)
    assert decide(request, tom, now=now + HOUR, **GRANT).state == "granted"


# The database says it again


def test_the_database_refuses_what_code_must_not_write(request_, renee, tom, now):
    kept = {"request": request_, "at": now, "evidence": {}}
    wrong = [
        {"verdict": "refuse", "rule": "not_proven", "note": "No."},  # by nobody
        {"verdict": "refuse", "rule": "not_proven", "by": renee},  # without words
        {"verdict": "grant"},  # without a rule
        {"verdict": "ask", "by": renee},
    ]
    for ruling in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Ruling.objects.create(**kept, **ruling)
    twin = {"match": request_.match, "filed_by": "marketplace", "received_at": now, "promised_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditRequest.objects.create(**twin)
    decide(request_, renee, now=now, **GRANT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditRequest.objects.create(**twin, state="granted", amount=1, decided_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.create(**kept, verdict="refuse", rule="not_proven", note="No.", by=tom)


# What staff see


def test_the_queue_is_in_the_order_of_the_promises(marketplace, renee, tom, now):
    first = asked(seats(now=now)[0], now=now)
    second = asked(seats(now=now, pros=0)[0], now=now + DAY)
    third = asked(seats(now=now, pros=0)[0], now=now + 2 * DAY)
    assert list(queue(renee)) == [first, second, third]
    decide(first, renee, now=now, **REFUSAL)
    assert list(queue(renee)) == [second, third]
    appealed(first, now=now + 6 * DAY)
    assert list(queue(renee)) == [second, third, first]
    manages(renee, second)
    review.ask(third, question="Who?", by=tom, now=now + 2 * DAY)
    requests.answer(third, words="A bakery.", by=owner_of(third.match), now=now + 2 * DAY)
    assert list(queue(renee, show="appeals")) == [first] and list(queue(renee, show="answered")) == [third]
    assert len(queue(renee, show="mine")) == 3 and len(queue(tom, show="mine")) == 0  # all are about one pro
    assert queue_counts(renee) == {"": 3, "mine": 3, "appeals": 1, "large": 0, "answered": 1}


def test_the_queue_takes_one_query(request_, renee, django_assert_num_queries):
    with django_assert_num_queries(1):
        for row in queue(renee):
            assert all((row.match.pro.name, str(row.match.lead.service), row.match.charge.net, row.match.code))


def test_a_case_has_everything_a_person_needs(marketplace, renee, tom, now):
    one, two = seats(now=now, pros=2)
    dead(one, at=now + MINUTE)
    other = asked(two, now=now + MINUTE)
    request = asked(one, now=now + HOUR)
    shown = case(request)
    assert (shown.verdict.grant, shown.verdict.rule) == (False, "not_proven")
    assert len(shown.evidence.mine.dead_at) == 1 and shown.evidence.receipt.covered
    assert shown.evidence.receipt.delivered_at == now and shown.others == [other] and shown.rulings == []
    assert (shown.history.leads, shown.history.requests, shown.history.granted) == (1, 1, 0)

    decide(request, renee, now=now + 2 * HOUR, **REFUSAL)
    dead(one, at=now + 3 * HOUR)
    shown = case(request_of(request.pk))
    assert shown.verdict is None and len(shown.evidence.mine.dead_at) == 1  # as it stood then
    assert shown.rulings[0].by == renee and shown.evidence == thaw(shown.rulings[0].evidence)


def test_a_missing_request_is_not_found(marketplace):
    with pytest.raises(NotFound):
        request_of("00000000-0000-7000-8000-000000000000")
