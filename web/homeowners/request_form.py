"""The request form: service and place, job details, you and consent. Each step is a POST and a redirect, and saves itself."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.contact_data import visible
from accounts.models import Homeowner
from catalog import queries as catalog
from catalog.words import local_guide
from core.errors import Refusal
from core.policy import read
from leads import choice, consent, intake, links
from leads.masking import masked
from leads.policy import Choice, Leads
from leads.queries import lead_sent_as
from web.address import address_of
from web.homeowners import job, lookup
from web.homeowners.draft import PERSON, Draft
from web.homeowners.edges import private
from web.homeowners.forms import NOT_ASKED, ContactForm, JobForm, ServiceForm, answer_name, explain, partly

SERVICE, JOB, YOU = range(3)
NAMES = ("service", "job", "you")
STEPS = (gettext_lazy("Service and place"), gettext_lazy("Job details"), gettext_lazy("You and consent"))


def step(view):
    """One step of the form. Where the marketplace does not take requests yet, it says so instead."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @private
    @wraps(view)
    def guarded(request):
        if read(Leads).takes_requests:
            return view(request, Draft(request.session))
        if request.method == "POST":
            raise intake.NotOpenYet
        return render(request, "homeowners/soon.html")

    return guarded


# Step 1: service and place


@step
def service_step(request, draft):
    if "forget" in request.POST:
        draft.forget()
        return redirect("homeowners:home")
    if request.method == "POST":
        return _service_said(request, draft)
    given = {name: visible(request.GET.get(name, ""))[: lookup.LONGEST] for name in ("q", "service", "zip")}
    if not any(given.values()):
        given = {"service": draft.get("service"), "zip": draft.get("zip")}
    return _service_page(request, ServiceForm(initial=given), draft, given)


def _service_said(request, draft):
    form = ServiceForm(request.POST)
    form.is_valid()
    said = {name: value[: lookup.LONGEST] for name, value in form.cleaned_data.items()}
    service = catalog.service_of(said["service"]) or _only_meaning(said["q"])
    place = lookup.find_place(said["zip"])
    if not place.zip and said["place"]:
        place = lookup.find_place(said["place"])
    if "leave" in request.POST or (service and place.zip):
        draft.keep(now=timezone.now(), service=service.code if service else "", zip=place.zip)
        return _left(request) if "leave" in request.POST else redirect("homeowners:job")
    if "from_home" in request.POST:
        given = {"q": said["q"], "service": service.code if service else "", "zip": said["zip"]}
        return redirect(f"{reverse('homeowners:service')}?{urlencode({name: value for name, value in given.items() if value})}")
    if not service:
        form.add_error("q", _("Choose the service that fits best."))
    if place.cities:
        form.add_error("zip", _("Choose the ZIP code of the job."))
    elif not place.zip:
        form.add_error("zip", intake.UnknownZip.sentence if place.typed else _("Enter the ZIP code of the job."))
    return _service_page(request, form, draft, said | {"service": service.code if service else ""}, status=422)


def _only_meaning(text):
    """The service that these words can only mean, or none."""
    found = catalog.find_services(text)
    named = [service for service in found if catalog.is_called(service, text)]
    return (named or found)[0] if len(named or found) == 1 else None


def _service_page(request, form, draft, given, status=200):
    context = {
        "form": form,
        "chosen": catalog.service_of(given["service"]) if given["service"] else None,
        "q": given.get("q", ""),
        "found": catalog.find_services(given.get("q", ""), limit=lookup.SHOWN),
        "place": lookup.find_place(given["zip"]),
        "trades": lookup.by_trade(request.marketplace),
    }
    return _page(request, "homeowners/service.html", SERVICE, draft, context, status)


# Step 2: the job


@step
def job_step(request, draft):
    now = timezone.now()
    asked = _asked(draft, now)
    if asked is None:
        return _begin(request, draft)
    service, guide = asked
    if request.method != "POST":
        form = JobForm(guide.questions, initial=_initial(draft), needs_owner=service.needs_owner)
        return _job_page(request, form, draft, asked)
    form = JobForm(guide.questions, request.POST, needs_owner=service.needs_owner)
    if "leave" in request.POST:
        draft.keep(now=now, **_job_of(guide, partly(form)))
        return _left(request)
    if not form.is_valid():
        return _job_page(request, form, draft, asked, status=422)
    draft.keep(now=now, **_job_of(guide, form.cleaned_data))
    return redirect("homeowners:job" if draft.get("ownership") == NOT_ASKED else "homeowners:you")


@require_POST
@private
def preview(request):
    """What pros will see, from what is typed this instant. Nothing is saved here."""
    draft, now = Draft(request.session), timezone.now()
    asked = _asked(draft, now)
    if asked is None:
        return _begin(request, draft)
    service, guide = asked
    form = JobForm(guide.questions, request.POST, needs_owner=service.needs_owner)
    known = partly(form)
    typed = {name: known.get(name, "") for name in form.fields if name in request.POST}
    said = {**_said(draft), **_job_of(guide, {**_initial(draft), **typed}), "name": visible(request.POST.get("name", draft.get("name")))}
    if request.htmx:
        return render(
            request, "homeowners/parts/preview.html", {"preview": _preview(said, asked), "with_estimate": "description" in request.POST}
        )
    form = JobForm(guide.questions, initial={**_initial(draft), **typed}, needs_owner=service.needs_owner)
    return _job_page(request, form, draft, asked, said=said)


