"""Who and what there is on the site that the pages show, made by the use cases that make it in life."""

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import checks, pro_profile, purchase_settings, team
from accounts.models import Member, ProState, User
from accounts.passwords import request_reset
from accounts.pros import register
from contact import calls, lines
from contact.models import Call
from contact.policy import Contact
from core.models import Marketplace
from core.policy import publish
from core.tenancy import scope
from leads import choice, links, matching, phone_check, queries, reviews, unlisted, withdrawal
from leads.models import Lead, Match, Offer
from leads.opening import open_match
from leads.policy import PhoneCheck
from leads.progress import set_progress
from notifications import delivery
from notifications.models import LocalDelivery
from operations.demo.squares import square
from operations.founding import found
from operations.presets import PRESETS
from tests.browser import charge, claims, members, offered
from tests.calls import a_call, a_call_back, a_fault
from tests.factories import a_lead, a_matched_lead, a_member, a_pro, a_request, the_code

PASSWORD = "correct horse battery"
NAMES = ("Prairie State Plumbing", "Lakeview Pipe & Drain", "North Branch Mechanical", "Hermosa Water Works", "Logan Square Rooter")
SERVICES = ("water-heater", "plumbing-repair", "plumbing-fixtures")  # all do the first, one does all of them
ZIPS = ("60614", "60618")  # four are in the first, all five in the second
DRAFT = {
    "service": {"service": "water-heater", "zip": "60614"},
    "job": {
        "description": "The tank is leaking from the bottom. Call me at (312) 555-0142.",
        "answer_kind": "gas_tank",
        "answer_heaters": "1",
        "answer_place": "garage",
        "timing": "week",
        "ownership": "owner",
        "reach": "any",
    },
}


STREETS = (
    "Ashland Belmont Cortland Diversey Elston Fullerton Grand Halsted Irving Kedzie Lawrence Milwaukee Oakley Paulina Racine Sheffield"
).split()


class Market:
    """What a page is of: addresses and cookies by the names that tests.browser.pages uses. Needs `site.here()`."""

    def __init__(self, site):
        self.site = site
        self.marketplace = Marketplace.objects.get(slug="craftyard")
        self.members = {}  # role in the story -> Member, or whoever else has a `user`
        self.leads = {}  # name in the story -> Lead
        self.wishes = {}  # name in the story -> Wish
        self.credits = {}  # name in the story -> CreditRequest
        self.photo = ""  # the key of the owner's picture

    def scope(self):
        return scope(self.marketplace)

    def token(self, name) -> str:
        """The link of a lead, as it is now."""
        with self.scope():
            return links.token(Lead.objects.get(pk=self.leads[name].pk))

    def match(self, name, who="owner"):
        """The seat that a member's pro has on a lead."""
        with self.scope():
            return Match.objects.get(lead=self.leads[name], pro=self.members[who].pro)

    def offer(self, name) -> Offer:
        """The offer of a lead to the pro that has one in every state."""
        opter = self.members["opter"]
        with scope(opter.marketplace):
            return Offer.objects.get(lead=self.leads[name], pro=opter.pro)

    def job_photo(self, name):
        """The id of a photo of a lead."""
        with self.scope():
            return self.leads[name].photos.first().pk

    def link(self, path, address) -> str:
        """The path of the link that begins with `path` in the latest mail to an address."""
        with self.scope():
            mail = LocalDelivery.objects.filter(address=address, text__contains=path).latest("pk").text
        return re.search(rf"{path}\S+", mail)[0]

    def letter(self) -> int:
        """A mail of the outbox."""
        with self.scope():
            return LocalDelivery.objects.exclude(html="").latest("pk").pk

    def enter(self, context, who) -> None:
        """Give a visitor a session of its own: of a member, or of somebody who has "begun" the form or is "drafting" it."""
        home = getattr(self.members.get(who), "marketplace", self.marketplace)
        client = Client(HTTP_HOST=home.host)
        if who in self.members:
            with scope(home):
                client.force_login(self.members[who].user, backend=settings.AUTHENTICATION_BACKENDS[0])
        else:
            for step, path in (("service", "/request/"), ("job", "/request/job/"))[: 1 if who == "begun" else 2]:
                assert client.post(path, DRAFT[step]).status_code == 302, f"the draft is refused at {step}"
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site.url(slug=home.slug)}])


