"""Names, numbers and addresses as people type them (INVARIANTS, bad input)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.contact_data import (
    BadContact,
    address_key,
    normal_email,
    normal_name,
    normal_phone,
    normal_text,
    normal_zip,
    visible,
)
from accounts.homeowners import plain_text

ANYTHING = st.one_of(st.none(), st.integers(), st.text(st.characters(), max_size=300))  # lone surrogates and NULs included


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(312) 555-0123", "+13125550123"),
        ("312.555.0123", "+13125550123"),
        ("+1 404 555 0199", "+14045550199"),
        ("1-312-201-0123", "+13122010123"),
        (" 312 201 0123 ", "+13122010123"),
    ],
)
def test_a_home_number_in_any_spelling(typed, number):
    assert normal_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bad_phone"),
        (None, "bad_phone"),
        ("12", "bad_phone"),
        ("٣١٢٥٥٥٠١٢٣", "bad_phone"),
        ("(312) 555-0123 x5", "bad_phone"),
        ("1-800-FLOWERS", "bad_phone"),
        ("312555012\x00", "bad_phone"),
        ("3125550\ud800123", "bad_phone"),
        ("9" * 5000, "bad_phone"),
        ("000 000 0000", "bad_phone"),
        ("911 555 0123", "bad_phone"),
        ("710 201 0123", "bad_phone"),
        ("900 555 1234", "service_phone"),
        ("312 976 1234", "service_phone"),
        ("312 555 1212", "service_phone"),
        ("800 555 1234", "service_phone"),
        ("876 555 1234", "foreign_phone"),
        ("876 555 0123", "foreign_phone"),
        ("416 201 0123", "foreign_phone"),
        ("787 201 0123", "foreign_phone"),
        ("+44 20 7123 4567", "foreign_phone"),
    ],
)
def test_a_number_that_is_no_us_home_line_is_refused(typed, code):
    with pytest.raises(BadContact) as refused:
        normal_phone(typed)
    assert refused.value.code == code and refused.value.fields["phone"]


def test_a_business_may_have_a_toll_free_number():
    assert normal_phone("(866) 555-0134", toll_free=True) == "+18665550134"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Dana   Whitfield ", "Dana Whitfield"),
        ("Dana\x00 W", "Dana W"),
        ("Zoë \u202eX", "Zoë X"),
        ("Jose\u0301", "José"),
        ("D\ud800W", "DW"),
    ],
)
def test_a_name_is_cleaned(typed, name):
    assert normal_name(typed) == name


@pytest.mark.parametrize(
    "typed", ["", " ", "\x00", "\u200b\u200b\u200b", "\u3164\u3164", "\u2800\u2800", "\ud800\udfff", "--", "x", "x" * 121, None]
)
def test_a_name_that_shows_nothing_is_refused(typed):
    with pytest.raises(BadContact) as refused:
        normal_name(typed)
    assert refused.value.code == "bad_name"


@pytest.mark.parametrize(
    "typed", ["", "dana", "dana@", "d@x", "dana@ex\x00.com", "dänä@example.com", "a" * 250 + "@ex.com", "d\u200b@example.com", None]
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadContact):
        normal_email(typed)


def test_an_address_in_capitals_is_the_same_address():
    assert normal_email(" Dana.W@Example.COM ") == "dana.w@example.com"


def test_zips():
    assert normal_zip(" 60614-1234 ") == "60614"
    for typed in ["6061", "٦٠٦١٤", "60614\x00", "606145", None, "9" * 5000]:
        with pytest.raises(BadContact):
            normal_zip(typed)


def test_two_spellings_of_one_dwelling_are_equal():
    assert address_key("1201 North Hoyne Avenue", "Apt. 2B", "60622") == address_key("1201 N. HOYNE AVE", "#2b", "60622")
    assert address_key("1201 N Hoyne Ave", "2", "60622") != address_key("1201 N Hoyne Ave", "3", "60622")
    assert address_key("1201 N Hoyne Ave", "", "60622") != address_key("1201 N Hoyne Ave", "", "60614")


def test_no_street_is_no_address():
    assert address_key("", "2", "60622") == address_key(" \u200b", "", "60614") == address_key("1 Main St", "", "") == ""


@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_arrives_gets_a_clean_value_or_a_refusal(first, second, third):
    for normal in (normal_phone, normal_email, normal_name, normal_zip):
        try:
            value = normal(first)
        except BadContact as refused:
            assert refused.fields and str(refused)
        else:
            value.encode()
            assert "\x00" not in value and len(value) <= 254
            assert normal(value) == value
    for clean in (visible(first), plain_text(first), address_key(first, second, third)):
        clean.encode()
        assert "\x00" not in clean


def test_a_text_too_long_is_refused_with_its_field():
    with pytest.raises(BadContact) as refused:
        normal_text("x" * 81, field="place", longest=80)
    assert list(refused.value.fields) == ["place"]
