"""One pro, for a homeowner who may choose it or has it: what was checked, what was measured, and all reviews (RULES 14, 46)."""

from dataclasses import replace

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from leads import links, profiles
from web.homeowners.edges import private
from web.homeowners.listing import Wanted
from web.profiles import about


@require_safe
@private
def profile(request, token, pro_id):
    """The page goes on where the visitor came from: what is ticked there stays ticked."""
    lead, now = links.lead_of(token), timezone.now()
    shown, can_pick = profiles.shown_to(lead, pro_id, now=now)
    wanted, choosing = Wanted.of(request.GET), reverse("homeowners:choose", args=[token])
    context = {
        "lead": lead,
        "token": token,
        "can_pick": can_pick,
        "is_picked": shown.pro in wanted.picks,
        "back": f"{choosing}?{wanted.query()}",
        "tick": f"{choosing}?{replace(wanted, picks=(*wanted.picks, shown.pro)).query()}",
        "wanted": wanted,
        **about(shown, page=request.GET.get("reviews", "")),
    }
    return render(request, "homeowners/profile.html", context)
