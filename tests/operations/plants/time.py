from datetime import timedelta

from core.models import Event
from leads.models import Lead, Wish
from notifications.models import Message
from tests.operations.plants.plant import plants, sql, unfrozen
from tests.operations.story import END


def _open():
    return Lead.objects.filter(state="open").first()


@plants("time.deadline")
def a_second_more():
    sql("update leads_lead set closes_at = closes_at + interval '1 second' where outcome = 'filled'")


@plants("time.limbo")
def nobody_looks_again():
    Lead.objects.filter(pk=_open().pk).update(due_at=None)


@plants("time.in_time", also=["time.leads_due"])
def open_after_its_deadline():
    lead = _open()
    earlier = lead.submitted_at - timedelta(days=4)
    unfrozen("leads_consent", f"update leads_consent set at = '{earlier}' where lead_id = '{lead.pk}'")
    closes = lead.closes_at - timedelta(days=4)
    Lead.objects.filter(pk=lead.pk).update(submitted_at=earlier, routed_at=earlier, closes_at=closes, due_at=closes)


@plants("time.ended_once")
def ended_twice():
    event = Event.objects.filter(kind="lead.closed").first()
    Event.objects.create(kind=event.kind, subject=event.subject, at=event.at, data=event.data)


@plants("time.outcome")
def filled_but_called_unfilled():
    sql("update leads_lead set outcome = 'unfilled' where outcome = 'filled'")


@plants("time.seats_in_time")
def matched_after_the_withdrawal():
    sql("update leads_lead set withdrawn_at = submitted_at - interval '1 hour' where withdrawn_at is not null and outcome = 'filled'")


@plants("time.leads_due")
def a_lead_nobody_looked_at():
    Lead.objects.filter(state="new").update(due_at=END - timedelta(minutes=3))


@plants("time.messages_due")
def a_message_nobody_took():
    Message.objects.filter(state="queued").update(due_at=END - timedelta(minutes=3))


@plants("time.repeats")
def the_same_words_at_once():
    first, second = Lead.objects.filter(state="new")
    Lead.objects.filter(pk=first.pk).update(content_hash=second.content_hash)


@plants("time.drafts")
def a_draft_nobody_ended():
    Lead.objects.filter(state="draft").update(confirm_by=END - timedelta(minutes=3))


@plants("time.wishes_due")
def a_wish_nobody_ended():
    Wish.objects.filter(state="offered").update(due_at=END - timedelta(minutes=3))
