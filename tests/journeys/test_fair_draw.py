"""Seats that are drawn among those who accept in time: entered, left, drawn at its minute, charged, told, and drawn again from what was
kept with the same result (RULES 15, 17)."""

from dataclasses import replace
from io import StringIO

from django.core.management import call_command

from core.policy import publish
from leads.policy import Leads, OptIn
from operations.presets import PRESETS

OFFERED, WON, LOST = (f"{begins}: Water heater replacement in Chicago, IL" for begins in ("New offer", "New lead", "Not drawn"))
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo")
LEAD = ("Opt-in", "16.50", "0.00", "0.00", "16.50")


def let_seats_be_drawn(market, seats=4):
    """What who runs the marketplace publishes in the admin (test_third_marketplace)."""
    sections = [replace(each, allocation="draw") if isinstance(each, OptIn) else each for each in PRESETS["opt_in"].sections]
    publish([replace(each, seats=seats) if isinstance(each, Leads) else each for each in sections], now=market.now)


def asked(market, name):
    """Somebody asks for a water heater; a quarter of an hour later everybody may accept."""
    homeowner = market.homeowner(name).asks().confirms_the_phone()
    market.work()
    market.wait(minutes=15)
    return homeowner


def enter(*pros):
    """One after the other, by the button of the offer that the mail leads to."""
    for pro in pros:
        pro.opens_mail(OFFERED).presses("Enter the draw for $16.50")


def replayed(homeowner) -> str:
    """What is told of the decisions about the request, decided again from what was kept."""
    said = StringIO()
    call_command("explain", homeowner.request.split("/")[2], "--replay", stdout=said)
    return said.getvalue()


def test_four_of_six_are_drawn(hearthline):
    """Six enter the draw, and a seventh that leaves it: at its minute four are drawn and pay, two read why not and pay nothing. What was
    kept gives the same draw again, and staff read who lost it."""
    let_seats_be_drawn(hearthline)
    *pros, seventh = (hearthline.pro(f"{name} Plumbing") for name in NAMES)
    dana = asked(hearthline, "Dana Whitfield")
    seventh.opens_mail(OFFERED)
    assert "Who accepts until 12:20 PM takes part in a draw for the seats." in seventh.sees
    seventh.presses("Enter the draw for $16.50")
    assert "In the draw until 12:20 PM; $16.50 is reserved. You pay only if you are drawn." in seventh.sees
    assert "You can spend $9,983.50" in seventh.opens("/pro/billing/").sees
    seventh.opens_mail(OFFERED).presses("Leave the draw, $16.50 is free again")
    enter(*pros)

    hearthline.wait(minutes=4, seconds=59)
    assert [pro.mails for pro in pros] == [[OFFERED]] * 6 and "Nobody has your details yet." in dana.looks().sees
    hearthline.wait(seconds=1)
    drawn, others = [pro for pro in pros if WON in pro.mails], [pro for pro in pros if WON not in pro.mails]
    assert (len(drawn), len(others)) == (4, 2)
    assert "Four pros have your details." in dana.looks().sees
    assert {seat.partition(" since 12:20 PM")[0][2:] for seat in dana.seats} == {pro.name for pro in drawn}
    assert all(pro.name in dana.mail("Who has your details") for pro in drawn)
    for pro in drawn:
        assert pro.mails == [OFFERED, WON] and "new lead." in pro.texts[-1]
        assert pro.statement == [LEAD] and len(pro.inbox) == 1
    for pro in others:
        assert pro.mails == [OFFERED, LOST] and "Nothing was charged, $16.50 are free again." in pro.texts[-1]
        assert "6 pros were in the draw for 4 free seats, and others were drawn." in pro.mail(LOST)
        assert pro.statement == [] and pro.inbox == []
    assert "You have a seat for $16.50" in drawn[0].opens_mail(WON).sees and drawn[0].wallet == "$9,983.50"
    assert "Taken by others" in others[0].opens_mail(LOST).sees and "Dana" not in others[0].sees
    for pro in (seventh, others[0]):
        assert pro.wallet == "$10,000.00" and "You can spend" not in pro.opens("/pro/billing/").sees
    assert seventh.mails == [OFFERED] and seventh.inbox == []

    told = replayed(dana)
    assert "4 free, 6 looked at, 6 eligible" in told and "decided again: identical" in told and "DIFFERENT" not in told
    assert told == replayed(dana)
    renee = hearthline.staff().opens("/admin/leads/lead/").follows("Water heater replacement").follows("Why these pros?")
    assert renee.sees.count("Lost the draw") == 2 and all(pro.name in renee.sees for pro in pros) and dana.name not in renee.sees


def test_who_was_not_drawn_comes_first_the_next_time(hearthline):
    """A draw counts in the next one, and the order in which they tap in none: of four, two are drawn, and then the other two."""
    let_seats_be_drawn(hearthline, seats=2)
    pros = [hearthline.pro(f"{name} Plumbing") for name in NAMES[:4]]
    asked(hearthline, "Dana Whitfield")
    enter(*pros)
    hearthline.wait(minutes=5)
    drawn, others = [pro for pro in pros if WON in pro.mails], [pro for pro in pros if LOST in pro.mails]
    assert len(drawn) == len(others) == 2
    hearthline.wait(minutes=10)
    eli = asked(hearthline, "Eli Sundberg")
    enter(*drawn, *others)
    hearthline.wait(minutes=5)
    assert {seat.partition(" since")[0][2:] for seat in eli.looks().seats} == {pro.name for pro in others}
    assert [pro.statement for pro in pros] == [[LEAD]] * 4
