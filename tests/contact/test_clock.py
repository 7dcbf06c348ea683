"""The Speed-To-Call clock row by row (RULES 22, 23; INVARIANTS 15, 16)."""

from datetime import UTC, datetime, timedelta

import pytest

from contact.clock import CALLBACK, FAULT, LEG, MESSAGE, Clock, Contact, Notice, Wish, counts, earned, in_time, start
from contact.merging import HOMEOWNER, PRO, Facts

CHICAGO = "America/Chicago"
NOON = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)  # 12:00 in Chicago
ANY, EVENINGS, ALWAYS = Wish(CHICAGO, (8, 20)), Wish(CHICAGO, (17, 20)), Wish(CHICAGO, (0, 24))
MESSAGE_FIRST = Wish(CHICAGO, (8, 20), message_first=True)
SECONDS = {"ring_seconds": 10, "answered_seconds": 5}


def at(seconds, base=NOON):
    return base + timedelta(seconds=seconds)


def started(notice, wish=ANY, *, now=None):
    known = [each for each in (notice.confirmed_at, notice.accepted_at, notice.opened_at) if each]
    return start(notice, wish, seconds=1800, accepted_counts_after=120, now=now or max(known, default=NOON) + timedelta(days=1))


# When it starts (RULES 22)


@pytest.mark.parametrize(
    ("notice", "starts"),
    [
        (Notice(confirmed_at=at(7)), at(7)),
        (Notice(opened_at=at(3)), at(3)),
        (Notice(confirmed_at=at(7), opened_at=at(3)), at(3)),
        (Notice(confirmed_at=at(3), opened_at=at(7)), at(3)),
        (Notice(accepted_at=at(1), confirmed_at=at(40)), at(40)),
        (Notice(accepted_at=at(1), confirmed_at=at(500)), at(121)),
        (Notice(accepted_at=at(1)), at(121)),
        (Notice(accepted_at=at(1), opened_at=at(60)), at(60)),
        (Notice(), None),
    ],
)
def test_it_starts_when_the_pro_learned_of_the_lead(notice, starts):
    clock = started(notice)
    assert clock.starts_at == starts
    assert clock.ends_at == (at(1800, starts) if starts else None)


def test_an_acceptance_counts_only_after_two_minutes_without_a_report():
    accepted = Notice(accepted_at=at(0))
    assert started(accepted, now=at(119)) == Clock()
    assert started(accepted, now=at(120)).starts_at == at(120)


@pytest.mark.parametrize(
    ("wish", "learned", "starts"),
    [
        (ANY, datetime(2026, 5, 20, 12, 59, 59, tzinfo=UTC), datetime(2026, 5, 20, 13, 0, tzinfo=UTC)),  # 7:59:59 -> 8:00
        (ANY, datetime(2026, 5, 21, 0, 59, 59, tzinfo=UTC), datetime(2026, 5, 21, 0, 59, 59, tzinfo=UTC)),  # 19:59:59
        (ANY, datetime(2026, 5, 21, 1, 0, tzinfo=UTC), datetime(2026, 5, 21, 13, 0, tzinfo=UTC)),  # 20:00 -> 8:00 next day
        (EVENINGS, NOON, datetime(2026, 5, 20, 22, 0, tzinfo=UTC)),  # noon -> 17:00
        (EVENINGS, datetime(2026, 5, 21, 1, 30, tzinfo=UTC), datetime(2026, 5, 21, 22, 0, tzinfo=UTC)),  # 20:30 -> 17:00 next day
        (MESSAGE_FIRST, NOON, NOON),
        (ALWAYS, datetime(2026, 5, 21, 8, 0, tzinfo=UTC), datetime(2026, 5, 21, 8, 0, tzinfo=UTC)),  # 3:00 at night
    ],
)
def test_it_waits_for_the_first_minute_the_homeowner_allows(wish, learned, starts):
    assert started(Notice(confirmed_at=learned), wish).starts_at == starts


@pytest.mark.parametrize(
    ("night", "learned", "starts"),
    [
        ("spring", datetime(2026, 3, 8, 2, 0, tzinfo=UTC), datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),  # 8:00 is 13:00Z, no longer 14:00Z
        ("autumn", datetime(2026, 11, 1, 1, 30, tzinfo=UTC), datetime(2026, 11, 1, 14, 0, tzinfo=UTC)),  # and 14:00Z again
    ],
)
def test_the_morning_after_the_clocks_change_is_at_eight_by_the_new_time(night, learned, starts):
    assert started(Notice(confirmed_at=learned)).starts_at == starts


@pytest.mark.parametrize("before", [datetime(2026, 3, 8, 7, 45, tzinfo=UTC), datetime(2026, 11, 1, 6, 45, tzinfo=UTC)])
def test_in_the_night_the_clocks_change_it_lasts_1800_seconds(before):
    """1:45 in the morning, for somebody who allows contact at any hour: local arithmetic would be off by an hour."""
    clock = started(Notice(confirmed_at=before), ALWAYS)
    assert (clock.ends_at - clock.starts_at).total_seconds() == 1800
    assert in_time(at(1800, before), clock, ALWAYS) and not in_time(at(1801, before), clock, ALWAYS)


# What is in time (RULES 22, both ends included)

RUNNING = Clock(NOON, at(1800))


@pytest.mark.parametrize(
    ("seconds", "is_in_time"),
    [(0, True), (1, True), (1799, True), (1800, True), (1800.000001, False), (1800.001, False), (1801, False), (-1, True), (-3600, True)],
)
def test_1800_seconds_are_in_time_and_1801_are_not(seconds, is_in_time):
    assert in_time(at(seconds), RUNNING, ANY) is is_in_time


