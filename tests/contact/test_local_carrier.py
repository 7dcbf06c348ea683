"""The local carrier behaves as Twilio does (the carrier's contract: docs/architecture.md)."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from accounts.models import Homeowner
from contact.carriers import Carrier, Unreachable
from contact.carriers.chosen import carrier
from contact.carriers.local import POOL, LocalCarrier
from contact.models import LocalCall, LocalEvent, Number
from core.errors import NotFound
from core.models import Marketplace
from core.tenancy import scope
from tests.contact.canned import CONNECT, HOMEOWNER, OURS, PRO, Story
from tests.factories import a_member, a_pro


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
    settings.SMS_FROM = "+16305550180"
    Number.objects.all().delete()
    a_member(a_pro(), phone="+16305550181")
    Homeowner.objects.create(name="Dana", phone="+16305550182", zone="America/Chicago")
    Number.objects.create(number="+16305550183", added_at=now, heard_until=now)
    found = story.carrier.new_number(near="+16305550177", now=now)
    assert (found.number, bool(found.provider_id)) == ("+16305550184", True)
    for no_home in ("", "+18005550100", "+18765550100", "nonsense"):
        assert story.carrier.new_number(near=no_home, now=now).number == "+13125550180"


def test_numbers_of_another_area_when_those_are_used_up(story, now):
    Number.objects.all().delete()
    Number.objects.bulk_create(Number(number=f"+1630555{line:04}", added_at=now, heard_until=now) for line in POOL)
    assert story.carrier.new_number(near="+16305550177", now=now).number == "+13125550180"


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
