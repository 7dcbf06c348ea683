"""A request that nobody took, sent once more with one tap."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.words import local_guide
from core.errors import Refusal
from leads import again, consent, links, waiting
from leads.masking import masked
from web.address import address_of
from web.homeowners import job
from web.homeowners.edges import private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def send_again(request, token):
    """The job as it was, with the words to agree to; a POST sends it. Sent twice, it is one request."""
    lead, now = links.lead_of(token), timezone.now()
    if not waiting.can_wait(lead):
        return redirect("homeowners:request", token=token)
    if request.method != "POST":
        return _page(request, lead, token)
    circumstances = {"page": f"{request.get_host()}{request.path}"[:200], "ip": address_of(request)}
    try:
        new = again.send_again(lead, agreed_sms="agreed_sms" in request.POST, now=now, **circumstances)
    except Refusal as refusal:
        return _page(request, lead, token, refusal=refusal)
    messages.success(request, _("Sent again. This is the page of your new request."))
    return redirect("homeowners:request", token=links.token(new))


def _page(request, lead, token, refusal=None):
    context = {
        "lead": lead,
        "token": token,
        "words": masked(lead.description),
        "facts": job.facts(local_guide(lead.guide).questions, lead.answers, timing=lead.timing, ownership=lead.ownership, reach=lead.reach),
        "consent_words": consent.words(),
        "sms_words": consent.sms_words() if lead.homeowner.phone else "",
        "refusal": refusal,
    }
    return render(request, "homeowners/send_again.html", context, status=refusal.status if refusal else 200)
