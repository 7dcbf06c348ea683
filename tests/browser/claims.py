"""A pro with a claim for a credit in every state, and the staff who decide: Renee. Grace looks after the pro."""

from datetime import timedelta
from types import SimpleNamespace

from accounts.models import User
from contact.models import Line
from credits import requests, review
from leads.models import Match
from tests.credits.stories import DAY, HOUR, MINUTE, dead, rang
from tests.factories import a_matched_lead, a_member, a_pro

ZIP = "60640"
SAID = "Both times a bakery on Ogden Avenue picked up. They do not know anybody of that name."
NOTE = "We tried the number ourselves, and a person of that name picked up. Two calls an hour apart that find it dead would prove it."
LEADS = {
    "too late": (40, "Ike Moss"),
    "doubtful": (9, "Priya Nair"),
    "dead": (8, "Otis Fry"),
    "in review": (7, "Lena Brandt"),
    "question": (6, "Hugo Paz"),
    "refused": (5, "Mia Chen"),
    "appealed": (4, "Sol Ek"),
    "granted": (3, "Ann Lowe"),
    "phoned": (2, "Roy Dunn"),
}
CLAIMS = {
    "in review": "wrong_contact",
    "question": "not_owner",
    "refused": "wrong_contact",
    "appealed": "not_owner",
    "granted": "dead_number",
}


def make(market, now):
    renee = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    pro = a_pro("Ravenswood Faucet & Tile", services=["plumbing-fixtures"], zips=[ZIP], now=now - 95 * DAY)
    pro.account_manager = market.members["staff"].user
    pro.save(update_fields=["account_manager"])
    market.members["renee"] = SimpleNamespace(user=renee)
    owner = market.members["claimant"] = a_member(pro, email="sofia@pros.example", phone="+17085550131", now=now - 95 * DAY)
    matches = {key: _match(market, key, now - days * DAY, name) for key, (days, name) in LEADS.items()}
    for key in ("dead", "granted"):
        for hours in (1, 3):
            dead(matches[key], at=matches[key].at + hours * HOUR)
    for key in ("doubtful", "in review", "refused"):
        rang(matches[key], at=matches[key].at + 7 * MINUTE)
        dead(matches[key], at=matches[key].at + 26 * HOUR)
    for number, (key, reason) in enumerate(CLAIMS.items()):
        asked_at = now - (20 - number) * HOUR
        market.credits[key] = requests.submit(matches[key], reason=reason, words=SAID, by=owner, now=asked_at)
    review.ask(market.credits["question"], question="Who told you that they rent, and when was that?", by=renee, now=now - 2 * HOUR)
    for key in ("refused", "appealed"):
        review.decide(market.credits[key], verdict="refuse", rule="not_proven", note=NOTE, by=renee, now=now - 3 * HOUR)
    words = "Their landlord called me. I can give you his name."
    review.appeal(market.credits["appealed"], words=words, by=owner, now=now - HOUR)
    for who, reason in (("owner1", "not_owner"), ("owner2", "wrong_contact")):
        requests.submit(market.match("filled", who), reason=reason, words=SAID, by=market.members[who], now=now)


def _match(market, key, at, name) -> Match:
    """A seat whose notice came at once, and whose clock is over."""
    market.leads[key] = a_matched_lead(
        now=at, service="plumbing-fixtures", zip=ZIP, name=name, phone=f"+1847555{100 + len(market.leads):04}"
    )
    match = market.match(key, "claimant")
    over = {"clock_ends_at": at + 30 * MINUTE, "settled_at": at + timedelta(hours=1)}
    Line.objects.filter(pk=match.line_id).update(delivered_at=at, clock_starts_at=at, **over)
    return Match.objects.select_related("line__number", "pro").get(pk=match.pk)
