"""Who looks at the Lead Manager: a member of a pro, found anew for each request (DESIGN rule 6, INVARIANTS 33).

Every view is a `pro_page`: it gets the request, a `Viewer` and what its address names.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Member, Pro, ProState, User
from accounts.queries import member_of
from accounts.rights import Right, may
from accounts.windows import Counters, counters, period_dates
from billing.policy import Memberships
from core.errors import NotAllowed, NotFound
from core.policy import read
from leads import inbox, queries
from leads.policy import Leads
from leads.standing import Standing, standing

MOVING = re.compile(r'(?s)<span class="ring[^>]*? data-deadline="([^"]*)".*?</b></span>|csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True)
class Viewer:
    """A signed-in member with its pro, at the instant of the request."""

    user: User
    member: Member
    pro: Pro
    now: datetime

    def may(self, right: Right) -> bool:
        return may(self.member.role, right)

    @property
    def zone(self) -> str:
        return self.pro.zone

    @property
    def state(self) -> ProState:
        return self.pro.state_row

    @cached_property
    def counters(self) -> Counters:
        return counters(self.state, self.now)

    @property
    def budget(self) -> dict:
        """Used, reserved for draws, and cap of the running period, in cents; `cap` is None where there is none."""
        cap, used, reserved = self.state.budget, self.counters.spent, self.state.reserved
        left = None if cap is None else max(0, cap - used - reserved)
        return {"used": used, "reserved": reserved, "cap": cap, "left": left}

    @cached_property
    def standing(self) -> Standing:
        """Whether leads reach the pro, and if not, why."""
        return standing(self.state, now=self.now)

    @property
    def period(self) -> tuple:
        """The first and the last day of the running 30-day period."""
        return period_dates(self.state.anchor, self.counters.period)

    @property
    def account_manager(self) -> User | None:
        """Who looks after the pro, where its membership or the policy says that it knows (RULES 2)."""
        return self.pro.account_manager if read(Memberships).has_manager(self.state.tier) else None

    @property
    def may_be_member(self) -> bool:
        """Whether memberships are sold here."""
        return bool(read(Memberships).tiers)

    @property
    def may_raise(self) -> bool:
        return self.may(Right.RAISE_SPENDING)

    @property
    def sees_money(self) -> bool:
        return self.may(Right.SEE_STATEMENT)


def pro_page(*methods, right: Right | None = None):
    """A view of `(request, viewer, ...)` for members of a pro: others are asked to sign in, or told that this is not for them."""
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view):
        @wraps(view)
        @require_http_methods(allowed)
        @never_cache
        def guarded(request, **kwargs):
            if request.marketplace is None:
                raise NotFound
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            member = member_of(request.user)
            if member is None:
                return render(request, "pros/no_pro.html", status=403)
            viewer = Viewer(request.user, member, member.pro, timezone.now())
            if right is not None and not viewer.may(right):
                return not_allowed(request, viewer, _no_right(right))
            try:
                return view(request, viewer, **kwargs)
            except NotAllowed as refusal:
                return not_allowed(request, viewer, str(refusal))

        return guarded

    return decorate


def page(request, viewer: Viewer, template: str, context: dict, *, status=200, new=None) -> HttpResponse:
    """A page of the Lead Manager in its frame; `new` is the number of unopened leads where the view has counted them."""
    return render(request, template, frame(viewer, new) | context, status=status)


def frame(viewer: Viewer, new=None) -> dict:
    """What stands around every page; the number of offers only where there are offers."""
    policy = read(Leads)
    return {
        "viewer": viewer,
        "pro": viewer.pro,
        "member": viewer.member,
        "budget": viewer.budget,
        "zone": viewer.zone,
        "now": viewer.now,
        "lead_count": inbox.new_for(viewer.pro) if new is None else new,
        "lead_types": policy.lead_types,
        "offer_count": queries.open_offers(viewer.pro, now=viewer.now) if policy.opt_in else None,
    }


def live_page(request, viewer: Viewer, name: str, context: dict, *, new=None, url="", bar="", status=200) -> HttpResponse:
    """The page `pros/<name>.html` with a part that polls itself at `url` (this address, if not another): asked by htmx only the part is
    sent, with the numbers of new leads and offers for the tabs, or 304 when it is what the browser has. `<name>_part.html` is what polls,
    `<name>_title.html` the title, `bar` what stands at the bottom edge of a phone, if not the tabs.

    How far a clock has come is no news, for the browser counts by itself; nor are the tokens of forms.
    """
    context = frame(viewer, new) | context
    body = render_to_string(f"pros/{name}_part.html", context, request)
    shown = f"{context['lead_count']} {context['offer_count']} {MOVING.sub(_still, body)}"
    etag = f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'
    context |= {"body": body, "etag": etag, "url": url or request.get_full_path(), "live_title": f"pros/{name}_title.html", "bar": bar}
    if request.htmx and not request.htmx.history_restore_request:
        if request.headers.get("If-None-Match") == etag:
            response = HttpResponseNotModified()
        else:
            response = render(request, "pros/live.html", context | {"alone": True})
    else:
        response = render(request, f"pros/{name}.html", context, status=status)
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["HX-Request"])
    return response


def _still(moving) -> str:
    """What stays of a clock that runs: when it ends."""
    return moving[1] or ""


def not_allowed(request, viewer: Viewer, sentence: str) -> HttpResponse:
    return page(request, viewer, "pros/not_allowed.html", {"sentence": sentence}, status=403)


def _to_sign_in(request):
    """To the sign-in page, and back to the page that was asked for."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else "/pro/"
    if request.htmx:
        seen = _path(request.headers.get("HX-Current-URL", ""))
        wanted = seen if seen.startswith("/pro/") else "/pro/"
        return HttpResponseClientRedirect(redirect_to_login(wanted, reverse("pros:sign_in")).url)
    return redirect_to_login(wanted, reverse("pros:sign_in"))


def _path(address) -> str:
    """The path of an address, nothing of what is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _no_right(right):
    sentences = {
        Right.SEE_STATEMENT: _("The statement is for the owner and the billing members of your company account."),
        Right.INVITE: _("Only the owner of your company account changes the team."),
    }
    return sentences.get(right, str(NotAllowed.sentence))
