"""What a pro reads of the homeowner's words: the job, never the way to them (INVARIANTS 22)."""

import time
from types import SimpleNamespace

import pytest

from leads.masking import masked, unnamed

DANA = SimpleNamespace(name="Dana Whitfield", phone="+13125550142", email="dana.77@feather.example", street="4471 N Thistledown Ave")


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
        "six thirty, five fifty-five, oh one seventeen",
        "six three zero dash triple five dash o one one seven",
        "eight hundred 555 zero one one seven",
        "seis tres cero, cinco cinco cinco, cero uno uno siete",
        "seis tres cero guion cinco cincuenta y cinco guión cero uno diecisiete",
        "seiscientos treinta, cinco cinco cinco, cero uno diecisiete",
        "6 tres 0 cinco 5 cinco cero 1 uno 7",
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
        "dana arroba example punto com",
        "dana (arroba) example (punto) com",
        "dana en gmail punto com",
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
        "calle Hoyne 1201",
        "calle hoyne 1201, apto 4",
        "Calle Hoyne #1201, depto 4B",
        "Av. Hoyne No. 1201",
        "avenida de los Insurgentes número 300",
        "1201 de la avenida Hoyne",
        "1201 calle hoyne",
        "calle 26",
        "Calle 26 número 12",
        "calle José María Morelos y Pavón",
        "camino Real 12",
        "apartado postal 1234",
        "apartado 1234",
        "apartamento 4B",
        "departamento número 12",
        "número 1201",
        "núm. 1201",
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
        "Twenty, thirty, forty or fifty gallons; one two or three rooms, four five or six lights.",
        "Gotea desde hace dos o tres días, uno o dos o tres o cuatro litros.",
        "Dos recámaras, un baño, tres ventanas y un apartamento de 2 cuartos.",
        "Hay 3 árboles en la calle frente a la casa. La calle está cerrada 2 días y tiene 3 carros.",
        "El calentador de 50 galones, modelo número 4471, es de 2006. La plaza y el paseo, 12 metros a lo largo del camino.",
        "Work performed for Plaza on Dewitt.",
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


@pytest.mark.parametrize("unit", ["a", "1", "(", "1 a ", "a.", "a@", "one ", "1 oak ", "@", " at ", "A ", "1-", "\u200b", "Aa Bb ", "  ",
                                  "calle ", "calle a ", "siete ", "treinta y ", "número ", "de la ", "o ", "double "])  # fmt: skip
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
    assert unnamed(text, DANA) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ring 555 0142 or 5550142.", "Ring [phone number hidden] or [phone number hidden]."),
        ("dana.77 on gmail, dana.77 at feather dot example", "[email hidden] on gmail, [email hidden]"),
        ("Corner of thistledown and Oak, house 4471.", "Corner of [street hidden] and Oak, house [street hidden]."),
        ("The basement has 4471 sq ft, ave north.", "The basement has 4471 sq ft, ave north."),
        ("danawhitfield, D\u00e1na_77, DANA", "[name hidden], [name hidden]_77, [name hidden]"),
    ],
)
def test_before_a_seat_nothing_is_left_of_what_is_known_of_the_person(text, shown):
    assert unnamed(text, DANA) == shown


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Jos\u00e9 de la Cruz-Ruiz", "Soy Jose Cruz, de la casa azul.", "Soy [name hidden] [name hidden], de la casa azul."),
        ("Al Ruiz", "Al lado; al fondo.", "[name hidden] lado; al fondo."),
        ("Q", "Q", "Q"),
    ],
)
def test_names_are_found_without_their_accents_and_particles_are_none(name, text, shown):
    assert unnamed(text, SimpleNamespace(name=name, phone="", email="", street="")) == shown


def test_a_street_named_like_part_of_a_job_is_only_hidden_as_a_street():
    person = SimpleNamespace(name="Q", phone="", email="", street="12 Main Street")
    assert unnamed("The main line at 12 Main Street", person) == "The main line at [street hidden]"
