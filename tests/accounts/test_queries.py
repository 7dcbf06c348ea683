"""Whom to tell, and whose contact it is."""

import pytest

from accounts import homeowners
from accounts.actors import acting
from accounts.contact_data import BadContact
from accounts.models import Homeowner, Member, User
from accounts.queries import member_of, members_to_notify, pros_with_contact, team_of
from core.errors import NotAllowed
from core.models import Marketplace
from core.tenancy import scope
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db


def test_members_of_the_winners_in_one_query(marketplace, django_assert_num_queries):
    first, second, third = a_pro(), a_pro(), a_pro()
    owner, helper = a_member(first, phone="+13125550101"), a_member(first, role="member")
    a_member(third)
    disabled = a_member(second)
    User.objects.filter(pk=disabled.user_id).update(is_active=False)
    with django_assert_num_queries(1):
        people = members_to_notify([first.pk, second.pk])
    assert [(person.pro_id, person.member_id, person.email, person.phone) for person in people] == [
        (first.pk, owner.pk, owner.user.email, "+13125550101"),
        (first.pk, helper.pk, helper.user.email, ""),
    ]
    assert (people[0].name, people[0].pro_name, people[0].zone) == (owner.user.name, first.name, "America/Chicago")
    assert people[0].subject == owner.subject


def test_a_pros_own_contacts_are_never_its_leads(marketplace, django_assert_num_queries):
    by_phone, by_email = a_pro(phone="(312) 555-0111"), a_pro(email="Office@Prairie.example")
    by_member, other = a_pro(), a_pro()
    a_member(by_member, phone="+13125550111", email="joy@prairie.example")
    a_member(other)
    with django_assert_num_queries(1):
        assert pros_with_contact("+13125550111", "office@prairie.example") == {by_phone.pk, by_email.pk, by_member.pk}
    assert pros_with_contact("", "joy@prairie.example") == {by_member.pk}
    assert pros_with_contact("+13125550199", "") == set()
    with scope(Marketplace.objects.get(slug="hearthline")):
        assert pros_with_contact("+13125550111", "office@prairie.example") == set()


def test_empty_never_equals_empty(marketplace, django_assert_num_queries):
    a_member(a_pro())
    with django_assert_num_queries(0):
        assert pros_with_contact("", "") == set()


def test_staff_are_members_of_nothing(marketplace, django_assert_num_queries):
    staff = User.objects.create_user("renee@craftyard.example", "x", name="Renee", is_staff=True)
    member = a_member(a_pro())
    assert member_of(staff) is None and member_of(None) is None
    with django_assert_num_queries(1):
        found = member_of(member.user)
        assert found == member and found.pro.name and found.user.email


def test_a_team_begins_with_its_owners(marketplace):
    pro = a_pro()
    helper, owner = a_member(pro, role="member"), a_member(pro)
    assert list(team_of(pro)) == [owner, helper]


TYPED = {"name": " Dana  Whitfield ", "zip": "60622", "zone": "America/Chicago", "phone": "(312) 555-0123", "email": "Dana@Example.com"}


def test_a_homeowner_is_kept_normalised(marketplace):
    kept = homeowners.register(**TYPED, street="1201 N. Hoyne Avenue", unit="#2")
    stored = Homeowner.objects.get(pk=kept.pk)
    assert (stored.name, stored.phone, stored.email) == ("Dana Whitfield", "+13125550123", "dana@example.com")
    assert (stored.address_key, stored.short_name) == ("1201 n hoyne ave|2|60622", "Dana W.")


@pytest.mark.parametrize("empty", ["", None, "  ", "\u200b"])
def test_one_way_to_reach_a_homeowner_is_enough(marketplace, empty):
    assert homeowners.prepare(**TYPED | {"phone": empty}).phone == ""
    assert homeowners.prepare(**TYPED | {"email": empty}).email == ""
    with pytest.raises(homeowners.NoWayToReach):
        homeowners.prepare(**TYPED | {"phone": empty, "email": empty})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "\u200b\u200b"}, "name"),
        ({"name": "\x00"}, "name"),
        ({"phone": "876 555 0123"}, "phone"),
        ({"email": "\ud800@x.com"}, "email"),
        ({"street": "x" * 161}, "street"),
        ({"unit": "x" * 21}, "unit"),
    ],
)
def test_bad_input_is_refused_with_its_field(marketplace, change, field):
    with pytest.raises(BadContact) as refused:
        homeowners.register(**TYPED | change)
    assert list(refused.value.fields) == [field]
    assert not Homeowner.objects.exists()


@pytest.mark.parametrize("ended", ["removed", "disabled"])
def test_either_fact_alone_ends_a_membership(marketplace, now, ended):
    pro = a_pro()
    member = a_member(pro, phone="+13125550111")
    if ended == "removed":
        Member.objects.filter(pk=member.pk).update(removed_at=now)
    else:
        User.objects.filter(pk=member.user_id).update(is_active=False)
    assert member_of(member.user) is None
    assert not members_to_notify([pro.pk]) and not team_of(pro) and not pros_with_contact("+13125550111", member.user.email)
    with pytest.raises(NotAllowed):
        acting(member, pro)
