"""A marketplace in which most things have happened once, told by the use cases, and committed: what `prove` is tested on."""

from dataclasses import replace
from datetime import timedelta

from accounts import checks
from accounts.models import Member, User
from billing import membership as memberships
from billing import tasks as billing_tasks
from billing.policy import Memberships, Tier
from billing.queries import membership_of
from contact import tasks
from core.policy import publish
from core.tenancy import scope
from credits import requests, review, stopping
from leads import choice, links, matching, offers, phone_check, replacing, revealing, reviews, unlisted, withdrawal
from leads.models import Match, Offer
from leads.policy import Leads, PhoneCheck
from leads.tasks import fold_all, route_due, warn_silent_pros
from notifications import delivery, stop
from notifications.models import Channel
from operations.founding import found
from operations.presets import PRESETS
from tests.conftest import NOON
from tests.factories import SIGN_UP, a_lead, a_member, a_membership, a_pro, a_request, the_code
from tests.operations.telephones import Telephones

SECTIONS = [*PRESETS["lead_manager"].sections, Memberships(tiers=(Tier("Silver", 2_900), Tier("Gold", 7_900)))]
CROWDED, SPARSE, LONELY, EMPTY, OFFERED = "60614", "60622", "60629", "60640", "60657"
END = NOON + timedelta(days=3, hours=1)
_phones = iter([f"+1773555015{number}" for number in range(3)])


def tell():
    """Found two marketplaces and let them live until END; returns the first."""
    live, other = (found(slug=slug, preset="lead_manager", now=SIGN_UP) for slug in ("craftyard", "elsewhere"))
    with scope(live):
        publish(SECTIONS, now=SIGN_UP)
    _pros(live)
    _pros(other)
    long_ago = _request(live, NOON - timedelta(days=35), zip=CROWDED, phone="+17735550143")
    _work(live, NOON - timedelta(days=35))
    _reviewed(live, long_ago, NOON - timedelta(days=35))
    _request(other, NOON, zip=CROWDED)
    _work(other, NOON)

    for _ in range(21):
        _request(live, NOON, zip=LONELY)
    waiting = _request(live, NOON, zip=LONELY, phone="+17735550190")
    _request(live, NOON, zip=SPARSE, phone="+17735550171", email="", agreed_sms=True)
    _request(live, NOON, zip=EMPTY)
    _request(live, NOON, zip=CROWDED, test=True)
    first = _request(live, NOON, zip=CROWDED, email="ana@homeowners.example")
    _work(live, NOON)

    tomorrow = NOON + timedelta(days=1)
    _request(live, tomorrow, zip=CROWDED, email="ana@homeowners.example")
    _request(live, tomorrow, zip=CROWDED, email="ana@homeowners.example", description="Another one.", different_job=True)
    chooser = _request(live, tomorrow, zip=CROWDED, way="choose")
    _confirm(live, [_draft(live, tomorrow, zip=CROWDED), _draft(live, tomorrow, zip=EMPTY)][0], tomorrow)
    fake = _request(live, tomorrow, zip=CROWDED)
    called = _request(live, tomorrow, zip=CROWDED, phone="+17735550142")
    _work(live, tomorrow)
    _choose(live, chooser, tomorrow + timedelta(minutes=5))
    _calls(called, tomorrow)
    _claims(live, fake, first)
    _wishes(live, tomorrow)

    _memberships(live)
    later = NOON + timedelta(hours=25)
    warn_silent_pros(live, now=later)
    delivery.drain(live, now=later)
    with scope(live):
        stopping.stop_one(Match.objects.filter(lead=chooser).first(), now=later)
        revealing.reveal(Match.objects.filter(lead__zip=SPARSE).first(), "phone", now=later)
        withdrawal.stop_all_contact(links.lead_of(links.token(first)), now=NOON + timedelta(days=2))
        stop.stop(Channel.SMS, "+17735550171", reason="stop", now=NOON + timedelta(days=2))
    _request(live, NOON + timedelta(days=2), zip=EMPTY, agreed_sms=False)
    _work(live, NOON + timedelta(days=2))
    _offers(live, NOON + timedelta(hours=49))
    with scope(live):
        replacing.replace(waiting.matches.get(), now=NOON + timedelta(hours=50))
    _work(live, END)
    for _ in range(2):
        _request(live, END, zip=EMPTY, agreed_sms=False)
    _draft(live, END, zip=EMPTY)
    with scope(live):
        _ask(Match.objects.filter(lead__zip=SPARSE).first(), END)
    return live


