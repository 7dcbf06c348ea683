"""The people of a journey: what homeowners, pros and staff do, see and are sent, each at a browser, a mailbox and a telephone.

Time stands still until the story moves it; then the workers do what is due. Nothing here looks into the rows but the mailboxes and the
telephones, whose rows are what they received, and what somebody has to know who was never told (an offer before it opens).
"""

import csv
import io
import itertools
import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from billing.tasks import look_due
from contact import asking, tasks
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.models import LocalCall
from leads.models import Offer
from leads.tasks import fold_all, route_due, warn_silent_pros
from leads.unlisted.tasks import send_wishes
from notifications import delivery
from notifications.models import Channel, LocalDelivery
from tests.factories import a_funded_pro, a_member, a_pro, a_staff_user
from tests.journeys.page import Page
from tests.web.homeowners.conftest import Visitor

BACKEND = "accounts.sign_in.MarketplaceBackend"


class Market:
    """A marketplace at a moment of the story. `travel` is the clock that everybody in it looks at."""

    def __init__(self, marketplace, travel):
        self.marketplace, self._travel = marketplace, travel
        self.carrier = LocalCarrier(marketplace, post=in_process)
        self.newcomers = itertools.count(10)  # each has a number and addresses of its own

    @property
    def now(self):
        return timezone.now()

    def wait(self, **time):
        """Let so much time pass; then the workers do what is due."""
        self.at(self.now + timedelta(**time))

    def at(self, instant):
        """The same at an instant."""
        self._travel.move_to(instant)
        self.work()

    def work(self):
        """What the workers find due by this instant: reports of what was sent, calls, clocks, memberships, wishes, leads, warnings; and the
        notices of all that."""
        here, now = self.marketplace, self.now
        here.refresh_from_db()  # staff may have published other numbers
        delivery.confirm_accepted(here, now=now)
        self.carrier.tick(at=now)
        tasks.look(here, now=now)
        asking.cut_closed(here, now=now)
        asking.ask_due(here, now=now)
        look_due(here, now=now)
        send_wishes(here, now=now)
        route_due(here, now=now)
        fold_all(here)
        warn_silent_pros(here, now=now)
        delivery.drain(here, now=now)

    def homeowner(self, name="Dana Whitfield"):
        return Homeowner(self, name)

    def pro(self, name, **pro):
        """A pro that is in the business since January: with a budget, or where pros pay beforehand with $10,000.00 in its wallet."""
        return Pro(self, name, **pro)

    def staff(self, name="Renee Okafor", **staff):
        return Staff(self, name, **staff)


class Person:
    """Somebody with a browser, a mailbox and a telephone. `page` is what the browser shows."""

    def __init__(self, market, name, phone, email):
        self.market, self.name, self.phone, self.email = market, name, phone, email
        self.browser, self.page = Visitor(market.marketplace.host), None

    def opens(self, address):
        """Go there, and to wherever that leads."""
        return self._shown(self.browser.get(address, follow=True), address)

    def follows(self, words):
        """Tap a link of the page."""
        return self.opens(self.page.link(words))

    def presses(self, words, /, **typed):
        """Fill in a form of the page, and press its button."""
        method, address, said = self.page.press(words, typed)
        return self._shown(getattr(self.browser, method)(address, said, follow=True), address)

    def sends(self, address, /, **said):
        """Send what no button of the page would."""
        return self._shown(self.browser.post(address, said, follow=True), address)

    def opens_mail(self, title):
        """Follow the link of the newest mail with that title."""
        return self.opens(re.search(r"https?://[^/\s]+(/\S+)", self.mail(title))[1])

    def _shown(self, answer, address):
        self.page = Page(answer, answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else address)
        return self

    @property
    def sees(self) -> str:
        """The words of the page."""
        return self.page.words

    @property
    def mails(self) -> list:
        """The titles of all mails so far."""
        return list(self._delivered(Channel.EMAIL, self.email).values_list("title", flat=True))

    @property
    def texts(self) -> list:
        """All texts so far."""
        return list(self._delivered(Channel.SMS, self.phone).values_list("text", flat=True))

    def mail(self, title) -> str:
        """The text of the newest mail whose title begins so."""
        return self._delivered(Channel.EMAIL, self.email).filter(title__startswith=title).last().text

    def _delivered(self, channel, address):
        return LocalDelivery.objects.filter(channel=channel, address=address).order_by("pk")

    # At the telephone

    @property
    def is_on_the_phone(self) -> bool:
        """Whether it rings, or they talk."""
        return self._calls().exists()

    def picks_up(self):
        self.market.carrier.answer(self._calls().latest("pk").provider_id, at=self.market.now)

    @property
    def hears(self) -> str:
        """What was said to whoever dialled last from this telephone."""
        return " ".join(str(each) for each in LocalCall.objects.filter(from_number=self.phone).latest("pk").heard)

    def _calls(self):
        return LocalCall.objects.filter(Q(to_number=self.phone) | Q(from_number=self.phone), ended_at=None)


