"""The team, the profile and the notices: who is in, who leaves, and what each is told."""

import re

import pytest

from accounts import team
from accounts.models import Invitation, Member
from notifications.models import Message
from notifications.preferences import switches
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import text_of
from web.pros.team import reference

HERE = "/pro/account/team/"
NOTICES = "/pro/account/notices/"


@pytest.fixture
def joy(prairie):
    return a_member(prairie, role=Member.Role.MEMBER, email="joy@prairie.example")


def page_of(member):
    return f"{HERE}members/{reference(member)}/"


def test_the_owner_sees_the_team_and_invites(browser, prairie, owner, joy, now):
    page = text_of(browser.get(HERE))
    assert page.index(owner.user.name) < page.index(joy.user.name) and "joy@prairie.example" in page and "Invite somebody" in page
    assert browser.post(HERE, {"email": "Pat@prairie.example", "role": "billing"}).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("pat@prairie.example", "billing")
    page = text_of(browser.get(HERE))
    assert "pat@prairie.example" in page and f"Invited by {owner.user.name}" in page
    assert not re.search(rf"/(invitations|members)/{invitation.pk}/", browser.get(HERE).content.decode())


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"email": "joy@prairie.example", "role": "member"}, 422, "in your team already"),
        ({"email": "not an e-mail", "role": "member"}, 422, "valid email"),
        ({"email": "pat@prairie.example", "role": "king"}, 422, "valid choice"),
        ({"email": "pat@prairie.example\x00", "role": "member"}, 422, "Null characters"),
        ({}, 422, "required"),
    ],
)
def test_an_invitation_that_cannot_be(browser, joy, said, status, words):
    answer = browser.post(HERE, said)
    assert answer.status_code == status and words in text_of(answer) and not Invitation.objects.exists()


def test_an_invitation_is_sent_again_and_withdrawn(browser, prairie, owner, now):
    invitation = team.invite(prairie, email="pat@prairie.example", role="member", by=owner, now=now)
    address = f"{HERE}invitations/{reference(invitation)}/"
    former = invitation.token_hash
    assert browser.post(address, {"do": "resend"}).status_code == 302
    invitation.refresh_from_db()
    assert invitation.token_hash != former
    assert browser.post(address, {"do": "withdraw"}).status_code == 302
    invitation.refresh_from_db()
    assert invitation.withdrawn_at == now
    assert browser.post(address, {"do": "withdraw"}).status_code == 404 and browser.get(address).status_code == 405


def test_roles_change_and_members_go(browser, joy, signed_in):
    joys = signed_in(joy)
    assert browser.post(page_of(joy), {"role": "billing"}).status_code == 302
    assert joys.get("/pro/billing/").status_code == 200
    assert "signed out everywhere at once" in text_of(browser.get(page_of(joy)))
    assert browser.post(page_of(joy), {"do": "remove"}).status_code == 302
    assert joys.get("/pro/leads/").status_code == 302
    assert browser.get(page_of(joy)).status_code == 404 and "joy@prairie.example" not in text_of(browser.get(HERE))


def test_an_account_keeps_an_owner(browser, owner, joy):
    for said in ({"do": "remove"}, {"role": "member"}):
        answer = browser.post(page_of(owner), said)
        assert answer.status_code == 422 and "needs an owner" in text_of(answer)
    owner.refresh_from_db()
    assert (owner.role, owner.removed_at) == ("owner", None)


def test_a_plain_member_changes_nobody_but_may_leave(joy, owner, prairie, signed_in, now):
    joys = signed_in(joy)
    invitation = team.invite(prairie, email="pat@prairie.example", role="member", by=owner, now=now)
    page = text_of(joys.get(HERE))
    assert "Only owners invite" in page and "Send the invitation" not in page and "pat@prairie.example" not in page
    assert joys.post(HERE, {"email": "x@prairie.example", "role": "owner"}).status_code == 403
    assert joys.get(page_of(owner)).status_code == joys.post(page_of(owner), {"do": "remove"}).status_code == 403
    assert joys.post(f"{HERE}invitations/{reference(invitation)}/", {"do": "withdraw"}).status_code == 403
    assert joys.post(page_of(joy), {"role": "owner"}).status_code == 403
    joy.refresh_from_db()
    assert joy.role == "member"
    assert joys.post(page_of(joy), {"do": "remove"})["Location"] == "/pro/sign-in/"
    assert joys.get("/pro/leads/").status_code == 302


def test_foreign_and_missing_members_answer_alike(browser, owner, now):
    stranger = a_member(a_pro("Other Plumbing"))
    foreign = team.invite(stranger.pro, email="x@other.example", role="member", by=stranger, now=now)
    answers = [
        browser.get(page_of(stranger)),
        browser.get(f"{HERE}members/{'0' * 24}/"),
        browser.post(f"{HERE}invitations/{reference(foreign)}/"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.decode().split("<main")[1] for answer in answers}) == 1
    assert browser.get(f"{HERE}members/{owner.pk}/").status_code == 404


def test_a_switch_holds_back_a_notice_and_only_that(browser, prairie, owner, joy, now):
    owner.user.phone = "+13125550143"
    owner.user.save()
    page = browser.get(NOTICES).content.decode()
    assert page.count('type="checkbox"') == page.count(" checked") == len(switches(owner.subject))
    on = {f"{each.kind}-{each.channel}": "on" for each in switches(owner.subject)}
    del on["new_lead-email"]
    assert browser.post(NOTICES, on).status_code == 302
    assert [(each.kind, each.channel) for each in switches(owner.subject) if not each.wanted] == [("new_lead", "email")]
    assert all(each.wanted for each in switches(joy.subject))
    a_matched_lead(now=now)
    told = set(Message.objects.filter(kind="new_lead").values_list("recipient", "channel"))
    assert (owner.subject, "sms") in told and (joy.subject, "email") in told and (owner.subject, "email") not in told
    assert browser.get(NOTICES).content.decode().count(" checked") == len(on)


def test_nonsense_switches_nothing_else(browser, owner):
    assert browser.post(NOTICES, {"invitation-email": "on", "new_lead-fax": "on", "\x00": "\x00"}).status_code == 302
    assert not any(each.wanted for each in switches(owner.subject)), "what is not ticked is off"


def test_the_profile_changes_name_and_number(browser, prairie, owner):
    page = text_of(browser.get("/pro/account/"))
    assert "Prairie State Plumbing" in page and "marcus@prairie.example" in page and "Owner" in page and "Approved" in page
    assert browser.post("/pro/account/", {"name": " Marcus  Bell ", "phone": "312 555 0143"}).status_code == 302
    owner.user.refresh_from_db()
    assert (owner.user.name, owner.user.phone) == ("Marcus Bell", "+13125550143")
    assert 'value="(312) 555-0143"' in browser.get("/pro/account/").content.decode()
    assert browser.post("/pro/account/", {"name": "Marcus Bell", "phone": ""}).status_code == 302
    owner.user.refresh_from_db()
    assert owner.user.phone == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "\u200b\u200b", "phone": ""}, "Enter a name"),
        ({"name": "Marcus", "phone": "12"}, "Enter a US phone number"),
        ({"name": "Marcus", "phone": "900 555 0143"}, "premium"),
        ({"name": "M" * 81, "phone": ""}, "at most 80"),
        ({"name": "Marcus\x00", "phone": ""}, "Null characters"),
    ],
)
def test_a_profile_that_cannot_be(browser, owner, said, words):
    before = owner.user.name
    answer = browser.post("/pro/account/", said)
    assert answer.status_code == 422 and words in text_of(answer)
    owner.user.refresh_from_db()
    assert owner.user.name == before
