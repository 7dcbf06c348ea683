"""Reviews: what a homeowner says in public of a pro it really had to do with, the pro's answer, and what staff take down.

One review a match, some days after the seat, if something passed on its line, whoever called whom. A withdrawal is no hindrance, a
credit is one. Whoever reads a review that is not its own reads it as `shown`: nothing in it leads to the homeowner (INVARIANTS 22).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.contact_data import visible
from accounts.homeowners import plain_text
from accounts.rights import Right, may
from core import events, sql
from core.errors import NotAllowed, NotFound, Refusal
from core.policy import read
from leads import messages
from leads.masking import nameless
from leads.models import Lead, Match, Review
from leads.policy import Reviews

BATCH = 200
STARS = range(1, 6)
DAY = timedelta(days=1)


class NotOnRequest(Refusal):
    code = "not_on_request"
    sentence = _("Choose one of the pros of this request.")


class NoContact(Refusal):
    code = "no_contact"
    sentence = _("There was no call between you and this pro, so there is nothing to review.")
    status = 409


class TooEarly(Refusal):
    """From `at` on it can be reviewed."""

    code = "too_early"
    sentence = _("It is too early to review this pro. Let it do some of the work first.")
    status = 409


class ReviewsOver(Refusal):
    code = "reviews_over"
    sentence = _("The time to review this pro is over.")
    status = 409


class WasCredited(Refusal):
    code = "was_credited"
    sentence = _("We closed this request for this pro. It cannot be reviewed.")
    status = 409


class BadStars(Refusal):
    code = "bad_stars"
    sentence = _("Choose one to five stars.")


class TooLong(Refusal):
    code = "too_long"
    sentence = _("Shorten this to %(most)s characters.")


class NothingSaid(Refusal):
    code = "nothing_said"
    sentence = _("Write your answer first.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = _("Say why. Everybody reads it.")


class AlreadyAnswered(Refusal):
    code = "already_answered"
    sentence = _("This review is answered already. There is one answer to a review.")
    status = 409


class IsDown(Refusal):
    code = "is_down"
    sentence = _("This review was taken down.")
    status = 409


@dataclass(frozen=True)
class Shown:
    """A review as everybody may read it: `by` is the first name with an initial. Of one that was taken down there are no words and no
    answer, but the reason."""

    stars: int
    words: str
    by: str
    place: str
    zone: str
    at: datetime
    answer: str
    is_down: bool
    reason: str


def shown(review: Review) -> Shown:
    """`review`, with its match, lead and homeowner, as everybody may read it."""
    lead = review.match.lead
    person, down = lead.homeowner, review.is_down
    return Shown(
        stars=review.stars,
        words="" if down else nameless(review.words, person),
        by=person.short_name,
        place=lead.place,
        zone=lead.zone,
        at=review.at,
        answer="" if down else nameless(review.answer, person),
        is_down=down,
        reason=nameless(review.taken_down_reason, person),
    )


# The homeowner


def objection(match: Match, *, now: datetime) -> Refusal | None:
    """Why the homeowner cannot review this match (with its line) at `now`; None when it can. Whether it has is another question."""
    policy = read(Reviews)
    if match.state == Match.State.CREDITED:
        return WasCredited()
    if match.line is None or match.line.last_contact_at is None:
        return NoContact()
    if now < match.at + policy.ask_days * DAY:
        return TooEarly(at=match.at + policy.ask_days * DAY)
    if now >= match.at + policy.open_days * DAY:
        return ReviewsOver()
    return None


def matches_of(lead) -> list[Match]:
    """The matches of this request by seat, with pro, line and review. Those of another request of its group are reviewed there."""
    matches = Match.objects.filter(lead=lead).select_related("pro", "line", "review").order_by("slot", "pk")
    for match in matches:
        match.lead = lead
    return list(matches)


def review_of(match) -> Review | None:
    """The review of a match that was loaded with it."""
    return getattr(match, "review", None)


def write(lead, match_id, *, stars: int, words: str = "", now: datetime) -> Review:
    """Keep and publish what the homeowner of `lead` says of one of its matches, named by its id as text.

    Sent again it answers with the first review, which never changes. Refuses NotOnRequest, BadStars, TooLong, and what `objection` says.
    """
    try:
        wanted = UUID(str(match_id))
    except ValueError:
        raise NotOnRequest from None
    match = next((match for match in matches_of(lead) if match.pk == wanted), None)
    if match is None:
        raise NotOnRequest
    if kept := review_of(match):
        return kept
    if refusal := objection(match, now=now):
        raise refusal
    if isinstance(stars, bool) or stars not in STARS:
        raise BadStars(fields={"stars": BadStars.sentence})
    review = Review(match=match, pro_id=match.pro_id, stars=stars, words=_clean(words, "words"), at=now, test=match.test)
    if not sql.insert([review], once=True):
        return Review.objects.get(match=match)
    events.record("review.written", match.pk, now=now, test=match.test, stars=stars)
    messages.review_written(match, review, now=now)
    return review


def ask_due(*, now: datetime, limit: int = BATCH) -> int:
    """Ask the homeowners of the requests that are due how it went, each once, if there is a pro to be reviewed; returns how many requests
    were looked at. Where nobody has called yet it is looked at again every day. Nobody is asked who stopped all contact.

    The requests are locked, those that are held this instant come at the next sweep: a withdrawal is before or after, not between.
    """
    due = Lead.objects.filter(review_due_at__lte=now).select_related("service", "homeowner", "consent").order_by("review_due_at")
    leads = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    matches = {lead.pk: [] for lead in leads}
    for match in Match.objects.filter(lead__in=leads).select_related("line", "review"):
        matches[match.lead_id].append(match)
    for lead in leads:
        due_at, ask = _next_look(lead, matches[lead.pk], now)
        if ask:
            messages.review_asked(lead, now=now)
            events.record("review.asked", lead.pk, now=now, test=lead.test)
        sql.update(lead, review_due_at=due_at)
    return len(leads)


def _next_look(lead, matches, now) -> tuple[datetime | None, bool]:
    """When to look at the request again, if ever, and whether to ask now."""
    if lead.withdrawn_at:
        return None, False
    open_still = [] if lead.state == Lead.State.CLOSED else [now + DAY]
    for match in matches:
        refusal = None if review_of(match) else objection(match, now=now)
        if refusal is None and review_of(match) is None:
            return None, True
        if isinstance(refusal, TooEarly):
            open_still.append(refusal.facts["at"])
        elif isinstance(refusal, NoContact) and now < match.at + read(Reviews).open_days * DAY:
            open_still.append(now + DAY)
    return min(open_still, default=None), False


# The pro


def answer(match: Match, words: str, *, by, now: datetime) -> Review:
    """Publish what `by`, a member of the match's pro, answers to its review, once. Refuses NotAllowed, NotFound, NothingSaid, TooLong,
    AlreadyAnswered, IsDown."""
    if not may(by.role, Right.OPEN_LEADS):
        raise NotAllowed
    review = _locked(match=match)
    if review.is_down:
        raise IsDown
    if review.answered_at:
        raise AlreadyAnswered
    said = _clean(words, "words")
    if not said:
        raise NothingSaid(fields={"words": NothingSaid.sentence})
    review.answer, review.answered_at, review.answered_by = said, now, by
    review.save(update_fields=["answer", "answered_at", "answered_by"])
    events.record("review.answered", review.match_id, now=now, actor=by.subject, test=review.test)
    return review


# Staff


def newest():
    """The reviews of the marketplace, the newest first, with all that is said of them."""
    return Review.objects.select_related("pro", "match__lead__homeowner", "match__lead__service", "taken_down_by")


def review_with(review_id) -> Review:
    """The review of this id. Raises NotFound."""
    review = newest().filter(pk=review_id).first()
    if review is None:
        raise NotFound
    return review


def take_down(review_id, reason: str, *, by, now: datetime) -> Review:
    """Staff (`by`, a user) take a review down: its stars count no more, everybody reads the reason instead of its words. Refuses NotFound,
    ReasonMissing, TooLong, IsDown."""
    if not by.is_staff:
        raise NotAllowed
    review = _locked(pk=review_id)
    if review.is_down:
        raise IsDown
    said = _clean(reason, "reason", most=read(Reviews).reason_max)
    if not said:
        raise ReasonMissing(fields={"reason": ReasonMissing.sentence})
    review.taken_down_at, review.taken_down_by, review.taken_down_reason = now, by, said
    review.save(update_fields=["taken_down_at", "taken_down_by", "taken_down_reason"])
    events.record("review.taken_down", review.match_id, now=now, actor=by.subject, test=review.test)
    return review


def _locked(**which) -> Review:
    review = Review.objects.select_for_update(no_key=True).filter(**which).first()
    if review is None:
        raise NotFound
    return review


def _clean(text, field, *, most=None) -> str:
    """Free text as it is kept; nothing of what shows nothing."""
    most = most or read(Reviews).words_max
    said = plain_text(text)
    if len(said) > most:
        raise TooLong(fields={field: TooLong.sentence % {"most": f"{most:,}"}}, most=f"{most:,}")
    return said if visible(said) else ""
