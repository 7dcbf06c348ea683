"""Homeowners who choose their pros, from the form to what each side reads (RULES 3, 11, 14, 26)."""

import pytest

FIVE = ("Prairie State Plumbing", "Fox River Plumbing", "Oakhurst Mechanical", "DuPage Heaters", "Herrera Plumbing")
SERVICE = "Water heater replacement"
CHOSEN, MATCHED = f"They chose you: {SERVICE} in Chicago, IL", f"New lead: {SERVICE} in Chicago, IL"


@pytest.fixture
def pros(craftyard):
    return [craftyard.pro(name) for name in FIVE]


def test_choose_four(craftyard, pros):
    """Five fit, four are ticked: they and nobody else get the request, at the price of it, and are named to the homeowner."""
    *chosen, fifth = pros
    dana = craftyard.homeowner().asks(way="choose")
    assert "Choose up to four pros" in dana.sees and "5 fit your job in Chicago 60614." in dana.sees
    assert all(pro.name in dana.sees for pro in pros)
    craftyard.wait(minutes=3)
    assert [pro.has_heard for pro in pros] == [[]] * 5, "nobody gets the details of who still chooses"

    dana.ticks(*chosen)
    assert "Sent to 4 pros. Nobody else has your details." in dana.sees and "Four pros have your details." in dana.sees
    assert sorted(seat.partition(" Has not opened")[0][2:] for seat in dana.seats) == sorted(f"{pro.name} since 12:03 PM" for pro in chosen)
    craftyard.work()
    for pro in chosen:
        assert pro.mails == [CHOSEN]
        assert [text.partition("$28.00.")[0] for text in pro.texts] == [
            f"Craftyard: a homeowner chose you. {SERVICE} in Chicago, IL 60614, Choice Match, "
        ]
        assert pro.statement == [("Choice Match", "28.00", "0.00", "0.00", "28.00")]
        [row] = pro.inbox
        assert row.startswith(f"{SERVICE} Dana W. in Chicago 60614 Choice Match") and "$28.00" in row
        pro.opens_mail(CHOSEN)
        assert "Choice Match" in pro.sees and "The homeowner picked you" in pro.sees and "Seats: 4 of 4 taken" in pro.sees
        assert "Whitfield" not in pro.sees and dana.email not in pro.sees and dana.phone[2:] not in pro.sees

    number, _pin = chosen[0].line
    told = dana.mail("Who has your details")
    assert all(f"* {pro.name}" in told for pro in chosen) and fifth.name not in told
    assert f"({number[2:5]}) {number[5:8]}-{number[8:]}" in told
    assert all(pro.name[:16] in dana.texts[-1] for pro in chosen), "a text has room for the beginnings of long names"
    assert "Four pros have your details." in dana.opens_mail("Who has your details").sees

    craftyard.wait(hours=72)
    assert fifth.has_heard == [] and fifth.opens(chosen[0].page.address).page.status == 404
    assert dana.opens(f"{dana.request}choose/").page.address == dana.request, "there is nothing left to choose"


def test_choose_two_and_leave_it_at_that(craftyard, pros):
    """Two are ticked, and the other seats left free: they stay free, though AutoMatch was agreed to for the case that nobody is chosen."""
    one, two, *others = pros
    dana = craftyard.homeowner().asks(way="choose", then_automatch="on")
    assert "If you choose nobody by 12:15 PM, we match you, as you asked." in dana.sees
    dana.ticks(one, two)
    craftyard.work()
    assert "Sent to 2 pros. Nobody else has your details." in dana.sees
    assert "Two pros have your details. You can choose more until" in dana.sees
    for wait in ({"minutes": 15}, {"minutes": 15}, {"hours": 24}):
        craftyard.wait(**wait)
    assert [pro.has_heard for pro in others] == [[]] * 3
    craftyard.wait(hours=48)
    assert "Two pros have your details. You chose nobody else, so nobody else gets them." in dana.looks().sees
    assert "Choosing was over. Nobody else gets your details" in dana.sees
    assert dana.seats[2:] == ["3 This seat stays free Nobody has it, and nobody will get it.", "4 This seat stays free"]
    assert [pro.has_heard for pro in others] == [[]] * 3
    assert [pro.statement for pro in (one, two)] == [[("Choice Match", "28.00", "0.00", "0.00", "28.00")]] * 2


