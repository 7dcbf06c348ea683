"""Who gets what from every address of the site: the table that tests/test_isolation.py holds the site to.

A route that is in no row fails the tests. Read a row as: these methods exist, these viewers get in, these things may be read there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import get_resolver

from core.tenancy import scope
from web.pros.team import reference

IN, SIGN_IN, ADMIN_SIGN_IN, NOT_ALLOWED, NOT_FOUND = "in", "sign in", "sign in to the admin", 403, 404
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
PAGES = ("GET", "HEAD", "POST")

VIEWERS = {
    "anonymous": "nobody has signed in",
    "owner": "the owner of pro one",
    "member": "a lesser member of pro one",
    "removed": "somebody who was in pro one's team, with the session of then",
    "other": "the owner of pro two, of the same marketplace",
    "staff": "the marketplace's own staff",
    "foreign": "the owner of a pro of the other marketplace, with the session of there",
    "foreign_staff": "the staff of the other marketplace, with the session of there",
    "holder": "the homeowner of another request, who has its link and no more",
}


def everybody(outcome, **but):
    return dict.fromkeys(VIEWERS, outcome) | but


ALL = everybody(IN)
NOBODY = everybody(NOT_FOUND)
MEMBERS = everybody(SIGN_IN, owner=IN, member=IN, other=IN, staff=NOT_ALLOWED)
OWNERS = MEMBERS | {"member": NOT_ALLOWED}  # and billing members
MINE = MEMBERS | {"other": NOT_FOUND}
THEIRS = MEMBERS | {"owner": NOT_FOUND, "member": NOT_FOUND}  # of pro two
NOT_ACCEPTED = THEIRS | {"other": NOT_FOUND}  # what is there of accepted offers only
MINE_OWNER = MINE | {"member": NOT_ALLOWED}
STAFF = everybody(ADMIN_SIGN_IN, staff=IN)
NO_STAFF = everybody(ADMIN_SIGN_IN, staff=NOT_ALLOWED)
UNSIGNED = everybody(NOT_ALLOWED)


@dataclass(frozen=True)
class Row:
    """`at` makes the address from a tests.world.Side; `strangers` those of things of others, of the other marketplace, and of
    nothing, which must answer alike. `shows` names what of the side may be read there. `body` is what a POST sends, `post` who
    may."""

    methods: tuple
    viewers: dict
    at: Callable | None = None
    strangers: Callable | None = None
    shows: frozenset = frozenset()
    body: Callable | dict = field(default_factory=dict)
    post: dict | None = None
    in_admin: bool = False

    def expected(self, method, viewer):
        """The admin asks who it is before a page says that it knows no such method."""
        if method not in self.methods and (viewer == "staff" or not self.in_admin or method not in PAGES):
            return 405
        return (self.post or self.viewers)[viewer] if method == "POST" else self.viewers[viewer]


def row(methods, viewers, at=None, **options):
    methods = (*methods.split(), "HEAD") if "GET" in methods else tuple(methods.split())
    return Row(methods, viewers, at, shows=frozenset(options.pop("shows", "").split()), **options)


def request(methods, ending="", shows=""):
    """An address of a homeowner's request: whoever has the link is its homeowner, nobody else is."""
    return row(
        methods,
        ALL,
        at=lambda here: f"request/{here.mine.token}/{ending}",
        strangers=lambda here, there: [f"request/{token}/{ending}" for token in (forged(here), there.mine.token, "no-such-token")],
        shows=shows,
    )


def forged(here):
    """The id of one request with the signature of another."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    mine, theirs = (urlsafe_b64decode(person.token + "==") for person in (here.mine, here.theirs))
    return urlsafe_b64encode(mine[:16] + theirs[16:]).decode().rstrip("=")


def wish_token(side):
    from leads import links

    return links.wish_token(side.wish)


def letter(side):
    from notifications.queries import local_deliveries

    with scope(side.marketplace):
        return next(each.pk for each in local_deliveries() if each.html)


def member_of(side):
    with scope(side.marketplace):
        return reference(side.users["owner"].member)


def team(kind):
    """The team's addresses: a reference of pro two's team, of the other marketplace's, and of nobody."""
    named = member_of if kind == "members" else lambda side: reference(side.invitation)
    strange = lambda here, there: [f"pro/account/team/{kind}/{ref}/" for ref in (named(there), "0" * 24)]  # noqa: E731
    return {"at": lambda here: f"pro/account/team/{kind}/{named(here)}/", "strangers": strange}


