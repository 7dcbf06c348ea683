"""What a pro reads of the homeowner's words: the job, never the way to them (INVARIANTS 22)."""

import time

import pytest

from leads.masking import masked, unnamed


@pytest.mark.parametrize(
    "secret",
    [
        "630-555-0117",
        "(630) 555-0117",
        "630.555.0117",
        "6305550117",
        "+1 630 555 0117",
        "1-630-555-0117",
        "6 3 0 5 5 5 0 1 1 7",
        "63 05 55 01 17",
        "630/555/0117",
        "555-0117",
        "+44 20 7183 8750",
        "630 555 0117 / 630 555 0118",
        "٦٣٠-٥٥٥-٠١١٧",
        "６３０５５５０１１７",
        "630\u200b555\u200b0117",
        "630–555–0117",
        "six three zero, five five five, oh one one seven",
        "six three zero 555 oh one one seven",
    ],
)
def test_phone_numbers_are_masked(secret):
    found = masked(f"Call me at {secret} please")
    assert found.text == "Call me at [phone number hidden] please"
    assert found.kinds == ("phone",)


@pytest.mark.parametrize(
    "secret",
    [
        "dana@example.com",
        "Dana.W+home@mail.example.co.uk",
        "dana @ example.com",
        "dana＠example.com",
        "dana (at) example (dot) com",
        "dana at example dot com",
        "dana at gmail.com",
        "da\u200bna@example.com",
    ],
)
def test_email_addresses_are_masked(secret):
    found = masked(f"Write to {secret}. Thanks")
    assert found.text == "Write to [email hidden]. Thanks"
    assert found.kinds == ("email",)


@pytest.mark.parametrize(
    "secret",
    [
        "1201 N Hoyne Ave",
        "1201 n hoyne ave",
        "1201 North Hoyne Avenue, Apt 2B",
        "77 West Wacker Drive",
        "455 elm drive",
        "455 Elm Dr. #3",
        "12 Martin Luther King Blvd",
        "5 Oak Court",
        "350 5th Ave",
        "1600 Broadway",
        "Hoyne Avenue",
        "apt 4B",
        "PO Box 1234",
    ],
)
def test_streets_are_masked(secret):
    found = masked(f"we live at {secret}")
    assert found.text == "we live at [street hidden]"
    assert found.kinds == ("street",)


@pytest.mark.parametrize(
    "words",
    [
        "The 50-gallon gas water heater in the basement is leaking. I shut off the water last night. It is about 12 years old.",
        "A 2 story house, 3 car garage, 12 feet of new drive and a 10 x 14 shed.",
        "Built 1925, rewired 2004-2010, permit on 05/12/2025 and again on 06/30/2025.",
        "Budget $10,000 to 15,000, or 12,500, 14,000 at most.",
        "It leaks at night. It stops at noon.",
        "Between 100-2000 sq ft. ZIP 60540-1234.",
        "2 windows all the way down, 1 concrete drive, 3 trees on the street.",
        "One or two outlets, three lights, four fans.",
        "",
    ],
)
def test_the_job_itself_stays(words):
    assert masked(words).text == words
    assert masked(words).kinds == ()


def test_three_secrets_in_one_text():
    found = masked("I'm Dana, 1201 N Hoyne Ave, call 630 555 0117 or dana@example.com.\nThe tank leaks.")
    assert found.text == "I'm Dana, [street hidden], call [phone number hidden] or [email hidden].\nThe tank leaks."
    assert found.kinds == ("email", "phone", "street")


@pytest.mark.parametrize("unit", ["a", "1", "(", "1 a ", "a.", "a@", "one ", "1 oak ", "@", " at ", "A ", "1-", "\u200b", "Aa Bb ", "  "])
def test_a_hundred_kilobytes_of_anything_take_no_second(unit):
    start = time.process_time()
    masked(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am Dana Whitfield, ring 312-555-0142.", "I am [name hidden] [name hidden], ring [phone number hidden]."),
        ("WHITFIELD on the bell; ask for dana.", "[name hidden] on the bell; ask for [name hidden]."),
        ("Danas tank, Whitfieldstone wall", "Danas tank, Whitfieldstone wall"),
        ("The tank leaks.", "The tank leaks."),
    ],
)
def test_before_a_seat_no_part_of_the_name_is_left(text, shown):
    assert unnamed(text, "Dana Whitfield") == shown
