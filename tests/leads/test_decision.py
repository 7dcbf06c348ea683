"""The decision against an oracle that was written without looking at it (RULES 10, 13, 17; INVARIANTS 5-8)."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from leads.decision import SEAT, Candidate, Request, decide, freeze, shares, thaw, within_hours

ORDINARY = Candidate(
    pro=1, rev=0, test=False, approved=True, paused=False, past_grace=False, wants_type=True, own=False, in_group=False,
    accepts_renters=False, job_min=None, job_max=None, minute=720, opens=None, closes=None, day_count=0, day_cap=None, week_count=0,
    week_cap=None, spent=0, budget=None, weight=1, received=0, entitled=0,
)  # fmt: skip
REQUEST = Request(at="2026-05-20T17:00:00+00:00", lead_type="automatch", seats=4, estimate=200_000, price=2_800)

few = st.one_of(st.none(), st.integers(0, 3))
candidates = st.builds(
    Candidate,
    pro=st.just(0),
    rev=st.integers(0, 5),
    test=st.booleans(),
    approved=st.sampled_from([True, True, True, False]),
    paused=st.sampled_from([False, False, True]),
    past_grace=st.sampled_from([False, False, True]),
    wants_type=st.sampled_from([True, True, False]),
    own=st.sampled_from([False, False, True]),
    in_group=st.sampled_from([False, False, True]),
    accepts_renters=st.booleans(),
    job_min=st.one_of(st.none(), st.integers(100_000, 300_000)),
    job_max=st.one_of(st.none(), st.integers(100_000, 300_000)),
    minute=st.integers(0, 1439),
    opens=st.one_of(st.none(), st.integers(0, 1439)),
    closes=st.one_of(st.none(), st.integers(0, 1439)),
    day_count=st.integers(0, 3),
    day_cap=few,
    week_count=st.integers(0, 3),
    week_cap=few,
    spent=st.integers(0, 10_000),
    budget=st.one_of(st.none(), st.integers(0, 12_000)),
    weight=st.integers(1, 4),
    received=st.integers(0, 9),
    entitled=st.integers(0, 9 * SEAT),
    held=st.just(True),
    funds=st.one_of(st.none(), st.integers(-1_000, 6_000)),
    asked=st.sampled_from([False, False, True]),
    day_off=st.sampled_from([None, None, None, ["2026-05-23", 96], ["2026-05-20", "2026-05-20", "2026-05-31"]]),
    open_work=st.integers(0, 3),
    open_cap=few,
    lacks=st.sampled_from([None, None, "licence", "insurance"]),
    reserved=st.integers(0, 3_000),
)
crowds = st.lists(candidates, max_size=12).map(lambda crowd: [one._replace(pro=n + 1) for n, one in enumerate(crowd)])
requests = st.builds(
    Request,
    at=st.just(REQUEST.at),
    lead_type=st.just("automatch"),
    seats=st.integers(1, 4),
    estimate=st.integers(50_000, 400_000),
    price=st.integers(0, 5_000),
    renter=st.booleans(),
    test=st.booleans(),
    pro_asks=st.booleans(),
)


def oracle_eligible(request, c) -> bool:
    """RULES 10 as one plain sentence, from the rules and not from the code."""
    if c.opens is None or c.closes is None or c.opens == c.closes:
        open_now = True
    else:
        length = (c.closes - c.opens) % 1440
        open_now = (c.minute - c.opens) % 1440 < length
    return (
        c.test == request.test
        and c.approved
        and not (c.paused or c.past_grace or c.own or c.in_group)
        and c.wants_type
        and (c.accepts_renters or not request.renter)
        and (c.job_min is None or c.job_min <= request.estimate)
        and (c.job_max is None or c.job_max >= request.estimate)
        and (request.pro_asks or (open_now and c.day_off is None))
        and (c.open_cap is None or c.open_work + 1 <= c.open_cap)
        and (c.day_cap is None or c.day_count + 1 <= c.day_cap)
        and (c.week_cap is None or c.week_count + 1 <= c.week_cap)
        and (c.budget is None or c.budget - c.spent - c.reserved >= request.price)
        and (c.funds is None or request.price <= c.funds)
        and not (c.asked or c.lacks)
        and c.serves
        and c.shown in (None, request.price)
    )


@given(requests, crowds, st.integers(0, 2**40))
def test_the_oracle_agrees_who_is_eligible_and_no_fillable_seat_stays_empty(request, crowd, seed):
    decided = decide(request, crowd, seed=seed)
    eligible = {c.pro for c in crowd if oracle_eligible(request, c)}
    assert set(decided.eligible) == eligible
    assert len(decided.winners) == min(request.seats, len(eligible))
    assert {verdict.pro for verdict in decided.verdicts} == {c.pro for c in crowd}
    assert sum(decided.share) == len(decided.winners) * SEAT


@given(requests, crowds, st.integers(0, 2**40))
def test_what_is_offered_is_offered_to_everybody_eligible_and_seats_nobody(request, crowd, seed):
    decided = decide(replace(request, offers=True), crowd, seed=seed)
    assert {verdict.pro for verdict in decided.verdicts if verdict.code == "offered"} == {
        c.pro for c in crowd if oracle_eligible(request, c)
    }
    assert decided.winners == () and sum(decided.share) == 0


@given(requests, crowds, st.integers(0, 2**40))
def test_whoever_wins_is_owed_at_least_as_much_as_whoever_does_not(request, crowd, seed):
    decided = decide(request, crowd, seed=seed)
    eligible = set(decided.eligible)
    owed = {c.pro: c.entitled - c.received * SEAT for c in crowd if c.pro in eligible}
    middle = sum(owed.values()) // len(owed) if owed else 0
    counts = {pro: max(-3 * SEAT, min(3 * SEAT, value - middle)) for pro, value in owed.items()}
    assert all(counts[winner] >= counts[loser] for winner in decided.winners for loser in eligible - set(decided.winners))


def test_the_order_holds_while_entitlements_wait_to_be_folded():
    """Forty equals and a fold that never comes: nobody gets two seats more than another."""
    received = [0] * 41
    for seed in range(300):
        crowd = [ORDINARY._replace(pro=n, received=received[n]) for n in range(1, 41)]
        for pro in decide(REQUEST, crowd, seed=seed).winners:
            received[pro] += 1
    assert max(received[1:]) - min(received[1:]) <= 1


@given(requests, crowds, st.integers(0, 2**40), st.randoms())
def test_the_order_of_the_candidates_says_nothing(request, crowd, seed, chance):
    shuffled = crowd[:]
    chance.shuffle(shuffled)
    assert decide(request, shuffled, seed=seed) == decide(request, crowd, seed=seed)


@given(requests, crowds, st.integers(0, 2**40))
def test_what_is_kept_decides_the_same_again(request, crowd, seed):
    decided = decide(request, crowd, seed=seed)

    class Row:
        pass

    for name, value in freeze(request, crowd, decided).items():
        setattr(Row, name, value)
    again_request, again_crowd, kept = thaw(Row)
    assert decide(again_request, again_crowd, seed=seed) == decided
    assert kept.winners == decided.winners


def test_equals_are_drawn_by_the_seed_and_not_by_their_ids():
    crowd = [ORDINARY._replace(pro=n) for n in range(1, 41)]
    wins = [0] * 41
    for seed in range(2_000):
        for pro in decide(REQUEST, crowd, seed=seed).winners:
            wins[pro] += 1
    assert min(wins[1:]) > 150 and max(wins[1:]) < 250  # 200 each by chance


def drawn(draws, entering):
    """What fifty pros of one weight were entitled to, and won, over so many draws of four seats; `entering(chance, pro)` says who is in."""
    entitled, won, chance = [0] * 51, [0] * 51, random.Random(7)
    for seed in range(draws):
        crowd = [ORDINARY._replace(pro=n, entitled=entitled[n], received=won[n]) for n in range(1, 51) if entering(chance, n)]
        decided = decide(replace(REQUEST, draw=True), crowd, seed=seed)
        for pro, share in zip(decided.eligible, decided.share, strict=True):
            entitled[pro] += share
        for pro in decided.winners:
            won[pro] += 1
    return entitled[1:], won[1:]


def test_fifty_equals_that_enter_every_other_draw_win_equally():
    _entitled, won = drawn(120, lambda chance, pro: chance.random() < 0.5)
    assert sum(won) ** 2 / (len(won) * sum(one * one for one in won)) >= 0.98  # Jain: 1 when all are equal


def test_whoever_enters_more_draws_is_drawn_more_and_by_its_share():
    entitled, won = drawn(400, lambda chance, pro: chance.random() < pro / 60)
    assert all(abs(due - got * SEAT) <= 2 * SEAT for due, got in zip(entitled, won, strict=True))
    assert sum(won[40:]) > 3 * sum(won[:10])


def test_a_decision_that_was_kept_before_there_were_draws_reads_like_any_other():
    old = Candidate(*ORDINARY[: Candidate._fields.index("reserved")])
    assert old == ORDINARY and decide(Request(**{"at": "", "lead_type": "automatch", "seats": 1, "estimate": 1, "price": 1}), [old], seed=1)


def test_only_who_is_held_can_win_but_everybody_is_entitled():
    crowd = [ORDINARY._replace(pro=n, held=n <= 2) for n in range(1, 6)]
    decided = decide(REQUEST, crowd, seed=1)
    assert set(decided.winners) == {1, 2}
    assert len(decided.eligible) == 5 and sum(decided.share) == 2 * SEAT


def test_the_first_rule_that_failed_is_told_with_the_two_values():
    tired = ORDINARY._replace(day_count=5, day_cap=5, budget=1_000)
    [verdict] = decide(REQUEST, [tired], seed=1).verdicts
    assert (verdict.code, verdict.have, verdict.need) == ("day_cap", 5, 5)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(0, 4))
def test_shares_add_up_exactly_and_nobody_is_owed_two_seats_of_one_lead(weights, seats):
    seats = min(seats, len(weights))
    parts = shares(weights, seats=seats)
    assert sum(parts) == seats * SEAT and max(parts) <= SEAT


def test_what_a_weight_would_give_beyond_a_seat_is_the_others():
    assert shares([4, 1, 1, 1, 1], seats=4) == (SEAT, 750_000, 750_000, 750_000, 750_000)
    assert shares([4, 1, 1, 1, 1], seats=1) == (500_000, 125_000, 125_000, 125_000, 125_000)


def test_hours_may_cross_midnight():
    assert within_hours(23 * 60, 22 * 60, 6 * 60) and within_hours(5 * 60, 22 * 60, 6 * 60)
    assert not within_hours(12 * 60, 22 * 60, 6 * 60)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=5, max_size=9))
def test_a_weight_raises_the_share_in_proportion(weights):
    """Over many leads each received its weight's part of the seats, and one of weight 1 is never left out (RULES 13)."""
    crowd = [ORDINARY._replace(pro=n, weight=weight) for n, weight in enumerate(weights, start=1)]
    for seed in range(200):
        decided = decide(replace(REQUEST, seats=1), crowd, seed=seed)
        owed = dict(zip(decided.eligible, decided.share, strict=True))
        crowd = [one._replace(entitled=one.entitled + owed[one.pro], received=one.received + (one.pro in decided.winners)) for one in crowd]
    for one in crowd:
        assert abs(one.received - 200 * one.weight / sum(weights)) <= 2 and one.received > 0