def _asked(draft, now):
    """(service, guide in the reader's language) of the draft, or None while there is no service and place."""
    service = catalog.service_of(draft.get("service")) if draft.get("service") and draft.get("zip") else None
    guide = catalog.guide_of(service, now=now) if service else None
    return (service, local_guide(guide)) if guide else None


def _initial(draft):
    said = {name: draft.get(name) for name in ("description", "timing", "ownership", "reach")}
    return said | {answer_name({"code": code}): answer for code, answer in draft.get("answers").items()}


def _job_of(guide, said):
    """What step 2 keeps, out of its fields."""
    answers = {question["code"]: said[name] for question in guide.questions if said.get(name := answer_name(question))}
    return {"answers": answers} | {name: said.get(name, "") for name in ("description", "timing", "ownership", "reach")}


def _said(draft):
    return {name: draft.get(name) for name in ("answers", "description", "timing", "ownership", "reach", "name", "zip")}


def _job_page(request, form, draft, asked, said=None, status=200):
    said = said or (_said(draft) | _job_of(asked[1], partly(form) if form.is_bound else _initial(draft)))
    context = {"form": form, "service": asked[0], "preview": _preview(said, asked), "not_asked": said["ownership"] == NOT_ASKED}
    context["this_page"] = reverse("homeowners:job")  # also for the preview, which nobody can come back to
    return _page(request, "homeowners/job.html", JOB, draft, context, status)


def _preview(said, asked):
    service, guide = asked
    known = job.answered(guide.questions, said["answers"])
    place = lookup.find_place(said["zip"])
    return {
        "service": service,
        "place": f"{place.label} {place.zip}",
        "who": Homeowner(name=said["name"][:120]).short_name,
        "words": masked(said["description"]),
        "facts": job.facts(guide.questions, known, timing=said["timing"], ownership=said["ownership"], reach=said["reach"]),
        "estimate": job.estimate(guide, known),
    }


# Step 3: you and consent


@step
def you_step(request, draft):
    now = timezone.now()
    asked = _asked(draft, now)
    if asked is None or not draft.get("reach"):
        return _begin(request, draft)
    if draft.get("ownership") == NOT_ASKED:
        return redirect("homeowners:job")
    words = {"words": consent.words(), "sms_words": consent.sms_words(), "choice": read(Choice) if read(Leads).choice else None}
    if request.method != "POST":
        form = ContactForm(initial={name: draft.get(name) for name in PERSON} | {"key": draft.key()}, **words)
        return _you_page(request, form, draft, asked)
    form = ContactForm(request.POST, **words)
    if "leave" in request.POST:
        draft.keep(now=now, **_person_of(form))
        return _left(request)
    if form.data.get("key") != draft.key():
        draft.keep(now=now, **_person_of(form))
        messages.warning(request, _("The job was changed in another window. This is how it stands now: look at it, then send it."))
        return redirect("homeowners:you")
    if not form.is_valid():
        return _you_page(request, form, draft, asked, status=422)
    try:
        submission = intake.submit(_answers(draft, form.cleaned_data), submit_key=draft.key(), now=now, **_circumstances(request))
    except Refusal as refusal:
        for name, sentence in explain(form, refusal).items():
            form.add_error(None, f"{_name_of(name, asked[1])}: {sentence}")
        return _you_page(request, form, draft, asked, status=422)
    draft.sent()
    lead = submission.lead
    page = "code" if lead.is_draft else "choose" if choice.is_open(lead, now=now) else "request"
    return redirect(f"homeowners:{page}", token=links.token(lead))


def _person_of(form):
    said = partly(form)
    return {name: said[name] for name in PERSON if name in said}


def _answers(draft, person):
    return intake.Answers(
        service=draft.get("service"),
        zip=draft.get("zip"),
        description=draft.get("description"),
        answers=draft.get("answers"),
        timing=draft.get("timing"),
        ownership=draft.get("ownership"),
        reach=draft.get("reach"),
        **{name: person[name] for name in (*PERSON, "agreed", "agreed_sms") if name in person},
    )


def _circumstances(request):
    """Where the consent was given, kept with it."""
    return {"page": f"{request.get_host()}{request.path}", "ip": address_of(request)}


def _name_of(field, guide):
    questions = {question["code"]: question["text"] for question in guide.questions}
    return questions.get(field) or {"service": _("Service"), "zip": _("ZIP code")}.get(field, field)


def _you_page(request, form, draft, asked, status=200):
    said = _said(draft) | ({"name": visible(form.data.get("name", ""))} if form.is_bound else {})
    context = {"form": form, "service": asked[0], "preview": _preview(said, asked), "key": draft.key()}
    return _page(request, "homeowners/you.html", YOU, draft, context, status)


# What the steps have in common


def _page(request, template, number, draft, context, status):
    steps = [(label, "done" if position < number else "now" if position == number else "") for position, label in enumerate(STEPS)]
    context |= {"steps": steps, "number": number + 1, "steps_count": len(STEPS), "step": STEPS[number], "draft": draft}
    context["back"] = reverse(f"homeowners:{NAMES[number - 1]}") if number else ""
    return render(request, template, context, status=status)


def _begin(request, draft):
    """There is nothing to go on with: the request was just sent (a second click, the back button), or never begun."""
    lead = lead_sent_as(draft.sent_key)
    if lead and lead.link_version == 1:
        return redirect("homeowners:request", token=links.token(lead))
    begun = draft.get("service") and draft.get("zip") and request.resolver_match.url_name == "you"
    return redirect("homeowners:job" if begun else "homeowners:service")


def _left(request):
    until = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    messages.success(request, _("Saved. Come back on this device until %(day)s and go on.") % {"day": date_format(until, "M j, Y")})
    return redirect("homeowners:home")
