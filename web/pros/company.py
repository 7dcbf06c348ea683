"""My Account, Company: what homeowners read of the company before they choose, and what was checked of it."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, pro_profile
from accounts.policy import Pros
from accounts.pro_profile import BadYear
from accounts.rights import Right
from core import pictures
from core.errors import NotAllowed, Refusal
from core.policy import read
from leads.profiles import profiles_of
from web.profiles import about
from web.pros.fields import take
from web.pros.viewer import page, pro_page
from web.reviews import Words


class CompanyForm(forms.Form):
    since_year = forms.RegexField(
        r"^[0-9]{4}\Z",
        label=gettext_lazy("In business since"),
        required=False,
        error_messages={"invalid": BadYear.sentence},
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        hint = _("What you are good at, in a few sentences. We hide phone numbers and addresses: homeowners reach you through us.")
        self.fields["about"] = Words(label=_("About the company"), help_text=hint, most=read(Pros).about_max, rows=4, required=False)

    def clean_since_year(self):
        return int(self.cleaned_data["since_year"]) if self.cleaned_data["since_year"] else None


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=gettext_lazy("Photo or logo"),
        help_text=gettext_lazy("JPEG, PNG or WebP. We cut a square out of its middle and keep nothing else: no place, no camera, no date."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        error_messages={"required": gettext_lazy("Choose a picture first.")},
    )


@pro_page("GET", "POST")
def company(request, viewer):
    """One page, three things to do on it: what the company says of itself, another photo, no photo."""
    do = request.POST.get("do", "nothing") if request.method == "POST" else ""
    if do and not viewer.may(Right.EDIT_PROFILE):
        raise NotAllowed
    if do == "remove":
        pro_profile.remove_photo(viewer.pro, by=viewer.member, now=viewer.now)
        return _saved(request, _("The photo is gone. Homeowners see your initials."))
    form = CompanyForm(request.POST if do == "save" else None, initial={"since_year": viewer.pro.since_year, "about": viewer.pro.about})
    photo = PhotoForm(*((request.POST, request.FILES) if do == "photo" else ()))
    wrong = photo if do == "photo" else form
    if do and wrong.is_valid():
        try:
            _do(do, viewer, wrong.cleaned_data)
            return _saved(request, _("Saved."))
        except Refusal as refusal:
            take(wrong, refusal)
    context = {
        "form": form,
        "photo": photo,
        "wrong": wrong if do else None,
        "may_edit": viewer.may(Right.EDIT_PROFILE),
        "checks": [(check, check.ends_at is not None and check.ends_at <= viewer.now) for check in checks.checks_of(viewer.pro)],
        "needed": read(Pros).pause_without,
    }
    return page(request, viewer, "pros/company.html", context, status=422 if do else 200)


@pro_page("GET")
def preview(request, viewer):
    """As homeowners see it, but for how far away they are."""
    shown = profiles_of([viewer.pro], now=viewer.now)[0]
    return page(request, viewer, "pros/preview.html", about(shown, page=request.GET.get("reviews", "")))


def _do(do, viewer, said):
    if do == "photo":
        if said["photo"].size > pictures.MOST_SENT:
            raise pictures.TooBig(fields={"photo": pictures.TooBig.sentence})
        try:
            pro_profile.set_photo(viewer.pro, said["photo"].read(), by=viewer.member, now=viewer.now)
        except (pictures.TooBig, pictures.NotAPicture) as refusal:
            raise type(refusal)(fields={"photo": refusal.sentence}) from None
    else:
        pro_profile.present(viewer.pro, **said, by=viewer.member, now=viewer.now)


def _saved(request, sentence):
    messages.success(request, sentence)
    return redirect("pros:company")