def _memberships(marketplace):
    """Two pros become members, one goes up; a month later one is renewed, and the other has cancelled."""
    begun = NOON - timedelta(days=36)
    with scope(marketplace):
        first, second = Member.objects.filter(pro__state_row__day_cap=5)[:2]
        a_membership(first, 1, now=begun)
        a_membership(second, 2, now=begun)
        held = membership_of(first.pro)
        price = memberships.cost(first.pro, held, 2, now=begun + timedelta(days=9))
        memberships.change(first.pro, 2, seen=held.stamp, shown=price, by=first, now=begun + timedelta(days=9))
        memberships.cancel(second.pro, by=second, now=begun + timedelta(days=20))
    for days in (23, 28, 31):
        billing_tasks.look_due(marketplace, now=begun + timedelta(days=days))
        delivery.drain(marketplace, now=begun + timedelta(days=days))


def _draft(marketplace, now, **changes):
    """A request by the form while the phone had to be confirmed first."""
    with scope(marketplace):
        publish([replace(each, mode="required") if isinstance(each, PhoneCheck) else each for each in SECTIONS], now=now)
        draft = a_lead(now=now, source="form", agreed_sms=False, **changes | {"phone": next(_phones)})
        publish(SECTIONS, now=now)
        return draft


def _confirm(marketplace, draft, now):
    with scope(marketplace):
        phone_check.send(draft, now=now)
        assert phone_check.confirm(draft, the_code(draft), now=now)


def _wishes(marketplace, now):
    """Two requests for what is not listed: staff send one as another service, the other one is a service that waits for a pro."""
    amounts = (40_000, 80_000, 120_000)
    made = {"trade": "plumbing", "name": "Solar tube", "synonyms": [], "like": "", "amounts": amounts, "lead_price": 2_500}
    with scope(marketplace):
        staff = User.objects.get(email="grace@craftyard.example")
        said = [replace(a_request(zip=EMPTY, phone="", agreed_sms=False), service="", answers={}) for _ in range(2)]
        sent, waits = (unlisted.ask("Solar tube", "", one, submit_key=one.email, look_by=now, now=now) for one in said)
        unlisted.send_as(sent.pk, "plumbing-repair", by=staff, now=now)
        unlisted.add_to_catalogue(waits.pk, **made, by=staff, now=now)


def _choose(marketplace, lead, now):
    """One pro is chosen, and AutoMatch may have the other seats."""
    with scope(marketplace):
        picked = choice.choices(lead, now=now).pros[0]
        choice.choose(lead, [picked.pk], fill=True, now=now, page="/request/")
    _work(marketplace, now)


def _offers(marketplace, now):
    """For a day pros opt in. Of the five that a lead is offered to three accept when they may, one declines and one does not answer."""
    with scope(marketplace):
        publish([replace(each, lead_types=("opt_in",)) if isinstance(each, Leads) else each for each in SECTIONS], now=now)
        lead = a_lead(now=now, zip=OFFERED)
        matching.route(lead_id=lead.pk, now=now)
    later = now + timedelta(minutes=16)
    delivery.drain(marketplace, now=later)
    with scope(marketplace):
        *willing, busy, _silent = Offer.objects.filter(lead=lead).order_by("pk")
        for offer in willing:
            offers.accept(offer, by=Member.objects.get(pro=offer.pro_id), shown_price=offer.price, now=later)
        offers.decline(busy, reason="busy", by=Member.objects.get(pro=busy.pro_id), now=later)
        publish(SECTIONS, now=now + timedelta(hours=1))