class Homeowner(Person):
    """Somebody who wants a job done, and holds the link to the request's own page."""

    def __init__(self, market, name):
        number = next(market.newcomers)
        super().__init__(market, name, f"+131255501{number}", f"{name.split()[0].lower()}{number}@homeowners.example")

    def asks(self, **said):
        """Fill in the form for a water heater in 60614 and send it; the browser shows where that leads."""
        person = {"name": self.name, "phone": self.phone, "email": self.email, "agreed_sms": "on"}
        answer = self.browser.send(**person | said)
        assert answer.status_code == 302, Page(answer, "").words
        return self.opens(answer.url)

    def confirms_the_phone(self):
        """Ask for the code and type what the text says. The browser shows the page of the code."""
        self.presses("Text me the code")
        self.market.work()
        return self.presses("Confirm my phone", code=re.search(r"\b(\d{6})\b", self.texts[-1])[1])

    @property
    def request(self) -> str:
        """The address of the request's own page."""
        return re.match(r"/request/[^/]+/", self.page.address)[0]

    def looks(self):
        """Open the request's own page."""
        return self.opens(self.request)

    def ticks(self, *pros, **more):
        """Choose these pros on the page where they are chosen."""
        return self.presses("Send to these pros", pro=[str(pro.pro.public_id) for pro in pros], **more)

    def stops(self, pro=None):
        """One tap and one question: this pro, or all contact."""
        self.looks().follows(f"Stop this pro: {pro.name}" if pro else "Stop all contact")
        return self.presses("Yes, stop")

    @property
    def seats(self) -> list:
        """The seats on the request's own page, in order, each with its name and since when."""
        return Page(self.browser.get(self.request), self.request).rows("seats map")


class Pro(Person):
    """A pro by its owner, who is signed in."""

    def __init__(self, market, name, **pro):
        number = next(market.newcomers)
        super().__init__(market, name, f"+177355501{number}", f"owner{number}@pros.example")
        prepaid = market.marketplace.preset == "opt_in"
        self.pro = a_funded_pro(name, **pro) if prepaid else a_pro(name, **pro)
        self.owner = a_member(self.pro, email=self.email, phone=self.phone)
        self.signs_in()

    def signs_in(self):
        """At the beginning, and again when the session has run out."""
        self.browser.force_login(self.owner.user, backend=BACKEND)

    @property
    def inbox(self) -> list:
        """The rows of the inbox, what is most urgent first."""
        return self._read("/pro/leads/").rows("leads")

    @property
    def feed(self) -> list:
        """The cards of the offers page."""
        return self._read("/pro/offers/").rows("stack")

    @property
    def statement(self) -> list:
        """What the statement of the running period has: (lead type, price, discount, credit, paid) of each lead, and of each month of
        membership, newest first. Dollars, as they are written."""
        answer = self.browser.get("/pro/billing/statement.csv").content.decode()
        names = ("Lead type", "Price", "Discount", "Credit", "You pay")
        return [tuple(row[name] for name in names) for row in csv.DictReader(io.StringIO(answer)) if row["Lead type"]]

    @property
    def wallet(self) -> str:
        """The balance of the wallet."""
        return re.search(r"Balance (\$[\d,.]+)", self._read("/pro/billing/").words)[1]

    @property
    def has_heard(self) -> list:
        """All that came to this pro: mails, texts, rows of the inbox, charges."""
        return [*self.mails, *self.texts, *self.inbox, *self.statement]

    def opens_lead(self):
        """Open the newest lead of the inbox."""
        return self.opens("/pro/leads/").follows("Open")

    def opens_offer(self):
        """Open the one offer to this pro, whose address nobody but us knows before it is told."""
        offer = Offer.objects.get(pro=self.pro)
        return self.opens(f"/pro/offers/{offer.pk}/")

    @property
    def line(self) -> tuple[str, str]:
        """The number and the PIN on the page of the lead that is open."""
        number = re.search(r"Dial this number \((\d{3})\) (\d{3})-(\d{4})", self.sees)
        pin = re.search(r"Then enter the PIN ((?:\d ?){4})", self.sees)
        return "+1" + "".join(number.groups()), pin[1].replace(" ", "")

    def calls(self, line):
        """Dial the number of a line and enter its PIN."""
        number, pin = line
        call = self.market.carrier.dial(from_number=self.phone, to_number=number, at=self.market.now)
        self.market.carrier.press(call, pin, at=self.market.now)

    def _read(self, address) -> Page:
        return Page(self.browser.get(address), address)


class Staff(Person):
    """Somebody who works for the marketplace, signed in."""

    def __init__(self, market, name, **staff):
        number = next(market.newcomers)
        super().__init__(market, name, "", f"staff{number}@desk.example")
        self.browser.force_login(a_staff_user(name, **staff), backend=BACKEND)
