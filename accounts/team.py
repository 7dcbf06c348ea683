"""A pro's team: invite, accept, change roles, remove. A removed member loses everything at once (RULES 31, INVARIANTS 33).

Every verb that changes a team locks the pro first, so two owners cannot remove each other. Lock order: pro, then member.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts import messages
from accounts.actors import acting
from accounts.contact_data import normal_email, normal_name, normal_phone
from accounts.models import Invitation, Member, Pro, User
from accounts.passwords import LinkGone, checked
from accounts.policy import Pros
from accounts.queries import in_force
from accounts.rights import STAFF, Right
from catalog.guide import dollars
from core import events
from core.errors import NotAllowed, NotFound, Refusal
from core.policy import read


class LastOwner(Refusal):
    code = "last_owner"
    sentence = _("A company account needs an owner. Make somebody else an owner first.")
    status = 409


class AlreadyInTeam(Refusal):
    code = "already_in_team"
    sentence = _("This person is in your team already.")
    status = 409

    def __init__(self):
        super().__init__(fields={"email": self.sentence})


class TooManyInvitations(Refusal):
    code = "too_many_invitations"
    sentence = _("Too many invitations are open. Withdraw one first.")
    status = 409


class EmailTaken(Refusal):
    code = "email_taken"
    sentence = _("This e-mail address has an account here already. Ask for an invitation to another address.")
    status = 409


class BadRole(Refusal):
    code = "bad_role"
    sentence = _("Choose owner, billing or member.")
    status = 400

    def __init__(self):
        super().__init__(fields={"role": self.sentence})


class BadAcceptLimit(Refusal):
    code = "bad_accept_limit"
    sentence = _("Enter an amount up to %(most)s, or let them accept at any price.")
    status = 422

    def __init__(self, most):
        super().__init__(fields={"up_to": self.sentence % {"most": most}}, most=most)


def first_owner(pro, *, name, email, password, now, phone="") -> Member:
    """The owner a new pro begins with. Raises EmailTaken, BadPassword and refusals of contact data."""
    _lock(pro)
    if Member.objects.filter(pro=pro, removed_at=None).exists():
        raise AlreadyInTeam
    return _join(pro, email=normal_email(email), name=name, password=password, phone=phone, role=Member.Role.OWNER, now=now)


def invite(pro, *, email, role, by, now) -> Invitation:
    """Invite `email` to the team. An open invitation of the same address is replaced.

    Raises NotAllowed, BadEmail, BadRole, AlreadyInTeam, TooManyInvitations. Whether the address has an account with somebody else is
    not told to the inviter.
    """
    _lock(pro)
    acting(by, pro).require(Right.INVITE)
    email = normal_email(email)
    if role not in Member.Role.values:
        raise BadRole
    if in_force().filter(pro=pro, user__email=email).exists():
        raise AlreadyInTeam
    for former in open_invitations(pro, now=now).filter(email=email):
        _withdraw(former, now)
    if open_invitations(pro, now=now).count() >= read(Pros).invitations_open:
        raise TooManyInvitations
    return _send(pro, email, role, by, by.user, now)


def invite_first_owner(pro, *, email, by, now) -> Invitation:
    """Invite `email` to own the account of a pro that nobody can sign in for yet. `by` is a user of the marketplace's staff.

    Raises NotAllowed, BadEmail, AlreadyInTeam."""
    _lock(pro)
    if acting(by, pro).role != STAFF:
        raise NotAllowed
    email = normal_email(email)
    if in_force().filter(pro=pro).exists() or open_invitations(pro, now=now).exists():
        raise AlreadyInTeam
    return _send(pro, email, Member.Role.OWNER, by, by, now)


def resend(invitation, *, by, now) -> None:
    """Send an open or expired invitation once more, with a new link and full time. The link sent before is dead."""
    _lock(invitation.pro)
    acting(by, invitation.pro).require(Right.INVITE)
    invitation = _unanswered(invitation.pk)
    messages.uninvited(invitation, now=now)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at, invitation.invited_by = _hash(token), _expiry(now), by.user
    invitation.save(update_fields=["token_hash", "expires_at", "invited_by"])
    messages.invited(invitation, token, now=now)


def withdraw(invitation, *, by, now) -> None:
    """Take an invitation back: its link is dead from now on."""
    _lock(invitation.pro)
    acting(by, invitation.pro).require(Right.INVITE)
    _withdraw(_unanswered(invitation.pk), now)
    _record(invitation.pro, "team.uninvited", by, now, invitation=invitation.pk)


def invitation_of(token, *, now) -> Invitation:
    """The invitation a link stands for, with its pro; LinkGone for a wrong, used, withdrawn or expired one."""
    found = Invitation.objects.filter(token_hash=_hash(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    invitation = found.select_related("pro", "invited_by").first()
    if invitation is None:
        raise LinkGone
    return invitation


def accept_invitation(token, *, name, password, now, phone="") -> Member:
    """Join the team by a link. Who was removed from this team comes back with the new role and password.

    Raises LinkGone, BadName, BadPhone, BadPassword, and EmailTaken when the address belongs to another account here.
    """
    pro = invitation_of(token, now=now).pro
    _lock(pro)
    invitation = invitation_of(token, now=now)  # as it is under the lock
    member = _join(pro, email=invitation.email, name=name, password=password, phone=phone, role=invitation.role, now=now)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    return member


def change_role(member, role, *, by, now) -> None:
    """Give a member another role, in force with its next request. Raises NotAllowed, NotFound, BadRole, LastOwner."""
    _lock(member.pro)
    acting(by, member.pro).require(Right.CHANGE_ROLE)
    if role not in Member.Role.values:
        raise BadRole
    current = _member(member)
    if role != Member.Role.OWNER:
        _another_owner(current)
        _withdraw_sent(current, now)
    Member.objects.filter(pk=current.pk).update(role=role)
    _record(member.pro, "team.role_changed", by, now, member=current.pk, role=role)
    member.role = role


def let_accept(member, up_to: int | None, *, by, now) -> None:
    """Say up to what price, in cents, a plain member accepts offers: 0 none, None at any price; in force with its next request (RULES 31).

    Raises NotAllowed unless `by` may raise spending, NotFound, BadAcceptLimit.
    """
    _lock(member.pro)
    acting(by, member.pro).require(Right.RAISE_SPENDING)
    if up_to is not None and not 0 <= up_to <= read(Pros).accept_max:
        raise BadAcceptLimit(dollars(read(Pros).accept_max))
    current = _member(member)
    Member.objects.filter(pk=current.pk).update(accept_up_to=up_to)
    _record(member.pro, "team.may_accept", by, now, member=current.pk, up_to=up_to)
    member.accept_up_to = up_to


def remove(member, *, by, now) -> None:
    """End a membership: sessions, links and invitations of the member die with this transaction. Everybody may leave by themselves.

    Raises NotAllowed, NotFound, LastOwner.
    """
    _lock(member.pro)
    actor = acting(by, member.pro)
    if actor.name != member.subject:
        actor.require(Right.REMOVE)
    current = _member(member)
    _another_owner(current)
    Member.objects.filter(pk=current.pk).update(removed_at=now)
    user = current.user
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    _withdraw_sent(current, now)
    _record(member.pro, "team.removed", by, now, member=current.pk)
    member.removed_at = now


def open_invitations(pro, *, now):
    """Invitations that still can be accepted, latest first."""
    found = Invitation.objects.filter(pro=pro, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return found.select_related("invited_by").order_by("-invited_at", "-pk")


def _send(pro, email, role, by, user, now) -> Invitation:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        pro=pro, email=email, role=role, token_hash=_hash(token), invited_by=user, invited_at=now, expires_at=_expiry(now)
    )
    messages.invited(invitation, token, now=now)
    _record(pro, "team.invited", by, now, invitation=invitation.pk, role=role)
    return invitation


def _join(pro, *, email, name, password, phone, role, now) -> Member:
    user = User.objects.filter(email=email).first()
    member = Member.objects.filter(user=user, pro=pro).exclude(removed_at=None).first() if user else None
    if user and member is None:
        raise EmailTaken
    user = user or User(email=email, created_at=now)
    user.name = normal_name(name, longest=80)
    user.phone = normal_phone(phone) if phone else user.phone
    user.is_active = True
    user.set_password(checked(password, user))
    if member:
        user.save()
        Member.objects.filter(pk=member.pk).update(role=role, removed_at=None, joined_at=now)
        member.refresh_from_db()
    else:
        member = Member.objects.create(user=_insert(user), pro=pro, role=role, joined_at=now)
    events.record("team.joined", pro.subject, now=now, actor=member.subject, test=pro.test, member=member.pk, role=role)
    return member


def _insert(user) -> User:
    """Insert a new user. EmailTaken when somebody took the address this instant; the salted password tells whose row it is."""
    User.objects.bulk_create([user], ignore_conflicts=True)
    inserted = User.objects.filter(email=user.email, password=user.password).first()
    if inserted is None:
        raise EmailTaken
    return inserted


def _lock(pro) -> None:
    if Pro.objects.filter(pk=pro.pk).select_for_update(no_key=True).first() is None:
        raise NotFound


def _member(member) -> Member:
    """The member as it is now; NotFound when it was removed."""
    current = in_force().filter(pk=member.pk).select_related("user", "pro").first()
    if current is None:
        raise NotFound
    return current


def _another_owner(member) -> None:
    if member.role == Member.Role.OWNER:
        others = in_force().filter(pro=member.pro, role=Member.Role.OWNER).exclude(pk=member.pk)
        if not others.exists():
            raise LastOwner


def _unanswered(pk) -> Invitation:
    found = Invitation.objects.filter(pk=pk, accepted_at=None, withdrawn_at=None).select_related("pro", "invited_by")
    invitation = found.first()
    if invitation is None:
        raise NotFound
    return invitation


def _withdraw(invitation, now) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=now)
    messages.uninvited(invitation, now=now)


def _withdraw_sent(member, now) -> None:
    """Whoever may invite no longer has no invitation out."""
    for invitation in open_invitations(member.pro, now=now).filter(invited_by=member.user):
        _withdraw(invitation, now)


def _expiry(now):
    return now + timedelta(days=read(Pros).invitation_days)


def _hash(token) -> str:
    return hashlib.sha256(str(token or "").encode(errors="replace")).hexdigest()


def _record(pro, kind, by, now, **data) -> None:
    events.record(kind, pro.subject, now=now, actor=by.subject, test=pro.test, **data)
