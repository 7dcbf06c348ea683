"""The telephones of a development site: both sides of every call that the local carrier carries."""

import re
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from urllib.parse import urlencode

from django.db import transaction
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.contact_data import BadContact, normal_phone
from contact.carriers.local import LocalCarrier
from core.errors import NotFound, Refusal
from web.dev import development_only

RECENT = 20
NAMES = 200
# As in a tel: link: a number, then after the first pause the keys that are pressed once somebody answers.
TYPED = re.compile(r"\s*(?:tel:)?(?P<number>[^,;]*)(?P<keys>[,;][0-9*#,; ]{0,40})?\Z", re.ASCII)
KEYS = re.compile(r"[0-9*#]{1,20}", re.ASCII)
PAD = "123456789*0#"
STATUS = {
    "queued": _("About to ring"),
    "ringing": _("Ringing"),
    "in-progress": _("In a call"),
    "completed": _("Ended"),
    "busy": _("Busy"),
    "no-answer": _("No answer"),
    "failed": _("Failed"),
    "canceled": _("Canceled"),
}


class NotOurs(Refusal):
    code = "not_ours"
    sentence = _("This is no masked number of this marketplace.")


class BadKeys(Refusal):
    code = "bad_keys"
    sentence = _("A telephone has the keys 0 to 9, * and #.")
    status = 400


@dataclass(frozen=True)
class Leg:
    """One call as its own telephone shows it: who holds it, what it sees of the other side, what was said to it."""

    sid: str
    number: str
    name: str
    sees: str
    status: str
    waits: str
    state: str
    times: tuple
    seconds: int | None
    machine: bool | None
    code: int | None
    typed: int
    heard: tuple
    trouble: str

    @property
    def rings(self):
        return self.waits == "ring"


@development_only
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request):
    """Shows the telephones; whatever is done with them happens once this request's own transaction is over, since the site answers the
    carrier in between. What time has brought comes before what is shown."""
    if not request.marketplace:
        return render(request, "dev/phone.html")
    carrier, now = LocalCarrier(request.marketplace), timezone.now()
    if request.method == "POST":
        return _act(request, carrier, now)
    if carrier.is_due(now):
        transaction.on_commit(partial(carrier.tick, at=now))
        return redirect(request.get_full_path())
    return _page(request, carrier)


def _act(request, carrier, now):
    do, sid = request.POST.get("do"), request.POST.get("call", "")
    if do == "dial":
        return _dial(request, carrier, now)
    acts = {
        "answer": partial(carrier.answer, sid),
        "machine": partial(carrier.answer, sid, machine=True),
        "decline": partial(carrier.decline, sid),
        "hang up": partial(carrier.hang_up, sid),
        "press": partial(carrier.press, sid, request.POST.get("keys", "")),
    }
    if do not in acts or "\0" in sid:
        raise NotFound
    carrier.call(sid)
    if do == "press" and not KEYS.fullmatch(request.POST.get("keys", "")):
        raise BadKeys
    transaction.on_commit(partial(acts[do], at=now))
    return redirect(request.get_full_path())


def _dial(request, carrier, now):
    typed = {name: request.POST.get(name, "").replace("\0", "")[:60] for name in ("from", "to")}
    errors = {}
    found = TYPED.match(typed["to"])
    try:
        caller = normal_phone(typed["from"], field="from")
    except BadContact as error:
        errors |= error.fields
    try:
        number = normal_phone(found["number"] if found else "", field="to")
        if not carrier.serves(number):
            raise NotOurs(fields={"to": NotOurs.sentence})
    except (BadContact, NotOurs) as error:
        errors |= error.fields
    if errors:
        return _page(request, carrier, typed=typed, errors=errors)
    keys = re.sub(r"[^0-9*#]", "", found["keys"] or "")
    transaction.on_commit(partial(_dial_and_press, carrier, caller, number, keys, now))
    return redirect(f"{reverse('dev:phone')}?{urlencode({'from': caller, 'to': number})}")


def _dial_and_press(carrier, caller, number, keys, now):
    sid = carrier.dial(from_number=caller, to_number=number, at=now)
    if keys:
        carrier.press(sid, keys, at=now)


def _page(request, carrier, *, typed=None, errors=None):
    """The page; asked by htmx, only the part of it that lives, or 304."""
    directory = carrier.directory(NAMES)
    names = dict(directory["people"])
    calls = carrier.calls(RECENT)
    families = [[_leg(leg, names) for leg in (call, *call.dialled)] for call in calls]
    phones = [leg for legs in families for leg in legs if leg.waits]
    past = [legs for legs in families if not any(leg.waits for leg in legs)]
    etag = f'"{sha256(repr(families).encode()).hexdigest()[:32]}"'
    context = {"phones": phones, "past": past, "pad": PAD, "here": request.get_full_path(), "etag": etag, "directory": directory}
    if request.htmx and not request.htmx.history_restore_request and not errors:
        response = get_conditional_response(request, etag=etag) or render(request, "dev/phones.html", context)
        response.headers["ETag"] = etag
    else:
        context |= {"typed": typed or {name: request.GET.get(name, "")[:60] for name in ("from", "to")}, "errors": errors or {}}
        context["live"] = render_to_string("dev/phones.html", context, request)
        response = render(request, "dev/phone.html", context, status=422 if errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _leg(call, names):
    number, sees = (call.from_number, call.to_number) if call.direction == "inbound" else (call.to_number, call.from_number)
    return Leg(
        sid=call.provider_id,
        number=number,
        name=names.get(number, ""),
        sees=sees,
        status=call.status,
        waits=call.waits,
        state=call.get_waits_display() if call.waits else STATUS.get(call.status, call.status),
        times=((_("Began"), call.started_at), (_("Answered"), call.answered_at), (_("Ended"), call.ended_at)),
        seconds=call.seconds,
        machine=call.machine,
        code=call.code,
        typed=len(call.digits),
        heard=tuple(call.heard),
        trouble=call.trouble,
    )
