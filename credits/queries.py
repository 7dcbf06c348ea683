"""Reading credits: a pro's requests, real figures with their base, and what staff see of a case. Screens ask nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q

from contact.queries import stories
from core.errors import NotFound
from core.policy import read
from core.tenancy import current
from credits.claim import Evidence, thaw
from credits.evidence import claim_of, collect
from credits.judge import Verdict, dead_calls, judge
from credits.models import ANSWER_BY, MARKETPLACE, CreditRequest, Ruling, Stub
from credits.policy import Credits
from credits.promise import next_business_day
from credits.window import window_of
from leads.models import Match

LARGE = 10_000  # cents from which on staff look at a request apart
CLOSING = timedelta(days=3)  # a pro is reminded of the window that long before it ends
RELATED = ("pro__account_manager", "charge", "terms", "line", "decision", "lead__service", "lead__homeowner")


@dataclass(frozen=True)
class Share:
    """`granted` of the last `of` decided requests; `few` says that there were too few to tell anything."""

    granted: int
    of: int
    few: bool


@dataclass(frozen=True)
class History:
    """What a pro got and asked for so far: "3 requests on 41 leads, 2 granted". Credits that nobody asked for do not count."""

    leads: int
    requests: int
    granted: int


@dataclass(frozen=True)
class Case:
    """A request as staff decide it. Undecided, `evidence` is what is known now and `verdict` what the judge says of it; decided, both
    are as they stood then (`verdict` None). `others` are the requests of the lead's other pros."""

    request: CreditRequest
    match: Match
    evidence: Evidence
    verdict: Verdict | None
    rulings: list
    stubs: list
    others: list
    history: History


@dataclass(frozen=True)
class DeadSoFar:
    """A pro's own calls found the number dead, last `at`. One more from `again_from` on would prove it; None: it is proven."""

    at: datetime
    again_from: datetime | None


@dataclass(frozen=True)
class Left:
    """What is left of a promise: the business `days` after today out of `of`, and on its last day the `hours`."""

    days: int
    hours: int
    of: int
    late: bool


@dataclass(frozen=True)
class Figures:
    """How it goes: requests that code granted within seven days, and of the last `appeals` that were heard how many were `overturned`."""

    by_rule: int
    appeals: int
    overturned: int
    few: bool


def requests_of(match):
    """The requests about a match, oldest first, with their rulings and who made them."""
    return CreditRequest.objects.filter(match=match).prefetch_related("rulings__by").order_by("received_at", "pk")


def request_for(pro, request_id) -> CreditRequest:
    """One request about a match of the pro. Raises NotFound for a missing and for another's alike."""
    return _one(CreditRequest.objects.filter(match__pro=pro), request_id)


def request_of(request_id) -> CreditRequest:
    """One request of the marketplace, for its staff. Raises NotFound."""
    return _one(CreditRequest.objects, request_id)


def requests_for(pro):
    """All requests about matches of the pro, the latest first, with match, job and charge."""
    rows = CreditRequest.objects.filter(match__pro=pro)
    rows = rows.select_related("match__lead__service", "match__lead__homeowner", "match__charge")
    return rows.prefetch_related("rulings__by").order_by("-received_at", "-pk")


def open_requests(match_ids) -> dict:
    """{match id: its latest request} for the rows of an inbox, in one query."""
    return {request.match_id: request for request in CreditRequest.objects.filter(match__in=list(match_ids)).order_by("received_at", "pk")}


def windows_closing(match_ids, *, now) -> dict:
    """{match id: until when} of the matches for which a credit may still be asked for, but not much longer (CLOSING): paid for, and nobody
    asked yet. One query."""
    asked = CreditRequest.objects.filter(match=OuterRef("pk"))
    matches = Match.objects.filter(pk__in=list(match_ids), state=Match.State.LIVE, charge__isnull=False, line__isnull=False)
    matches = matches.filter(~Exists(asked)).select_related("charge", "terms", "line")
    until = {match.pk: window_of(match).ends_at for match in matches if match.charge.net > 0}
    return {pk: at for pk, at in until.items() if at and now <= at <= now + CLOSING}


def latest_of(match) -> CreditRequest | None:
    """What was last asked about a match, with its rulings."""
    return requests_of(match).last()


def match_of(match_id) -> Match:
    """One match of the marketplace, for its staff. Raises NotFound."""
    match = Match.objects.select_related(*RELATED).filter(pk=match_id).first()
    if match is None:
        raise NotFound
    return match


def claims_on(lead) -> list[tuple]:
    """(match, its latest request) of everybody who has the lead, in the order of the seats. Two queries."""
    matches = list(Match.objects.filter(lead=lead).select_related("pro", "charge").order_by("slot", "pk"))
    asked = open_requests([match.pk for match in matches])
    return [(match, asked.get(match.pk)) for match in matches]


def stubs_of(match) -> list[Stub]:
    """When somebody phoned about the match, and who took note of it."""
    return list(Stub.objects.filter(match=match).select_related("by"))


