"""The days figures are asked for: local days, half open, DST nights included."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leads.spans import BadDates, Span, span

CHICAGO = "America/Chicago"
TODAY = date(2026, 5, 20)
HOUR = timedelta(hours=1)


def of(name, *, today=TODAY, period=4, **dates):
    return span(name, zone=CHICAGO, anchor=date(2026, 1, 5), period=period, today=today, **dates)


def days(found):
    return found.first, found.last


def test_what_each_name_means():
    assert days(of("this")) == (date(2026, 5, 5), date(2026, 6, 3))
    assert days(of("last")) == (date(2026, 4, 5), date(2026, 5, 4))
    assert days(of("90")) == (date(2026, 2, 20), TODAY)
    assert days(of("year")) == (date(2026, 1, 1), TODAY)
    assert days(of("own", first=date(2026, 3, 8), last=date(2026, 3, 8))) == (date(2026, 3, 8), date(2026, 3, 8))


def test_one_span_ends_where_the_next_begins():
    assert of("last").until == of("this").since == datetime(2026, 5, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)])
def test_a_night_when_the_clocks_change_is_part_of_its_day(day, hours):
    found = of("own", today=date(2026, 12, 1), first=day, last=day)
    assert found.until - found.since == hours * HOUR


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, None, "first"),
        (date(2026, 5, 2), None, "first"),
        (date(2026, 5, 2), date(2026, 5, 1), "first"),
        (date(2026, 5, 2), date(2026, 5, 21), "last"),
        (date(1, 1, 1), date(1, 1, 2), "last"),
        (date(2025, 5, 19), TODAY, "last"),
    ],
)
def test_days_that_cannot_be_asked_for(first, last, field):
    with pytest.raises(BadDates) as refused:
        of("own", first=first, last=last)
    assert list(refused.value.fields) == [field]


def test_a_whole_year_can_be_asked_for():
    assert of("own", first=date(2025, 5, 20), last=TODAY).step == "month"
    assert of("own", today=date(2024, 12, 31), first=date(2024, 1, 1), last=date(2024, 12, 31)).step == "month"


def test_columns_are_weeks_from_monday_cut_at_the_ends():
    found = of("own", first=date(2026, 5, 6), last=date(2026, 5, 19)).columns(today=TODAY)
    assert [(each.key, each.first, each.last) for each in found] == [
        (date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 10)),
        (date(2026, 5, 11), date(2026, 5, 11), date(2026, 5, 17)),
        (date(2026, 5, 18), date(2026, 5, 18), date(2026, 5, 19)),
    ]


def test_columns_do_not_run_ahead_of_today():
    assert [each.key for each in of("this").columns(today=TODAY)] == [date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 18)]


def test_longer_spans_have_months():
    assert of("90").step == "week" and len(of("90").columns(today=TODAY)) == 14
    assert [(each.first, each.last) for each in of("year").columns(today=TODAY)] == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), TODAY),
    ]


@pytest.mark.parametrize("offset", range(7))
def test_every_day_is_in_one_column(offset):
    for length in (1, 6, 7, 8, 30, 92, 93, 98, 99, 366):
        last = TODAY - timedelta(days=offset)
        found = Span("own", last - timedelta(days=length - 1), last, CHICAGO)
        columns = found.columns(today=TODAY)
        assert sum((each.last - each.first).days + 1 for each in columns) == length
        assert len(columns) <= 14
