"""What staff see of a request beside its seats: who was warned, what was shown to whom, the photos (RULES 16, 19, INVARIANTS 22)."""

from datetime import timedelta

from accounts.models import User
from leads import photos, replacing, revealing
from leads.models import Match, Reveal
from tests.factories import a_photo
from tests.web.staff.conftest import page_of, text_of


def test_nothing_stands_there_before_anything_was_given(browser, lead):
    assert "The homeowner’s side" not in text_of(browser.get(*page_of(lead)))


def test_warnings_reveals_and_photos_stand_on_the_lead_without_the_number(browser, lead, now, clock):
    seat = Match.objects.select_related("lead__homeowner", "pro").filter(lead=lead).first()
    revealing.reveal(seat, Reveal.What.PHONE, now=now)
    picture = photos.add(lead, a_photo(), now=now)
    clock.now = now + timedelta(hours=25)
    replacing.warn_due(now=clock.now)
    page = text_of(browser.get(*page_of(lead)))
    assert f"Showed {seat.pro.name} the phone number, Wed, May 20, 12:00 PM." in page
    assert f"{seat.pro.name} was warned, Thu, May 21, 1:00 PM: no call in a day." in page
    assert lead.homeowner.phone not in browser.get(*page_of(lead)).content.decode()
    shown = browser.get(f"/staff/leads/{lead.pk}/photos/{picture.pk}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp") and "private" in shown["Cache-Control"]
    User.objects.update(owns_marketplace=True)
    admin = text_of(browser.get(f"/admin/leads/lead/{lead.pk}/change/"))
    assert "Shown to one pro" in admin and "Phone number" in admin.partition("Shown to one pro")[2].partition("Photos")[0]
    assert f"{picture.width} × {picture.height}" in admin.partition("Photos")[2]
