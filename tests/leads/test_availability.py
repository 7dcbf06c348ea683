"""When leads come: pauses that end, hours past midnight, days off, offers at the hour they arrive (RULES 10, 15, 17, 18)."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.dateparse import parse_datetime

from accounts import purchase_settings as buying
from accounts.models import ProState
from leads import matching, offers
from leads.decision import Candidate, Request, decide, freeze, thaw
from leads.explaining import why_me
from leads.models import Decision, Match, Offer
from leads.offers import NoLongerEligible
from leads.receipt import read
from notifications.models import Message
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro
from tests.leads.test_decision import ORDINARY, REQUEST

pytestmark = pytest.mark.django_db
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
EVENING = datetime(2026, 5, 20, 22, 50, tzinfo=UTC)  # 5:50 PM in Chicago


def verdicts(lead) -> dict:
    """{code: (have, need)} of the lead's latest decision."""
    return {code: (have, need) for _pro, code, have, need in Decision.objects.filter(lead=lead).latest("at").verdicts}


def seats(at) -> int:
    return Match.objects.filter(lead=a_matched_lead(now=at)).count()


# AutoMatch


def test_a_pause_ends_by_itself(marketplace, now):
    owner = a_member(a_pro())
    monday = now + 5 * DAY
    buying.pause(owner.pro, until=monday, by=owner, now=now)
    rev = ProState.objects.get(pro=owner.pro).rev
    assert verdicts(a_matched_lead(now=monday - SECOND)) == {"paused": (True, False)}
    assert ProState.objects.get(pro=owner.pro).rev == rev and seats(monday) == 1


@pytest.mark.parametrize(
    ("instant", "comes"),
    [
        ("2026-03-08T01:59:59+00:00", False),  # the evening before the clocks go forward, 7:59:59 PM
        ("2026-03-08T02:00:00+00:00", True),  # 8:00 PM
        ("2026-03-08T07:59:59+00:00", True),  # 1:59:59 AM, and the next second is 3 AM
        ("2026-03-08T08:00:00+00:00", True),
        ("2026-03-08T10:59:59+00:00", True),  # 5:59:59 AM, after nine hours of ten
        ("2026-03-08T11:00:00+00:00", False),  # 6:00 AM
        ("2026-11-01T00:59:59+00:00", False),  # the evening before they go back, 7:59:59 PM
        ("2026-11-01T01:00:00+00:00", True),
        ("2026-11-01T06:30:00+00:00", True),  # 1:30 AM the first time
        ("2026-11-01T07:30:00+00:00", True),  # and the second
        ("2026-11-01T11:59:59+00:00", True),  # 5:59:59 AM, after eleven hours
        ("2026-11-01T12:00:00+00:00", False),
    ],
)
def test_hours_past_midnight_hold_in_the_nights_when_the_clocks_change(marketplace, instant, comes):
    at = parse_datetime(instant)
    owner = a_member(a_pro(now=at - 9 * DAY))
    buying.set_hours(owner.pro, 20 * 60, 6 * 60, by=owner, now=at - 9 * DAY)
    lead = a_matched_lead(now=at)
    assert Match.objects.filter(lead=lead).exists() == comes
    if not comes:
        assert [*verdicts(lead)] == ["outside_hours"]


@pytest.mark.parametrize(
    ("instant", "off"),
    [
        ("2026-03-08T05:59:59+00:00", False),  # Saturday 11:59:59 PM
        ("2026-03-08T06:00:00+00:00", True),  # Sunday, a day of 23 hours
        ("2026-03-09T04:59:59+00:00", True),
        ("2026-03-09T05:00:00+00:00", False),
        ("2026-11-01T05:00:00+00:00", True),  # Sunday, a day of 25 hours
        ("2026-11-02T05:59:59+00:00", True),
        ("2026-11-02T06:00:00+00:00", False),
    ],
)
def test_a_sunday_off_is_the_pros_own_sunday(marketplace, instant, off):
    at = parse_datetime(instant)
    owner = a_member(a_pro(now=at - 9 * DAY))
    buying.set_days_off(owner.pro, 64, by=owner, now=at - 9 * DAY)
    lead = a_matched_lead(now=at)
    assert [*verdicts(lead)] == (["day_off"] if off else ["matched"])


def test_who_is_away_gets_leads_again_on_the_day_after(marketplace, now):
    owner = a_member(a_pro())
    buying.set_away(owner.pro, date(2026, 5, 21), date(2026, 5, 22), by=owner, now=now)
    midnight = datetime(2026, 5, 23, 5, 0, tzinfo=UTC)
    assert seats(now) == 1
    assert verdicts(a_matched_lead(now=midnight - SECOND)) == {"day_off": ("2026-05-22", ["2026-05-21", "2026-05-22"])}
    assert seats(midnight) == 1


def test_a_lead_that_found_nobody_awake_is_filled_when_the_hours_begin(marketplace, now):
    owner = a_member(a_pro())
    buying.set_hours(owner.pro, 13 * 60, 18 * 60, by=owner, now=now - DAY)
    lead = a_matched_lead(now=now)
    assert not Match.objects.exists()
    matching.route(lead_id=lead.pk, now=now + 60 * MINUTE)
    assert Match.objects.get().at == now + 60 * MINUTE


# Offers


def a_team(**changes):
    return a_member(a_funded_pro(**changes))


