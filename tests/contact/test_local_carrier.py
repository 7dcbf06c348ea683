"""The local carrier behaves as Twilio does (the carrier's contract: docs/architecture.md)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import product

import pytest
from django.db import connection

from accounts.models import Homeowner
from contact.carriers import Carrier, Unreachable
from contact.carriers.chosen import carrier
from contact.carriers.door import Faults, in_process
from contact.carriers.local import INVENTED, LocalCarrier
from contact.models import LocalCall, LocalEvent, Number
from core.errors import NotFound
from core.models import Marketplace
from core.tenancy import scope
from tests.contact.canned import CONNECT, HOMEOWNER, OURS, PRO, Story
from tests.factories import a_member, a_pro

FULL = "initiated+ ringing+ in-progress+ completed+".split()


@pytest.fixture
def story(marketplace, now):
    return Story(marketplace, now)


@pytest.fixture
def tell(marketplace, now):
    """A story with other answers of the site, another number dialled, or faults."""
    return lambda **how: Story(marketplace, now, **how)


def test_it_is_a_carrier(marketplace):
    local = carrier(marketplace)
    assert isinstance(local, LocalCarrier)
    assert all(callable(getattr(local, name)) for name in ("place", "look_up", "since", "new_number")) and Carrier


def test_a_call_from_dialling_to_its_end(story):
    child = story.connected_to(0)
    assert (story.call().waits, story.call(child).waits) == ("dial", "ring")
    story.answer(9)
    assert (story.call().waits, story.call(child).waits) == ("talk", "talk")
    story.hang_up(story.sid, 69)
    assert story.site.names() == [
        "voice", "pin", "initiated+", "ringing+", "in-progress+", "whisper", "completed+", "dialled", "completed",
    ]  # fmt: skip
    parent, dialled = story.legs()
    assert (parent.inbound, parent.status, parent.parent_id, parent.seconds) == (True, "completed", "", 69)
    assert (parent.from_number, parent.to_number) == (PRO, OURS)
    assert (dialled.provider_id, dialled.parent_id, dialled.inbound) == (child, story.sid, False)
    assert (dialled.from_number, dialled.to_number) == (OURS, HOMEOWNER)
    assert (dialled.status, dialled.started_at, dialled.ended_at, dialled.seconds) == ("completed", story.at(4), story.at(69), 60)
    assert not LocalEvent.objects.exists()


def test_what_the_site_is_asked_carries_what_twilio_says(story, settings):
    settings.TWILIO_ACCOUNT_SID = "AC" + "1" * 32
    child = story.connected_to(0)
    asked, entered = story.site.said("voice"), story.site.said("pin")
    assert asked == {
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": story.sid,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": PRO,
        "Caller": PRO,
        "To": OURS,
        "Called": OURS,
    }
    assert (entered["Digits"], entered["CallStatus"]) == ("4827", "in-progress")
    story.answer(9)
    heard = story.site.said("whisper")
    assert (heard["CallSid"], heard["ParentCallSid"], heard["Direction"]) == (child, story.sid, "outbound-dial")


def test_reports_are_numbered_and_dated_in_whole_seconds(marketplace, now):
    story = Story(marketplace, now + timedelta(milliseconds=900))
    story.connected_to(0)
    story.answer(9)
    story.hang_up(story.sid, 69)
    reports = story.site.statuses()
    assert [report["SequenceNumber"] for report in reports] == ["0", "1", "2", "3"]
    assert [parsedate_to_datetime(report["Timestamp"]) for report in reports] == [now + timedelta(seconds=s) for s in (4, 4, 9, 69)]
    assert reports[0]["Timestamp"] == "Wed, 20 May 2026 17:00:04 +0000"
    assert reports[3]["CallDuration"] == "60" and reports[3]["AnsweredBy"] == "human" and "SipResponseCode" not in reports[3]
    [end] = story.site.statuses(child=False)
    assert (end["CallStatus"], end["SequenceNumber"], end["CallDuration"]) == ("completed", "0", "69")


def test_a_dial_asks_only_for_the_reports_it_names(tell):
    story = tell(pin='<Dial action="{hooks}dialled/"><Number statusCallback="{hooks}status/">+13125550142</Number></Dial>')
    story.connected_to(0)
    story.answer(9)
    story.hang_up(story.child(), 20)
    assert story.site.names() == ["voice", "pin", "completed+", "dialled", "completed"]
    assert (story.site.statuses()[0]["SequenceNumber"], story.site.statuses()[0]["From"]) == ("0", PRO)  # no callerId: the caller's


def test_who_hung_up_stands_in_the_dial_action(tell):
    for hanging_up, status in (("caller", "completed"), ("dialled", "in-progress")):
        story = tell()
        child = story.connected_to(0)
        story.answer(9)
        story.hang_up(story.sid if hanging_up == "caller" else child, 15)
        action = story.site.said("dialled")
        assert action["CallStatus"] == status
        assert (action["DialCallSid"], action["DialCallStatus"], action["DialCallDuration"]) == (child, "completed", "6")


def test_after_the_dialled_side_hangs_up_the_caller_hears_on(tell):
    story = tell(dialled='<Say>They hung up.</Say><Gather action="{hooks}again/" timeout="5"/>')
    child = story.connected_to(0)
    story.answer(9)
    story.hang_up(child, 15)
    assert story.call().heard == ["Enter your PIN.", "They hung up."] and story.legs()[0].status == "in-progress"
    story.tick(20)
    assert story.legs()[0].ended_at == story.at(20)


def test_hanging_up_while_it_rings_cancels_the_other_call(story):
    story.connected_to(0)
    story.hang_up(story.sid, 9)
    assert story.site.names()[-3:] == ["canceled+", "dialled", "completed"]
    assert [leg.status for leg in story.legs()] == ["completed", "canceled"] and story.legs()[1].seconds is None
    action = story.site.said("dialled")
    assert (action["CallStatus"], action["DialCallStatus"]) == ("completed", "canceled") and "DialCallDuration" not in action


def test_hanging_up_before_anybody_is_dialled(story):
    story.dial()
    story.hang_up(story.sid, 3)
    story.tick(60)
    assert story.site.names() == ["voice", "completed"] and len(story.legs()) == 1


def test_declined_is_busy_and_the_caller_goes_on(story):
    story.connected_to(0)
    story.decline(7)
    assert story.site.names()[-3:] == ["busy+", "dialled", "completed"]
    assert (story.site.said("dialled")["CallStatus"], story.site.said("dialled")["DialCallStatus"]) == ("in-progress", "busy")


def test_nobody_answers_within_the_time_of_the_dial(story):
    story.connected_to(0)
    story.tick(33)
    assert story.legs()[1].status == "ringing"
    story.tick(500)  # nobody looked meanwhile, and still it ended when it ended
    assert (story.legs()[1].status, story.legs()[1].ended_at) == ("no-answer", story.at(34))
    assert story.site.said("status", CallStatus="no-answer")["Timestamp"] == "Wed, 20 May 2026 17:00:34 +0000"


@pytest.mark.parametrize(
    ("ending", "status", "code", "events"),
    [
        ("0196", "failed", 404, ["initiated+", "failed+"]),
        ("0195", "busy", None, ["initiated+", "busy+"]),
        ("0194", "no-answer", None, ["initiated+", "ringing+", "no-answer+"]),
        ("0192", "failed", 503, ["initiated+", "failed+"]),
    ],
)
def test_telephones_that_behave(tell, ending, status, code, events):
    story = tell(to=f"+1312555{ending}")
    story.connected_to(0)
    story.answer(10)  # in vain
    story.tick(60)
    assert story.site.names() == ["voice", "pin", *events, "dialled", "completed"]
    leg = story.legs()[1]
    assert (leg.status, leg.code, leg.seconds) == (status, code, None)
    assert story.site.statuses()[-1].get("SipResponseCode") == (str(code) if code else None)
    assert story.site.said("dialled")["DialCallStatus"] == status


def test_a_machine_answers_after_three_seconds(tell):
    story = tell(to="+13125550193")
    story.connected_to(0)
    story.tick(6)
    assert story.legs()[1].status == "ringing"
    story.tick(7)
    assert (story.legs()[1].status, story.legs()[1].machine) == ("in-progress", True)
    assert story.site.said("status", CallStatus="in-progress")["AnsweredBy"] == "machine_start"


def test_a_machine_is_too_slow_for_a_short_dial(tell):
    story = tell(pin=(CONNECT % "+13125550193").replace('timeout="30"', 'timeout="2"'))
    story.connected_to(0)
    story.tick(30)
    assert (story.legs()[1].status, story.legs()[1].ended_at) == ("no-answer", story.at(6))


def test_a_machine_can_be_let_in_anywhere(story):
    story.connected_to(0)
    story.answer(9, machine=True)
    assert story.legs()[1].machine is True


# Digits


def test_digits_come_one_by_one_or_together(story):
    story.dial()
    for second, key in enumerate("482", start=1):
        story.press(key, second)
    assert story.site.names() == ["voice"] and story.call().digits == "482"
    story.press("799", 5)
    assert story.site.said("pin")["Digits"] == "4827" and story.call().digits == ""


@pytest.mark.parametrize(
    ("gather", "keys", "entered"),
    [
        ('numDigits="4"', "12#", "12"),
        ("", "12345678#", "12345678"),
        ('finishOnKey="*"', "1#2*", "1#2"),
        ('finishOnKey=""  numDigits="3"', "#*1", "#*1"),
        ("", "*#", "*"),
    ],
)
def test_how_digits_end(tell, gather, keys, entered):
    story = tell(voice=f'<Gather action="{{hooks}}pin/" {gather}/>')
    story.dial()
    story.press(keys, 2)
    assert story.site.said("pin")["Digits"] == entered


def test_digits_begun_are_taken_when_no_more_come(story):
    story.dial()
    story.press("48", 3)
    story.tick(12)
    assert story.site.names() == ["voice"]
    story.tick(13)
    assert story.site.said("pin")["Digits"] == "48"


def test_without_digits_it_goes_on_to_the_next_verb(story):
    story.dial()
    story.tick(10)  # the words take some seconds before the time-out begins
    assert story.call().waits == "digits"
    story.tick(12)
    assert story.call().heard == ["Enter your PIN.", "Goodbye."]
    assert (story.legs()[0].status, story.legs()[0].ended_at) == ("completed", story.at(12))


def test_a_gather_without_an_action_asks_where_it_came_from(tell):
    story = tell(voice="<Gather numDigits='1'/>")
    story.dial()
    story.press("5", 1)
    assert story.site.told[1][0] == "voice" and story.site.said("voice")["Digits"] == "5"


def test_keys_nobody_listens_to_do_nothing(story):
    child = story.connected_to(0)
    story.press("1", 5)
    story.press("1", 5, sid=child)
    assert story.site.names() == ["voice", "pin", "initiated+", "ringing+"]


# Other verbs


def test_pause_play_and_redirect(tell):
    story = tell(voice="<Play>x.mp3</Play><Pause length='3'/><Say>Hello <b>you</b></Say><Redirect>more/</Redirect>", more="<Hangup/>")
    story.dial()
    assert story.call().waits == "pause"
    story.tick(2.9)
    assert story.call().heard == []
    story.tick(10)
    assert story.call().heard == ["Hello you"] and story.legs()[0].ended_at == story.at(3)
    assert story.site.names() == ["voice", "more", "completed"]


@pytest.mark.parametrize(("verb", "status"), [("<Reject/>", "failed"), ('<Reject reason="busy"/>', "busy"), ("<Hangup/>", "completed")])
def test_how_a_document_ends_a_call(tell, verb, status):
    story = tell(voice=verb)
    story.dial()
    assert (story.legs()[0].status, story.call().answered_at is None) == (status, "Reject" in verb)


def test_a_whisper_may_ask_for_a_key(tell):
    story = tell(whisper='<Gather action="{hooks}accept/" numDigits="1"/><Hangup/>')
    child = story.connected_to(0)
    story.answer(9)
    assert story.call(child).waits == "digits"
    story.press("1", 11, sid=child)
    assert story.call(child).waits == "talk"
    refusing = tell(whisper='<Gather action="{hooks}accept/" numDigits="1" timeout="5"/><Hangup/>')
    refusing.connected_to(0)
    refusing.answer(9)
    refusing.tick(14)
    assert (refusing.legs()[1].status, refusing.legs()[1].seconds) == ("completed", 5)
    assert refusing.site.said("dialled")["CallStatus"] == "in-progress"


def test_a_dial_without_an_action_goes_on_by_itself(tell):
    story = tell(pin="<Dial><Number>+13125550196</Number></Dial><Say>Sorry.</Say>")
    story.connected_to(0)
    assert story.call().heard == ["Enter your PIN.", "Sorry."] and story.legs()[0].status == "completed"


@pytest.mark.parametrize(
    "voice",
    [
        500, 404, 204, 302, 0, "<Say>", "</Response><Response>", "<Record/>", "<Dial>+13125550142</Dial>",
        "<Dial><Number>+13125550142</Number><Number>+13125550143</Number></Dial>", "<Dial><Number>911</Number></Dial>",
        '<Redirect method="GET">more/</Redirect>', "<Redirect>https://elsewhere.example/</Redirect>", '<Gather input="speech"/>',
        '<Gather numDigits="many"/>', '<Dial><Number statusCallbackEvent="danced">+13125550142</Number></Dial>',
    ],
    ids=lambda voice: str(voice)[:40],
)  # fmt: skip
def test_what_is_no_twiml_ends_the_call(tell, voice):
    story = tell(voice=voice)
    story.dial()
    assert story.call().trouble
    [leg] = story.legs()
    assert (leg.status, leg.ended_at) == ("completed", story.at(0)) and story.site.names() == ["voice", "completed"]


def test_a_fault_after_the_pin_leaves_a_call_without_children(tell):
    story = tell(pin=500)
    story.connected_to(0)
    assert [leg.status for leg in story.legs()] == ["completed"]
    assert story.call().trouble == "/hooks/craftyard/voice/pin/ answered 500."


def test_a_whisper_that_fails_ends_the_dialled_call_alone(tell):
    story = tell(whisper=500, dialled="<Pause length='9'/>")
    story.connected_to(0)
    story.answer(9)
    assert [leg.status for leg in story.legs()] == ["in-progress", "completed"]


def test_a_refused_report_is_noted_and_changes_nothing(tell):
    story = tell(status=500)
    child = story.connected_to(0)
    assert story.call(child).trouble == "/hooks/craftyard/voice/status/ answered 500."
    story.answer(9)
    assert story.call(child).waits == "talk"


def test_a_circle_of_documents_ends(tell):
    story = tell(voice="<Redirect>?again=1</Redirect>")
    story.dial()
    assert story.legs()[0].status == "completed" and "circle" in story.call().trouble and len(story.site.told) < 60


def test_a_post_that_never_came_back_ends_the_call(story):
    """The process that made it has died."""
    story.dial()
    LocalCall.objects.update(waits="door", due_at=story.at(60))
    story.tick(60)
    assert story.legs()[0].status == "completed"


# Calls that we place


@pytest.fixture
def place(story, now):
    def placed(to=PRO):
        hooks = story.site.hooks
        story.sid = story.carrier.place(
            to=to, from_number=OURS, url=f"{hooks}bridge/?call=1", status_url=f"{hooks}status/?call=1", now=story.at(0)
        )
        return story.sid

    return placed


def test_a_bridge_calls_the_pro_and_then_the_homeowner(story, place):
    place()
    assert story.site.told == [] and story.legs()[0].status == "queued" and story.legs()[0].started_at is None
    story.tick(0)
    assert story.site.names() == ["initiated", "ringing"]
    story.answer(5, sid=story.sid)
    assert story.site.names()[2:] == ["in-progress", "bridge", "initiated+", "ringing+"]
    story.answer(12)
    story.hang_up(story.child(), 30)
    assert story.site.names()[6:] == ["in-progress+", "whisper", "completed+", "dialled", "completed"]
    first, second = story.legs()
    assert (first.inbound, first.from_number, first.to_number, first.seconds) == (False, OURS, PRO, 25)
    assert (second.from_number, second.to_number, second.seconds) == (OURS, HOMEOWNER, 18)
    assert story.site.said("bridge")["Direction"] == "outbound-api" and "ParentCallSid" not in story.site.said("bridge")


@pytest.mark.parametrize(("to", "status"), [("+17085550196", "failed"), ("+17085550195", "busy"), ("+17085550194", "no-answer")])
def test_a_bridge_whose_pro_is_not_there(story, place, to, status):
    place(to)
    story.tick(100)
    assert [leg.status for leg in story.legs()] == [status] and story.site.names()[-1] == status


def test_an_address_elsewhere_is_not_called(story, now):
    with pytest.raises(Unreachable):
        story.carrier.place(to=PRO, from_number=OURS, url="https://elsewhere.example/", status_url="/x", now=now)


# What a carrier knows


def test_look_up_and_since(story, tell):
    story.connected_to(0)
    other = tell()
    other.dial(100, to_number="+13125550111")
    assert story.carrier.look_up("CA" + "0" * 32) == []
    assert [record.provider_id for record in story.carrier.since(OURS, story.at(0))] == [leg.provider_id for leg in story.legs()]
    assert [record.provider_id for record in story.carrier.since(OURS, story.at(1))] == [story.child()]
    assert story.carrier.since(OURS, story.at(5)) == []
    assert len(story.carrier.since("+13125550111", story.at(0))) == 1


def test_a_further_number_is_invented_and_nobodys(marketplace, story, now, settings):
    settings.SMS_FROM = "+16305550100"
    Number.objects.all().delete()
    a_member(a_pro(), phone="+16305550101")
    Homeowner.objects.create(name="Dana", phone="+16305550102", zone="America/Chicago")
    Number.objects.create(number="+16305550103", added_at=now, heard_until=now)
    found = story.carrier.new_number(near="+16305550177", now=now)
    assert (found.number, bool(found.provider_id)) == ("+16305550104", True)
    for no_home in ("", "+18005550100", "+18765550100", "nonsense"):
        assert story.carrier.new_number(near=no_home, now=now).number == "+13125550100"


def test_numbers_of_another_area_when_those_are_used_up(story, now):
    Number.objects.all().delete()
    Number.objects.bulk_create(Number(number=f"+1630555{line:04}", added_at=now, heard_until=now) for line in INVENTED)
    assert story.carrier.new_number(near="+16305550177", now=now).number == "+13125550101"  # the first is SMS_FROM


def test_another_marketplaces_calls_are_not_there(story, now):
    story.connected_to(0)
    there = LocalCarrier(Marketplace.objects.get(slug="hearthline"), post=story.site)
    assert there.look_up(story.sid) == [] and there.calls(9) == [] and there.since(OURS, now) == []
    for act in (there.answer, there.decline, there.hang_up):
        with pytest.raises(NotFound):
            act(story.sid, at=now)
    with pytest.raises(NotFound):
        there.press(story.sid, "1", at=now)
    with scope(there.marketplace):
        assert not LocalCall.objects.exists()


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
