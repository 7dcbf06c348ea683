"""Teams: invited by a link, removed at once (RULES 31, INVARIANTS 33)."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate, get_user
from django.test import Client, RequestFactory

from accounts import passwords, team
from accounts.contact_data import BadContact
from accounts.models import Invitation, Member, User
from accounts.passwords import BadPassword, LinkGone
from accounts.queries import member_of, members_to_notify, pros_with_contact, team_of
from accounts.rights import accepts_up_to
from core.errors import NotAllowed, NotFound
from notifications.models import Message
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db
PASSWORD = "a long walk home"


@pytest.fixture
def pro(marketplace):
    return a_pro("Prairie State Plumbing")


@pytest.fixture
def owner(pro):
    return a_member(pro)


def link():
    """The token in the latest invitation that was promised."""
    message = Message.objects.filter(kind="invitation").latest("created_at", "id")
    return re.search(r"/pro/invitation/([^/]+)/$", message.context["url"])[1]


def join(pro, owner, now, email="joy@prairie.example", role="member"):
    team.invite(pro, email=email, role=role, by=owner, now=now)
    return team.accept_invitation(link(), name="Joy Ng", password=PASSWORD, now=now)


def test_a_person_joins_by_a_link(pro, owner, now):
    invitation = team.invite(pro, email="Joy@Prairie.example", role="billing", by=owner, now=now)
    message = Message.objects.get(kind="invitation")
    assert (message.address, message.context["pro"], message.context["inviter"]) == ("joy@prairie.example", pro.name, owner.user.name)
    token = link()
    assert token not in invitation.token_hash and team.invitation_of(token, now=now) == invitation

    joined = team.accept_invitation(token, name="Joy Ng", password=PASSWORD, phone="312 555 0177", now=now)
    assert (joined.pro, joined.role, joined.user.email, joined.user.phone) == (pro, "billing", "joy@prairie.example", "+13125550177")
    assert authenticate(None, username="JOY@prairie.example", password=PASSWORD) == joined.user
    assert list(team_of(pro)) == [owner, joined]
    with pytest.raises(LinkGone):
        team.accept_invitation(token, name="Joy Ng", password=PASSWORD, now=now)


def test_a_link_lasts_seven_days(pro, owner, now):
    team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    token = link()
    assert team.invitation_of(token, now=now + timedelta(days=7, seconds=-1))
    for when in (timedelta(days=7), timedelta(days=8)):
        with pytest.raises(LinkGone):
            team.accept_invitation(token, name="Joy Ng", password=PASSWORD, now=now + when)


@pytest.mark.parametrize("token", ["", None, "x", "\x00", "\ud800", "x" * 100_000])
def test_a_wrong_link_is_answered_like_a_used_one(pro, now, token):
    with pytest.raises(LinkGone):
        team.invitation_of(token, now=now)


def test_a_withdrawn_link_is_dead_and_an_unsent_one_is_not_sent(pro, owner, now):
    invitation = team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    token = link()
    team.withdraw(invitation, by=owner, now=now)
    with pytest.raises(LinkGone):
        team.invitation_of(token, now=now)
    message = Message.objects.get(kind="invitation")
    assert message.state == Message.State.CANCELLED and "url" not in message.context
    with pytest.raises(NotFound):
        team.withdraw(invitation, by=owner, now=now)


def test_sent_again_it_is_another_link(pro, owner, now):
    invitation = team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    later, first = now + timedelta(days=10), link()
    team.resend(invitation, by=owner, now=later)
    second = link()
    with pytest.raises(LinkGone):
        team.invitation_of(first, now=later)
    assert team.invitation_of(second, now=later + timedelta(days=6)) == invitation


def test_inviting_an_address_again_replaces_the_invitation(pro, owner, now):
    team.invite(pro, email="joy@prairie.example", role="owner", by=owner, now=now)
    first = link()
    team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now + timedelta(minutes=1))
    assert [invitation.role for invitation in team.open_invitations(pro, now=now)] == ["member"]
    with pytest.raises(LinkGone):
        team.invitation_of(first, now=now)


@pytest.mark.parametrize("role", ["billing", "member"])
def test_only_an_owner_manages_the_team(pro, owner, now, role):
    somebody = a_member(pro, role=role)
    invitation = team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    for attempt in (
        lambda: team.invite(pro, email="me2@prairie.example", role="owner", by=somebody, now=now),
        lambda: team.resend(invitation, by=somebody, now=now),
        lambda: team.withdraw(invitation, by=somebody, now=now),
        lambda: team.change_role(somebody, "owner", by=somebody, now=now),
        lambda: team.remove(owner, by=somebody, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert Invitation.objects.count() == 1 and Member.objects.filter(removed_at=None, pro=pro).count() == 2


def test_an_owner_of_another_pro_manages_nothing_here(pro, owner, now):
    stranger = a_member(a_pro())
    with pytest.raises(NotAllowed):
        team.remove(owner, by=stranger, now=now)
    with pytest.raises(NotAllowed):
        team.invite(pro, email="joy@prairie.example", role="owner", by=stranger, now=now)


def test_a_removed_member_loses_everything_at_once(pro, owner, now):
    joy = join(pro, owner, now, role="owner")
    joy.user.phone = "+13125550177"
    joy.user.save()
    browser = Client()
    browser.force_login(joy.user, backend="accounts.sign_in.MarketplaceBackend")
    request = RequestFactory().get("/pro/")
    request.session = browser.session
    assert get_user(request) == joy.user
    passwords.request_reset("joy@prairie.example", now=now)
    reset_link = Message.objects.get(kind="password_reset").context["url"].split("/")[-2]
    team.invite(pro, email="joys.second@mail.example", role="owner", by=joy, now=now)
    back_door = link()

    team.remove(joy, by=owner, now=now)

    user = User.objects.get(pk=joy.user_id)
    assert member_of(user) is None and not user.is_active
    assert get_user(request).is_anonymous
    User.objects.filter(pk=user.pk).update(is_active=True)  # even then: the password's change has ended the session
    assert get_user(request).is_anonymous
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert authenticate(None, username="joy@prairie.example", password=PASSWORD) is None
    with pytest.raises(LinkGone):
        passwords.reset(reset_link, password="another long walk", now=now)
    with pytest.raises(LinkGone):
        team.accept_invitation(back_door, name="Joy Again", password=PASSWORD, now=now)
    assert [person.member_id for person in members_to_notify([pro.pk])] == [owner.pk]
    assert pros_with_contact("+13125550177", "joy@prairie.example") == set()
    for attempt in (
        lambda: team.invite(pro, email="joy3@mail.example", role="owner", by=joy, now=now),
        lambda: team.change_role(owner, "member", by=joy, now=now),
        lambda: team.remove(owner, by=joy, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(NotFound):
        team.remove(joy, by=owner, now=now)


def test_a_role_taken_away_takes_its_invitations_along(pro, owner, now):
    joy = join(pro, owner, now, role="owner")
    team.invite(pro, email="friend@mail.example", role="owner", by=joy, now=now)
    token = link()
    team.change_role(joy, "member", by=owner, now=now)
    with pytest.raises(LinkGone):
        team.invitation_of(token, now=now)
    with pytest.raises(NotAllowed):
        team.invite(pro, email="friend@mail.example", role="owner", by=joy, now=now)


def test_the_last_owner_cannot_leave(pro, owner, now):
    joy = join(pro, owner, now)
    with pytest.raises(team.LastOwner):
        team.remove(owner, by=owner, now=now)
    with pytest.raises(team.LastOwner):
        team.change_role(owner, "billing", by=owner, now=now)
    team.change_role(joy, "owner", by=owner, now=now)
    team.remove(owner, by=owner, now=now)
    with pytest.raises(team.LastOwner):
        team.remove(joy, by=joy, now=now)


def test_anybody_may_leave(pro, owner, now):
    joy = join(pro, owner, now)
    team.remove(joy, by=joy, now=now)
    assert list(team_of(pro)) == [owner]


def test_who_was_removed_can_come_back(pro, owner, now):
    joy = join(pro, owner, now)
    team.remove(joy, by=owner, now=now)
    again = join(pro, owner, now + timedelta(days=1), role="billing")
    assert again.pk == joy.pk and again.role == "billing" and again.removed_at is None
    assert authenticate(None, username="joy@prairie.example", password=PASSWORD)


def test_an_address_of_somebody_else_here_cannot_join(pro, owner, now):
    other = a_member(a_pro(), email="taken@mail.example")
    team.invite(pro, email="taken@mail.example", role="member", by=owner, now=now)  # the inviter learns nothing
    with pytest.raises(team.EmailTaken):
        team.accept_invitation(link(), name="Joy Ng", password=PASSWORD, now=now)
    other.user.refresh_from_db()
    assert member_of(other.user) == other and not other.user.check_password(PASSWORD)


def test_an_address_of_another_marketplace_can(pro, owner, now):
    from core.models import Marketplace
    from core.tenancy import scope

    with scope(Marketplace.objects.get(slug="hearthline")):
        a_member(a_pro(), email="joy@prairie.example")
    assert join(pro, owner, now).pro == pro


def test_what_is_refused_says_its_field(pro, owner, now):
    with pytest.raises(team.AlreadyInTeam) as refused:
        team.invite(pro, email=owner.user.email, role="member", by=owner, now=now)
    assert "email" in refused.value.fields
    with pytest.raises(BadContact):
        team.invite(pro, email="nobody", role="member", by=owner, now=now)
    for role in ("boss", "", None, "\x00", 10**50):
        with pytest.raises(team.BadRole):
            team.invite(pro, email="joy@prairie.example", role=role, by=owner, now=now)
    team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    for bad in (
        {"name": "\u200b"},
        {"phone": "900 555 1234"},
        {"password": "short"},
        {"password": "password123"},
        {"password": None},
        {"password": "\ud800" * 12},
        {"password": "x" * 100_000},
    ):
        with pytest.raises((BadContact, BadPassword)) as refused:
            team.accept_invitation(link(), **{"name": "Joy Ng", "password": PASSWORD, "now": now} | bad)
        assert list(refused.value.fields) == list(bad) and refused.value.status == 400
    assert team.accept_invitation(link(), name="Joy Ng", password=PASSWORD, now=now)


def test_invitations_are_limited(pro, owner, now):
    for number in range(20):
        team.invite(pro, email=f"joy{number}@prairie.example", role="member", by=owner, now=now)
    with pytest.raises(team.TooManyInvitations):
        team.invite(pro, email="joy20@prairie.example", role="member", by=owner, now=now)


def test_a_new_pro_begins_with_an_owner(pro, now):
    owner = team.first_owner(pro, name="Marcus Bell", email="marcus@prairie.example", password=PASSWORD, now=now)
    assert owner.role == "owner" and authenticate(None, username="marcus@prairie.example", password=PASSWORD)
    with pytest.raises(team.AlreadyInTeam):
        team.first_owner(pro, name="Second", email="second@prairie.example", password=PASSWORD, now=now)


def test_a_test_pros_invitation_is_not_sent(marketplace, now):
    pro = a_pro(test=True)
    team.invite(pro, email="joy@prairie.example", role="member", by=a_member(pro), now=now)
    assert Message.objects.get(kind="invitation").state == Message.State.SUPPRESSED


def test_owner_and_billing_say_up_to_what_price_a_member_accepts_offers(pro, owner, now):
    joy = join(pro, owner, now)
    billing = a_member(pro, role=Member.Role.BILLING)
    assert (accepts_up_to(owner), accepts_up_to(billing), accepts_up_to(joy)) == (None, None, 0), "spending is off by default"
    for by, cents in ((owner, 5_000), (billing, None), (billing, 0), (owner, 7_500)):
        team.let_accept(joy, cents, by=by, now=now)
        joy.refresh_from_db()
        assert accepts_up_to(joy) == joy.accept_up_to == cents
    for by in (joy, a_member(a_pro())):
        with pytest.raises(NotAllowed):
            team.let_accept(joy, None, by=by, now=now)
    for cents in (-1, 1_000_001):
        with pytest.raises(team.BadAcceptLimit):
            team.let_accept(joy, cents, by=owner, now=now)
    assert Member.objects.get(pk=joy.pk).accept_up_to == 7_500
    team.change_role(joy, "billing", by=owner, now=now)
    assert accepts_up_to(Member.objects.get(pk=joy.pk)) is None
    team.remove(joy, by=owner, now=now)
    with pytest.raises(NotFound):
        team.let_accept(joy, 0, by=owner, now=now)