def test_before_an_hour_that_is_allowed_a_call_is_not_in_time():
    """The homeowner wants calls in the evening: one at 1 PM earns nothing, one at 5:00 PM and at 5:30 PM does, one at 5:30:01 does not."""
    evening = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    clock = started(Notice(confirmed_at=NOON), EVENINGS)
    assert [in_time(when, clock, EVENINGS) for when in (at(3600), evening, at(1800, evening), at(1801, evening))] == [
        False,
        True,
        True,
        False,
    ]


def test_a_clock_that_began_inside_the_hours_runs_on_past_them():
    late = datetime(2026, 5, 21, 0, 50, tzinfo=UTC)  # 19:50
    clock = started(Notice(confirmed_at=late))
    assert in_time(at(1800, late), clock, ANY) and not in_time(at(1801, late), clock, ANY)


def test_nothing_is_late_while_the_clock_has_not_started():
    assert in_time(at(86_400), Clock(), ANY)


# What earns it (RULES 23)


def facts(status, *, rang=None, talked=None, by="", **more):
    """A leg that started at noon, rang from the second second on and was answered after four seconds."""
    times = {"initiated_at": at(0), "ringing_at": at(2)}
    if rang is not None:
        times["ended_at"] = at(2 + rang)
    if talked is not None:
        times |= {"answered_at": at(6), "ended_at": at(6 + talked)}
    return Facts(status=status, ended_by=by, **times, **more)


ROWS = [
    ("answered by a person who talks", LEG, facts("completed", talked=60, by=PRO), ANY, True),
    ("answered by a machine", LEG, facts("completed", talked=8, by=PRO, machine=True), ANY, True),
    ("answered, the homeowner hangs up at once", LEG, facts("completed", talked=1, by=HOMEOWNER), ANY, True),
    ("the pro hangs up 4 s after the answer", LEG, facts("completed", talked=4, by=PRO), ANY, False),
    ("the pro hangs up 5 s after the answer", LEG, facts("completed", talked=5, by=PRO), ANY, True),
    ("it rings out", LEG, facts("no-answer", rang=30, by=HOMEOWNER), ANY, True),
    ("the network gives up after 3 s", LEG, facts("no-answer", rang=3, by=HOMEOWNER), ANY, True),
    ("the pro hangs up after 9 s of ringing", LEG, facts("canceled", rang=9, by=PRO), ANY, False),
    ("the pro hangs up after 10 s of ringing", LEG, facts("canceled", rang=10, by=PRO), ANY, True),
    ("no answer, for the pro hung up after 9 s", LEG, facts("no-answer", rang=9, by=PRO), ANY, False),
    ("busy", LEG, facts("busy", rang=0), ANY, True),
    ("the number is dead", LEG, facts("failed", code=404), ANY, True),
    ("the provider fails", LEG, facts("failed", code=503), ANY, True),
    ("we fail before there is a leg", FAULT, Facts(), ANY, True),
    ("still ringing", LEG, facts("ringing"), ANY, False),
    ("nothing heard but its start", LEG, Facts(status="initiated", initiated_at=at(0)), ANY, False),
    ("the homeowner calls back and is connected", CALLBACK, facts("completed", talked=2, by=HOMEOWNER), ANY, True),
    ("the homeowner calls back and nobody answers", CALLBACK, facts("no-answer", rang=30), ANY, False),
    ("a relayed message to who asked for messages first", MESSAGE, Facts(), MESSAGE_FIRST, True),
    ("a relayed message to who did not", MESSAGE, Facts(), ANY, False),
    ("a call to who asked for messages first", LEG, facts("no-answer", rang=30, by=HOMEOWNER), MESSAGE_FIRST, True),
]


@pytest.mark.parametrize(("kind", "of", "wish", "does"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_earns_the_discount(kind, of, wish, does):
    assert counts(Contact(kind, at(0), of), wish, **SECONDS) is does
    for seconds, in_it in ((1800, True), (1801, False)):
        found = earned([Contact(kind, at(seconds), of)], RUNNING, wish, **SECONDS)
        assert (found is not None) is (does and in_it)


def test_who_hung_up_will_never_be_known_and_the_pro_has_the_benefit_of_the_doubt():
    short = facts("completed", talked=2)
    assert not counts(Contact(LEG, at(0), short), ANY, **SECONDS)
    assert counts(Contact(LEG, at(0), short, complete=True), ANY, **SECONDS)
    hung_up = facts("completed", talked=2, by=PRO)
    assert not counts(Contact(LEG, at(0), hung_up, complete=True), ANY, **SECONDS)


def test_evenings_only_and_every_kind_of_contact():
    evening = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    clock = started(Notice(confirmed_at=NOON), EVENINGS)
    for _name, kind, of, wish, does in ROWS:
        wish = Wish(CHICAGO, (17, 20), message_first=wish.message_first)
        for when, allowed in ((at(60), False), (evening, True), (at(1800, evening), True), (at(1801, evening), False)):
            assert (earned([Contact(kind, when, of)], clock, wish, **SECONDS) is not None) is (does and allowed)


def test_it_does_not_matter_when_we_hear_of_it():
    """`earned` reads no clock: an event three days late is judged by its own time."""
    late = Contact(LEG, at(1800), facts("completed", talked=60, by=PRO))
    assert earned([late], RUNNING, ANY, **SECONDS) == late


def test_the_first_contact_that_counts_is_the_one():
    hung_up, second, third = (
        Contact(LEG, at(60), facts("canceled", rang=2, by=PRO), id="a"),
        Contact(LEG, at(600), facts("busy", rang=0), id="b"),
        Contact(LEG, at(300), facts("busy", rang=0), id="c"),
    )
    assert earned([hung_up, second, third], RUNNING, ANY, **SECONDS).id == "c"
