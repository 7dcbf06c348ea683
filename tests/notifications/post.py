"""What the stories of the notices are made of."""

from collections import Counter

from notifications import outbox
from notifications.channels import Accepted, Confirmed, NeverSeen
from notifications.models import Channel, Message

CONTEXT = {
    "new_lead": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "zip": "60614",
        "lead_type": "AutoMatch",
        "price": "$38.00",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
        "code": "K7Q2",
    },
    "new_offer": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "zip": "60614",
        "estimate": "$2,500.00",
        "price": "$25.00",
        "until_at": "2026-05-20T21:00:00+00:00",
        "chosen": False,
        "url": "http://craftyard.localhost:8000/pro/offers/1/",
    },
    "not_drawn": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "zip": "60614",
        "price": "$25.00",
        "why": "9 pros were in the draw for 4 free seats, and others were drawn.",
        "url": "http://craftyard.localhost:8000/pro/offers/1/",
    },
    "lead_withdrawn": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "K7Q2",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "no_attempt": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "until_at": "2026-05-21T17:00:00+00:00",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "lead_replaced": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "details_shared": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "what": "phone",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "homeowner_decided": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "decision": "another",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "call_reminder": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "until_at": "2026-05-20T17:30:00+00:00",
        "saving": "$7.60",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "follow_up": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "step": "Follow Up That Week",
        "done": 1,
        "of": 3,
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "credit_received": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
        "amount": "$38.00",
        "promised_at": "2026-05-23T04:59:59.999999+00:00",
    },
    "credit_granted": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
        "amount": "$38.00",
        "why": "The number does not work.",
        "note": "",
    },
    "credit_refused": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
        "by": "Renee Okafor",
        "why": "What we know does not prove it.",
        "note": "The number rang when we tried it.",
        "last": False,
    },
    "credit_question": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
        "by": "Renee Okafor",
        "question": "Who answered when you called?",
    },
    "membership_charged": {
        "pro": "North Branch Plumbing",
        "tier": "Gold",
        "why": "changed",
        "amount": "$25.00",
        "next": "Gold",
        "next_amount": "$79.00",
        "until_at": "2026-06-20T17:00:00+00:00",
        "url": "http://hearthline.localhost:8000/pro/account/membership/",
    },
    "membership_announced": {
        "pro": "North Branch Plumbing",
        "tier": "Gold",
        "next": "Gold",
        "amount": "$79.00",
        "until_at": "2026-06-20T17:00:00+00:00",
        "url": "http://hearthline.localhost:8000/pro/account/membership/",
    },
    "membership_unfunded": {
        "pro": "North Branch Plumbing",
        "tier": "Gold",
        "amount": "$79.00",
        "balance": "$12.50",
        "until_at": "2026-06-20T17:00:00+00:00",
        "url": "http://hearthline.localhost:8000/pro/account/membership/",
    },
    "membership_lowered": {
        "pro": "North Branch Plumbing",
        "tier": "Gold",
        "by": "Marcus Bell",
        "next": "Silver",
        "next_amount": "$29.00",
        "until_at": "2026-06-20T17:00:00+00:00",
        "url": "http://hearthline.localhost:8000/pro/account/membership/",
    },
    "membership_ended": {
        "pro": "North Branch Plumbing",
        "tier": "Gold",
        "why": "unpaid",
        "at": "2026-06-20T17:00:00+00:00",
        "url": "http://hearthline.localhost:8000/pro/account/membership/",
    },
    "budget_75": {"pro": "North Branch Plumbing", "budget": "$300.00", "spent": "$228.00", "url": "http://craftyard.localhost:8000/pro/"},
    "budget_used": {"pro": "North Branch Plumbing", "budget": "$300.00", "spent": "$285.00", "url": "http://craftyard.localhost:8000/pro/"},
    "choose_reminder": {
        "service": "Water heater replacement",
        "until_at": "2026-05-20T17:15:00+00:00",
        "then_automatch": True,
        "url": "http://craftyard.localhost:8000/request/abc/choose/",
    },
    "introduction": {
        "service": "Water heater replacement",
        "pros": ["North Branch Plumbing", "Lakeview Pipe & Drain", "Hermosa Mechanical"],
        "number": "(312) 555-0117",
        "url": "http://craftyard.localhost:8000/request/abc/",
    },
    "seat_given_back": {
        "service": "Water heater replacement",
        "pro": "North Branch Plumbing",
        "url": "http://craftyard.localhost:8000/request/abc/",
    },
    "code_awaited": {
        "service": "Water heater replacement",
        "until_at": "2026-05-21T17:00:00+00:00",
        "url": "http://craftyard.localhost:8000/request/abc/code/",
    },
    "wish_received": {
        "service": "Solar tube",
        "by_at": "2026-05-22T04:59:59.999999+00:00",
        "url": "http://craftyard.localhost:8000/request/unlisted/abc/",
    },
    "wish_over": {
        "service": "Solar tube",
        "why": "Nobody does this here.",
        "url": "http://craftyard.localhost:8000/request/unlisted/abc/",
    },
    "service_wanted": {
        "pro": "North Branch Plumbing",
        "service": "Solar tube",
        "place": "Chicago, IL",
        "zip": "60614",
        "price": "$38.00",
        "url": "http://craftyard.localhost:8000/pro/services/solar-tube/add/",
    },
    "phone_code": {"code": "480213", "minutes": 10, "until_at": "2026-05-20T17:10:00+00:00"},
    "request_received": {"service": "Water heater replacement", "url": "http://craftyard.localhost:8000/request/abc/"},
    "request_withdrawn": {
        "service": "Water heater replacement",
        "at": "2026-05-20T17:00:00+00:00",
        "url": "http://craftyard.localhost:8000/request/abc/",
    },
    "review_asked": {"service": "Water heater replacement", "url": "http://craftyard.localhost:8000/request/abc/review/"},
    "review_written": {
        "pro": "North Branch Plumbing",
        "service": "Water heater replacement",
        "place": "Chicago, IL",
        "code": "AM-K7Q2WX",
        "stars": 4,
        "url": "http://craftyard.localhost:8000/pro/leads/1/",
    },
    "check_expiring": {
        "pro": "North Branch Plumbing",
        "check": "License",
        "until_at": "2026-06-20T04:59:59+00:00",
        "pauses": True,
        "url": "http://craftyard.localhost:8000/pro/account/profile/",
    },
    "check_expired": {
        "pro": "North Branch Plumbing",
        "check": "Insurance",
        "until_at": "2026-05-20T04:59:59+00:00",
        "pauses": False,
        "url": "http://craftyard.localhost:8000/pro/account/profile/",
    },
    "pick_not_taken": {
        "service": "Water heater replacement",
        "pro": "North Branch Plumbing",
        "url": "http://craftyard.localhost:8000/request/abc/choose/",
    },
    "somebody_can": {
        "service": "Water heater replacement",
        "zip": "60614",
        "url": "http://craftyard.localhost:8000/request/abc/again/",
    },
    "invitation": {"pro": "North Branch Plumbing", "inviter": "Dana Ruiz", "url": "http://craftyard.localhost:8000/pro/join/abc/"},
    "password_reset": {"url": "http://craftyard.localhost:8000/pro/password/abc/"},
}
ADDRESS = {Channel.EMAIL: "dana@example.com", Channel.SMS: "+13125550142"}


def notice(kind="new_lead", channel=Channel.EMAIL, **changes):
    """A notice of `kind` about one match to one member; `changes` are fields of Notice."""
    fields = {"subject": "match-1", "recipient": "member:1", "address": ADDRESS[channel], "context": CONTEXT[kind]}
    return outbox.Notice(kind=kind, channel=channel, **{**fields, **changes})


def promised(*, now, **changes) -> Message:
    """Promise one notice and give back its row."""
    outbox.promise([notice(**changes)], now=now)
    return Message.objects.order_by("-id").first()


class Scripted:
    """A provider that answers `answers` in order, then accepts. It keeps what it accepted, as a provider would."""

    at_once = 1

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = Counter()
        self.kept = Counter()

    def send(self, letters, *, now):
        return [self._answer(letter) for letter in letters]

    def look_up(self, letters, *, now):
        return [Confirmed(at=now) if self.kept[letter.id] else NeverSeen() for letter in letters]

    def _answer(self, letter):
        self.calls[letter.id] += 1
        answer = self.answers.pop(0) if self.answers else Accepted(provider_id=f"id-{letter.id}")
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Accepted):
            self.kept[letter.id] += 1
        return answer