def lead(methods, ending="", **options):
    """An address of pro one's lead: not of pro two's, of the lead instead of the match, of the other marketplace's, of none."""

    def strange(here, there):
        return [f"pro/leads/{pk}/{ending}" for pk in (here.other_match.pk, here.mine.lead.pk, there.match.pk, NO_ID)]

    return row(methods, MINE, at=lambda here: f"pro/leads/{here.match.pk}/{ending}", strangers=strange, **options)


def offer(methods, ending="", **options):
    """An address of pro two's offer: of the lead it is for, of the other marketplace's, and of none."""
    return row(
        methods,
        THEIRS,
        at=lambda here: f"pro/offers/{here.offer.pk}/{ending}",
        strangers=lambda here, there: [f"pro/offers/{pk}/{ending}" for pk in (there.offer.pk, here.mine.lead.pk, NO_ID)],
        **options,
    )


def credit(area, methods, viewers, ending="", **options):
    """A request for a credit: that of pro one; of the other marketplace, and ids of nothing."""
    return row(
        methods,
        viewers,
        at=lambda here: f"{area}/credits/{here.credit.pk}/{ending}",
        strangers=lambda here, there: [f"{area}/credits/{pk}/{ending}" for pk in (there.credit.pk, here.match.pk, NO_ID)],
        **options,
    )


def settings_of_one(methods, ending="", **options):
    """Pro one's Lead Purchase Settings, for staff: a pro of the other marketplace, and ids of none."""
    at = lambda pk: f"staff/pros/{pk}/lead-purchase-settings/{ending}"  # noqa: E731
    return row(
        methods,
        STAFF,
        at=lambda here: at(here.one.public_id),
        strangers=lambda here, there: [at(pk) for pk in (there.one.public_id, here.match.pk, NO_ID)],
        **options,
    )


def claim(methods, ending="", **options):
    """Where staff file a request for the pro of a match."""
    return row(
        methods,
        STAFF,
        at=lambda here: f"staff/credits/for/{here.other_match.pk}/{ending}",
        strangers=lambda here, there: [f"staff/credits/for/{pk}/{ending}" for pk in (there.match.pk, here.mine.lead.pk, NO_ID)],
        **options,
    )


def hook(ending, viewers):
    return row("POST", viewers, at=lambda here: f"hooks/{here.marketplace.slug}/{ending}/")


