"""A service that homeowners wait for: what waits, what a lead of it costs, and one tap to offer it (RULES 9)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.queries import services_of
from accounts.rights import Right
from catalog.queries import service_of
from core.errors import NotAllowed, NotFound, Refusal
from leads import unlisted
from web.pros.viewer import page, pro_page


@pro_page("GET", "POST", right=Right.OPEN_LEADS)
def add_service(request, viewer, code):
    service = service_of(code)
    if service is None:
        raise NotFound
    refusal = None
    if request.method == "POST":
        try:
            sent = unlisted.take_up(viewer.pro, service, by=viewer.member, now=viewer.now)
        except NotAllowed:
            raise
        except Refusal as said:
            refusal = said
        else:
            went = ngettext("%(n)s request that waited for it goes out.", "%(n)s requests that waited for it go out.", sent) % {"n": sent}
            messages.success(request, " ".join([_("You offer %(service)s now.") % {"service": service.name}, went if sent else ""]).strip())
            return redirect("pros:add_service", code)
    context = {
        "service": service,
        "price": unlisted.price_of(service, now=viewer.now),
        "wanted": unlisted.wanted_by(viewer.pro, service),
        "offered": service in services_of(viewer.pro),
        "may_add": viewer.may(Right.WIDEN_AREA),
        "refusal": refusal,
    }
    return page(request, viewer, "pros/add_service.html", context, status=refusal.status if refusal else 200)