def found_both(now) -> None:
    """The two marketplaces, a year old."""
    year = timedelta(days=365)
    found(slug="craftyard", preset="lead_manager", name="Craftyard", phone="+13125550190", email="help@craftyard.example", now=now - year)
    found(slug="hearthline", preset="opt_in", name="Hearthline", tagline="Pros come to you.", now=now - year)


def make(site) -> Market:
    """A market in which every page has something to show."""
    now = timezone.now()
    found_both(now)
    market = Market(site)
    with market.scope():
        publish(_at_any_hour(now), now=now)
        _pros(market, now - timedelta(days=95))
        _leads(market, now)
        _calls(market, now)
        _crowd(market, now)
        _choosing(market, now)
        _codes(market, now)
        _wishes(market, now)
        _reviews(market, now)
        _present(market, now)
        _account(market, now)
        claims.make(market, now)
        charge.make(market, now)
    members.make(market, now)
    offered.make(market, now)
    delivery.drain(market.marketplace, now=timezone.now())
    return market


def _at_any_hour(now):
    """The preset's policy, but homeowners take calls at every hour, and those who want them in the evening from the next but one on: the
    clocks of these pages run whatever the time is."""
    soon = (now.astimezone(ZoneInfo("America/Chicago")).hour + 2) % 24
    hours = {"any": [0, 24], "evenings": [soon, soon + 1], "message_first": [0, 24]}
    return [replace(each, hours=hours) if isinstance(each, Contact) else each for each in PRESETS["lead_manager"].sections]


def _pros(market, then):
    """Five plumbers, the first with a team and more services. A sixth company is new and empty."""
    manager = User.objects.create_user("grace@craftyard.example", PASSWORD, name="Grace Oduya", phone="+13125550180", is_staff=True)
    market.members["staff"] = SimpleNamespace(user=manager)
    for number, name in enumerate(NAMES):
        services = SERVICES if number == 0 else SERVICES[:1]
        pro = a_pro(name, services=services, zips=ZIPS if number < 4 else ZIPS[1:], budget=60_000, now=then)
        if number == 0:
            pro.account_manager = manager
            pro.save(update_fields=["account_manager"])
        owner = a_member(pro, email=f"owner{number}@pros.example", phone=f"+1708555{110 + number:04}", now=then)
        market.members["owner" if number == 0 else f"owner{number}"] = owner
    first = market.members["owner"].pro
    market.members["leaving"] = a_member(first, role=Member.Role.BILLING, email="priya@pros.example", now=then)
    market.members["member"] = a_member(first, role=Member.Role.MEMBER, email="luis@pros.example", now=then)
    empty = register(name="Clark Street Roofing", now=then, zone="America/Chicago", zip="60614", budget=10_000)
    market.members["newcomer"] = a_member(empty, email="new@pros.example", now=then)
    market.members["passing"] = a_member(empty, role=Member.Role.MEMBER, email="passing@pros.example", now=then)
    a_member(empty, role=Member.Role.MEMBER, email="forgetful@pros.example", now=then)  # who signs in ends the link of her mail