def time_left(request, *, now) -> Left:
    """How long the promise of an answer runs on, in the marketplace's business days (INVARIANTS 18)."""
    policy, zone = read(Credits), ZoneInfo(current().zone)
    day, last = (at.astimezone(zone).date() for at in (now, request.answer_by))
    days, seconds = 0, (request.answer_by - now).total_seconds()
    while (day := next_business_day(day, policy.holidays)) <= last:
        days += 1
    return Left(days, max(0, int(seconds // 3_600)), policy.promised_days, late=seconds < 0)


def queue(user, *, show: str = ""):
    """The undecided requests in the order of their promises, with match, pro, job and charge. `show` narrows them to those of the pros
    the staff member `user` manages ("mine"), to appeals ("appeals"), to what is over LARGE ("large"), or to those whose question was
    answered ("answered")."""
    rows = CreditRequest.objects.filter(state__in=CreditRequest.UNDECIDED)
    rows = rows.select_related(
        "match__pro__account_manager", "match__lead__service", "match__lead__homeowner", "match__charge", "match__line"
    )
    return rows.filter(_SHOWN[show](user)).order_by(ANSWER_BY, "pk")


def dead_so_far(story) -> DeadSoFar | None:
    """How near a story is to proving that the number does not work: None when more than one call is missing."""
    policy = read(Credits)
    counted = dead_calls(story.dead_at, since=story.two_way_at, apart=policy.dead_apart_seconds)
    missing = policy.dead_calls - len(counted)
    if not counted or missing > 1:
        return None
    return DeadSoFar(story.dead_at[-1], counted[-1] + timedelta(seconds=policy.dead_apart_seconds) if missing == 1 else None)


def stories_of(requests) -> dict:
    """{match id: what passed on its line} of the requests on a page of the queue. Two queries."""
    lines = []
    for request in requests:
        if line := request.match.line:
            line.pro = request.match.pro
            lines.append(line)
    return stories(lines) if lines else {}


def queue_counts(user) -> dict[str, int]:
    """How many requests each filter of the queue shows, by its name; "" is all. One query."""
    rows = CreditRequest.objects.filter(state__in=CreditRequest.UNDECIDED)
    found = rows.aggregate(**{name or "all": Count("pk", filter=shown(user)) for name, shown in _SHOWN.items()})
    return {name: found[name or "all"] for name in _SHOWN}


def case(request) -> Case:
    """Everything a person needs to decide `request`."""
    match = Match.objects.select_related(*RELATED).get(pk=request.match_id)
    rulings, evidence = list(request.rulings.select_related("by")), evidence_of(request, match)
    verdict = judge(claim_of(request.reason, evidence)) if request.is_undecided else None
    others = CreditRequest.objects.filter(match__lead=match.lead_id).exclude(match=match).select_related("match__pro")
    return Case(
        request=request,
        match=match,
        evidence=evidence,
        verdict=verdict,
        rulings=rulings,
        stubs=stubs_of(match),
        others=list(others),
        history=history_of(match.pro),
    )


def evidence_of(request, match) -> Evidence:
    """What is known about a request: now while it is undecided, afterwards as it stood then."""
    if request.is_undecided:
        return collect(match, request)
    return thaw(request.rulings.filter(verdict__in=Ruling.DECISIONS).last().evidence)


def history_of(pro) -> History:
    """The pro's leads and what it asked for on them. Two queries."""
    asked = CreditRequest.objects.filter(match__pro=pro).exclude(filed_by=MARKETPLACE)
    found = asked.aggregate(all=Count("pk"), granted=Count("pk", filter=Q(state=CreditRequest.State.GRANTED)))
    return History(Match.objects.filter(pro=pro, test=False).count(), found["all"], found["granted"])


def granted_share(*, reason: str = "", rule: str = "", steps: int | None = None) -> Share:
    """How the last decisions on requests like this one ended: of that reason, of that rule of the judge, with that many steps done.
    One query; an appeal counts as the decision it is."""
    policy = read(Credits)
    decided = Ruling.objects.filter(verdict__in=Ruling.DECISIONS).exclude(request__filed_by=MARKETPLACE)
    like = {"request__reason": reason, "request__rule": rule, "steps": steps}
    decided = decided.filter(**{name: value for name, value in like.items() if value not in ("", None)})
    verdicts = list(decided.order_by("-at", "-pk").values_list("verdict", flat=True)[: policy.looks_back])
    return Share(verdicts.count(Ruling.Verdict.GRANT), len(verdicts), few=len(verdicts) < policy.few)


def shares_by_steps() -> list[Share]:
    """The share that was granted with 0, 1, 2 and 3 steps done (RULES 37)."""
    return [granted_share(steps=steps) for steps in range(4)]


def figures(*, now) -> Figures:
    """How it goes with the queue. Two queries."""
    policy = read(Credits)
    decided = Ruling.objects.filter(verdict__in=Ruling.DECISIONS).order_by("-at", "-pk")
    appeals = list(decided.filter(is_appeal=True).values_list("verdict", flat=True)[: policy.looks_back])
    return Figures(
        by_rule=decided.filter(by=None, at__gt=now - timedelta(days=7)).count(),
        appeals=len(appeals),
        overturned=appeals.count(Ruling.Verdict.GRANT),
        few=len(appeals) < policy.few,
    )


_SHOWN = {
    "": lambda user: Q(pk__isnull=False),
    "mine": lambda user: Q(match__pro__account_manager=user),
    "appeals": lambda user: Q(appealed_at__isnull=False),
    "large": lambda user: Q(match__charge__price__gt=F("match__charge__discounted") + F("match__charge__credited") + LARGE),
    "answered": lambda user: Q(state=CreditRequest.State.OPEN, answered_at__isnull=False),
}


def _one(requests, request_id) -> CreditRequest:
    related = [f"match__{name}" for name in RELATED]
    request = requests.select_related(*related).prefetch_related("rulings__by").filter(pk=request_id).first()
    if request is None:
        raise NotFound
    return request
