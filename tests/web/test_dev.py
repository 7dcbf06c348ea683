"""The outbox of a development site."""

import pytest

from core.models import Marketplace
from core.tenancy import scope
from notifications.models import Channel, LocalDelivery

HOST = {"host": "craftyard.localhost"}


def kept(**fields):
    """Something in craftyard's outbox; no marketplace is in force when the page is asked for."""
    with scope(Marketplace.objects.get(slug="craftyard")):
        return LocalDelivery.objects.create(message="01a20016-9d01-798a-8bcd-09780c198688", **fields)


@pytest.fixture
def mail(db, now):
    return kept(
        channel=Channel.EMAIL,
        address="dana@example.com",
        title="New lead: <b>Roof</b>",
        text="Open it: http://craftyard.localhost:8000/pro/leads/1/",
        html="<h1>New lead</h1><script>alert(1)</script>",
        at=now,
    )


@pytest.fixture
def text(db, now):
    return kept(channel=Channel.SMS, address="+13125550142", text="Craftyard: <new> lead", at=now)


def test_the_newest_first_with_links_to_follow(client, mail, text):
    page = client.get("/dev/outbox/", headers=HOST).content.decode()
    assert page.index("&lt;new&gt; lead") < page.index("&lt;b&gt;Roof&lt;/b&gt;")
    assert '<a href="http://craftyard.localhost:8000/pro/leads/1/"' in page
    assert "(312) 555-0142" in page and "12:00 PM" in page and "<b>Roof" not in page


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        ("dana@", "dana@example.com"),
        ("5550142", "(312) 555-0142"),
        ("nobody", "Nothing was sent to nobody"),
        ("%00", "Nothing was sent to"),
    ],
)
def test_one_persons_messages(client, mail, text, to, shown):
    answer = client.get("/dev/outbox/", {"to": to}, headers=HOST)
    assert answer.status_code == 200 and shown in answer.content.decode()


@pytest.mark.parametrize("query", ["to=%00", "to=" + "9" * 5000, "to=%ff", "to=%27", "to=%25"])
def test_odd_questions_are_answered(client, mail, query):
    assert client.get(f"/dev/outbox/?{query}", headers=HOST).status_code == (400 if "%00" in query else 200)


def test_a_mail_as_its_reader_sees_it_is_locked_in(client, mail):
    answer = client.get(f"/dev/outbox/{mail.pk}/", headers=HOST)
    assert answer.content.decode() == mail.html
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Frame-Options"] == "DENY"


def test_what_is_not_there(client, mail, text):
    for pk in (text.pk, 0, 9 * 10**6, 9**99):
        assert client.get(f"/dev/outbox/{pk}/", headers=HOST).status_code == 404
    assert client.get(f"/dev/outbox/{mail.pk}/", headers={"host": "hearthline.localhost"}).status_code == 404
    assert "dana@" not in client.get("/dev/outbox/", headers={"host": "hearthline.localhost"}).content.decode()


def test_only_in_development(client, mail, settings):
    settings.DEVELOPMENT = False
    for path in ("/dev/outbox/", f"/dev/outbox/{mail.pk}/"):
        assert client.get(path, headers=HOST).status_code == 404


def test_the_platforms_own_host_points_to_the_marketplaces(client, mail):
    page = client.get("/dev/outbox/", headers={"host": "localhost"}).content.decode()
    assert "Each marketplace has its own outbox" in page and "dana@" not in page
