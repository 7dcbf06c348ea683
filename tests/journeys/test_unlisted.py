"""A service that nobody listed, from the words of a homeowner to the first match (RULES 9)."""

SAID = {
    "trade": "plumbing", "description": "The hall is dark. Call (312) 555-0142.", "timing": "week", "ownership": "owner", "reach": "any",
    "way": "match", "agreed": "on", "agreed_sms": "on",
}  # fmt: skip
SERVICE = {"trade": "plumbing", "name": "Solar tube", "low": "400", "typical": "800", "high": "1,200", "lead_price": "25"}
WANTED, MATCHED = "A homeowner waits: Solar tube in Chicago, IL", "New lead: Solar tube in Chicago, IL"


def test_an_unlisted_service_is_added_taken_up_and_matched(craftyard):
    """Typed on the form, it waits for a person; staff make a service of it; pros of the trade are told and add it with one click each: the
    first gets the request at once, the second the next free seat. Nobody else hears of it, and nobody of the person before the seat."""
    fox, lake = craftyard.pro("Fox River Plumbing"), craftyard.pro("Lakeside Plumbing")
    elsewhere, roofer = craftyard.pro("Elsewhere Plumbing", zips=("60601",)), craftyard.pro("Ridge Roofing", services=("roof-repair",))
    dana = craftyard.homeowner()
    dana.opens("/request/").presses("Go to job details", q="Solar tube for the hall", zip="60614")
    assert dana.page.status == 422 and "Choose the service that fits best." in dana.sees
    dana.follows("Not in the list?").presses(
        "Send my request", words="Solar tube for the hall", zip="60614", name=dana.name, phone=dana.phone, email=dana.email, **SAID
    )
    mine = dana.page.address
    assert "A person looks at it" in dana.sees and "By Thu, May 21 we write to you. Until then no pro knows of it." in dana.sees
    craftyard.wait(hours=2)
    assert dana.mails == ["A person looks at your request: Solar tube for the hall"]
    assert [pro.has_heard for pro in (fox, lake, elsewhere, roofer)] == [[]] * 4

    grace = craftyard.staff("Grace Oduya").opens("/staff/unlisted/")
    assert "Solar tube for the hall" in grace.sees and "Dana W. in Chicago, IL 60614" in grace.sees
    assert "The hall is dark. Call [phone number hidden]." in grace.sees and "Whitfield" not in grace.sees
    grace.presses("Add the service", **SERVICE)
    assert "Answered: Solar tube for the hall." in grace.sees and "Nothing waits" in grace.sees
    craftyard.work()
    assert fox.mails == lake.mails == [WANTED] and fox.inbox == lake.inbox == []
    assert [pro.has_heard for pro in (elsewhere, roofer)] == [[]] * 2
    assert "We ask pros who could do it" in dana.opens(mine).sees and "Nobody has your details yet." in dana.sees

    craftyard.wait(hours=20)
    fox.opens_mail(WANTED)
    assert "Chicago, IL 60614" in fox.sees and "The hall is dark. Call [phone number hidden]." in fox.sees and "Dana" not in fox.sees
    fox.presses("Add this service, $25.00 a lead")
    assert "You offer Solar tube now. 1 request that waited for it goes out." in fox.sees
    craftyard.work()
    assert fox.mails == [WANTED, MATCHED] and fox.statement == [("AutoMatch", "25.00", "0.00", "0.00", "25.00")]
    assert [row.startswith("Solar tube Dana W. in Chicago 60614 AutoMatch") for row in fox.inbox] == [True]
    assert "One pro has your details." in dana.opens(mine).sees and dana.page.address == dana.request != mine
    assert f"* {fox.name}" in dana.mail("Who has your details: Solar tube") and dana.mails.count("Who has your details: Solar tube") == 1
    assert lake.mails == [WANTED]

    craftyard.wait(hours=1)
    lake.opens_mail(WANTED).presses("Add this service, $25.00 a lead")
    assert "You offer Solar tube now." in lake.sees
    craftyard.wait(hours=1)
    assert lake.mails == [WANTED, MATCHED] and "Two pros have your details." in dana.looks().sees
    assert [pro.has_heard for pro in (elsewhere, roofer)] == [[]] * 2
