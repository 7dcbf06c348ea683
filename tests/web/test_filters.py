"""How money, times and phone numbers are written, and the drawings that take numbers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from web.forms import with_hint
from web.templatetags import plumbline

CHICAGO = "America/Chicago"
WHEN = datetime(2025, 11, 18, 15, 44, tzinfo=UTC)


def draw(source: str, **context) -> str:
    return Template("{% load plumbline %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("cents", "text"),
    [(123450, "$1,234.50"), (0, "$0.00"), (5, "$0.05"), (-960, "−$9.60"), (-5, "−$0.05"), (100_000_000, "$1,000,000.00"), (None, "")],
)
def test_money(cents, text):
    assert plumbline.money(cents) == text


@pytest.mark.parametrize(
    ("millionths", "sign", "text"),
    [
        (437_000, "", "0.437"),
        (437_000, "+", "+0.437"),
        (-1_000_500, "+", "−1.001"),
        (400, "+", "0.000"),
        (-499, "", "0.000"),
        (None, "+", ""),
    ],
)
def test_seats_to_the_thousandth(millionths, sign, text):
    assert plumbline.in_seats(millionths, sign) == text


def test_half_a_phone_number_is_enough_for_its_owner():
    assert plumbline.half_phone("+16305550117") == "(630)\N{NO-BREAK SPACE}…-0117"
    assert plumbline.half_phone("") == "" and plumbline.half_phone(None) == ""


@pytest.mark.parametrize(("number", "text"), [(0, "12 AM"), (8, "8 AM"), (12, "12 PM"), (20, "8 PM"), (24, "12 AM")])
def test_hours(number, text):
    assert plumbline.hour(number) == text


def test_an_exact_time_has_its_seconds():
    assert plumbline.exact_time(WHEN, CHICAGO) == "9:44:00 AM" and plumbline.exact_time(None) == ""


def test_an_address_may_go_on_in_the_next_line():
    assert plumbline.mailbox("a@b.example") == "a@<wbr>b<wbr>.example"
    assert plumbline.mailbox("<i>@x.y") == "&lt;i&gt;@<wbr>x<wbr>.y" and plumbline.mailbox(None) == ""


@pytest.mark.parametrize(
    ("zone", "name"), [(CHICAGO, "Central Time"), ("America/Indiana/Knox", "Knox"), ("Asia/Ho_Chi_Minh", "Ho Chi Minh")]
)
def test_a_zone_is_named_as_people_say_it(zone, name):
    assert plumbline.zone_name(zone) == name


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+16305550117", "(630) 555-0117"),
        ("6305550117", "(630) 555-0117"),
        ("+442071838750", "+442071838750"),
        ("+1630555011", "+1630555011"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone(number, text):
    assert plumbline.phone(number) == text


@pytest.mark.parametrize("zone", [CHICAGO, ZoneInfo(CHICAGO)])
def test_times_are_in_the_zone_of_the_reader(zone):
    assert plumbline.local_time(WHEN, zone) == "9:44 AM"
    assert plumbline.day(WHEN, zone) == "Tue, Nov 18"
    assert plumbline.full_day(WHEN, zone) == "Nov 18, 2025"
    assert plumbline.day_time(WHEN, zone) == "Tue, Nov 18, 9:44 AM"


def test_a_day_begins_at_the_reader_s_midnight():
    late = datetime(2025, 11, 19, 5, 59, tzinfo=UTC)
    assert plumbline.day(late, CHICAGO) == "Tue, Nov 18"
    assert plumbline.local_time(late, CHICAGO) == "11:59 PM"
    assert plumbline.local_time(late + timedelta(minutes=1), CHICAGO) == "12:00 AM"
    assert plumbline.moment(late, CHICAGO, now=WHEN) == "11:59 PM"
    assert plumbline.moment(late + timedelta(minutes=1), CHICAGO, now=WHEN) == "Wed, Nov 19, 12:00 AM"


def test_nothing_stays_nothing():
    assert [f(None, CHICAGO) for f in (plumbline.local_time, plumbline.day, plumbline.day_time, plumbline.moment)] == [""] * 4


def test_bar_is_made_of_attributes_and_never_passes_its_end():
    svg = draw('{% bar 60000 31580 13420 label="$450.00 of $600.00" tall=True %}')
    assert '<rect x="0" width="52.63" height="8" class=""/>' in svg
    assert '<rect x="52.63" width="22.37" height="8" class="s"/>' in svg
    assert 'aria-label="$450.00 of $600.00"' in svg and "style" not in svg
    assert 'width="100" height="8" class="w"' in draw('{% bar 100 250 label="x" tone="w" %}')
    assert 'width="0"' in draw('{% bar 0 250 label="x" %}')


def test_ring_shows_what_is_left_and_until_when():
    html = draw("{% ring until zone now %}", until=WHEN, zone=CHICAGO, now=WHEN - timedelta(seconds=1062))
    assert ">17:42</b>" in html
    assert 'stroke-dasharray="59 100"' in html and 'dur="1062s"' in html
    assert 'aria-label="Speed-To-Call: 17 minutes 42 seconds left, until 9:44 AM"' in html
    assert 'data-deadline="2025-11-18T15:44:00+00:00"' in html
    assert 'class="ring"' in html


def test_ring_is_amber_under_ten_minutes_and_ends_at_zero():
    assert 'class="ring low"' in draw("{% ring until zone now %}", until=WHEN, zone=CHICAGO, now=WHEN - timedelta(seconds=599))
    ended = draw("{% ring until zone now %}", until=WHEN, zone=CHICAGO, now=WHEN + timedelta(hours=1))
    assert ">0:00</b>" in ended and "<animate" not in ended


def test_a_stopped_ring_has_no_deadline():
    html = draw("{% ring until zone now stopped=True %}", until=WHEN, zone=CHICAGO, now=WHEN - timedelta(seconds=690))
    assert 'class="ring off"' in html and "data-deadline" not in html and "<animate" not in html
    assert "stopped with 11 minutes 30 seconds left" in html


def test_pips_are_one_for_each_seat():
    html = draw("{% pips 3 4 mine=True %}")
    assert html.count("<i") == 4 and html.count('class="on"') == 2 and html.count('class="me"') == 1
    assert 'aria-label="3 of 4 seats taken"' in html
    assert draw("{% pips 9 4 %}").count("<i") == 4
    assert draw("{% pips 1 3 %}").count("<i") == 3


def test_pin_is_read_digit_by_digit():
    assert 'aria-label="PIN 0 8 2 7"' in draw('{% pin "0827" %}')


@pytest.mark.parametrize(
    ("kind", "words"),
    [("auto", "AutoMatch"), ("auto_match", "AutoMatch"), ("choice_match", "Choice Match"), ("optin", "Opt-in"), ("opt_in", "Opt-in")],
)
def test_badges_carry_the_exact_words(kind, words):
    html = draw('{% include "parts/badge.html" %}', kind=kind)
    assert f"</svg>{words}</span>" in html


def test_price_ends_with_what_is_paid():
    rows = [
        {"label": "Faucet", "basis": "Price list of Sep 1", "cents": 2400},
        {"label": "Speed-To-Call 20%", "cents": -480, "tone": "good"},
    ]
    html = draw('{% include "parts/price.html" with rows=rows total=1920 %}', rows=rows)
    assert html.index("$24.00") < html.index("−$4.80") < html.index("You pay") < html.index("$19.20")


def test_current_marks_the_tab_of_the_page():
    request = RequestFactory().get("/pro/leads/7/")
    assert draw('{% current "/pro/leads/" %}', request=request) == 'aria-current="page"'
    assert draw('{% current "/pro/billing/" %}', request=request) == ""
    assert draw('{% current "/pro/leads/" exact=True %}', request=request) == ""


@pytest.mark.parametrize(("name", "letters"), [("Marcus Bell", "MB"), ("Ana", "A"), ("Ana de la Cruz", "AC"), ("", ""), (None, "")])
def test_initials(name, letters):
    assert plumbline.initials(name) == letters


class Form(forms.Form):
    zip = forms.CharField(label="ZIP code", help_text="Five digits.", widget=forms.TextInput(attrs={"class": "short"}))
    own = forms.ChoiceField(label="Do you own it?", widget=forms.RadioSelect, choices=[("y", "Yes"), ("n", with_hint("No", "Ask first."))])
    note = forms.CharField(label="Note", required=False)
    agree = forms.BooleanField(label="I agree")


def test_a_field_is_label_hint_error_input():
    html = str(Form({})["zip"].as_field_group())
    places = [html.index(part) for part in ('<label for="id_zip">', 'class="hint"', 'class="err"', "<input")]
    assert places == sorted(places)
    assert 'class="in short"' in html and 'aria-invalid="true"' in html
    assert 'aria-describedby="id_zip_helptext id_zip_error"' in html


def test_choices_are_picks_and_a_single_checkbox_stands_beside_its_words():
    html = str(Form())
    assert html.count('<label class="pick">') == 3
    assert "<legend>Do you own it?</legend>" in html
    assert "No<small>Ask first.</small>" in html
    assert "(optional)</span></label>" in html


def test_the_list_of_problems_links_to_every_field():
    html = str(Form({}))
    assert "There are 3 problems" in html
    for link in ('href="#id_zip">ZIP code This field is required.', 'href="#id_own_0">Do you own it?', 'href="#id_agree">I agree'):
        assert link in html
    assert 'id="id_own_0"' in html
    assert "problem" not in str(Form())
