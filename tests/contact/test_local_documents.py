"""The local carrier carries out TwiML as Twilio does: digits, pauses, redirections, and what is no TwiML."""

import pytest

from contact.models import LocalCall

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
