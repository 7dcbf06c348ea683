"""In and out of the Lead Manager: passwords, forgotten ones, invitations, and who has no business there."""

import re
from datetime import timedelta

import pytest

from accounts import team
from accounts.models import Invitation, Member, SignInFailure, User
from notifications.models import Message
from tests.factories import a_member, a_pro

LONG = "/" * 9000
PASSWORD = "correct horse battery"


def sign_in(visitor, email, password=PASSWORD, **extra):
    return visitor.post("/pro/sign-in/", {"username": email, "password": password, **extra})


def link_in(kind):
    return Message.objects.filter(kind=kind).latest("created_at").context["url"].split("craftyard.localhost", 1)[1].split("/", 1)[1]


def test_a_member_signs_in_whatever_capitals_it_types_and_comes_where_it_wanted(visitor, owner):
    asked = visitor.get("/pro/billing/")
    assert (asked.status_code, asked["Location"]) == (302, "/pro/sign-in/?next=/pro/billing/")
    assert 'name="next" value="/pro/billing/"' in visitor.get(asked["Location"]).content.decode()
    answer = sign_in(visitor, " Marcus@Prairie.Example ", next="/pro/billing/")
    assert (answer.status_code, answer["Location"]) == (302, "/pro/billing/")
    assert visitor.get("/pro/billing/").status_code == 200


ELSEWHERE = ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/pro/sign-in/", "\x00", "foo", "?x", "pros:leads", LONG]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_elsewhere(visitor, owner, elsewhere):
    assert sign_in(visitor, owner.user.email, next=elsewhere)["Location"] == "/pro/" or elsewhere == LONG
    assert visitor.get("/pro/sign-in/", {"next": elsewhere}).status_code in (302, 400)


def test_wrong_and_unknown_answer_alike_and_a_disabled_user_too(visitor, owner):
    wrong = sign_in(visitor, owner.user.email, "not my password")
    unknown = sign_in(visitor, "nobody@prairie.example", "not my password")
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    disabled = sign_in(visitor, owner.user.email)
    assert {answer.status_code for answer in (wrong, unknown, disabled)} == {200}
    assert len({re.findall(r"<ul><li>(.*?)</li>", answer.content.decode())[0] for answer in (wrong, unknown, disabled)}) == 1


def test_ten_wrong_passwords_an_hour_are_enough(visitor, owner, clock, now):
    for _ in range(10):
        assert sign_in(visitor, owner.user.email, "guess").status_code == 200
    blocked = sign_in(visitor, owner.user.email.upper())
    assert blocked.status_code == 429 and "Too many wrong tries" in blocked.content.decode()
    assert not SignInFailure.objects.filter(key__contains="prairie").exists()
    clock.now = now + timedelta(hours=1, seconds=1)
    assert sign_in(visitor, owner.user.email).status_code == 302


