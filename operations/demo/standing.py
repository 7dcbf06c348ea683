"""What homeowners read of the demo's pros: since when they are there, what staff have checked, a picture, and what others said."""

from datetime import timedelta
from itertools import cycle

from accounts import checks, pro_profile
from accounts.models import User
from leads import reviews
from leads.models import Match
from leads.policy import Reviews
from operations.demo.squares import square

DAY = timedelta(days=1)
YEARS = (1987, 2004, 2016, 1998, 2011, 2020, 1979)
ABOUT = (
    "Family company. We say the price before we begin, and clean up when we are done.",
    "Small jobs are welcome, also at weekends. The one who looks at it is the one who does it.",
    "Two crews, no subcontractors. We call when we are on our way.",
)
PRAISE = (
    (5, "Came when they said, and the bill was the quote."),
    (4, "Good work. An hour late, but they called ahead."),
    (5, "Explained what was wrong and what could wait."),
    (5, ""),
    (3, "Fine in the end. It took two visits."),
    (4, "Friendly and quick. I would ask them again."),
    (5, "Left the basement cleaner than it was."),
    (2, "Nobody told me that the part had to be ordered first."),
)
LEFT = {4: 21, 7: -1}  # days of these licenses
THANKS = "Thank you. We have changed how we order parts since."
SILENT_EVERY, PICTURED_EVERY, UNCHECKED_EVERY, INSURED_EVERY = 4, 4, 3, 4
MOST = 100  # reviews: enough for scores, and the demo stays quick


def present(cast, *, now) -> None:
    """Profiles, pictures and checks of most; the license of one ends in three weeks, that of another has just ended."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk").first()
    pros = list(cast.pros.values())
    for number, pro in enumerate(pros):
        owner, at = cast.owners[pro.pk], pro.signed_up_at + DAY
        if number % SILENT_EVERY != 3:
            pro_profile.present(pro, since_year=YEARS[number % len(YEARS)], about=ABOUT[number % len(ABOUT)], by=owner, now=at)
        if number % PICTURED_EVERY == 0:
            pro_profile.set_photo(pro, square(pro.name), by=owner, now=at)
        if number % UNCHECKED_EVERY != 2:
            paper, left = f"{pro.state} 055-{10_000 + 37 * number:06}", LEFT.get(number, 200 + number)
            checks.record(pro, "licence", fact=paper, valid_until=(now + left * DAY).date(), by=staff, now=at)
        if number % INSURED_EVERY == 0:
            checks.record(pro, "insurance", fact="$1,000,000 liability", valid_until=(now + 90 * DAY).date(), by=staff, now=at)


def review(main, owners, *, now) -> None:
    """Homeowners whose pro had called say how it went a week after; the first pro answers what was not all praise."""
    due = Match.objects.filter(test=False, at__lte=now - (Reviews().ask_days + 1) * DAY, line__last_contact_at__isnull=False)
    said = cycle(PRAISE)
    for match in due.exclude(state=Match.State.CREDITED).select_related("lead__service", "lead__homeowner").order_by("at", "pk")[:MOST]:
        stars, words = next(said)
        at = match.at + (Reviews().ask_days + 1) * DAY
        reviews.write(match.lead, match.pk, stars=stars, words=words, now=at)
        if match.pro_id == main.pk and stars < 4:
            reviews.answer(match, THANKS, by=owners[main.pk], now=at + DAY)