def _leads(market, now):
    def lead(key, minutes, **said):
        said = {"phone": f"+1872555{100 + len(market.leads):04}", "street": f"{minutes} Sample Street"} | said
        market.leads[key] = a_matched_lead(now=now - timedelta(minutes=minutes), **said)
        return market.leads[key]

    day = 24 * 60
    owner = market.members["owner"]
    lead("last period", 41 * day, service="plumbing-repair")
    for number, (key, name) in enumerate((("answered", "Gus Lindholm"), ("reviewed", "Ivy Barnes"), ("to review", "Ned Fuller"))):
        lead(key, (21 - number) * day, service="plumbing-repair", name=name)
    lead("withdrawn", 2 * day, service="plumbing-repair", name="Rosa Delgado")
    withdrawal.stop_all_contact(market.leads["withdrawn"], now=now - timedelta(days=1))
    for number, name in enumerate(("Walter Kim", "Ines Moreau", "Tom Baker")):
        lead(name, 3 * day + 200 * number, service="plumbing-fixtures", name=name)
    lead("spare", 300, service="plumbing-repair", name="Ada Lindqvist")
    lead("open", 90, service="plumbing-repair", name="Jo Ann Weatherby-Montgomery", agreed_sms=False)
    lead("stopped", 70, service="plumbing-repair", name="Vera Stone")
    withdrawal.stop_all_contact(market.leads["stopped"], now=now - timedelta(minutes=20))
    lead("filled", 30, name="Dana Whitfield", description="The tank is leaking. Call (312) 555-0142 or come to 12 Oak Street.")
    for match in Match.objects.filter(pro=owner.pro).exclude(lead=market.leads["open"]):
        open_match(match, by=owner, now=match.at + timedelta(minutes=4))


def _calls(market, now):
    """A lead in each state of its clock and of its calls; the first pro is alone on most of them."""
    owner, minute = market.members["owner"], timedelta(minutes=1)
    ago = {
        "running": 12, "waiting": 9, "calling": 14, "low": 40, "earned": 55, "passed": 65, "fault": 75, "called back": 80, "quoted": 2_000,
        "no phone": 95, "expired": 140_000, "won": 4_000, "lost": 4_100, "archived": 5_000, "credited": 3_000,
    }  # fmt: skip
    said = {
        "waiting": {"reach": "evenings", "name": "Eve Calloway"},
        "no phone": {"phone": "", "name": "Noa Fischer"},
        "running": {"service": "water-heater", "name": "Dana Whitfield"},
    }
    for number, (name, minutes) in enumerate(ago.items()):
        about = {"service": "plumbing-repair", "name": f"Homer {name.title()}", "phone": f"+1773555{120 + number:04}"} | said.get(name, {})
        market.leads[name] = a_matched_lead(now=now - minutes * minute, street=f"{minutes} Clock Street", **about)
        match = Match.objects.get(lead=market.leads[name], pro=owner.pro)
        if name != "low":
            open_match(match, by=owner, now=match.at + 2 * minute)
    found = {name: Match.objects.get(lead=market.leads[name], pro=owner.pro) for name in ago}
    open_match(found["low"], by=owner, now=now - 24 * minute)
    colleague = market.members["leaving"]
    for name in ("earned", "quoted", "won"):
        a_call(found[name], by=colleague if name == "won" else owner, at=found[name].at + 9 * minute)
    a_call(found["earned"], by=owner, at=found["earned"].at + 20 * minute, talked=192)
    a_call(found["passed"], by=owner, at=found["passed"].at + 8 * minute, rang=4, ended_by="pro")
    a_call(found["passed"], by=owner, at=found["passed"].at + 40 * minute, status="busy", rang=0)
    a_fault(found["fault"], by=owner, at=found["fault"].at + 5 * minute)
    a_call_back(found["called back"], at=found["called back"].at + 12 * minute, talked=75)
    line = queries.match_for(owner.pro, found["calling"].pk).line
    calls.bridge(line, member=owner, now=now)
    Call.objects.filter(line=line).update(due_at=now + 600 * minute)  # it rings as long as somebody looks
    line = queries.match_for(owner.pro, found["running"].pk).line
    lines.add_caller(line, "(773) 555-0188", by=owner, now=now)
    lines.close([found["expired"].pk], reason="expired", now=now - minute)
    for name, amount, reason in (("quoted", None, ""), ("won", 123_450, ""), ("lost", None, "hired_other"), ("archived", None, "")):
        set_progress(found[name], name, by=owner, now=now - minute, won_amount=amount, lost_reason=reason)
    lines.close([found["credited"].pk], reason="credited", now=now - minute)
    Match.objects.filter(pk=found["credited"].pk).update(state="credited", state_at=now - minute)


