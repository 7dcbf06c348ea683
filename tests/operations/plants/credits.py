from datetime import timedelta

from credits.models import CreditRequest, Ruling
from leads.models import Match
from notifications.models import Message
from tests.operations.plants.plant import plants, sql, unfrozen
from tests.operations.story import END


def _appealed():
    return CreditRequest.objects.exclude(appealed_at=None).get()


@plants("credits.open_once")
def a_second_request_beside_the_open_one():
    sql("drop index credits_request_open_once")
    first = CreditRequest.objects.get(state="open")
    CreditRequest.objects.create(
        match=first.match,
        reason="duplicate",
        filed_by=first.filed_by,
        received_at=first.received_at,
        promised_at=first.promised_at,
        due_at=END,
    )


@plants("credits.in_time")
def a_claim_of_the_31st_day():
    match = CreditRequest.objects.get(state="open").match
    CreditRequest.objects.filter(match=match).update(received_at=match.at + timedelta(days=31))


@plants("credits.posted", also=["money.taken_back"])
def a_credit_that_was_never_posted():
    unfrozen("billing_transfer", "delete from billing_transfer where starts_with(reference, 'credit:')")


@plants("credits.ruled", also=["credits.posted", "credits.answered", "credits.closed"])
def granted_although_it_was_refused():
    CreditRequest.objects.filter(state="refused").update(state="granted", amount=1)


@plants("credits.recorded")
def a_grant_without_its_evidence():
    unfrozen("credits_ruling", "update credits_ruling set evidence = '{}' where verdict = 'refuse'")


@plants("credits.someone_else")
def an_appeal_heard_by_who_refused():
    first = Ruling.objects.get(request=_appealed(), verdict="refuse")
    unfrozen("credits_ruling", f"update credits_ruling set by_id = {first.by_id} where is_appeal")


@plants("credits.not_after_contact")
def code_granted_after_two_people_spoke():
    unfrozen("credits_ruling", "update credits_ruling set evidence = jsonb_set(evidence, '{mine,won}', 'true') where by_id is null")


@plants("credits.closed", also=["contact.closed", "contact.due"])
def a_credited_pro_whose_pin_still_works():
    credited = Match.objects.filter(state="credited").first()
    sql("alter table contact_line disable trigger user", f"update contact_line set closed_at = null where id = '{credited.pk}'")


@plants("credits.for_all", also=["credits.closed", "contact.closed", "routing.open_work"])
def a_fact_that_was_not_applied_to_one_of_them():
    unasked = CreditRequest.objects.filter(filed_by="marketplace").first()
    Match.objects.filter(pk=unasked.match_id).update(state="live", state_at=None)


@plants("credits.answered")
def a_pro_that_was_not_told_of_its_credit():
    Message.objects.filter(kind="credit_granted", channel="email").first().delete()


@plants("credits.masked")
def the_homeowner_s_address_in_a_note():
    request = CreditRequest.objects.get(state="refused")
    message = Message.objects.filter(kind="credit_refused", subject=request.subject).first()
    Message.objects.filter(pk=message.pk).update(context={**message.context, "note": request.match.lead.homeowner.email})


@plants("credits.due")
def a_claim_nobody_looked_at():
    CreditRequest.objects.filter(state="open").update(due_at=END - timedelta(minutes=3))
