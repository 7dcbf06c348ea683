"""What reviews say of pros, for whoever chooses among them: the score with its base, the latest words, what was taken down (RULES 46).

Reviews of test matches and those that were taken down do not count. A reason for which one was taken down stays visible.
"""

from dataclasses import dataclass, field

from core import sql
from core.policy import read
from leads.models import Review
from leads.policy import Reviews
from leads.reviews import Shown, shown

PAGE = 10
REASONS = 3  # of reviews that were taken down are shown, the newest first

COUNTED = """
select pro_id, round(avg(stars) * 10)::int, count(*) from leads_review
where marketplace_id = %(marketplace)s and pro_id = any(%(pros)s) and taken_down_at is null and not test
group by pro_id
"""

TOLD = """
select r.id from unnest(%(pros)s::bigint[]) as p(id)
cross join lateral (
  (select id from leads_review where marketplace_id = %(marketplace)s and pro_id = p.id and taken_down_at is null and not test
     and words <> '' order by at desc, id desc limit 1)
  union all
  (select id from leads_review where marketplace_id = %(marketplace)s and pro_id = p.id and taken_down_at is not null and not test
     order by taken_down_at desc, id desc limit %(reasons)s)
) r
"""


@dataclass(frozen=True)
class Rating:
    """The average of `count` reviews in tenths of a star, half up; `few` when they are too few to make a score."""

    average: int = 0
    count: int = 0
    few: bool = True

    @property
    def score(self) -> str:
        """47 as "4.7"."""
        return f"{self.average // 10}.{self.average % 10}"


@dataclass(frozen=True)
class Told:
    """The latest review of a pro that has words, and those that were taken down lately."""

    quote: Shown | None = None
    down: tuple[Shown, ...] = field(default=())


def ratings_of(pro_ids) -> dict[int, Rating]:
    """{pro id: its rating} of those with a review that counts. One query."""
    few = read(Reviews).few
    return {pro: Rating(average, count, count < few) for pro, average, count in sql.rows(COUNTED, pros=list(pro_ids))}


@dataclass(frozen=True)
class Reviewed:
    """One page of all reviews of a pro, the newest first: `page` of `pages`, of `count` reviews."""

    shown: tuple[Shown, ...]
    page: int
    pages: int
    count: int


def reviews_of(pro_id: int, *, page: int = 1) -> Reviewed:
    """All reviews of a pro, those that were taken down too; a page that is not there is the nearest that is. Two queries."""
    found = Review.objects.filter(pro=pro_id, test=False)
    count = found.count()
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    rows = found.select_related("match__lead__homeowner").order_by("-at", "-pk")[(page - 1) * PAGE : page * PAGE]
    return Reviewed(tuple(shown(review) for review in rows), page, pages, count)


def told_of(pro_ids) -> dict[int, Told]:
    """{pro id: what is told of it} of those of whom something is. Two queries."""
    ids = [pk for (pk,) in sql.rows(TOLD, pros=list(pro_ids), reasons=REASONS)]
    found = {}
    for review in Review.objects.filter(pk__in=ids).select_related("match__lead__homeowner").order_by("-taken_down_at", "-pk"):
        known, now = found.get(review.pro_id, Told()), shown(review)
        found[review.pro_id] = Told(known.quote, (*known.down, now)) if review.is_down else Told(now, known.down)
    return found
