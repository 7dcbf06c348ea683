"""What may become of the local carrier's posts on the way, and two who act at once."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from django.db import connection

from accounts.models import Homeowner
from contact.carriers.door import Faults, in_process
from contact.carriers.local import LocalCarrier
from contact.models import Number
from tests.contact.canned import HOMEOWNER, OURS, PRO, Story
from tests.factories import a_member, a_pro

# Faults


def everything(tell, seed, **faults):
    story = tell(faults=Faults(seed=seed, **faults))
    for call in range(6):
        story.connected_to(call * 100)
        story.answer(call * 100 + 9)
        if story.child():
            story.hang_up(story.sid, call * 100 + 69)
    story.tick(5000)
    return story.site.names()


@pytest.mark.parametrize("faults", [{"lose": 0.3}, {"repeat": 0.5}, {"delay": (0, 30)}, {"shuffle": True}], ids=str)
def test_faults_are_seeded(tell, faults):
    assert everything(tell, 7, **faults) == everything(tell, 7, **faults) != everything(tell, 8, **faults)


def test_reports_are_lost_but_questions_arrive(tell):
    story = tell(faults=Faults(lose=1.0))
    story.connected_to(0)
    story.answer(9)
    story.hang_up(story.sid, 69)
    assert story.site.names() == ["voice", "pin", "whisper"]
    assert [leg.status for leg in story.legs()] == ["completed", "completed"] and not story.call().trouble


def test_a_lost_dial_action_ends_the_caller(tell):
    story = tell(faults=Faults(lose=1.0), dialled="<Pause length='60'/>")
    story.connected_to(0)
    story.answer(9)
    story.hang_up(story.child(), 20)
    assert (story.legs()[0].status, story.legs()[0].ended_at) == ("completed", story.at(20)) and story.call().trouble


def test_repeated_reports_say_the_same(tell):
    story = tell(faults=Faults(repeat=0.9, seed=3))
    story.connected_to(0)
    story.answer(9)
    story.hang_up(story.child(), 69)
    assert story.site.names().count("voice") == story.site.names().count("pin") == story.site.names().count("whisper") == 1
    reports = story.site.statuses()
    assert len(reports) > 4 and len({report["SequenceNumber"] for report in reports}) == 4
    assert all(one == other for one, other in product(reports, reports) if one["SequenceNumber"] == other["SequenceNumber"])


def test_late_reports_come_late_and_tell_the_time_of_then(tell):
    story = tell(faults=Faults(delay=(20, 20)), dialled="<Say>Bye.</Say>")
    story.connected_to(0)
    story.answer(9)
    assert story.site.names() == ["voice", "pin", "whisper"]
    story.tick(24)
    assert story.site.names()[3:] == ["initiated+", "ringing+"]
    assert story.site.statuses()[0]["Timestamp"] == "Wed, 20 May 2026 17:00:04 +0000"
    story.hang_up(story.child(), 30)
    story.tick(49)
    assert story.legs()[0].status == "in-progress"  # its Dial action is on the way
    story.tick(50)
    assert story.legs()[0].ended_at == story.at(50)


def test_shuffled_reports_are_all_there(tell):
    names = everything(tell, 5, shuffle=True)
    assert sorted(names) == sorted(everything(tell, 5)) and names != everything(tell, 5)


# Two who act at once, and the site itself


def test_a_call_that_is_over_or_answered_elsewhere_stays_as_it_is(story):
    child = story.connected_to(0)
    story.answer(9)
    story.answer(10)
    story.decline(10)
    assert [report["CallStatus"] for report in story.site.statuses()] == ["initiated", "ringing", "in-progress"]
    for sid in (child, story.sid, story.sid):
        story.hang_up(sid, 20)
    story.press("1", 21)
    assert story.site.names().count("dialled") == 1 and story.site.names().count("completed") == 1


def test_a_post_is_made_once_whoever_comes_first(story):
    """Another page's tick, while the first one is posting."""
    inner = story.site.__call__

    def post(path, said, signature):
        story.carrier.tick(at=story.at(0))
        return inner(path, said, signature)

    story.carrier.door.post = post
    story.dial()
    assert story.site.names() == ["voice"]


def test_nothing_is_held_while_the_site_is_asked(fresh, now):
    """With transactions that commit: what the call has come to is there for everybody."""
    marketplace = fresh()
    seen = []

    def post(path, said, signature):
        seen.append((connection.in_atomic_block, len(story.carrier.calls(9))))
        return inner(path, said, signature)

    story = Story(marketplace, now)
    inner, story.carrier.door.post = story.site, post
    story.dial()
    assert seen == [(False, 1)]


def test_two_pages_act_at_the_same_instant(fresh, now):
    """Answered, declined and hung up by many at once, in real transactions: one of them does it, and each thing is told once."""
    story = Story(fresh(), now)
    child = story.connected_to(0)

    def act(number):
        do = (story.carrier.answer, story.carrier.decline)[number % 2]
        try:
            do(child, at=story.at(9))
            story.carrier.hang_up(child, at=story.at(20))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(8)))
    names = story.site.names()
    assert (names.count("in-progress+"), names.count("busy+")) in ((1, 0), (0, 1))
    assert names.count("dialled") == names.count("completed") == 1
    assert [report["SequenceNumber"] for report in story.site.statuses()] in (["0", "1", "2"], ["0", "1", "2", "3"])


def test_the_whole_middleware_answers_in_this_process(marketplace, now):
    status, body = in_process("/hooks/craftyard/sms/inbound/", {"From": PRO}, "forged")
    assert (status, body) == (403, "The signature does not match.")
    assert in_process("/hooks/nobody/sms/inbound/?x=1", {}, "")[0] == 404
    local = LocalCarrier(marketplace, post=in_process)
    sid = "SM" + "0" * 32
    assert local.door.send("/hooks/craftyard/sms/inbound/", {"MessageSid": sid, "From": PRO, "Body": "H\u00fcllo & +1"})[0] == 200


def test_the_directory_knows_names(story, now):
    """The directory of the development page."""
    Number.objects.all().delete()
    assert story.carrier.directory(5) == {"ours": [], "people": []}
    a_member(a_pro("Bell Plumbing"), phone=PRO)
    Homeowner.objects.create(name="Dana Whitfield", phone=HOMEOWNER, zone="America/Chicago")
    Number.objects.create(number=OURS, added_at=now, heard_until=now)
    directory = story.carrier.directory(5)
    assert directory["ours"] == [(OURS, "")] and dict(directory["people"])[HOMEOWNER] == "Dana Whitfield"
    assert dict(directory["people"])[PRO].endswith(", Bell Plumbing") and story.carrier.serves(OURS) and not story.carrier.serves(PRO)
