"""Who asks for what, and when: the last three weeks of a marketplace, up to some minutes ago.

Most scenes are the wishes of the sample, one after the other; pros open and call what they get. The others show what does not happen every
day: a duplicate, a homeowner who stops all contact, one who replaces a pro, a test, requests where few pros or none are, a pro that pauses,
requests for a credit.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts import purchase_settings, team
from accounts.models import Member, Pro, User
from catalog import guide as guides
from catalog.models import Service
from catalog.queries import guides_in_force
from core.tenancy import scope
from credits import requests, review, stopping
from leads import choice, intake, photos, replacing, revealing
from leads.models import Lead, Match, Reveal
from operations.demo import people, snapshots, standing
from operations.demo.calling import Plans
from operations.demo.cast import ZONE, Cast, main_company
from operations.demo.clock import MOMENT, catch_up, pass_time
from operations.demo.sample import CITIES, Wish, wishes

DAYS = 20
FRESH = ("roof-repair", "water-heater", "ev-charger", "house-cleaning", "plumbing-repair", "sump-pump")
MINUTES_AGO = (52, 37, 24, 13, 8, 4)  # of the fresh ones
RENTER_EVERY = 6


@dataclass(frozen=True)
class Scene:
    """Something that happens at `at`."""

    at: datetime
    play: Callable


class Stage:
    """Where the scenes of one marketplace are played. Nothing here is random: the same `now` gives the same story."""

    def __init__(self, marketplace, cast: Cast, *, now: datetime):
        """The main pro is the first company of the cast."""
        self.marketplace, self.cast, self.now = marketplace, cast, now
        self.people = {city: people.homeowners(city, start=5 * number) for number, city in enumerate(CITIES)}
        self.asked = 0
        self.main = cast.pros[cast.companies[0].key]
        self.plans = Plans(cast.owners, self.main.pk, dead_from=now - timedelta(days=9))
        self.chosen, self.requests = {}, {}
        with scope(marketplace):
            in_force = guides_in_force(now=now)
            self.services = {service.code: (service, in_force[service.pk]) for service in Service.objects.filter(active=True)}

    def play(self) -> None:
        """Play all scenes in their order; time passes in between."""
        for scene in sorted(self.scenes(), key=lambda scene: scene.at):
            with scope(self.marketplace):
                self.plans.carry_out(until=scene.at)
                scene.play(scene.at)
            pass_time(self.marketplace, until=scene.at + MOMENT)
            with scope(self.marketplace):
                self.plans.make()
        with scope(self.marketplace):
            self.plans.carry_out(until=self.now)
            standing.review(self.main, self.cast.owners, now=self.now)
        catch_up(self.marketplace, now=self.now)

    def scenes(self) -> list[Scene]:
        return [*self.everyday(), *self.at_the_edge(), *self.incidents(), *self.claims()]

    # Every day

    def everyday(self) -> list[Scene]:
        """The wishes of the sample, evenly over the waking hours of three weeks, the last few within the hour."""
        waiting = wishes()
        random.Random("demo").shuffle(waiting)
        fresh = [next(wish for wish in waiting if wish.service == code and wish.city == "Chicago") for code in FRESH]
        earlier = [wish for wish in waiting if wish not in fresh]
        begin, end = self.now - timedelta(days=DAYS), self.now - timedelta(hours=1)
        moments = [awake(begin + (end - begin) * number / len(earlier), before=end) for number in range(len(earlier))]
        moments += [self.now - timedelta(minutes=minutes) for minutes in MINUTES_AGO]
        return [self.asking(wish, at) for wish, at in zip(earlier + fresh, moments, strict=True)]

    def asking(self, wish: Wish, at: datetime, **changes) -> Scene:
        return Scene(at, lambda at: self.ask(wish, at, **changes))

    def ask(self, wish: Wish, at: datetime, *, person=None, test=False, way=Lead.Way.MATCH) -> Lead:
        """Somebody fills in the form, as the form would send it."""
        self.asked += 1
        dice = random.Random(f"{wish.service}:{self.asked}")
        service, guide = self.services[wish.service]
        answers = guides.fill(guide.questions, invent(guide.questions, dice) | wish.answers)
        rents = not service.needs_owner and self.asked % RENTER_EVERY == 0
        person = person or next(self.people[wish.city])
        said = intake.Answers(
            service=wish.service,
            zip=wish.zip,
            name=person.name,
            phone=person.phone,
            email=person.email,
            street=person.street,
            description=describe(wish, guides.estimate(guide, answers)),
            answers=answers,
            timing=dice.choice(Lead.Timing.values),
            ownership=Lead.Ownership.RENTER_APPROVED if rents else Lead.Ownership.OWNER,
            reach=dice.choice([Lead.Reach.ANY, Lead.Reach.ANY, Lead.Reach.EVENINGS, Lead.Reach.MESSAGE_FIRST]),
            way=way,
            agreed=True,
            agreed_sms=dice.random() < 0.7,
            made_up=True,
        )
        return intake.submit(said, submit_key=f"demo:{self.asked}", now=at, page="/request/", source="demo", test=test).lead

    # Where few pros are

    def at_the_edge(self) -> list[Scene]:
        """Outside the cities: one pro crosses 75 % of its budget, another uses its budget up, and some requests find nobody."""
        hail = "Hail took a good part of the shingles on the west side."
        roof = Wish("roof-replacement", "Chicago", "60505", hail)
        home = "We want to live here for good and would like it to fit us."
        elm = Wish("tree-removal", "Chicago", "61101", "A dead elm leans toward the house.")
        dock = Wish("boat-dock", "Austin", "78654", "The dock came loose in the flood and has to be rebuilt.")
        return [
            *(self.asking(roof, at) for at in (self.day(5, 10), self.day(2, 17), self.now - timedelta(hours=7))),
            *(
                self.asking(Wish(service, "Austin", "78628", home), at)
                for service, at in (
                    ("whole-home-remodel", self.day(5, 9)),
                    ("room-addition", self.day(2, 18)),
                    ("accessory-dwelling", self.day(1, 11)),
                    ("kitchen-remodel", self.now - timedelta(hours=5)),
                )
            ),
            self.asking(elm, self.day(6, 14)),
            self.asking(dock, self.day(1, 16)),
        ]

    # What does not happen every day

    def incidents(self) -> list[Scene]:
        test = Wish("plumbing-repair", "Chicago", "60614", "Test request of our staff. Please ignore it.")
        first = Wish("water-heater", "Chicago", "60625", "The water heater leaks into the basement.")
        again = Wish("plumbing-fixtures", "Chicago", "60625", "While somebody is here: the laundry sink should be replaced as well.")
        changed = Wish("plumbing-repair", "Chicago", "60618", "A pipe under the sink drips.")
        twice, unsure = next(self.people["Chicago"]), next(self.people["Chicago"])
        return [
            self.asking(test, self.day(1, 10), test=True),
            self.asking(first, self.day(6, 10), person=twice),
            self.asking(again, self.day(3, 18), person=twice),  # the same trade: one duplicate group
            self.asking(changed, self.day(2, 11), person=unsure),
            Scene(self.day(2, 14), lambda at: self.stop(Lead.objects.get(homeowner__email=unsure.email), at)),
            *self.choosing("Chicago", "60614", self.day(1, 12), self.main),
            *self.choosing("Austin", "78704", self.day(4, 15)),
            *self.taking_charge(self.now - timedelta(hours=55)),
            Scene(self.day(3, 9), self.pause_one),
            Scene(self.day(2, 15), self.invite_a_bookkeeper),
            Scene(self.now - timedelta(hours=26), self.stop_a_lead_of_the_main_pro),
        ]

    def choosing(self, city, code, at, *wanted) -> list[Scene]:
        """Somebody chooses: two pros, those `wanted` first."""
        wish = Wish("plumbing-repair", city, code, "The shower valve drips and the wall behind it is damp.")
        person = next(self.people[city])
        pick = Scene(at + timedelta(minutes=6), lambda at: self.choose(Lead.objects.get(homeowner__email=person.email), wanted, at))
        return [self.asking(wish, at, person=person, way=Lead.Way.CHOOSE), pick]

    def choose(self, lead, wanted, at):
        pros = choice.choices(lead, now=at).pros
        picks = [*(pro for pro in pros if pro in wanted), *(pro for pro in pros if pro not in wanted)][:2]
        if picks:
            choice.choose(lead, [pro.pk for pro in picks], fill=False, now=at, page="/request/")

    def taking_charge(self, asked) -> list[Scene]:
        """One homeowner uses all of its page: chooses the main pro and another, shows its number to the first, adds photos, and replaces
        the other, which never calls though it is warned."""
        person = next(self.people["Chicago"])
        wish = Wish("water-heater", "Chicago", "60647", "The tank leaks from the bottom. We have shut off the water to it.")

        def seat(*, main: bool) -> Match | None:
            seats = Match.objects.filter(lead__homeowner__email=person.email).select_related("lead__homeowner", "line", "pro")
            return (seats.filter(pro=self.main) if main else seats.exclude(pro=self.main)).first()

        def choose(at):
            self.choose(Lead.objects.get(homeowner__email=person.email), [self.main], at)
            if silent := seat(main=False):
                self.plans.known.add(silent.pk)  # so that it does nothing

        def show(at):
            lead = Lead.objects.get(homeowner__email=person.email)
            for picture in (snapshots.tank(), snapshots.puddle()):
                photos.add(lead, picture, now=at)
            if shown := seat(main=True):
                revealing.reveal(shown, Reveal.What.PHONE, now=at)

        def warn(at):
            while replacing.warn_due(now=at) == replacing.BATCH:
                pass

        def replace(at):
            silent = seat(main=False)
            if silent and silent.warned_at:
                replacing.replace(silent, now=at)

        return [
            self.asking(wish, asked, person=person, way=Lead.Way.CHOOSE),
            Scene(asked + timedelta(minutes=6), choose),
            Scene(asked + timedelta(minutes=20), show),
            Scene(asked + timedelta(hours=25), warn),
            Scene(asked + timedelta(hours=52), replace),
        ]

    def stop(self, lead, at):
        """The homeowner stops all contact on the request's page."""
        stopping.stop_all_contact(lead, now=at)

    def stop_a_lead_of_the_main_pro(self, at):
        lately = Match.objects.filter(pro=self.main, state=Match.State.LIVE, at__gt=at - timedelta(days=4)).select_related("lead")
        if match := lately.exclude(lead__way=Lead.Way.CHOOSE).first():
            self.stop(match.lead, at)

    # Requests for a credit

    def claims(self) -> list[Scene]:
        """The main pro asks three times: a dead number is given back by code, one request was refused, one waits for a person."""
        return [
            Scene(self.day(5, 10), lambda at: self.claim("dead", at, "dead_number", "The number is out of service, both times.")),
            Scene(self.day(6, 11), lambda at: self.claim("refused", at, "not_owner", "She said her landlord decides.")),
            Scene(self.day(5, 15), self.refuse),
            Scene(self.now - timedelta(hours=20), lambda at: self.claim("waiting", at, "wrong_contact", "A bakery picked up, both times.")),
        ]

    def claimed(self, name, at) -> Match | None:
        """The lead of the main pro that a claim is about: the latest that is live and has none yet."""
        if name not in self.chosen:
            taken = [match.pk for match in self.chosen.values() if match]
            live = Match.objects.filter(pro=self.main, state=Match.State.LIVE, test=False, at__lt=at - timedelta(hours=1))
            live = live.filter(lead__in=self.plans.dead) if name == "dead" else live.exclude(lead__in=self.plans.dead)
            self.chosen[name] = live.exclude(pk__in=taken).order_by("-at").first()
        return self.chosen[name]

    def claim(self, name, at, reason, words):
        if match := self.claimed(name, at):
            self.requests[name] = requests.submit(match, reason=reason, words=words, by=self.cast.owners[self.main.pk], now=at)

    def refuse(self, at):
        """Not by the account manager of the pro: nobody decides on one's own."""
        asked = self.requests.get("refused")
        if asked and asked.state == "open":
            manager = Pro.objects.values_list("account_manager", flat=True).get(pk=self.main.pk)
            other = User.objects.filter(is_staff=True).exclude(pk=manager).order_by("pk").first()
            note = "The request says that she owns the home, and the county's record agrees. Tell us if she said so in writing."
            review.decide(asked, verdict="refuse", rule="not_proven", note=note, by=other, now=at)

    def pause_one(self, at):
        what = {"line": "electric", "part": "near", "city": "Chicago"}
        purchase_settings.pause(self.cast.pro(**what), by=self.cast.owner(**what), now=at)

    def invite_a_bookkeeper(self, at):
        books = people.address("books", main_company().name)
        team.invite(self.main, email=books, role=Member.Role.BILLING, by=self.cast.owners[self.main.pk], now=at)

    def day(self, ago: int, hour: int) -> datetime:
        """That hour of the day so many days ago, local time."""
        local = self.now.astimezone(ZoneInfo(ZONE)) - timedelta(days=ago)
        return local.replace(hour=hour, minute=12, second=0, microsecond=0).astimezone(UTC)


def awake(at: datetime, *, before: datetime) -> datetime:
    """An instant of the waking hours of the same day, 8 AM to 9 PM, or of the day before where that would not be `before`."""
    local = at.astimezone(ZoneInfo(ZONE))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    asked = (midnight + timedelta(hours=8) + (local - midnight) * 13 / 24).astimezone(UTC)
    return asked if asked < before else asked - timedelta(days=1)


def invent(questions, dice) -> dict:
    """Answers to all questions; one in eight is "I am not sure"."""
    return {question["code"]: guides.UNSURE if dice.random() < 0.125 else _answer(question, dice) for question in questions}


def _answer(question, dice):
    if question["kind"] == "number":
        return max(question["least"], round(question["usual"] * dice.uniform(0.6, 1.5)))
    return dice.choice([option["code"] for option in question["options"] if option["code"] != guides.UNSURE])


def describe(wish: Wish, estimate) -> str:
    """The homeowner's words, with the cost the permit declared where that is plausible."""
    quoted = wish.cost and estimate.low <= wish.cost <= estimate.high
    return f"{wish.words} A first quote was ${wish.cost // 100:,}." if quoted else wish.words
