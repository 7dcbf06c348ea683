"""Homeowners who take things into their own hands: pages, telephones, mail (RULES 16, 26)."""

SERVICE, PLACE = "Water heater replacement", "Chicago, IL"


def test_stop_contact_in_the_middle_of_a_call(craftyard):
    """They talk; the homeowner stops all contact: the call is cut in a moment, and never connects again. Who has spoken pays what it
    earned by calling in time; who still had time to call has its money back."""
    prairie, fox = craftyard.pro("Prairie State Plumbing"), craftyard.pro("Fox River Plumbing")
    dana = craftyard.homeowner().asks(way="match")
    craftyard.work()
    craftyard.wait(minutes=2)
    line = prairie.opens_lead().line
    prairie.calls(line)
    craftyard.wait(seconds=5)
    assert dana.is_on_the_phone, "it rings"
    dana.picks_up()
    craftyard.wait(seconds=40)
    assert "You are talking now." in dana.looks().sees
    assert "20% earned: you pay $22.40" in prairie.opens_lead().sees

    dana.stops()
    assert "Your details are closed to every pro." in dana.sees
    craftyard.wait(seconds=5)
    assert not dana.is_on_the_phone and not prairie.is_on_the_phone, "cut off, not only closed"
    prairie.calls(line)
    craftyard.wait(seconds=5)
    assert not dana.is_on_the_phone and prairie.hears.endswith("That PIN did not work. Enter the 4-digit PIN again.")

    assert prairie.statement == [("AutoMatch", "28.00", "-5.60", "0.00", "22.40")]
    assert fox.statement == [("AutoMatch", "28.00", "0.00", "-28.00", "0.00")]
    for pro in (prairie, fox):
        assert f"The homeowner withdrew: {SERVICE} in {PLACE}" in pro.mails
        assert "had time to call, gets the money back" in pro.opens_lead().sees and "Dana" not in pro.sees


def test_a_silent_pro_is_replaced_after_two_days(craftyard):
    """Nobody calls. The pro is warned after a day, replaced after two; the next one gets the seat and is introduced."""
    silent = craftyard.pro("Silent Plumbing")
    dana = craftyard.homeowner().asks(way="match")
    craftyard.work()
    line = silent.opens_lead().line
    craftyard.wait(hours=23, minutes=59, seconds=59)
    assert not any(title.startswith("Nobody has called yet") for title in silent.mails)
    craftyard.wait(seconds=1)
    assert silent.mails[-1].startswith("Nobody has called yet")
    craftyard.wait(hours=23, minutes=59, seconds=59)
    assert not dana.looks().page.offers("Replace this pro")
    craftyard.wait(seconds=1)
    second = craftyard.pro("Second Plumbing")
    dana.looks().follows(f"Replace this pro: {silent.name}").presses("Yes, replace")
    craftyard.work()
    dana.looks()
    assert f"You replaced {silent.name}, which never called" in dana.sees and f"{second.name} since" in dana.sees
    assert [seat.startswith(f"{number} {second.name if number == 1 else 'This seat'}") for number, seat in enumerate(dana.seats, 1)]
    assert second.name in dana.mail("Who has your details") and second.statement == [("AutoMatch", "28.00", "0.00", "0.00", "28.00")]

    assert "The homeowner replaced you" in silent.opens_lead().sees and silent.mails[-1].startswith("You lost your seat")
    assert silent.statement == [("AutoMatch", "28.00", "0.00", "0.00", "28.00")], "it pays all the same"
    silent.calls(line)
    craftyard.wait(seconds=5)
    assert not dana.is_on_the_phone
