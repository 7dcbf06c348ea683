"""Every page of the site, in every state worth looking at: where it is, who opens it, what is done there, what it must say.

The rows stand in a module for each kind of visitor, in the order in which they are visited.
"""

from tests.browser.pages import account, credits, everybody, homeowners, offers, pros, staff
from tests.browser.pages.account import SETTINGS

__all__ = ["FILES", "SETTINGS", "VISITS"]

VISITS = [
    *everybody.VISITS,
    *homeowners.VISITS,
    *pros.VISITS,
    *offers.VISITS,
    *credits.VISITS,
    *account.VISITS,
    *staff.VISITS,
]

# Routes that are no pages: (route, address, what it is). One request each says that they answer.
FILES = [
    ("homeowners:photo", lambda market: f"/photos/{market.photo}.webp", "", "image/webp"),
    ("livez", "/livez", "", "text/plain"),
    ("readyz", "/readyz", "", "text/plain"),
    ("brand", "/t/craftyard/brand.css", "", "text/css"),
    ("pros:statement_csv", "/pro/billing/statement.csv", "owner", "text/csv"),
    ("pros:analytics_csv", "/pro/analytics/performance.csv", "owner", "text/csv"),
    (
        "homeowners:job_photo",
        lambda market: f"/request/{market.token('two seats')}/photos/{market.job_photo('two seats')}/",
        "",
        "image/webp",
    ),
    (
        "staff:photo",
        lambda market: f"/staff/leads/{market.leads['hired'].pk}/photos/{market.job_photo('hired')}/",
        "staff",
        "image/webp",
    ),
    (
        "pros:photo",
        lambda market: f"/pro/leads/{market.match('hired', 'charge0').pk}/photos/{market.job_photo('hired')}/",
        "charge0",
        "image/webp",
    ),
]
