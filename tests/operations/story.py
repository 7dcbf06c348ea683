"""A marketplace in which most things have happened once, told by the use cases, and committed: what `prove` is tested on."""

from datetime import timedelta

from accounts.models import Member, User
from contact import tasks
from core.tenancy import scope
from credits import requests, review, stopping
from leads import choice, links, replacing, revealing, withdrawal
from leads.models import Match
from leads.tasks import fold_all, route_due, warn_silent_pros
from notifications import delivery, stop
from notifications.models import Channel
from operations.founding import found
from tests.conftest import NOON
from tests.factories import SIGN_UP, a_lead, a_member, a_pro
from tests.operations.telephones import Telephones

CROWDED, SPARSE, LONELY, EMPTY = "60614", "60622", "60629", "60640"
END = NOON + timedelta(days=3, hours=1)


def tell():
    """Found two marketplaces and let them live until END; returns the first."""
    live, other = (found(slug=slug, preset="lead_manager", now=SIGN_UP) for slug in ("craftyard", "elsewhere"))
    _pros(live)
    _pros(other)
    _request(live, NOON - timedelta(days=35), zip=CROWDED)
    _work(live, NOON - timedelta(days=35))
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
    fake = _request(live, tomorrow, zip=CROWDED)
    called = _request(live, tomorrow, zip=CROWDED, phone="+17735550142")
    _work(live, tomorrow)
    _choose(live, chooser, tomorrow + timedelta(minutes=5))
    _calls(called, tomorrow)
    _claims(live, fake, first)

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
    with scope(live):
        replacing.replace(waiting.matches.get(), now=NOON + timedelta(hours=50))
    _work(live, END)
    for _ in range(2):
        _request(live, END, zip=EMPTY, agreed_sms=False)
    with scope(live):
        _ask(Match.objects.filter(lead__zip=SPARSE).first(), END)
    return live


def _choose(marketplace, lead, now):
    """One pro is chosen, and AutoMatch may have the other seats."""
    with scope(marketplace):
        picked = choice.choices(lead, now=now).pros[0]
        choice.choose(lead, [picked.pk], fill=True, now=now, page="/request/")
    _work(marketplace, now)


def _calls(lead, now):
    """One pro speaks with the homeowner after ten minutes. Another mistypes its PIN and hangs up too soon. The homeowner calls a third."""
    people = Telephones(lead, now=now + timedelta(minutes=10))
    first, second, *_others = people.matches
    people.ring(first).wait(5).answer().wait(60).hang_up(people.leg)
    people.ring(second, "0000" if second.line.pin != "0000" else "0001").wait(3).hang_up(people.call)
    people.call_back("3").wait(5).answer().wait(30).hang_up(people.call)
    people.wait(10)


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
