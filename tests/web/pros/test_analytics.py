"""The page of figures: exact numbers, its filters, the file with the same, and what nonsense gets."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch

from accounts.models import Member, ProState
from core.policy import publish
from leads.figures import Figures, Rate
from leads.policy import Analytics
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_member, a_pro
from tests.leads.test_performance import a_seat, spring
from tests.web.pros.test_inbox import text_of
from web.pros.analytics_charts import funnel, short
from web.templatetags.plumbline import duration

PAGE, FILE = "/pro/analytics/", "/pro/analytics/performance.csv"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def prairie(marketplace):
    return a_pro("Prairie State Plumbing", services=("water-heater", "plumbing-repair"))


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def chips_of(answer, kind):
    return {chip["name"]: chip.get("count") for chip in answer.context[kind]}


# What it says


def test_every_figure_stands_with_its_base(browser, owner):
    spring(owner)
    page = text_of(browser.get(PAGE, {"period": "year"}))
    assert "9 leads, Jan 1 to May 20, 2026." in page
    assert "Response rate 67% 6 of 9 leads contacted Few leads" in page
    assert "Time to first contact 9 min Typical, of 6 contacted. 5 of 9 within 30 minutes, 56% Saved you $26.40" in page
    assert "Win rate 33% 3 of 9 leads. True rate is likely 12% to 65%. 1 lost, 5 not decided." in page
    assert "Cost per won job $67.20 $201.60 for leads, 3 jobs won. You say you won $3,734.50." in page
    assert "Contacted 6 of 9, 67% Talked: your contact rate 3 of 9, 33% Quoted or won 4 of 9, 44% Won 3 of 9, 33%" in page
    assert "1 more lead was credited and is not counted here." in page
    assert "Leads at their price $256.00 Speed-To-Call discounts −$26.40 Credits −$28.00 You pay $201.60" in page
    assert "Contacted within 30 minutes: 5 leads 3 won, 60%" in page and "Later, or not at all: 4 leads 0 won" in page
    assert "Choice Match 1 1 1 1 1 1 of 1 $22.40 $22.40 Too few: 1 lead" in page
    assert "Plumbing repair 3 2 1 1 1 1 of 3 $56.00 $56.00 Too few: 3 leads" in page
    assert "All 9 6 5 3 3 33% $201.60 $67.20 Few leads" in page


def test_weeks_are_drawn_and_stand_in_a_table(browser, owner):
    spring(owner)
    answer = browser.get(PAGE)
    page, html = text_of(answer), answer.content.decode()
    assert "7 leads, Feb 20 to May 20, 2026" not in page and "9 leads, Feb 20 to May 20, 2026" in page
    assert html.count('<line x1="0"') == 14 and html.count("<rect x=") + html.count('<rect class="w"') >= 4
    assert "Mar 2 – Mar 8 2 2 14 2 1" in page
    assert "Mar 9 – Mar 15 2 1 40 0 0" in page
    assert "Feb 20 – Feb 22 0 0 – 0 0" in page
    drawn = [(bar.text, bar.late) for bar in answer.context["columns"].bars if bar.text]
    assert drawn == [("14", False), ("40", True), ("7", False), ("1", False)]


def test_a_year_has_months(browser, owner):
    spring(owner)
    page = text_of(browser.get(PAGE, {"period": "year"}))
    assert "Minutes to first contact, by month" in page and "Mar 1 – Mar 31 4 3 18 2 1" in page


def test_too_few_to_say_something(browser, owner, now):
    a_seat(owner, at=now - timedelta(days=1))
    a_seat(owner, at=now - timedelta(days=2))
    page = text_of(browser.get(PAGE))
    assert "Response rate 0 of 2 0 of 2 leads contacted Too few: 2 leads" in page
    assert "Nobody contacted yet." in page and "Nobody was contacted in these days." in page
    assert "$56.00 for leads, no job won yet." in page and "None won" in page and "True rate" not in page
    assert "0%" not in page, "no rate is said of two leads"


def test_an_account_without_leads_says_so(browser, prairie):
    page = text_of(browser.get(PAGE))
    assert "No leads in these days" in page and "To the leads" in page and "Response rate" not in page
    assert len(rows_of(browser.get(FILE, {"period": "this"}))) == 4, "all leads, and three weeks with none"


def test_members_without_the_right_see_no_money(signed_in, prairie, owner):
    spring(owner)
    member = signed_in(a_member(prairie, role=Member.Role.MEMBER))
    page = text_of(member.get(PAGE, {"period": "year"}))
    assert "Response rate 67%" in page and "Win rate 33%" in page
    assert "$" not in page and "Cost" not in page
    file = member.get(FILE, {"period": "year"}).content.decode()
    assert "Won" in file and not [word for word in ("Price", "Cost", "You pay", "Discount", "as you say") if word in file]


# Filters


def test_filters_stand_in_the_address(browser, owner):
    spring(owner)
    answer = browser.get(PAGE, {"period": "year", "type": "automatch", "service": "water-heater"})
    assert "5 leads" in text_of(answer)
    assert chips_of(answer, "type_chips") == {"All types": None, "AutoMatch": 5, "Choice Match": 1}
    assert chips_of(answer, "service_chips") == {"All services": None, "Plumbing repair": 3, "Water heater replacement": 5}
    html = answer.content.decode()
    assert 'href="/pro/analytics/?period=year&amp;type=choice-match&amp;service=water-heater"' in html
    assert 'href="/pro/analytics/?type=automatch&amp;service=water-heater"' in html, "90 days are the usual ones"
    assert 'href="/pro/analytics/performance.csv?period=year&amp;type=automatch&amp;service=water-heater"' in html
    for chip in answer.context["type_chips"][1:]:
        assert f"{chip['count']} lead" in text_of(browser.get(chip["url"]))


def test_a_filter_that_nothing_fits_leads_back(browser, owner):
    spring(owner)
    answer = browser.get(PAGE, {"period": "this", "service": "roof-repair"})
    assert "No lead fits" in text_of(answer) and 'href="/pro/analytics/?period=this"' in answer.content.decode()


@pytest.mark.parametrize(("period", "leads"), [("this", 2), ("last", 3), ("90", 9), ("year", 9)])
def test_periods(browser, owner, period, leads):
    spring(owner)
    assert browser.get(PAGE, {"period": period}).context["all"].leads == leads


def test_own_dates(browser, owner):
    spring(owner)
    answer = browser.get(PAGE, {"period": "own", "first": "2026-04-07", "last": "2026-05-04", "type": "automatch"})
    assert "2 leads, Apr 7 to May 4, 2026" in text_of(answer)
    html = answer.content.decode()
    assert 'value="2026-04-07"' in html and '<input type="hidden" name="type" value="automatch">' in html
    assert "first=2026-04-07&amp;last=2026-05-04" in html, "the file and the chips are of these days"
    usual = browser.get(PAGE, {"period": "own"})
    assert usual.context["all"].leads == 9 and 'value="2026-02-20"' in usual.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-05-05", "2026-05-04", "the first not after the last"),
        ("2026-05-05", "2026-05-21", "Choose days up to today"),
        ("1999-12-31", "2000-01-05", "from the year 2000 on"),
        ("2024-01-01", "2026-01-01", "Choose at most a year."),
        ("2026-02-30", "2026-03-01", "Enter a valid date."),
        ("soon", "", "Enter a valid date."),
        ("9" * 5000, "2026-03-01", "Enter a valid date."),
        ("<script>", "\u0663", "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_asked_for(browser, owner, first, last, words):
    asked = {"period": "own", "first": first, "last": last}
    answer = browser.get(PAGE, asked)
    assert answer.status_code == 422 and words in text_of(answer) and "<script>" not in answer.content.decode()
    assert browser.get(FILE, asked).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "91"},
        {"period": "THIS"},
        {"period": "9" * 5000},
        {"type": "auto"},
        {"type": "opt_in"},
        {"service": "no-such-service"},
        {"service": "'; drop table"},
        {"service": "x" * 5000},
    ],
)
def test_nonsense_in_the_address_is_not_found(browser, owner, asked):
    assert browser.get(PAGE, asked).status_code == browser.get(FILE, asked).status_code == 404


def test_strange_bytes_in_the_address(browser, owner):
    for query in ("period=%00", "type=%00"):
        assert browser.get(f"{PAGE}?{query}").status_code == 400
    for query in ("period=%ff", "service=%ed%a0%80", "type=%F0%9F%94%A5", "period=year&period=x"):
        assert browser.get(f"{PAGE}?{query}").status_code == 404
    assert browser.get(f"{PAGE}?after=1&period=&first=x").status_code == 200, "what is not asked for is not looked at"


# The file


def test_the_file_equals_the_page(browser, owner):
    spring(owner)
    asked = {"period": "year"}
    context = browser.get(PAGE, asked).context
    rows = rows_of(browser.get(FILE, asked))
    assert [(row["Figures of"], row["Name"]) for row in rows] == [
        ("All leads", ""),
        ("Lead type", "AutoMatch"),
        ("Lead type", "Choice Match"),
        ("Service", "Plumbing repair"),
        ("Service", "Water heater replacement"),
        *(("Month", f"{month} 1, 2026") for month in ("Jan", "Feb", "Mar", "Apr", "May")),
    ]
    shown = [context["all"], *(part.figures for part in (*context["types"], *context["services"]))]
    shown += [bar.figures for bar in context["columns"].bars]
    for row, each in zip(rows, shown, strict=True):
        counts = (each.leads, each.returned, each.contacted, each.in_time, each.talked, each.quoted, each.won, each.lost, each.open)
        names = ("Leads", "Credited leads", "Contacted", "In time", "Talked", "Quoted or won", "Won", "Lost", "Not decided")
        assert tuple(int(row[name]) for name in names) == counts
        assert row["Minutes to first contact"] == ("" if each.minutes is None else str(each.minutes))
        money = (each.price, -each.discounted, -each.credited, each.net, each.won_amount)
        assert tuple(round(float(row[name]) * 100) for name in ("Price", "Discount", "Credit", "You pay", "Won jobs, as you say")) == money
    assert (rows[0]["You pay"], rows[0]["Cost per won job"], rows[0]["First day"]) == ("201.60", "67.20", "2026-01-01")


def test_a_file_holds_no_formula(browser, owner, now):
    match = a_seat(owner, at=now - timedelta(days=1))
    service = match.lead.service
    service.name = "=HYPERLINK(1)"
    service.save()
    assert [row["Name"] for row in rows_of(browser.get(FILE)) if row["Figures of"] == "Service"] == ["'=HYPERLINK(1)"]


# Who sees it


def test_another_pros_leads_are_never_there(signed_in, browser, owner):
    spring(owner)
    other = signed_in(a_member(a_pro("Lakeview Pipe & Drain")))
    assert "No leads in these days" in text_of(other.get(PAGE, {"period": "year"}))
    assert {row["Leads"] for row in rows_of(other.get(FILE, {"period": "year"}))} == {"0"}


def test_a_tier_without_analytics_is_told_so_and_shown_no_number(opt_in, signed_in):
    member = a_member(a_funded_pro())
    browser = signed_in(member, host="hearthline.localhost")
    answer = browser.get(PAGE)
    page = text_of(answer)
    assert answer.status_code == 200 and "Analytics is part of a membership" in page and "Response rate" not in page
    assert browser.get(FILE).status_code == 403
    ProState.objects.filter(pro=member.pro).update(tier=1)
    assert browser.get(FILE).status_code == 403, "Silver has none"
    ProState.objects.filter(pro=member.pro).update(tier=2)
    assert "No leads in these days" in text_of(browser.get(PAGE)) and browser.get(FILE).status_code == 200


def test_the_link_to_memberships_stands_only_where_there_are_some(opt_in, signed_in, monkeypatch):
    browser = signed_in(a_member(a_funded_pro()), host="hearthline.localhost")

    def found(name, *args, **options):
        if name == "pros:membership":
            return "/pro/account/membership/"
        raise NoReverseMatch

    monkeypatch.setattr("web.pros.analytics.reverse", found)
    assert 'href="/pro/account/membership/"' in browser.get(PAGE).content.decode()


def test_the_policy_says_from_how_many_leads_a_rate_is_said(browser, owner, now):
    sections = [replace(each, very_few=1, few=2) if isinstance(each, Analytics) else each for each in PRESETS["lead_manager"].sections]
    publish(sections, now=now)
    a_seat(owner, at=now - timedelta(days=1))
    assert "Response rate 0% 0 of 1 lead contacted Few leads" in text_of(browser.get(PAGE))


def test_it_is_a_tab_at_the_desk_and_on_the_phone(browser, prairie):
    html = browser.get("/pro/leads/").content.decode()
    assert html.count('href="/pro/analytics/"') == 2
    assert html.split('class="dock"')[1].count('href="/pro/analytics/"') == 1


def test_the_page_costs_at_most_10_queries(browser, owner, django_assert_max_num_queries):
    spring(owner)
    browser.get(PAGE)
    with django_assert_max_num_queries(10 + 2):  # the test itself adds a savepoint and its release
        browser.get(PAGE)


# The drawing


@pytest.mark.parametrize(("minutes", "text"), [(0, "0"), (99, "99"), (100, "2 h"), (2_849, "47 h"), (2_850, "2 d"), (14_400, "10 d")])
def test_minutes_over_a_column(minutes, text):
    assert short(minutes) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(11, "11 min"), (100, "1 h 40 min"), (180, "3 h"), (2_880, "2 d"), (4_400, "3 d 1 h"), (None, "")]
)
def test_how_long_it_took(minutes, text):
    assert duration(minutes) == text


def test_the_way_from_lead_to_job():
    steps = funnel(Figures((5, 10), leads=41, contacted=38, talked=29, quoted=19, won=9))
    assert [(step.rate.part, step.rate.percent) for step in steps] == [(41, 100), (38, 93), (29, 71), (19, 46), (9, 22)]
    assert all(step.rate == Rate(step.rate.part, 41, "sure") for step in steps)