def test_thirty_wrong_passwords_from_one_address_are_enough(visitor, owner):
    for number in range(30):
        sign_in(visitor, f"guess{number}@prairie.example", "guess")
    assert sign_in(visitor, owner.user.email).status_code == 429
    assert visitor.post("/pro/sign-in/", {"username": owner.user.email, "password": PASSWORD}, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_an_empty_password_does_not_wipe_out_the_failures(visitor, owner):
    for _ in range(10):
        sign_in(visitor, owner.user.email, "guess")
        sign_in(visitor, owner.user.email, "")
    assert sign_in(visitor, owner.user.email).status_code == 429


def test_signing_out_takes_a_post(browser):
    assert browser.get("/pro/sign-out/").status_code == 405
    assert browser.post("/pro/sign-out/")["Location"] == "/pro/sign-in/"
    assert browser.get("/pro/leads/").status_code == 302


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(visitor, owner, browser):
    known = visitor.post("/pro/password/", {"email": "MARCUS@prairie.example"})
    unknown = visitor.post("/pro/password/", {"email": "stranger@prairie.example"})
    assert known.status_code == unknown.status_code == 200
    said = [re.sub(r"\w+@prairie", "", answer.content.decode().split("<main")[1]) for answer in (known, unknown)]
    assert said[0] == said[1] and Message.objects.filter(kind="password_reset").count() == 1
    link = "/" + link_in("password_reset")
    assert "marcus@prairie.example" in visitor.get(link).content.decode()
    weak = visitor.post(link, {"password": "short"})
    assert weak.status_code == 422 and "too short" in weak.content.decode()
    assert visitor.post(link, {"password": "a much better one 7"})["Location"] == "/pro/sign-in/"
    assert visitor.get(link).status_code == visitor.post(link, {"password": "a third one 12345"}).status_code == 404
    assert browser.get("/pro/leads/").status_code == 302, "every session ends with the old password"
    assert sign_in(visitor, owner.user.email).status_code == 200
    assert sign_in(visitor, owner.user.email, "a much better one 7").status_code == 302


def test_a_new_password_lifts_the_block(visitor, owner):
    for _ in range(10):
        sign_in(visitor, owner.user.email, "guess")
    visitor.post("/pro/password/", {"email": owner.user.email})
    visitor.post("/" + link_in("password_reset"), {"password": "a much better one 7"})
    assert sign_in(visitor, owner.user.email, "a much better one 7").status_code == 302


@pytest.mark.parametrize("token", ["x", "1-2-3", "%00", "🔑", "a" * 3000, "zzzzzzzzzzzzzzzzzzzzz-x"])
@pytest.mark.parametrize("path", ["/pro/password/{}/", "/pro/invitation/{}/"])
def test_a_link_that_is_none_opens_nothing(visitor, marketplace, path, token):
    answer = 400 if token == "%00" else 404
    assert visitor.get(path.format(token)).status_code == answer
    assert visitor.post(path.format(token), {"password": "a much better one 7", "name": "Joy"}).status_code == answer


def test_an_invited_person_joins_and_is_signed_in(visitor, prairie, owner, now):
    team.invite(prairie, email="joy@prairie.example", role="member", by=owner, now=now)
    link = "/" + link_in("invitation")
    page = visitor.get(link).content.decode()
    assert "Join Prairie State Plumbing" in page and "joy@prairie.example" in page
    bad = visitor.post(link, {"name": "\u200b", "password": PASSWORD, "phone": "123"})
    assert bad.status_code == 422 and not User.objects.filter(email="joy@prairie.example").exists()
    answer = visitor.post(link, {"name": "Joy Adeyemi", "password": PASSWORD, "phone": "(312) 555-0123"})
    assert (answer.status_code, answer["Location"]) == (302, "/pro/")
    joy = Member.objects.get(user__email="joy@prairie.example")
    assert (joy.pro, joy.role, joy.user.phone) == (prairie, "member", "+13125550123")
    assert visitor.get("/pro/leads/").status_code == 200
    assert visitor.get(link).status_code == 404 and Invitation.objects.get().accepted_at == now


def test_staff_without_a_pro_is_told_so(visitor, marketplace):
    User.objects.create_user("renee@craftyard.example", PASSWORD, name="Renee Okafor", is_staff=True)
    assert sign_in(visitor, "renee@craftyard.example").status_code == 302
    answer = visitor.get("/pro/leads/")
    assert answer.status_code == 403 and "not as a pro" in answer.content.decode()


def test_a_removed_member_and_a_disabled_user_lose_everything_at_once(prairie, owner, browser, signed_in, now):
    joy = a_member(prairie, role=Member.Role.MEMBER)
    joys = signed_in(joy)
    assert joys.get("/pro/leads/").status_code == 200
    Member.objects.filter(pk=joy.pk).update(removed_at=now)
    assert joys.get("/pro/leads/").status_code == 403
    team.remove(a_member(prairie, role=Member.Role.MEMBER), by=owner, now=now)
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    assert browser.get("/pro/leads/").status_code == 302


def test_a_session_of_another_marketplace_is_none_here(opt_in, marketplace, owner, signed_in):
    elsewhere = signed_in(owner, host="hearthline.localhost")
    assert elsewhere.get("/pro/leads/").status_code == 302


def test_a_part_that_polls_leads_the_whole_page_to_the_sign_in(visitor, marketplace, htmx):
    answer = visitor.get("/pro/leads/", HTTP_HX_CURRENT_URL="http://craftyard.localhost/pro/leads/?show=new", **htmx)
    assert answer.status_code == 200 and answer["HX-Redirect"] == "/pro/sign-in/?next=/pro/leads/"
    for nowhere in ("http://[craftyard", "//evil.example/", ""):
        answer = visitor.get("/pro/leads/", HTTP_HX_CURRENT_URL=nowhere, **htmx)
        assert answer.status_code == 200 and answer["HX-Redirect"] == "/pro/sign-in/?next=/pro/"


def test_the_platform_s_own_host_has_no_lead_manager(client, db):
    for path in ("/pro/", "/pro/sign-in/", "/pro/password/", "/pro/leads/"):
        assert client.get(path, HTTP_HOST="localhost").status_code == 404
    assert client.post("/pro/sign-out/", HTTP_HOST="localhost").status_code == 404


def test_the_password_of_somebody_signed_in_changes_only_with_the_old_one(browser, signed_in, owner):
    other = signed_in(owner)
    wrong = browser.post("/pro/account/password/", {"old_password": "guess", "password": "a much better one 7"})
    assert wrong.status_code == 422 and "not your password" in wrong.content.decode()
    assert browser.post("/pro/account/password/", {"old_password": PASSWORD, "password": "a much better one 7"}).status_code == 302
    assert browser.get("/pro/account/").status_code == 200 and other.get("/pro/account/").status_code == 302


def test_a_pro_of_another_company_with_the_same_name_is_another_pro(visitor, prairie, marketplace):
    twin = a_member(a_pro("Prairie State Plumbing"))
    assert twin.pro != prairie and sign_in(visitor, twin.user.email).status_code == 302