NO_ID = UUID("00000000-0000-7000-8000-000000000000")
ROWS = {
    "": row("GET", ALL),
    "livez": row("GET", ALL),
    "readyz": row("GET", ALL),
    "language/": row("POST", ALL, body={"language": "es", "next": "/"}),
    "privacy/": row("GET", ALL),
    "terms/": row("GET", ALL),
    "t/<slug:slug>/brand.css": row(
        "GET",
        ALL,
        at=lambda here: f"t/{here.marketplace.slug}/brand.css",
        strangers=lambda here, there: [f"t/{there.marketplace.slug}/brand.css", "t/nothing/brand.css"],
    ),
    # The homeowner
    "request/": row("GET POST", ALL),
    "request/job/": row("GET POST", ALL),
    "request/you/": row("GET POST", ALL),
    "request/preview": row("POST", ALL),
    "request/services": row("GET", ALL),
    "request/places": row("GET", ALL),
    "request/unlisted/": row("GET POST", ALL),
    "request/unlisted/<str:token>/": row(
        "GET POST",
        ALL,
        at=lambda here: f"request/unlisted/{wish_token(here)}/",
        strangers=lambda here, there: [f"request/unlisted/{token}/" for token in (wish_token(there), here.mine.token, "no-such-token")],
    ),
    "request/<str:token>/": request("GET", shows="mine one"),
    "request/<str:token>/choose/": request("GET POST", "choose/"),
    "request/<str:token>/pros/<uuid:pro_id>/": row(
        "GET",
        ALL,
        at=lambda here: f"request/{here.mine.token}/pros/{here.one.public_id}/",
        strangers=lambda here, there: [
            f"request/{token}/pros/{pro}/"
            for token, pro in (
                (forged(here), here.one.public_id),
                (there.mine.token, here.one.public_id),
                (here.mine.token, here.two.public_id),
                (here.mine.token, there.one.public_id),
                (here.mine.token, NO_ID),
            )
        ],
        shows="one",
    ),
    "photos/<slug:key>.webp": row(
        "GET",
        ALL,
        at=lambda here: f"photos/{here.one.photo_key}.webp",
        strangers=lambda here, there: [f"photos/{there.one.photo_key}.webp", "photos/nothing.webp"],
    ),
    "request/<str:token>/code/": request("GET POST", "code/", shows="mine"),
    "request/<str:token>/review/": request("GET POST", "review/", shows="one"),
    "request/<str:token>/stop/": request("GET POST", "stop/", shows="one"),
    "request/<str:token>/new-link/": request("POST", "new-link/"),
    "request/<str:token>/pros/<uuid:match_id>/<slug:what>/": row(
        "GET POST",
        ALL,
        at=lambda here: f"request/{here.mine.token}/pros/{here.match.pk}/stop/",
        strangers=lambda here, there: (
            [
                f"request/{here.mine.token}/pros/{pk}/{what}/"
                for pk, what in ((here.other_match.pk, "stop"), (there.match.pk, "stop"), (NO_ID, "phone"), (here.match.pk, "nothing"))
            ]
            + [f"request/{there.mine.token}/pros/{there.match.pk}/stop/", f"request/{forged(here)}/pros/{here.match.pk}/stop/"]
        ),
        shows="one",
    ),
    "request/<str:token>/hired/": request("GET POST", "hired/", shows="one"),
    "request/<str:token>/correct/": request("GET POST", "correct/", shows="mine"),
    "request/<str:token>/photos/": request("GET POST", "photos/"),
    "request/<str:token>/photos/<uuid:photo_id>/": row(
        "GET",
        ALL,
        at=lambda here: f"request/{here.mine.token}/photos/{here.photo.pk}/",
        strangers=lambda here, there: (
            [f"request/{here.mine.token}/photos/{pk}/" for pk in (there.photo.pk, here.match.pk, NO_ID)]
            + [f"request/{here.theirs.token}/photos/{here.photo.pk}/"]
        ),
    ),
    "request/<str:token>/list/": request("POST", "list/"),
    "request/<str:token>/again/": request("GET POST", "again/"),
    # The pro
    "pro/": row("GET", MEMBERS),
    "pro/sign-in/": row("GET POST", ALL),
    "pro/sign-out/": row("POST", everybody(SIGN_IN)),
    "pro/password/": row("GET POST", ALL),
    "pro/password/<str:token>/": row(
        "GET POST",
        ALL,
        at=lambda here: f"pro/password/{here.reset_token}/",
        strangers=lambda here, there: [f"pro/password/{there.reset_token}/", "pro/password/1-c0ffee/"],
        shows="one",
    ),
    "pro/invitation/<str:token>/": row(
        "GET POST",
        ALL,
        at=lambda here: f"pro/invitation/{here.invitation_token}/",
        strangers=lambda here, there: [f"pro/invitation/{there.invitation_token}/", "pro/invitation/nothing/"],
        shows="one",
    ),
    "pro/leads/": row("GET", MEMBERS),
    "pro/leads/<uuid:match_id>/": lead("GET"),
    "pro/leads/<uuid:match_id>/call/": lead("POST", "call/"),
    "pro/leads/<uuid:match_id>/caller/": lead("POST", "caller/", body={"phone": "(773) 555-0155"}),
    "pro/leads/<uuid:match_id>/status/": lead("POST", "status/", body={"progress": "won", "won_amount": "1,250"}),
    "pro/leads/<uuid:match_id>/photos/<uuid:photo_id>/": row(
        "GET",
        MINE,
        at=lambda here: f"pro/leads/{here.match.pk}/photos/{here.photo.pk}/",
        strangers=lambda here, there: [
            f"pro/leads/{match}/photos/{photo}/"
            for match, photo in ((here.match.pk, there.photo.pk), (here.match.pk, NO_ID), (there.match.pk, there.photo.pk))
        ],
    ),
    "pro/leads/<uuid:match_id>/review/": lead("POST", "review/", body={"words": "Thank you."}),
    "pro/leads/<uuid:match_id>/credit/": lead("GET POST", "credit/", body={"reason": "dead_number", "words": "It is dead."}),
    "pro/offers/": row("GET", MEMBERS),
    "pro/offers/<uuid:offer_id>/": offer("GET"),
    "pro/offers/<uuid:offer_id>/accept/": offer("POST", "accept/", body={"price": "1"}),
    "pro/offers/<uuid:offer_id>/decline/": offer("POST", "decline/", body={"reason": "busy"}),
    "pro/offers/<uuid:offer_id>/undo/": offer("POST", "undo/", post=NOT_ACCEPTED),
    "pro/offers/<uuid:offer_id>/leave-draw/": offer("POST", "leave-draw/"),
    "pro/offers/<uuid:offer_id>/open/": offer("POST", "open/", post=NOT_ACCEPTED),
    "pro/credits/": row("GET", MEMBERS),
    "pro/credits/<uuid:request_id>/": credit("pro", "GET", MINE),
    "pro/credits/<uuid:request_id>/answer/": credit("pro", "POST", MINE, "answer/", body={"words": "The one on Ogden Avenue."}),
    "pro/credits/<uuid:request_id>/appeal/": credit("pro", "POST", MINE, "appeal/", body={"words": "Look again."}),
    "pro/billing/": row("GET", OWNERS),
    "pro/billing/statement.csv": row("GET", OWNERS),
    "pro/analytics/": row("GET", MEMBERS),
    "pro/analytics/performance.csv": row("GET", MEMBERS),
    "pro/account/": row("GET POST", MEMBERS),
    "pro/account/profile/": row("GET POST", MEMBERS, body={"do": "save", "since_year": "1998", "about": "We come."}, post=OWNERS),
    "pro/account/profile/preview/": row("GET", MEMBERS),
    "pro/account/password/": row("GET POST", MEMBERS),
    "pro/account/lead-purchase-settings/": row("GET", MEMBERS),
    "pro/account/lead-purchase-settings/<slug:setting>/": row(
        "GET POST",
        MEMBERS,
        at=lambda here: "pro/account/lead-purchase-settings/budget-cap/",
        body={"budget": "900", "for": "good"},
        post=OWNERS,
        strangers=lambda here, there: [f"pro/account/lead-purchase-settings/{name}/" for name in ("nothing", "spent")],
    ),
    "pro/account/services-and-area/": row("GET POST", MEMBERS),
    "pro/account/team/": row("GET POST", MEMBERS, body={"email": "new@team.example", "role": "member"}, post=OWNERS),
    "pro/account/team/invitations/<slug:ref>/": row("POST", MINE_OWNER, **team("invitations")),
    "pro/account/team/members/<slug:ref>/": row("GET POST", MINE_OWNER, **team("members")),
    # Where no membership is sold there is no such page: tests/web/pros/test_membership.py looks where one is
    "pro/account/membership/": row("GET POST", MEMBERS | dict.fromkeys(("owner", "member", "other"), NOT_FOUND)),
    "pro/account/notices/": row("GET POST", MEMBERS),
    "pro/services/<slug:code>/add/": row(
        "GET POST",
        MEMBERS,
        at=lambda here: f"pro/services/{here.marketplace.slug.partition('-')[0]}-arbour/add/",
        strangers=lambda here, there: [
            f"pro/services/{code}/add/" for code in (f"{there.marketplace.slug.partition('-')[0]}-arbour", "no-such-service")
        ],
        post=OWNERS,
    ),
    # The staff of the marketplace
    "staff/": row("GET", STAFF),
    "staff/leads/<uuid:lead_id>/": row(
        "GET",
        STAFF,
        at=lambda here: f"staff/leads/{here.mine.lead.pk}/",
        strangers=lambda here, there: [f"staff/leads/{pk}/" for pk in (there.mine.lead.pk, here.match.pk, NO_ID)],
    ),
    "staff/leads/<uuid:lead_id>/photos/<uuid:photo_id>/": row(
        "GET",
        STAFF,
        at=lambda here: f"staff/leads/{here.mine.lead.pk}/photos/{here.photo.pk}/",
        strangers=lambda here, there: [
            f"staff/leads/{lead}/photos/{photo}/"
            for lead, photo in (
                (here.mine.lead.pk, there.photo.pk),
                (here.mine.lead.pk, NO_ID),
                (there.mine.lead.pk, there.photo.pk),
                (here.theirs.lead.pk, here.photo.pk),
            )
        ],
    ),
    "staff/credits/": row("GET", STAFF),
    "staff/credits/<uuid:request_id>/": credit("staff", "GET POST", STAFF, body={"verdict": "grant", "grant_rule": "wrong_contact"}),
    "staff/credits/for/<uuid:match_id>/": claim("GET POST", body={"reason": "dead_number"}),
    "staff/credits/for/<uuid:match_id>/phoned/": claim("POST", "phoned/"),
    "staff/pros/<uuid:pro_id>/lead-purchase-settings/": settings_of_one("GET"),
    "staff/pros/<uuid:pro_id>/lead-purchase-settings/<slug:setting>/": settings_of_one(
        "GET POST", "budget-cap/", body={"budget": "300", "for": "good"}
    ),
    "staff/unlisted/": row("GET", STAFF),
    "staff/unlisted/<uuid:wish_id>/": row(
        "POST",
        STAFF,
        at=lambda here: f"staff/unlisted/{here.wish.pk}/",
        strangers=lambda here, there: [f"staff/unlisted/{pk}/" for pk in (there.wish.pk, here.match.pk, NO_ID)],
        body={"do": "refuse", "reason": "Nobody does this here."},
    ),
    "staff/reviews/": row("GET", STAFF),
    "staff/reviews/<uuid:review_id>/": row(
        "POST",
        STAFF,
        at=lambda here: f"staff/reviews/{here.review.pk}/",
        strangers=lambda here, there: [f"staff/reviews/{pk}/" for pk in (there.review.pk, here.match.pk, NO_ID)],
        body={"reason": "It names a neighbour."},
    ),
    "staff/pros/<uuid:pro_id>/checks/": row(
        "GET POST",
        STAFF,
        at=lambda here: f"staff/pros/{here.one.public_id}/checks/",
        strangers=lambda here, there: [f"staff/pros/{pk}/checks/" for pk in (there.one.public_id, here.match.pk, NO_ID)],
        body={"kind": "address", "fact": "1 Yard Lane"},
    ),
    "staff/checks/<int:check_id>/withdraw/": row(
        "POST",
        STAFF,
        at=lambda here: f"staff/checks/{here.check.pk}/withdraw/",
        strangers=lambda here, there: [f"staff/checks/{pk}/withdraw/" for pk in (there.check.pk, 10**15, 10**30)],
    ),
    # Machines: nothing is said without a signature, and the local mailbox has none
    "hooks/<slug:marketplace>/sms/status/": hook("sms/status", UNSIGNED),
    "hooks/<slug:marketplace>/sms/inbound/": hook("sms/inbound", UNSIGNED),
    "hooks/<slug:marketplace>/voice/": hook("voice", UNSIGNED),
    **{
        f"hooks/<slug:marketplace>/voice/{name}/": hook(f"voice/{name}", UNSIGNED)
        for name in ("pin", "choice", "bridge", "key", "whisper", "dialled", "status")
    },
    "hooks/<slug:marketplace>/email/": hook("email", NOBODY),
    # A development site shows its outbox and its telephones to everybody; elsewhere they do not exist
    "dev/outbox/": row("GET", ALL, shows="mine theirs one two"),
    "dev/outbox/<int:pk>/": row(
        "GET",
        ALL,
        at=lambda here: f"dev/outbox/{letter(here)}/",
        strangers=lambda here, there: [f"dev/outbox/{letter(there)}/", f"dev/outbox/{10**15}/"],
        shows="mine theirs one two",
    ),
    "dev/phone/": row("GET POST", ALL, body={"do": "dial"}, shows="mine theirs one two"),
}

