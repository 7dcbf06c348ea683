"""A homeowner taps "Publish" twice, on two devices at once: one review, and its pro is told once. The control shows that looking first is
not enough: without the unique key of the match both would be written."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError

from contact import lines
from core import sql
from core.models import Event
from core.tenancy import scope
from leads import reviews
from leads.models import Match, Review
from notifications.models import Message
from tests.factories import a_matched_lead, a_member, a_pro
from tests.races.processes import race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
LEADS, DEVICES = 12, 4


def market(fresh):
    """A pro that called everybody who is to review it."""
    marketplace = fresh()
    with scope(marketplace):
        a_member(a_pro(budget=100_000_000))
        leads = [a_matched_lead(now=NOW, phone="", agreed_sms=False) for _ in range(LEADS)]
        for match in Match.objects.select_related("line"):
            lines.touched(match.line, at=NOW)
    return marketplace, leads


def publishing(marketplace, leads, stars):
    def work():
        said = []
        for lead in leads:
            try:
                with scope(marketplace):
                    match = Match.objects.get(lead=lead)
                    said.append(reviews.write(lead, match.pk, stars=stars, words=f"{stars} stars.", now=LATER).stars)
            except IntegrityError:
                said.append("broken")
        return said

    return work


def test_a_review_that_is_sent_by_several_at_once_is_one(fresh):
    marketplace, leads = market(fresh)
    answers = race([publishing(marketplace, leads, stars) for stars in range(1, DEVICES + 1)])
    with scope(marketplace):
        kept = dict(Review.objects.values_list("match__lead", "stars"))
        assert len(kept) == LEADS == Event.objects.filter(kind="review.written").count()
        assert Message.objects.filter(kind="review_written").count() == LEADS
    for said in answers:
        assert said == [kept[lead.pk] for lead in leads], "everybody reads the one that was kept"


def test_control_who_only_looks_first_runs_into_the_other(fresh, monkeypatch):
    marketplace, leads = market(fresh)
    monkeypatch.setattr(sql, "insert", lambda rows, once=False: [row.save(force_insert=True) for row in rows] or 1)
    answers = race([publishing(marketplace, leads, stars) for stars in range(1, DEVICES + 1)])
    assert any("broken" in said for said in answers)
