"""The team: who is in it, who is invited, and what each may do. Members are named in addresses by a signed reference."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import team as team_of_pro
from accounts.models import Member
from accounts.queries import team_of
from accounts.rights import Right
from core.errors import NotAllowed, NotFound, Refusal
from web.forms import with_hint
from web.pros.fields import take
from web.pros.viewer import page, pro_page

ROLES = [
    (Member.Role.MEMBER, with_hint(Member.Role.MEMBER.label, gettext_lazy("Opens leads, may lower spending"))),
    (Member.Role.BILLING, with_hint(Member.Role.BILLING.label, gettext_lazy("Also sees the statement and may raise spending"))),
    (Member.Role.OWNER, with_hint(Member.Role.OWNER.label, gettext_lazy("Also changes the team"))),
]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, initial=Member.Role.MEMBER, widget=forms.RadioSelect)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect)


@pro_page("GET", "POST")
def team(request, viewer):
    """The team; a POST invites somebody."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            team_of_pro.invite(viewer.pro, by=viewer.member, now=viewer.now, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            take(form, refusal)
        else:
            messages.success(request, _("We sent an invitation to %(email)s.") % {"email": form.cleaned_data["email"]})
            return redirect("pros:team")
    return _team_page(request, viewer, form)


@pro_page("POST")
def invitation(request, viewer, ref):
    """Send an open invitation again, or withdraw it."""
    chosen = _named(ref, team_of_pro.open_invitations(viewer.pro, now=viewer.now))
    if request.POST.get("do") == "withdraw":
        team_of_pro.withdraw(chosen, by=viewer.member, now=viewer.now)
        messages.success(request, _("The invitation to %(email)s is withdrawn. Its link is dead.") % {"email": chosen.email})
    else:
        team_of_pro.resend(chosen, by=viewer.member, now=viewer.now)
        messages.success(request, _("We sent a new link to %(email)s.") % {"email": chosen.email})
    return redirect("pros:team")


@pro_page("GET", "POST")
def member(request, viewer, ref):
    """One member: another role, or the end of the membership. Everybody may leave."""
    chosen = _named(ref, team_of(viewer.pro))
    own = chosen.pk == viewer.member.pk
    may_change = viewer.may(Right.CHANGE_ROLE)
    if not (own or may_change):
        raise NotAllowed(_("Only the owner of your company account changes the team."))
    removing = request.POST.get("do") == "remove"
    form = RoleForm(request.POST if request.method == "POST" and not removing else None, initial={"role": chosen.role})
    problem = ""
    if request.method == "POST" and (removing or form.is_valid()):
        try:
            return _removed(request, viewer, chosen, own) if removing else _changed(request, viewer, chosen, form)
        except team_of_pro.LastOwner as refusal:
            problem = str(refusal)
    context = {"chosen": chosen, "own": own, "may_change": may_change, "form": form, "problem": problem}
    return page(request, viewer, "pros/team_member.html", context, status=422 if problem or form.errors else 200)


def _removed(request, viewer, chosen, own):
    team_of_pro.remove(chosen, by=viewer.member, now=viewer.now)
    if own:
        logout(request)
        messages.success(request, _("You have left the team."))
        return redirect("pros:sign_in")
    messages.success(request, _("%(name)s is no longer in the team and is signed out everywhere.") % {"name": chosen.user})
    return redirect("pros:team")


def _changed(request, viewer, chosen, form):
    team_of_pro.change_role(chosen, form.cleaned_data["role"], by=viewer.member, now=viewer.now)
    messages.success(request, _("%(name)s: %(role)s from now on.") % {"name": chosen.user, "role": chosen.get_role_display()})
    return redirect("pros:team")


def _team_page(request, viewer, form):
    owner = viewer.may(Right.INVITE)
    context = {
        "form": form,
        "owner": owner,
        "people": [(each, reference(each), each.pk == viewer.member.pk) for each in team_of(viewer.pro)],
        "invitations": [(each, reference(each)) for each in team_of_pro.open_invitations(viewer.pro, now=viewer.now)] if owner else [],
    }
    return page(request, viewer, "pros/team.html", context, status=422 if form.errors else 200)


def reference(row) -> str:
    """How an address names a member or an invitation: it tells nothing and cannot be guessed."""
    return salted_hmac("pros.team", row.subject, algorithm="sha256").hexdigest()[:24]


def _named(ref, rows):
    """The row of this team with that reference; NotFound for anything else."""
    for row in rows:
        if constant_time_compare(reference(row), ref):
            return row
    raise NotFound
