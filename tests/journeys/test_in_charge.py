"""Homeowners who take things into their own hands, told from the outside: browser, telephones, mail (RULES 16, 26)."""

import re
from datetime import timedelta

from django.test import Client

from contact.models import LocalCall
from leads import links
from leads.models import Lead, Match
from leads.tasks import route_due, warn_silent_pros
from notifications import delivery
from notifications.models import LocalDelivery
from tests.contact.telephone import HOME_PHONE, PRO_PHONE, Story
from tests.factories import a_member, a_pro
from tests.web.homeowners.conftest import Visitor


class Home(Story):
    """The homeowner's browser at the moment of the story."""

    def __init__(self, now, **lead):
        super().__init__(now, **lead)
        self.browser = Visitor(self.marketplace.host)

    @property
    def page(self):
        self.lead.refresh_from_db()
        return f"/request/{links.token(self.lead)}/"

    def read(self, ending="") -> str:
        with self.clock():
            answer = self.browser.get(f"{self.page}{ending}")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    def tap(self, match, what):
        with self.clock():
            return self.browser.post(f"{self.page}pros/{match.pk}/{what}/")

    def read_as(self, member, match) -> str:
        client = Client(HTTP_HOST=self.marketplace.host)
        client.force_login(member.user)
        with self.clock():
            return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(f"/pro/leads/{match.pk}/").content.decode()))

    def work(self):
        """What the workers do at this moment."""
        with self.clock():
            while route_due(self.marketplace, now=self.now):
                pass
            warn_silent_pros(self.marketplace, now=self.now)
            delivery.drain(self.marketplace, now=self.now)
        return self

    def letters(self, to) -> list:
        return list(LocalDelivery.objects.filter(address=to).order_by("pk").values_list("title", flat=True))


def test_choose_two_and_stop(marketplace, now):
    """Two of three are chosen and called in; one is stopped, then everybody."""
    home = Home(now, pros=3, way="choose")
    assert Match.objects.count() == 0, "nobody gets the details of who chooses"
    chosen = home.pros[:2]
    with home.clock():
        home.browser.post(f"{home.page}choose/", {"pro": [str(pro.public_id) for pro in chosen]})
    home.work()
    assert "Two pros have your details." in home.read() and home.pros[2].name not in home.read()
    one, two = (Match.objects.select_related("pro").get(pro=pro) for pro in chosen)
    home.wait(60)
    assert home.tap(one, "stop").status_code == 302
    assert f"You stopped {one.pro.name}" in home.read() and "One pro has your details." in home.read()
    assert "The homeowner withdrew" in home.read_as(home.member, one)
    home.wait(60)
    with home.clock():
        home.browser.post(f"{home.page}stop/")
    assert "Your details are closed to every pro." in home.read()
    assert {match.state for match in Match.objects.all()} == {"withdrawn"}
    assert Match.objects.get(pk=one.pk).state_at == Match.objects.get(pk=two.pk).state_at - timedelta(seconds=60)


def test_stop_contact_in_the_middle_of_a_call(marketplace, now):
    """They talk; the homeowner taps Stop: the line is cut in a moment, and never connects again. Who has spoken is not credited."""
    home = Home(now)
    leg = home.ring()
    home.wait(5).answer(leg).wait(40)
    assert "You are talking now." in home.read()
    match = home.match
    home.tap(match, "stop")
    home.wait(5)
    assert LocalCall.objects.get(provider_id=leg).ended_at is not None, "cut off, not only closed"
    assert not LocalCall.objects.filter(ended_at=None).exists()
    call = home.dial(from_number=PRO_PHONE)
    home.enter(call, match.line.pin).wait(5)
    assert home.child_of(call) == "" and not LocalCall.objects.filter(to_number=HOME_PHONE, ended_at=None).exists()
    assert home.match.charge.credited == 0
    assert "had time to call, gets the money back" in home.read_as(home.member, match)


def test_a_silent_pro_is_replaced_after_two_days(marketplace, now):
    """Nobody calls. The pro is warned after a day, replaced after two; the next one gets the seat and is introduced."""
    home = Home(now, email="dana@homeowners.example")
    silent = home.match
    home.now += timedelta(hours=24)
    home.work()
    assert any(subject.startswith("Nobody has called yet") for subject in home.letters(home.member.user.email))
    assert "Replace this pro" not in home.read()
    home.now += timedelta(hours=24)
    assert "Replace this pro" in home.read() and "Replace" in home.read(f"pros/{silent.pk}/replace/")
    second = a_member(a_pro("Second Plumbing", now=now)).pro
    home.tap(silent, "replace")
    home.work()
    page = home.read()
    assert f"You replaced {silent.pro.name}, which never called" in page and "Second Plumbing since" in page
    assert "The homeowner replaced you" in home.read_as(home.member, silent)
    assert any(subject.startswith("You lost your seat") for subject in home.letters(home.member.user.email))
    assert "Second Plumbing" in LocalDelivery.objects.filter(address="dana@homeowners.example").latest("pk").text
    assert Match.objects.get(pro=second).slot == 1 and Lead.objects.get().matches.filter(slot__isnull=False).count() == 1
    call = home.dial(from_number=PRO_PHONE, to_number=silent.line.number.number)
    home.enter(call, silent.line.pin).wait(5)
    assert home.child_of(call) == ""