def _crowd(market, now):
    """Where staff look: a lead that many could do and some could not, and one that was looked at twice."""
    then, by = now - timedelta(days=95), market.members["staff"].user
    a_pro("Bucktown Boilers", zips=["60622", "60647"], budget=60_000, now=then)
    for number, name in enumerate(("Pat Solberg", "Uma Reed")):
        market.leads[f"praised {number}"] = a_matched_lead(now=now - timedelta(days=20 - number), zip="60647", name=name)
    market.leads["twice"] = a_matched_lead(now=now - timedelta(minutes=25), zip="60647", name="Luz Ortega")
    pros = {street: a_pro(f"{street} Avenue Plumbing & Heating", zips=["60622", "60647"], now=then) for street in STREETS}
    matching.route(lead_id=market.leads["twice"].pk, now=now - timedelta(minutes=20))
    market.ashland = pros["Ashland"]
    purchase_settings.pause(market.ashland, until=now + timedelta(days=3), by=by, now=now)
    ProState.objects.filter(pro=pros["Belmont"]).update(spent=58_500, period=3)
    ProState.objects.filter(pro=pros["Cortland"]).update(entitled=5_437_000, received=2)
    ProState.objects.filter(pro=pros["Diversey"]).update(job_min=5_000_00)
    market.leads["crowded"] = a_matched_lead(now=now - timedelta(minutes=10), zip="60622", name="Sam Whitaker")


def _choosing(market, now):
    """Homeowners who choose: one has not yet, one took one pro, for one nobody fits."""
    minute = timedelta(minutes=1)
    chooser = {"way": "choose", "then_automatch": True}
    market.leads["choosing"] = a_matched_lead(now=now - 2 * minute, zip="60622", name="Gil Brennan", **chooser)
    market.leads["lonely"] = a_matched_lead(now=now - 3 * minute, zip="60601", name="Lou Hartman", **chooser)
    chosen = market.leads["chosen"] = a_matched_lead(now=now - 30 * minute, service="plumbing-repair", name="Fay Novak", **chooser)
    picks = [pro.pk for pro in choice.choices(chosen, now=chosen.submitted_at).pros if pro == market.members["owner"].pro]
    choice.choose(chosen, picks, fill=False, now=chosen.submitted_at + 6 * minute, page="/choose/")
    chosen.refresh_from_db()


def _codes(market, now):
    """Requests whose phone waits for its code: nothing was sent, a code was sent, one may be sent again. One phone is confirmed, and for
    one that need not be."""
    minute, usual = timedelta(minutes=1), _at_any_hour(now)
    publish([replace(each, mode="required") if isinstance(each, PhoneCheck) else each for each in usual], now=now)
    people = {"draft": "Ola Berg", "coded": "Kit Moss", "coded again": "Ana Ruiz", "confirmed": "Jo Park"}
    for number, (key, name) in enumerate(people.items()):
        said = {"service": "plumbing-repair", "name": name, "phone": f"+1630555{120 + number:04}", "source": "form"}
        market.leads[key] = a_lead(now=now - 5 * minute, **said)
    phone_check.send(market.leads["coded"], now=now)
    phone_check.send(market.leads["coded again"], now=now - 2 * minute)
    confirmed = market.leads["confirmed"]
    phone_check.send(confirmed, now=now - 4 * minute)
    assert phone_check.confirm(confirmed, the_code(confirmed), now=now - 3 * minute)
    matching.route(lead_id=confirmed.pk, now=now - 3 * minute)
    publish(usual, now=now)
    offered = a_matched_lead(now=now - 5 * minute, service="plumbing-repair", name="Max Ode", phone="+16305550129", source="form")
    market.leads["offered a code"] = offered