def _calls(lead, now):
    """One pro speaks with the homeowner after ten minutes. Another mistypes its PIN and hangs up too soon. The homeowner calls a third."""
    people = Telephones(lead, now=now + timedelta(minutes=10))
    first, second, *_others = people.matches
    people.ring(first).wait(5).answer().wait(60).hang_up(people.leg)
    people.ring(second, "0000" if second.line.pin != "0000" else "0001").wait(3).hang_up(people.call)
    people.call_back("3").wait(5).answer().wait(30).hang_up(people.call)
    people.wait(10)


def _reviewed(marketplace, lead, now):
    """A pro speaks with the homeowner, too late for the discount, whose review it has two weeks later; staff have checked its license."""
    people = Telephones(lead, now=now + timedelta(minutes=50))
    first = people.matches[0]
    people.ring(first).wait(5).answer().wait(60).hang_up(people.leg)
    people.wait(10)
    later = now + timedelta(days=14)
    with scope(marketplace):
        staff = User.objects.create_user("ines@craftyard.example", "x", name="Ines", is_staff=True)
        checks.record(first.pro, "licence", by=staff, now=now, valid_until=(END + timedelta(days=90)).date())
        reviews.write(lead, first.pk, stars=4, words="Came when they said.", now=later)
    _work(marketplace, later)


def _claims(marketplace, fake, real):
    """A pro phones about the lead `fake`, is asked, refused, and heard by somebody else, who finds that it is a fraud: all its pros are
    credited. A pro of the lead `real` is refused for good."""
    with scope(marketplace):
        grace, tom = (User.objects.create_user(f"{name}@craftyard.example", "x", name=name, is_staff=True) for name in ("Grace", "Tom"))
        first = fake.matches.first()
        now = NOON + timedelta(days=1, hours=1)
        requests.stub(first, by=grace, now=now)
        request = _ask(first, now)
        review.ask(request, question="Who picked up?", by=grace, now=now)
        requests.answer(request, words="Nobody of that name.", by=_owner(first), now=now)
        review.decide(request, verdict="refuse", rule="not_proven", note="It rings.", by=grace, now=now)
        review.appeal(request, words="It is a bakery.", by=_owner(first), now=now)
        review.decide(request, verdict="grant", rule="fraudulent", by=tom, now=now + timedelta(hours=1))
        refused = _ask(real.matches.first(), now)
        review.decide(refused, verdict="refuse", rule="no_answer", note="They were away.", by=tom, now=now)


def _ask(match, now):
    return requests.submit(match, reason="wrong_contact", words="Somebody else picked up.", by=_owner(match), now=now)


def _owner(match):
    return Member.objects.filter(pro=match.pro_id).first()


def _pros(marketplace):
    with scope(marketplace):
        for number in range(6):
            limits = {"day_cap": 5, "week_cap": 9} if number else {}
            a_member(a_pro(zips=[CROWDED], budget=100_000, **limits), phone=f"+1773555018{number}")
        for _ in range(2):
            a_member(a_pro(zips=[SPARSE], budget=100_000))
        for _ in range(5):
            a_member(a_pro(zips=[OFFERED], budget=100_000))
        a_pro(zips=[LONELY], budget=1_000_000)
        for _ in range(3):
            a_pro(zips=[CROWDED], test=True)


def _request(marketplace, now, **changes):
    with scope(marketplace):
        return a_lead(now=now, **changes)


def _work(marketplace, now):
    """What workers do at `now`, half a minute later when they look up what became of the messages, and when clocks start for that."""
    while route_due(marketplace, now=now):
        pass
    fold_all(marketplace)
    for seconds in (0, 31, 40):
        at = now + timedelta(seconds=seconds)
        delivery.drain(marketplace, now=at)
        while tasks.look(marketplace, now=at):
            pass
