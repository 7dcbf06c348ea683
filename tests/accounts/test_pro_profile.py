"""What a company says of itself: by its owner only, kept as typed, its picture small and without a trace."""

import pytest

from accounts import pro_profile
from accounts.models import Member, Pro, ProPhoto
from accounts.pro_profile import AboutTooLong, BadYear
from core.errors import NotAllowed, NotFound
from core.pictures import NotAPicture, TooBig
from leads.masking import without_addresses
from tests.factories import a_member, a_picture, a_pro, a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro(marketplace):
    return a_pro("Prairie State Plumbing")


@pytest.fixture
def owner(pro):
    return a_member(pro)


def test_the_owner_says_since_when_and_what(pro, owner, now):
    pro_profile.present(pro, since_year=1998, about="  Water heaters.\r\nNothing else.\0 ", by=owner, now=now)
    kept = Pro.objects.get(pk=pro.pk)
    assert (kept.since_year, kept.about) == (1998, "Water heaters.\nNothing else.")
    pro_profile.present(pro, since_year=None, about="\u200b\u3164", by=owner, now=now)
    assert Pro.objects.values_list("since_year", "about").get(pk=pro.pk) == (None, "")


@pytest.mark.parametrize("year", [0, 1849, 2027, 99999])
def test_a_year_that_cannot_be_is_refused(pro, owner, now, year):
    with pytest.raises(BadYear):
        pro_profile.present(pro, since_year=year, about="", by=owner, now=now)


def test_too_much_is_refused_and_others_than_the_owner_say_nothing(pro, owner, now):
    with pytest.raises(AboutTooLong):
        pro_profile.present(pro, since_year=None, about="x" * 601, by=owner, now=now)
    others = [a_member(pro, role=Member.Role.BILLING), a_member(pro, role=Member.Role.MEMBER), a_member(a_pro()), a_staff_user()]
    for other in others:
        with pytest.raises(NotAllowed):
            pro_profile.present(pro, since_year=1998, about="", by=other, now=now)
        with pytest.raises(NotAllowed):
            pro_profile.set_photo(pro, a_picture(), by=other, now=now)


def test_a_picture_is_a_small_square_with_an_address_of_its_own(pro, owner, now):
    pro_profile.set_photo(pro, a_picture(1, size=(900, 500)), by=owner, now=now)
    first, data = pro.photo_key, pro_profile.photo_of(pro.photo_key)
    assert len(first) == 32 and data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) <= 40_000
    pro_profile.set_photo(pro, a_picture(2), by=owner, now=now)
    assert pro.photo_key != first and ProPhoto.objects.count() == 1
    with pytest.raises(NotFound):
        pro_profile.photo_of(first)
    other = a_pro()
    pro_profile.set_photo(other, a_picture(2), by=a_member(other), now=now)
    assert other.photo_key != pro.photo_key, "the same picture of another pro is another one"


def test_staff_may_take_a_picture_away(pro, owner, now):
    pro_profile.set_photo(pro, a_picture(), by=owner, now=now)
    pro_profile.remove_photo(pro, by=a_staff_user(), now=now)
    assert not ProPhoto.objects.exists() and Pro.objects.get(pk=pro.pk).photo_key == ""
    assert pro.monogram == "PS"


@pytest.mark.parametrize(("sent", "refusal"), [(b"", NotAPicture), (b"GIF89a", NotAPicture), (b"\0" * 12_000_001, TooBig)])
def test_what_is_no_picture_changes_nothing(pro, owner, now, sent, refusal):
    with pytest.raises(refusal):
        pro_profile.set_photo(pro, sent, by=owner, now=now)
    assert not ProPhoto.objects.exists() and not pro.photo_key


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Call (312) 555-0142 now", "Call [phone number hidden] now"),
        ("Mail us: dana@acme.example", "Mail us: [email hidden]"),
        ("See https://acme.example/x?y=1 for more", "See [web address hidden] for more"),
        ("www.acme.net", "[web address hidden]"),
        ("Acme.com, since 1998. We come.", "[web address hidden], since 1998. We come."),
        ("We work e.g. on Elston Avenue. No.1 in town.", "We work e.g. on Elston Avenue. No.1 in town."),
    ],
)
def test_homeowners_read_it_without_ways_around_us(typed, read):
    assert without_addresses(typed) == read
