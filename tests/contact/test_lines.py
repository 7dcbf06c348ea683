"""Numbers and lines: one number for a homeowner, a PIN for each pro, rest before it is given away again (RULES 19, 27; INVARIANTS 20)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contact import lines, numbers, tasks
from contact.models import Line, Number
from contact.numbers import NoNumber
from contact.policy import Contact
from core import policy
from core.events import history
from leads import matching
from leads.models import Match
from leads.opening import open_match
from leads.tasks import look_at
from notifications.models import FirstDelivery, Message
from tests.contact.telephone import Story
from tests.factories import a_lead, a_matched_lead, a_pro


def with_policy(now, **changes):
    policy.publish([replace(Contact(), **changes)], now=now)


def test_four_pros_of_a_lead_have_one_number_and_four_pins(marketplace, now):
    for _each in range(4):
        a_pro()
    lead = a_matched_lead(now=now)
    opened = Line.objects.filter(homeowner=lead.homeowner)
    assert opened.values("number").distinct().count() == 1
    assert len({line.pin for line in opened}) == 4
    assert {line.pk for line in opened} == {match.pk for match in Match.objects.filter(lead=lead)}
    assert all(len(line.pin) == 4 and line.pin.isdecimal() for line in opened)


def test_the_homeowner_is_told_the_number_before_anybody_calls(marketplace, now):
    a_pro()
    lead = a_matched_lead(now=now)
    (line,) = Line.objects.select_related("number")
    digits = line.number.number[2:]
    told = Message.objects.filter(kind="introduction", subject=str(lead.pk))
    assert {message.context["number"] for message in told} == {f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"}


def test_a_further_number_is_taken_when_one_fills(marketplace, now):
    with_policy(now, pins_per_number=3)
    for _each in range(4):
        a_pro()
    first = Number.objects.get()
    a_matched_lead(now=now)
    assert numbers.grow(marketplace, now=now) == 1
    first.refresh_from_db()
    assert first.is_full
    lead = a_matched_lead(now=now)
    used = Line.objects.filter(homeowner=lead.homeowner).values_list("number", flat=True).distinct()
    assert list(used) == [Number.objects.exclude(pk=first.pk).get().pk]
    assert numbers.grow(marketplace, now=now) == 1  # that one is full as well
    assert numbers.grow(marketplace, now=now) == 0


def test_a_lead_that_finds_no_number_waits_until_one_is_taken(marketplace, now):
    a_pro()
    Number.objects.update(is_full=True)
    lead = a_lead(now=now)
    with pytest.raises(NoNumber), transaction.atomic():
        matching.route(lead_id=lead.pk, now=now)
    assert not Match.objects.exists()
    look_at(marketplace, lead.pk, now=now)
    assert Match.objects.count() == 1


def test_a_pin_rests_30_days_before_it_is_given_away_again(marketplace, now):
    story = Story(now)
    line = story.line
    lines.close([line.pk], reason="withdrawn", now=now)
    other = Line(id=story.lead.pk, number=line.number, pin=line.pin, pro=line.pro, homeowner=line.homeowner, about="x", reach="any",
                 opened_at=now, expires_at=now)  # fmt: skip
    tasks.rest(marketplace, now=now + timedelta(days=30) - timedelta(seconds=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)
    tasks.rest(marketplace, now=now + timedelta(days=30))
    other.save(force_insert=True)


def test_what_a_line_says_is_said_once(marketplace, now):
    story = Story(now)
    later = now + timedelta(hours=1)
    changes = [
        {"delivered_at": later},
        {"clock_starts_at": later, "clock_ends_at": later + timedelta(hours=1)},
        {"pin": "x"},
        {"pro": a_pro()},
        {"charge": None},
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="set once"), transaction.atomic():
            Line.objects.filter(pk=story.match.pk).update(**change)
    lines.close([story.match.pk], reason="withdrawn", now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=story.match.pk).update(closed_at=None, closed_reason="")


def test_a_line_without_contact_ends_after_90_days(marketplace, now):
    story = Story(now)
    story.wait(90 * 86_400 - 1)
    assert story.line.is_live
    story.wait(1)
    assert (story.line.closed_at, story.line.closed_reason) == (story.now, "expired")
    assert not story.ring()


def test_a_closed_line_connects_nobody_from_then_on(marketplace, now):
    story = Story(now)
    assert story.ring()
    assert lines.close([story.match.pk], reason="credited", now=story.now) == 1
    assert lines.close([story.match.pk], reason="withdrawn", now=story.now) == 0
    assert not story.ring()
    story.wait(5)
    assert story.line.settled_at is None  # the first call may still have earned it
    story.wait(1801)
    assert story.line.settled_at and story.line.charge.billable_at


def test_a_charge_is_billable_when_its_clock_has_ended(marketplace, now):
    story = Story(now)
    story.wait(1800)
    assert story.match.charge.billable_at is None
    story.wait(2)
    assert story.match.charge.billable_at == story.line.settled_at == story.now


def test_opening_the_lead_starts_the_clock_when_no_report_has_come(marketplace, now):
    story = Story(now, delivered=False)
    story.wait(90)
    with story.clock():
        open_match(story.match, by=story.member, now=story.now)
    assert (story.line.clock_starts_at, story.line.delivered_at) == (story.now, None)
    assert {event.kind for event in history(story.match.pk)} >= {"speed_to_call.started", "match.opened"}


def test_a_report_that_comes_days_later_moves_no_clock_but_is_kept(marketplace, now):
    story = Story(now, delivered=False)
    FirstDelivery.objects.create(subject=str(story.match.pk), accepted_at=now)
    story.wait(125)
    assert story.line.clock_starts_at == now + timedelta(seconds=120)
    FirstDelivery.objects.update(confirmed_at=now + timedelta(seconds=7))
    story.wait(3 * 86_400)
    assert story.line.delivered_at == now + timedelta(seconds=7)
    assert story.line.clock_starts_at == now + timedelta(seconds=120)


def test_follow_up_is_reminded_on_the_second_and_the_fourth_morning_while_steps_are_open(marketplace, now):
    story = Story(now)
    for day in range(1, 8):
        story.wait(86_400)
        sent = Message.objects.filter(kind="follow_up", channel="email")
        assert sent.count() == {1: 0, 2: 1, 3: 1}.get(day, 2)
    assert [message.context["step"] for message in sent.order_by("created_at")] == ["Follow Up That Week", "Follow Up That Week"]