def _wishes(market, now):
    """What homeowners did not find in the list: one waits for staff, one for a pro, one was refused."""
    staff = market.members["staff"].user
    words = {"waiting": "Solar tube for the hall", "offered": "Tub to shower", "refused": "Repair of a grand piano"}
    for name, asked in words.items():
        said = replace(a_request(name="Nell Ivers", description="The old one is cracked. Call (312) 555-0142."), service="", answers={})
        at = now - timedelta(hours=3)
        market.wishes[name] = unlisted.ask(asked, "plumbing", said, submit_key=name, look_by=now + timedelta(days=1), now=at)
    amounts = (90_000, 180_000, 320_000)
    made = {"trade": "plumbing", "name": "Tub to shower", "synonyms": [], "like": "", "amounts": amounts, "lead_price": 2_500}
    unlisted.add_to_catalogue(market.wishes["offered"].pk, **made, by=staff, now=now)
    unlisted.refuse(market.wishes["refused"].pk, "Nobody does this here.", by=staff, now=now)


def _reviews(market, now):
    """Homeowners who said how it went: one of them got an answer, what another one said was taken down, a third may say it still."""
    owner, day = market.members["owner"], timedelta(days=1)
    for key in ("answered", "reviewed", "to review"):
        match = market.match(key)
        a_call(match, by=owner, at=match.at + timedelta(minutes=9), talked=80)
    for key, stars, words in (
        ("answered", 4, "Late by an hour, but it works, and the price was what they had said."),
        ("reviewed", 5, "They came when they said and left the cellar cleaner than it was. Call me at (312) 555-0142 to hear more."),
    ):
        reviews.write(market.leads[key], market.match(key).pk, stars=stars, words=words, now=now - 10 * day)
    reviews.answer(market.match("answered"), "You are right. We call now when we are late.", by=owner, now=now - 9 * day)
    for number, words in enumerate(("Came when they said, explained what was wrong, and charged no more.", "My neighbour is a thief.")):
        lead = market.leads[f"praised {number}"]
        match = Match.objects.get(lead=lead)
        lines.touched(queries.match_for(match.pro, match.pk).line, at=match.at)
        kept = reviews.write(lead, match.pk, stars=5 - 4 * number, words=words, now=now - 8 * day)
    reviews.take_down(kept.pk, "It speaks of somebody else.", by=market.members["staff"].user, now=now - 7 * day)


def _present(market, now):
    """The owner's company says what it does and shows a picture; staff have checked it, and one check is over."""
    owner, staff = market.members["owner"], market.members["staff"].user
    about = "Family company, three vans. Water heaters, leaks and drains, also at weekends. Call us at (312) 555-0142 or see prairie.com."
    pro_profile.present(owner.pro, since_year=1998, about=about, by=owner, now=now)
    pro_profile.set_photo(owner.pro, square(owner.pro.name), by=owner, now=now)
    market.photo = owner.pro.photo_key
    today, then = now.date(), now - timedelta(days=40)
    checks.record(owner.pro, "licence", fact="IL 055-012345", valid_until=today + timedelta(days=400), by=staff, now=then)
    checks.record(owner.pro, "insurance", fact="$1,000,000 liability", valid_until=today - timedelta(days=9), by=staff, now=then)
    checks.record(owner.pro, "address", by=staff, now=now)
    for pro in choice.choices(market.leads["choosing"], now=now).pros[:2]:
        checks.record(pro, "licence", fact="IL 055-777001", valid_until=today + timedelta(days=90), by=staff, now=then)


def _account(market, now):
    owner = market.members["owner"]
    purchase_settings.set_renters(owner.pro, True, by=owner, now=now - timedelta(days=4))
    purchase_settings.set_day_cap(owner.pro, 29, by=owner, now=now - timedelta(days=3))
    purchase_settings.set_open_cap(owner.pro, 80, by=owner, now=now - timedelta(days=2))
    team.invite(owner.pro, email="books@pros.example", role=Member.Role.BILLING, by=owner, now=now - timedelta(hours=2))
    team.invite(owner.pro, email="joining@pros.example", role=Member.Role.MEMBER, by=owner, now=now - timedelta(hours=1))
    request_reset("forgetful@pros.example", now=now)