# The admin: one row for each page of each table
EVERYTHING = "mine theirs one two"
TENANTS = (
    "core.event core.policyversion core.text notifications.message notifications.firstdelivery notifications.preference "
    "notifications.suppression catalog.trade catalog.service catalog.guideversion catalog.zip accounts.pro accounts.prostate "
    "accounts.member accounts.invitation accounts.homeowner accounts.user billing.terms billing.ledgeraccount billing.charge "
    "billing.transfer billing.membership contact.number contact.line contact.call leads.lead leads.match leads.decision leads.consent "
    "leads.offer "
    "credits.creditrequest credits.ruling credits.stub"
).split()
PLATFORMS = ["core.marketplace"]


def in_admin(viewers, at=None, methods=PAGES, **options):
    return Row(methods, viewers, at, shows=frozenset(EVERYTHING.split()), in_admin=True, **options)


def first(label):
    """The key of a row of that table."""
    from django.apps import apps

    model = apps.get_model(label)

    def key(side):
        with scope(side.marketplace):
            return model._default_manager.order_by("pk").values_list("pk", flat=True).first()

    return key


def table(label, viewers):
    base, key = "admin/" + label.replace(".", "/") + "/", first(label)

    def page(ending):
        own = lambda here: f"{base}{key(here)}/{ending}"  # noqa: E731
        if label == "catalog.zip":  # everybody's
            return {"at": own}
        missing = NO_ID if label in ("core.event", "notifications.message", "billing.charge", "billing.transfer", "billing.membership",
                                     "leads.lead", "leads.match", "leads.decision", "leads.offer", "contact.line", "contact.call",
                                     "credits.creditrequest", "credits.ruling") else 10**15  # fmt: skip
        return {"at": own, "strangers": lambda here, there: [f"{base}{pk}/{ending}" for pk in (key(there), missing)]}

    write = viewers | {"staff": NOT_ALLOWED}
    never = in_admin(write)
    return {
        base: in_admin(viewers),
        f"{base}add/": in_admin(viewers) if label == "accounts.pro" else never,
        f"{base}<path:object_id>/change/": in_admin(viewers, **page("change/"), post=write),
        f"{base}<path:object_id>/history/": in_admin(viewers, **page("history/")),
        f"{base}<path:object_id>/delete/": in_admin(write, **page("delete/")),
        f"{base}<path:object_id>/": in_admin(STAFF, **page("")),
    }