def offered(now):
    """Who was offered a lead that comes at `now`: (pro, from when on)."""
    lead = a_lead(now=now)
    matching.route(lead_id=lead.pk, now=now)
    return lead, dict(Offer.objects.filter(lead=lead).values_list("pro_id", "opens_at"))


def test_an_offer_reaches_a_pro_within_its_hours_and_not_just_after(opt_in):
    """Without a membership it may be accepted 15 minutes later: what comes at 5:50 PM is nothing for who closes at 6 PM."""
    open_late, early, evening = a_team(), a_team(), a_team()
    buying.set_hours(early.pro, 7 * 60, 18 * 60, by=early, now=EVENING - DAY)
    buying.set_hours(evening.pro, 18 * 60, 22 * 60, by=evening, now=EVENING - DAY)
    lead, reached = offered(EVENING)
    assert reached == {open_late.pro_id: EVENING + 15 * MINUTE, evening.pro_id: EVENING + 15 * MINUTE}
    assert verdicts(lead)["outside_hours"] == [18 * 60 + 5, [7 * 60, 18 * 60]] or verdicts(lead)["outside_hours"] == (1085, [420, 1080])
    assert not Message.objects.filter(kind="new_offer", recipient=early.subject).exists()
    row = Decision.objects.get(lead=lead)
    request, candidates, kept = thaw(row)
    assert decide(request, candidates, seed=row.seed) == kept and not read(row).changed


def test_a_higher_tier_hears_of_it_before_it_closes(opt_in):
    team = a_team()
    ProState.objects.filter(pro=team.pro).update(tier=3)
    buying.set_hours(team.pro, 7 * 60, 18 * 60, by=team, now=EVENING - DAY)
    assert offered(EVENING)[1] == {team.pro_id: EVENING}


def test_who_was_asleep_is_offered_it_in_the_morning(opt_in):
    """It comes at 5:50 PM on Wednesday and is offered when it is looked at on Thursday within the hours."""
    team = a_team()
    buying.set_hours(team.pro, 7 * 60, 17 * 60, by=team, now=EVENING - DAY)
    lead, reached = offered(EVENING)
    assert reached == {}
    morning = datetime(2026, 5, 21, 12, 20, tzinfo=UTC)
    matching.route(lead_id=lead.pk, now=morning)
    assert Offer.objects.get().opens_at == morning + 15 * MINUTE


def test_a_tap_on_accept_is_not_refused_for_the_hour_or_the_day(opt_in):
    team = a_team()
    _lead, reached = offered(EVENING)
    at = reached[team.pro_id] + 60 * MINUTE
    buying.set_hours(team.pro, 7 * 60, 18 * 60, by=team, now=EVENING + MINUTE)
    buying.set_days_off(team.pro, 0b0000100, by=team, now=EVENING + MINUTE)  # Wednesday, this very day
    buying.set_away(team.pro, date(2026, 5, 20), date(2026, 5, 21), by=team, now=EVENING + MINUTE)
    offer = Offer.objects.get()
    match = offers.accept(offer, by=team, shown_price=offer.price, now=at)
    row = match.decision
    assert row.request["pro_asks"] is True and not read(row).changed and row.winners == [team.pro_id]
    assert row.candidates[0][Candidate._fields.index("day_off")] == ["2026-05-20", "2026-05-20", "2026-05-21"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda pro, **who: buying.pause(pro, **who), "paused"),
        (lambda pro, **who: buying.set_offers(pro, False, **who), "opted_out"),
        (lambda pro, **who: buying.set_job_range(pro, None, 1, **who), "job_too_big"),
    ],
)
def test_what_it_switched_off_since_refuses_the_accept(opt_in, change, rule):
    team = a_team()
    _lead, reached = offered(EVENING)
    change(team.pro, by=team, now=EVENING + MINUTE)
    offer = Offer.objects.get()
    with pytest.raises(NoLongerEligible) as refused:
        offers.accept(offer, by=team, shown_price=offer.price, now=reached[team.pro_id])
    assert refused.value.rule == rule and not Match.objects.exists()


def test_who_receives_no_offers_is_offered_none(opt_in, now):
    team = a_team()
    buying.set_offers(team.pro, False, by=team, now=now)
    lead, reached = offered(now)
    assert reached == {} and verdicts(lead) == {"opted_out": (False, "opt_in")}


# Kept decisions

BEFORE_DAYS_OFF = Candidate._fields.index("day_off")
BEFORE_FUNDS = Candidate._fields.index("funds")


@pytest.mark.parametrize("known", [BEFORE_DAYS_OFF, BEFORE_FUNDS])
def test_a_decision_kept_before_these_rules_comes_out_the_same(known):
    """Rows of candidates were shorter then, and a request did not say who asks."""
    crowd = [ORDINARY._replace(pro=pro, received=pro % 3, paused=pro == 4, opens=800, closes=900) if pro == 6 else
             ORDINARY._replace(pro=pro, received=pro % 3, paused=pro == 4) for pro in range(1, 9)]  # fmt: skip
    decided = decide(REQUEST, crowd, seed=11)

    class Row:
        seed = 11

    stored = json.loads(json.dumps(freeze(REQUEST, crowd, decided)))
    stored["candidates"] = [row[:known] for row in stored["candidates"]]
    del stored["request"]["pro_asks"]
    vars_of = type("Row", (Row,), stored)
    request, candidates, kept = thaw(vars_of)
    assert decide(request, candidates, seed=11) == kept == decided and not read(vars_of).changed
    assert request == Request(**stored["request"]) and why_me(vars_of, decided.winners[0], "automatch").facts
