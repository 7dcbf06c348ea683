"""What homeowners do in a play."""

from catalog import guide as guides
from core import ids
from core.policy import read
from credits import stopping
from leads import (
    again,
    choice,
    correcting,
    hiring,
    intake,
    phone_check,
    replacing,
    revealing,
    reviews,
    unlisted,
    waiting,
)
from leads.models import Lead, Match, Reveal, Wish
from leads.policy import Leads
from tests.factories import a_request, the_code
from tests.play.acts import collect

SERVICES = ("water-heater", "plumbing-repair")
PEOPLE = 12  # numbers and addresses that come again: who asks twice is one duplicate group
ACTS = []
act = collect(ACTS)


def a_person(game) -> dict:
    number = game.chance.randrange(PEOPLE)
    phone, email = f"+1312555{110 + number:04}", f"player{game.chance.randrange(PEOPLE)}@homeowners.example"
    return game.chance.choice([{"phone": phone, "email": email}, {"phone": phone, "email": ""}, {"phone": phone}])


@act(9)
def ask(game, *, now):
    draw = game.chance
    chooses = read(Leads).choice and draw.random() < 0.55
    said = a_request(
        **a_person(game),
        service=draw.choice(SERVICES),
        way="choose" if chooses else "match",
        then_automatch=draw.random() < 0.5,
        different_job=draw.random() < 0.4,
        agreed_sms=draw.random() < 0.5,
        reach=draw.choice(Lead.Reach.values),
        description=f"Job {draw.randrange(40)}",
    )
    key = f"play-{draw.randrange(10**6)}"
    source, test = draw.choice(["form", "story"]), draw.random() < 0.04
    intake.submit(said, submit_key=key, now=now, page="/request/", source=source, test=test)
    if draw.random() < 0.1:
        intake.submit(said, submit_key=key, now=now, page="/request/", source=source, test=test)


@act(1)
def ask_for_the_unlisted(game, *, now):
    said = a_request(**a_person(game), service="water-heater")
    unlisted.ask(f"Thing {game.chance.randrange(5)}", "plumbing", said, submit_key=ids.new_id().hex, look_by=now, now=now)


@act(0.4)
def take_the_unlisted_back(game, *, now):
    unlisted.take_back(game.some(Wish.objects.all()), now=now)


@act(5)
def ask_for_the_code(game, *, now):
    lead = game.some(Lead.objects.filter(phone_confirmed_at=None).exclude(phone_check="off"))
    phone_check.send(lead, now=now)
    game.codes[lead.pk] = the_code(lead)


@act(6)
def type_the_code(game, *, now):
    lead = game.some(Lead.objects.filter(pk__in=game.codes))
    code = game.codes[lead.pk] if game.chance.random() < 0.9 else "000000"
    for _ in range(game.chance.choice([1, 1, 2])):
        phone_check.confirm(lead, code, now=now)


@act(9)
def choose(game, *, now):
    lead = game.some(Lead.objects.exclude(state="closed"))
    pros = [pro.pk for pro in choice.choices(lead, now=now).pros]
    if game.chance.random() < 0.15:
        pros = [game.pro().pk for _ in range(4)]
    picks = game.chance.sample(pros, min(len(pros), game.chance.randint(1, 4)))
    choice.choose(lead, picks, fill=game.chance.random() < 0.5, now=now)


@act(1)
def look_at_the_choice(game, *, now):
    choice.seen(game.some(Lead.objects.filter(way="choose")), now=now)


@act(1)
def stop_all(game, *, now):
    stopping.stop_all_contact(game.some(Lead.objects.all()), now=now)


@act(1)
def stop_one(game, *, now):
    stopping.stop_one(game.some(Match.objects.all()), now=now)


@act(3)
def replace(game, *, now):
    replacing.replace(game.some(Match.objects.filter(state="live")), now=now)


@act(1)
def hire(game, *, now):
    lead = game.some(Lead.objects.filter(withdrawn_at=None))
    match = Match.objects.filter(lead=lead, state="live").order_by("?").first()
    if match and game.chance.random() < 0.4:
        hiring.say(lead, "pro", match_id=match.pk, now=now)
    else:
        hiring.say(lead, game.chance.choice(["other", "nobody"]), now=now)


@act(2)
def correct(game, *, now):
    lead = game.some(Lead.objects.exclude(state="closed"))
    partly = {}
    for question in lead.guide.questions:
        options = [option["code"] for option in question.get("options", [])]
        if options and game.chance.random() < 0.5:
            partly[question["code"]] = game.chance.choice(options)
    answers = guides.fill(lead.guide.questions, partly)
    job = correcting.Job(answers=answers, description="Other words.", timing=game.chance.choice(Lead.Timing.values), reach=lead.reach)
    correcting.correct(lead, job, now=now)


@act(1.5)
def reveal(game, *, now):
    revealing.reveal(game.some(Match.objects.all()), game.chance.choice(Reveal.What.values), now=now)


@act(1)
def wait_on_the_list(game, *, now):
    waiting.wait(game.some(Lead.objects.filter(outcome="unfilled")), now=now)


@act(0.5)
def leave_the_list(game, *, now):
    waiting.leave(game.some(Lead.objects.exclude(waiting_until=None)), now=now)


@act(1)
def send_again(game, *, now):
    again.send_again(game.some(Lead.objects.filter(outcome="unfilled")), agreed_sms=False, now=now)


@act(1)
def review(game, *, now):
    match = game.some(Match.objects.select_related("lead"))
    reviews.write(match.lead, match.pk, stars=game.chance.randint(1, 5), now=now)
