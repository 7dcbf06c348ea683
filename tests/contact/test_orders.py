"""Whatever the order and the number of a call's events, it ends the same: one state, one discount or none (INVARIANTS 10, 16, 21)."""

import itertools
import os
import random
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import transaction

from billing.models import Charge, Transfer
from contact import clock as clocks
from contact import queries
from contact.carriers.door import in_process
from contact.clock import LEG, Contact
from contact.merging import HOMEOWNER, PRO, Facts, merge, said_by
from contact.models import Leg
from tests.contact.telephone import HOME_PHONE, Story, instant

DRAWS = int(os.environ.get("DRAWS", "6"))  # of each call, through the door; without it there are 10,000 over all
HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'


class Recorder:
    """A transport that keeps the callbacks instead of making them; what asks for a document goes through."""

    def __init__(self):
        self.kept = []

    def __call__(self, path, said, signature):
        if "/status/" in path or "/dialled/" in path:
            self.kept.append((path, said, signature))
            return 200, HANG_UP
        return in_process(path, said, signature)


def talk(story, *, seconds=60, by=PRO, machine=False):
    leg = story.ring()
    story.wait(6).answer(leg, machine=machine).wait(seconds)
    return story.hang_up(story.parent_of(leg) if by == PRO else leg)


def give_up(story, *, after):
    leg = story.ring()
    return story.wait(after).hang_up(story.parent_of(leg))


def decline(story):
    leg = story.ring()
    return story.wait(3).decline(leg)


def ring_out(story):
    story.ring()
    return story.wait(40)


def call_back(story):
    leg = story.child_of(story.dial(from_number=HOME_PHONE))
    return story.wait(4).answer(leg).wait(20).hang_up(leg)


CALLS = {
    "they talk": (talk, {}, True),
    "the pro hangs up 4 seconds after the answer": (lambda story: talk(story, seconds=4), {}, False),
    "the homeowner hangs up at once": (lambda story: talk(story, seconds=1, by=HOMEOWNER), {}, True),
    "a machine answers": (lambda story: talk(story, seconds=9, machine=True), {}, True),
    "the pro gives up after 9 seconds of ringing": (lambda story: give_up(story, after=9), {}, False),
    "the pro gives up after 10 seconds of ringing": (lambda story: give_up(story, after=10), {}, True),
    "declined": (decline, {}, True),
    "it rings out": (ring_out, {}, True),
    "the number is dead": (ring_out, {"home": "+13125550196"}, True),
    "the homeowner calls back": (call_back, {}, True),
}


def recorded(name, now):
    """The story up to the end of the call, and the events that were kept from it."""
    play, options, _earns = CALLS[name]
    story = Story(now, **options)
    story.carrier.door.post = recorder = Recorder()
    play(story).wait(1)
    story.carrier.door.post = in_process
    assert 2 <= len(recorder.kept) <= 7
    return story, recorder.kept


def outcome(story):
    """All that must not depend on the order."""
    legs = [(leg.side, queries.facts_of(leg)) for leg in Leg.objects.order_by("side")]
    posted = Transfer.objects.filter(reference__startswith="discount:").count()
    return legs, story.line.earned_at, story.line.earned_by, Charge.objects.get(pk=story.match.pk).discounted, posted


class TakenBack(Exception):
    pass


def play_back(story, events):
    """What comes of hearing `events` in this order, each a minute after the other; taken back afterwards."""
    try:
        with transaction.atomic():
            for path, said, signature in events:
                story.now += timedelta(seconds=1)
                with story.clock():
                    status, _body = in_process(path, said, signature)
                assert status in (200, 204, 409)
            found = outcome(story)
            raise TakenBack
    except TakenBack:
        return found


def draw(events, chance):
    """Every event once or more, in any order."""
    drawn = list(events) + [chance.choice(events) for _each in range(chance.randrange(5))]
    chance.shuffle(drawn)
    return drawn


@pytest.mark.parametrize("name", list(CALLS))
def test_a_calls_events_in_any_order_and_any_number_end_the_same_through_the_door(marketplace, now, name):
    story, events = recorded(name, now)
    expected = play_back(story, events)
    assert (expected[3] > 0) is CALLS[name][2] is bool(expected[1])
    assert expected[4] == int(CALLS[name][2])
    chance = random.Random(name)
    for _each in range(DRAWS):
        assert play_back(story, draw(events, chance)) == expected


def facts_of(event):
    """(the leg, what the event says of it), as the webhook reads it."""
    path, said, _signature = event
    if "/dialled/" in path:
        by = PRO if said["CallStatus"] == "completed" else HOMEOWNER
        status, seconds = said["DialCallStatus"], said.get("DialCallDuration")
        return said["DialCallSid"], said_by(status, at=None, seconds=int(seconds) if seconds else None, ended_by=by)
    seconds, code = said.get("CallDuration"), said.get("SipResponseCode")
    word = said["CallStatus"]
    facts = said_by(
        word,
        at=instant(said["Timestamp"]),
        seconds=int(seconds) if seconds else None,
        code=int(code) if code and word == "failed" else None,
        machine=said.get("AnsweredBy", "human") != "human" if "AnsweredBy" in said else None,
    )
    return said["CallSid"], facts


SECONDS = {"ring_seconds": 10, "answered_seconds": 5}


def told(events, wish):
    """The legs after all events, and after which number of them the discount was earned first."""
    legs, earned_after = {}, None
    dialled = {
        said.get("DialCallSid") or said["CallSid"] for _path, said, _signature in events if "DialCallSid" in said or "ParentCallSid" in said
    }
    for number, event in enumerate(events, start=1):
        name, facts = facts_of(event)
        legs[name] = merge(legs.get(name, Facts()), facts)
        counted = {
            leg
            for leg in dialled & legs.keys()
            if legs[leg].initiated_at and clocks.counts(Contact(LEG, legs[leg].initiated_at, legs[leg]), wish, **SECONDS)
        }
        if earned_after is None and counted:
            earned_after = (number, counted)
        if earned_after:
            assert earned_after[1] <= counted  # what was earned stays earned, whatever is heard later
    return legs, bool(earned_after)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "the homeowner calls back"])
def test_every_ordering_of_a_calls_events_is_put_together_to_the_same(marketplace, now, name):
    story, events = recorded(name, now)
    wish = queries.wish_of(story.line)
    expected = told(events, wish)
    assert expected[1] is CALLS[name][2]
    for order in itertools.permutations(events):
        assert told(order, wish) == expected
    chance = random.Random(name)
    for _each in range(10_000 // (len(CALLS) - 1) + 1):
        assert told(draw(events, chance), wish) == expected


def test_the_addresses_of_callbacks_name_our_call_and_nobody(marketplace, now):
    _story, events = recorded("they talk", now)
    for path, _said, _signature in events:
        assert set(dict(parse_qsl(urlsplit(path).query))) <= {"call"}