APP = "admin/^(?P<app_label>core|notifications|catalog|accounts|billing|contact|leads|credits)/$"
ROWS |= {
    "admin/": in_admin(STAFF),
    "admin/login/": row("GET POST", ALL),
    "admin/logout/": in_admin(ALL, methods=("POST",)),
    "admin/password_change/": in_admin(STAFF, methods=PAGES),
    "admin/password_change/done/": in_admin(STAFF, methods=("GET", "HEAD")),
    "admin/jsi18n/": in_admin(STAFF, methods=("GET", "HEAD")),
    "admin/search/": in_admin(STAFF),
    APP: in_admin(STAFF, at=lambda here: "admin/leads/"),
    "admin/(?P<url>.*)$": in_admin(everybody(ADMIN_SIGN_IN, staff=NOT_FOUND), at=lambda here: "admin/nothing/at/all/"),
}
for label in TENANTS:
    ROWS |= table(label, STAFF)
for label in PLATFORMS:
    ROWS |= table(label, NO_STAFF)


SHARED = ("", "language/", "livez", "readyz", "dev/outbox/", "dev/phone/")


def on_platform(route, method, viewer):
    """What is expected at the platform's own host of "nobody", of "tenant" (the staff of a marketplace) and of "platform" staff."""
    known = ROWS[route]
    if method not in known.methods and (viewer == "platform" or not known.in_admin or method not in PAGES):
        return 405
    if route in SHARED:
        return IN
    if route.startswith("hooks/") or (known.in_admin and viewer != "platform"):
        return known.expected(method, "anonymous")
    if route == "admin/login/":
        return IN
    return _for_platform_staff(route, method) if known.in_admin else NOT_FOUND


def _for_platform_staff(route, method):
    label, _slash, page = route.removeprefix("admin/").replace("/", ".", 1).partition("/")
    if label in TENANTS and label != "accounts.user":
        return IN if page == "<path:object_id>/" else NOT_ALLOWED
    if label in PLATFORMS or label in TENANTS:
        write = (
            ((label, page) != ("core.marketplace", "add/") and page == "add/")
            or page.endswith("delete/")
            or (label, method, page[-8:]) == ("accounts.user", "POST", "/change/")
        )
        return NOT_ALLOWED if write else IN
    return NOT_FOUND if route in ("admin/(?P<url>.*)$", APP) else IN


def routes():
    """Every address the site knows, as its resolver writes it."""

    def walk(patterns, before):
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, here)
            else:
                yield here

    return list(walk(get_resolver().url_patterns, ""))


def address(route, here) -> str:
    at = ROWS[route].at
    return "/" + (at(here) if at else route)
