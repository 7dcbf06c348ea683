"""Seats that are drawn among those who accept in time: entered, left, drawn at its minute, charged, told, and drawn again from what was
kept with the same result (RULES 15, 17)."""

from io import StringIO

import pytest
from django.core.management import call_command

OFFERED, WON, LOST = (f"{begins}: Water heater replacement in Chicago, IL" for begins in ("New offer", "New lead", "Not drawn"))
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gingko", "Hazel")
LEAD = ("Opt-in", "16.50", "0.00", "0.00", "16.50")


@pytest.fixture
def drawing(hearthline):
    """Who runs the marketplace lets the seats be drawn: a number of the admin."""
    mia = hearthline.staff("Mia Torres", owns_marketplace=True)
    mia.opens("/admin/core/policyversion/add/").presses("Save", opt_in__allocation="draw")
    assert mia.page.status == 200 and mia.page.address == "/admin/core/policyversion/"
    return hearthline


@pytest.fixture
def pros(drawing):
    return [drawing.pro(f"{name} Plumbing") for name in NAMES]


def asked(market, name):
    """Somebody asks for a water heater; a quarter of an hour later everybody may accept."""
    homeowner = market.homeowner(name).asks().confirms_the_phone()
    market.work()
    market.wait(minutes=15)
    return homeowner


def enter(pros, market):
    """One after the other, ten seconds apart."""
    for pro in pros:
        pro.opens_mail(OFFERED).presses("Enter the draw for $16.50")
        market.wait(seconds=10)


def replayed(homeowner) -> str:
    """What is told of the decisions about the request, decided again from what was kept."""
    said = StringIO()
    call_command("explain", homeowner.request.split("/")[2], "--replay", stdout=said)
    return said.getvalue()


def test_four_of_eight_are_drawn_and_the_other_four_the_next_time(drawing, pros):
    """Eight and a ninth, who leaves, enter the draw; four pay, four read why not and pay nothing. Whoever was not drawn comes first in the
    next draw, however early the others tap."""
    ninth = drawing.pro("Ivy Plumbing")
    dana = asked(drawing, "Dana Whitfield")
    ninth.opens_mail(OFFERED)
    assert "Who accepts until 12:20 PM takes part in a draw for the seats." in ninth.sees
    ninth.presses("Enter the draw for $16.50")
    assert "In the draw until 12:20 PM; $16.50 is reserved. You pay only if you are drawn." in ninth.sees
    assert "You can spend $9,983.50" in ninth.opens("/pro/billing/").sees and ninth.wallet == "$10,000.00"
    ninth.opens_mail(OFFERED).presses("Leave the draw, $16.50 is free again")
    assert "You can spend" not in ninth.opens("/pro/billing/").sees
    enter(pros, drawing)

    drawing.wait(minutes=3, seconds=39)  # 12:19:59
    assert drawing.now.strftime("%M:%S") == "19:59" and [pro.inbox for pro in (*pros, ninth)] == [[]] * 9
    assert "Nobody has your details yet." in dana.looks().sees
    drawing.wait(seconds=1)
    drawn, others = [pro for pro in pros if pro.inbox], [pro for pro in pros if not pro.inbox]
    assert len(drawn) == len(others) == 4
    assert "Four pros have your details." in dana.looks().sees
    assert {seat.partition(" since 12:20 PM")[0][2:] for seat in dana.seats} == {pro.name for pro in drawn}
    assert all(pro.name in dana.mail("Who has your details") for pro in drawn)
    for pro in drawn:
        assert pro.mails == [OFFERED, WON] and "new lead." in pro.texts[-1]
        assert (pro.wallet, pro.statement) == ("$9,983.50", [LEAD])
        assert "You have a seat for $16.50" in pro.opens_mail(WON).sees
    for pro in others:
        assert pro.mails == [OFFERED, LOST] and "Nothing was charged, $16.50 are free again." in pro.texts[-1]
        assert "8 pros were in the draw for 4 free seats, and others were drawn." in pro.mail(LOST)
        assert "Taken by others" in pro.opens_mail(LOST).sees and "Dana" not in pro.sees
        assert (pro.wallet, pro.statement) == ("$10,000.00", []) and "You can spend" not in pro.opens("/pro/billing/").sees
    assert (ninth.mails, ninth.wallet, ninth.inbox) == ([OFFERED], "$10,000.00", [])

    told = replayed(dana)
    assert (
        "8 looked at, 8 eligible" in told and told.count("decided again: identical") == told.count("decision ") and "DIFFERENT" not in told
    )
    assert told == replayed(dana)

    drawing.wait(minutes=10)
    eli = asked(drawing, "Eli Sundberg")
    enter(drawn + others, drawing)
    drawing.wait(minutes=4)
    assert [len(pro.inbox) for pro in pros] == [1] * 8, "who was not drawn the first time is now"
    assert {seat.partition(" since")[0][2:] for seat in eli.looks().seats} == {pro.name for pro in others}
    assert {pro.wallet for pro in pros} == {"$9,983.50"}


def test_staff_read_who_lost_the_draw(drawing, pros):
    """Why this pro, why not that one: the draw's decision keeps everybody who entered, as it was decided."""
    dana = asked(drawing, "Dana Whitfield")
    enter(pros, drawing)
    drawing.wait(minutes=4)
    renee = drawing.staff()
    renee.opens("/admin/leads/lead/").follows("Water heater replacement").follows("Why these pros?")
    assert renee.sees.count("Lost the draw") == 4 and all(pro.name in renee.sees for pro in pros)
    assert all(pro.name in renee.sees for pro in pros if pro.inbox) and dana.name not in renee.sees