def test_choose_two_and_stop_contact(craftyard, pros):
    """One of the two is stopped, then everybody: each reads the one sentence, and has its money back, for nobody has spoken yet."""
    one, two, *others = pros
    dana = craftyard.homeowner().asks(way="choose").ticks(one, two)
    craftyard.work()
    craftyard.wait(minutes=1)
    dana.stops(one)
    assert f"Stopped: {one.name}." in dana.sees and "One pro has your details." in dana.sees
    craftyard.work()
    assert one.mails[0] == CHOSEN and f"The homeowner withdrew: {SERVICE} in Chicago, IL" in one.mails[1:]
    assert two.mails == [CHOSEN], "who goes on learns nothing of it"

    craftyard.wait(minutes=1)
    dana.stops()
    assert "Your details are closed to every pro." in dana.sees and "All contact stopped" in dana.sees
    assert {seat.partition(" Had")[0][2:] for seat in dana.seats[:2]} == {f"{one.name} Stopped 12:01 PM", f"{two.name} Stopped 12:02 PM"}
    craftyard.work()
    assert "This email is your proof." in dana.mail("All contact stopped")
    for pro in (one, two):
        assert "The homeowner withdrew this request." in pro.mail("The homeowner withdrew")
        assert pro.statement == [("Choice Match", "28.00", "0.00", "-28.00", "0.00")]
        [row] = pro.inbox
        assert row.startswith("Closed by the homeowner") and "Dana" not in row
        assert "The homeowner withdrew" in pro.opens_lead().sees and "This number is closed" not in pro.sees
        assert "Dana" not in pro.sees and "leaking" not in pro.sees
    assert [pro.has_heard for pro in others] == [[]] * 3


def test_choose_none_and_be_matched(craftyard, pros):
    """Nobody is chosen: one reminder after ten minutes, and AutoMatch after fifteen, to the second, for it was agreed to on the form."""
    dana = craftyard.homeowner().asks(way="choose", then_automatch="on")
    eli = craftyard.homeowner("Eli Sundberg").asks(way="choose")  # who did not agree to it
    craftyard.wait(minutes=9, seconds=59)
    assert f"Choose your pros: {SERVICE}" not in dana.mails
    craftyard.wait(seconds=1)
    assert dana.mails.count(f"Choose your pros: {SERVICE}") == 1
    assert "If you have not chosen by 12:15 PM, we match you, as you asked." in dana.mail("Choose your pros")
    assert "Until you choose, no pro knows of your request." in eli.mail("Choose your pros")

    craftyard.wait(minutes=4, seconds=59)
    assert [pro.has_heard for pro in pros] == [[]] * 5
    assert "Nobody has your details yet. Choose your pros by 12:15 PM, or we match you, as you asked." in dana.looks().sees
    assert "Nobody has it. Choose a pro, or we look for one from 12:15 PM." in dana.sees
    assert "Nobody has your details yet. Choose your pros: until then nobody gets them." in eli.looks().sees
    craftyard.wait(seconds=1)
    seats = [pro for pro in pros if pro.has_heard]
    assert len(seats) == 4 and "Four pros have your details." in dana.looks().sees
    for pro in seats:
        assert pro.mails == [MATCHED] and "We matched this lead to you." in pro.mail(MATCHED)
        assert pro.statement == [("AutoMatch", "28.00", "0.00", "0.00", "28.00")]
        assert [row.startswith(f"{SERVICE} Dana W. in Chicago 60614 AutoMatch") for row in pro.inbox] == [True]
    told = dana.mail("Who has your details")
    assert [f"* {pro.name}" in told for pro in pros] == [pro in seats for pro in pros]

    craftyard.wait(hours=72)
    assert "Nobody has your details. You chose no pro within 72 hours, so nobody gets them." in eli.looks().sees
    assert "Choosing was over. Nobody has your details" in eli.sees and "No pro has your request" in eli.sees
    assert sum(len(pro.inbox) for pro in pros) == 4 and eli.mails.count(f"Choose your pros: {SERVICE}") == 1


def test_an_opted_out_pro_is_invisible_and_still_matched(craftyard, pros):
    """My Account -> Lead Purchase Settings -> "Receive Choice Match Leads" -> No -> Save: it is not in the list, has no page, and cannot be
    ticked by who knows of it; AutoMatch goes on (RULES 11)."""
    *others, hidden = pros
    dana = craftyard.homeowner().asks(way="choose")
    profile = f"{dana.request}pros/{hidden.pro.public_id}/"
    assert hidden.name in dana.sees and dana.opens(profile).page.status == 200
    hidden.opens("/pro/account/").follows("Lead Purchase Settings").opens("/pro/account/lead-purchase-settings/choice-match/")
    hidden.presses("Save", value="no")
    assert "Saved: Receive Choice Match Leads. It holds from this moment on." in hidden.sees

    dana.opens(f"{dana.request}choose/")
    assert "4 fit your job in Chicago 60614." in dana.sees and hidden.name not in dana.sees
    assert dana.opens(profile).page.status == 404
    dana.opens(f"{dana.request}choose/").ticks(others[0], hidden)
    assert dana.page.status == 409
    assert f"No longer free for this job: {hidden.name}. Nobody got your details yet." in dana.sees
    dana.ticks(others[0])
    craftyard.work()
    assert others[0].mails == [CHOSEN] and hidden.has_heard == []

    for pro in others:
        pro.opens("/pro/account/lead-purchase-settings/pause/").presses("Until tomorrow, 7:00 AM")
    craftyard.homeowner("Eli Sundberg").asks(way="match")
    craftyard.work()
    assert hidden.mails == [MATCHED] and hidden.statement == [("AutoMatch", "28.00", "0.00", "0.00", "28.00")]
    assert [row.startswith(f"{SERVICE} Eli S.") for row in hidden.inbox] == [True]
