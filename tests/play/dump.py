import re
from core.models import Event
from core.tenancy import scope
from leads.models import Lead, Match, Offer
from credits.models import CreditRequest


def dump(marketplace, broken):
    ids = set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", " ".join(broken)))
    out = []
    with scope(marketplace):
        leads = set()
        for pk in ids:
            for lead in Lead.objects.filter(pk=pk):
                leads.add(lead.pk)
            for m in Match.objects.filter(pk=pk):
                leads.add(m.lead_id)
            for m in Offer.objects.filter(pk=pk):
                leads.add(m.lead_id)
        for pk in sorted(leads)[:3]:
            lead = Lead.objects.get(pk=pk)
            keys = [str(pk)]
            out.append(
                "LEAD "
                + " ".join(
                    f"{k}={v}"
                    for k, v in vars(lead).items()
                    if k
                    in "id group_id way state outcome outcome_reason seats submitted_at closes_at due_at ended_at withdrawn_at chosen_at automatch_from offered_at open_to_all_at draws_at drawn_at hired attempts test".split()
                )
            )
            for m in Match.objects.filter(group=lead.group_id).order_by("at"):
                keys.append(str(m.pk))
                out.append(
                    f"  MATCH {m.pk} lead={m.lead_id == lead.pk} pro={m.pro_id} slot={m.slot} {m.lead_type} {m.state} at={m.at} state_at={m.state_at} price={m.price} warned={m.warned_at} opened={m.opened_at}"
                )
            for o in Offer.objects.filter(lead=lead):
                keys.append(str(o.pk))
                out.append(
                    f"  OFFER {o.pk} pro={o.pro_id} {o.lead_type} slot={o.slot} {o.state} round={o.round} at={o.at} opens={o.opens_at} exp={o.expires_at} dec={o.decided_at} price={o.price} undo={o.undo_until} res={o.reserved}"
                )
            for e in Event.objects.filter(subject__in=keys).order_by("at", "id"):
                out.append(f"  EVENT {e.at} {e.kind} {e.subject[-6:]} {e.data}")
    return "\n".join(out)
