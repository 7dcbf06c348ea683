"""Delivery reports: any order, any number of times, the same end (INVARIANTS 15, 26)."""

from datetime import timedelta
from itertools import permutations

import pytest

from core.ids import new_id
from notifications import delivery, stop
from notifications.channels import Accepted, Confirmed, PermanentFailure
from notifications.models import Channel, FirstDelivery, Message
from tests.notifications.post import Scripted, promised

SECOND = timedelta(seconds=1)


@pytest.fixture
def sent(marketplace, now, provide):
    """A message the provider knows as "SM1"."""
    provide(Channel.SMS, Scripted(Accepted(provider_id="SM1")))
    message = promised(now=now, channel=Channel.SMS)
    delivery.deliver_due(marketplace, now=now)
    return message


@pytest.mark.parametrize(
    ("kinds", "end"),
    [
        (order, end)
        for kinds, end in [
            (("accepted", "confirmed"), "confirmed"),
            (("accepted", "failed"), "failed"),
            (("accepted", "failed", "confirmed"), "confirmed"),
        ]
        for order in permutations(kinds)
    ],
)
def test_order_and_repeats_do_not_matter(sent, now, kinds, end):
    facts = {
        "accepted": Accepted(provider_id="SM1", at=now + SECOND),
        "confirmed": Confirmed(at=now + 2 * SECOND),
        "failed": PermanentFailure("undelivered", at=now + 3 * SECOND),
    }
    for kind in kinds + kinds[::-1]:
        assert delivery.report(facts[kind], provider_id="SM1", now=now + 9 * SECOND)
    sent.refresh_from_db()
    assert sent.state == end
    assert sent.accepted_at == now
    assert sent.confirmed_at == (now + 2 * SECOND if end == "confirmed" else None)
    first = FirstDelivery.objects.get()
    assert (first.accepted_at, first.confirmed_at) == (now, sent.confirmed_at)
    assert sent.due_at is None


def test_the_providers_time_is_kept_unless_it_lies_in_the_future(sent, now):
    delivery.report(Confirmed(at=now + timedelta(days=3)), provider_id="SM1", now=now + SECOND)
    delivery.report(Confirmed(at=now), provider_id="SM1", now=now + 2 * SECOND)
    sent.refresh_from_db()
    assert sent.confirmed_at == now + SECOND


def test_a_report_may_outrun_our_own_record(marketplace, now, provide, monkeypatch):
    """The provider reports while its answer to us is still on the way: known by our own id."""
    provider = provide(Channel.SMS, Scripted(Accepted(provider_id="SM1")))
    message = promised(now=now, channel=Channel.SMS)
    answer = provider.send

    def send(letters, *, now):
        facts = answer(letters, now=now)
        delivery.report(Confirmed(at=now), message_id=message.pk, provider_id="SM1", now=now)
        return facts

    monkeypatch.setattr(provider, "send", send)
    delivery.deliver_due(marketplace, now=now)
    message.refresh_from_db()
    assert (message.state, message.provider_id, message.due_at) == ("confirmed", "SM1", None)


def test_a_report_rescues_a_message_whose_sender_died(marketplace, now, provide):
    provide(Channel.SMS, Scripted(SystemExit()))
    message = promised(now=now, channel=Channel.SMS)
    with pytest.raises(SystemExit):
        delivery.deliver_due(marketplace, now=now)
    delivery.report(Accepted(provider_id="SM9"), message_id=message.pk, now=now)
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("accepted", "SM9")
    assert delivery.deliver_due(marketplace, now=now + timedelta(hours=1)) == 0


def test_unknown_messages_are_nobodys(sent, now):
    assert not delivery.report(Confirmed(at=now), provider_id="SM2", now=now)
    assert not delivery.report(Confirmed(at=now), message_id=new_id(), now=now)
    assert not delivery.report(Confirmed(at=now), now=now)
    assert Message.objects.get().state == "accepted"


def test_another_marketplaces_report_does_not_reach(sent, now):
    from core.models import Marketplace
    from core.tenancy import scope

    with scope(Marketplace.objects.get(slug="hearthline")):
        assert not delivery.report(Confirmed(at=now), provider_id="SM1", now=now)
        assert not delivery.report(Confirmed(at=now), message_id=sent.pk, now=now)


def test_a_report_that_blames_the_address_suppresses_it(sent, now):
    delivery.report(PermanentFailure("undelivered 30006", suppress="unreachable"), provider_id="SM1", now=now)
    assert stop.stopped(Channel.SMS, [sent.address]) == {sent.address: "unreachable"}


def test_a_cancelled_message_stays_cancelled(marketplace, now):
    message = promised(now=now)
    Message.objects.update(state="cancelled", due_at=None)
    delivery.report(Confirmed(at=now), message_id=message.pk, now=now)
    message.refresh_from_db()
    assert (message.state, message.confirmed_at, FirstDelivery.objects.count()) == ("cancelled", None, 0)
