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
from accounts.rights import Right, accepts_up_to
from core.errors import NotAllowed, NotFound, Refusal
from core.policy import read
from leads.policy import Leads
from web.forms import with_hint
from web.pros.fields import MoneyField, take
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import money

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


class AcceptForm(forms.Form):
    """Up to what price a plain member accepts offers."""

    accepts = forms.ChoiceField(
        label=gettext_lazy("Accepting offers"),
        choices=[
            ("none", with_hint(gettext_lazy("No"), gettext_lazy("Sees offers and passes on them"))),
            ("up_to", with_hint(gettext_lazy("Up to a price"), gettext_lazy("The price of one lead"))),
            ("any", with_hint(gettext_lazy("At any price"), gettext_lazy("As far as wallet and budget reach"))),
        ],
        widget=forms.RadioSelect,
    )
    up_to = MoneyField(label=gettext_lazy("Up to what price"), required=False)

    @classmethod
    def of(cls, member, data=None):
        """As it stands for `member`, or as it was sent."""
        cents = member.accept_up_to
        stands = "any" if cents is None else "up_to" if cents else "none"
        return cls(data, initial={"accepts": stands, "up_to": cents or None})

    def clean(self):
        said = super().clean()
        if said.get("accepts") == "up_to" and said.get("up_to") is None and "up_to" not in self.errors:
            self.add_error("up_to", _("Enter an amount in dollars, like 600 or 600.00."))
        return said

    @property
    def cents(self) -> int | None:
        """What was said, as accounts.team.let_accept takes it."""
        said = self.cleaned_data
        return {"none": 0, "any": None}.get(said["accepts"], said["up_to"])


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
    may_change, may_let = viewer.may(Right.CHANGE_ROLE), _may_let_accept(viewer, chosen)
    if not (own or may_change or may_let):
        raise NotAllowed(_("Only the owner of your company account changes the team."))
    do = request.POST.get("do")
    removing, letting = do == "remove", do == "accept"
    form = RoleForm(request.POST if request.method == "POST" and do is None else None, initial={"role": chosen.role})
    accept_form = AcceptForm.of(chosen, request.POST if letting else None) if may_let or letting else None
    problem = ""
    if letting and accept_form.is_valid():
        try:
            return _lets_accept(request, viewer, chosen, accept_form)
        except NotAllowed:
            raise
        except Refusal as refusal:
            take(accept_form, refusal)
    elif request.method == "POST" and not letting and (removing or form.is_valid()):
        try:
            return _removed(request, viewer, chosen, own) if removing else _changed(request, viewer, chosen, form)
        except team_of_pro.LastOwner as refusal:
            problem = str(refusal)
    context = {
        "chosen": chosen,
        "own": own,
        "may_change": may_change,
        "may_remove": own or viewer.may(Right.REMOVE),
        "form": form,
        "accept_form": accept_form,
        "problem": problem,
    }
    wrong = problem or form.errors or (letting and accept_form.errors)
    return page(request, viewer, "pros/team_member.html", context, status=422 if wrong else 200)


def _may_let_accept(viewer, member) -> bool:
    """Whether the viewer says what this member may accept: where there are offers, of plain members only."""
    return viewer.may_raise and member.role == Member.Role.MEMBER and read(Leads).opt_in


def _lets_accept(request, viewer, chosen, form):
    team_of_pro.let_accept(chosen, form.cents, by=viewer.member, now=viewer.now)
    messages.success(request, _("%(name)s: %(accepts)s from now on.") % {"name": chosen.user, "accepts": accepts(chosen)})
    return redirect("pros:team")


def accepts(member) -> str:
    """Up to what price a member accepts offers, in words."""
    limit = accepts_up_to(member)
    if limit is None:
        return _("accepts offers at any price")
    return _("accepts offers up to %(price)s") % {"price": money(limit)} if limit else _("accepts no offers")


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
    owner, offered = viewer.may(Right.INVITE), read(Leads).opt_in
    context = {
        "form": form,
        "owner": owner,
        "people": [_row(each, viewer, offered) for each in team_of(viewer.pro)],
        "invitations": [(each, reference(each)) for each in team_of_pro.open_invitations(viewer.pro, now=viewer.now)] if owner else [],
    }
    return page(request, viewer, "pros/team.html", context, status=422 if form.errors else 200)


def _row(member, viewer, offered):
    """A member with its reference, whether it is the viewer, what it accepts where there are offers, and whether the viewer may say so."""
    own = member.pk == viewer.member.pk
    return member, reference(member), own, accepts(member) if offered else "", _may_let_accept(viewer, member)


def reference(row) -> str:
    """How an address names a member or an invitation: it tells nothing and cannot be guessed."""
    return salted_hmac("pros.team", row.subject, algorithm="sha256").hexdigest()[:24]


def _named(ref, rows):
    """The row of this team with that reference; NotFound for anything else."""
    for row in rows:
        if constant_time_compare(reference(row), ref):
            return row
    raise NotFound
