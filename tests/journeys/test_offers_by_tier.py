"""An offer goes through the tiers by a clock that is moved second by second, and what a membership is worth when it is given up
(RULES 2, 15)."""

from datetime import UTC, datetime, timedelta

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
OFFERED = "New offer: Water heater replacement in Chicago, IL"
PRICES = {"Silver": "$29.00", "Gold": "$79.00", "Platinum": "$149.00"}
JUNE, JULY = datetime(2026, 6, 20, 17, 0, tzinfo=UTC), datetime(2026, 7, 20, 17, 0, tzinfo=UTC)  # a month after the story's noon, and two
LEAD = ("Opt-in", "16.50", "0.00", "0.00", "16.50")  # 1 % of $1,650


def a_pro_of(market, tier):
    """A pro that buys a membership on its page; of no tier where `tier` is empty."""
    pro = market.pro(f"{tier or 'Plain'} Plumbing")
    if tier:
        pro.opens("/pro/account/membership/").presses(f"Buy {tier} for {PRICES[tier]} now")
        assert f"You are a {tier} member." in pro.sees
    return pro


def asked(market, name="Dana Whitfield"):
    """Somebody asks for a water heater and confirms the phone; pros are asked from this instant on."""
    homeowner = market.homeowner(name).asks().confirms_the_phone()
    market.work()
    return homeowner


def offers_to(pro) -> int:
    """How many offers the pro was told of, by mail and text alike."""
    by_text = [text for text in pro.texts if "new offer." in text]
    assert len(by_text) == pro.mails.count(OFFERED)
    return len(by_text)


def is_told_at(instant, pro, market):
    """Nothing a second before, neither told nor shown; mail, text and the offer on its page at the instant."""
    before = offers_to(pro)
    market.at(instant - SECOND)
    assert (offers_to(pro), len(pro.feed)) == (before, 0)
    market.at(instant)
    assert (offers_to(pro), len(pro.feed)) == (before + 1, 1)


def sign_in_again(*pros):
    for pro in pros:
        pro.signs_in()


def test_each_tier_is_told_at_its_instant_and_not_a_second_before(hearthline):
    """Platinum at once, Gold after 5 minutes, Silver after 10, everybody after 15: told and shown at the same second, at one price."""
    platinum, gold, silver, plain = (a_pro_of(hearthline, tier) for tier in ("Platinum", "Gold", "Silver", ""))
    asked(hearthline)
    begun = hearthline.now
    assert (offers_to(platinum), len(platinum.feed)) == (1, 1)
    for pro, minutes in ((gold, 5), (silver, 10), (plain, 15)):
        instant = begun + minutes * MINUTE
        hearthline.at(instant - SECOND)
        pro.opens_offer()
        assert f"Opens for you at 12:{minutes:02} PM" in pro.sees and not pro.page.offers("Accept") and "leaking" not in pro.sees
        pro.sends(f"{pro.page.address}accept/", price=1_650)
        assert pro.page.status == 409 and f"You can accept this from 12:{minutes:02} PM. Nothing was charged." in pro.sees
        is_told_at(instant, pro, hearthline)
    for pro in (platinum, gold, silver, plain):
        [card] = pro.feed
        assert "1% of $1,650 = $16.50" in card and "Accept for $16.50" in card and "0 of 4 seats taken" in card
        assert "Dana" not in card and "$16.50 if you accept." in pro.texts[-1] and pro.inbox == []


def test_two_seats_are_sold_early_and_the_others_when_everybody_may(hearthline):
    """Who is told earlier may buy earlier, but two of the four seats wait for those who are told last; the fifth comes too late."""
    platinum, gold, silver, plain, late = (a_pro_of(hearthline, tier) for tier in ("Platinum", "Gold", "Silver", "", ""))
    dana = asked(hearthline)
    begun = hearthline.now
    assert "Nobody has your details yet. We asked pros who fit, and write to you when one takes it." in dana.looks().sees
    platinum.opens_mail(OFFERED).presses("Accept for $16.50")
    assert "You have a seat for $16.50" in platinum.sees and "Seat 1 of 4 is yours." in platinum.sees
    hearthline.at(begun + 5 * MINUTE)
    gold.opens_mail(OFFERED).presses("Accept for $16.50")
    assert "Seat 2 of 4 is yours." in gold.sees

    for instant in (begun + 10 * MINUTE, begun + 15 * MINUTE - SECOND):
        hearthline.at(instant)
        silver.opens_mail(OFFERED)
        assert "The first seats are taken. 2 seats left, kept until all pros can accept at 12:15 PM." in silver.sees
        silver.sends(f"{silver.page.address}accept/", price=1_650)
        assert silver.page.status == 409 and "try again at 12:15 PM. Nothing was charged." in silver.sees
    assert [seat.partition(" since")[0] for seat in dana.looks().seats[:2]] == [f"1 {platinum.name}", f"2 {gold.name}"]
    hearthline.at(begun + 15 * MINUTE)
    for number, pro in ((3, plain), (4, silver)):
        pro.opens_mail(OFFERED).presses("Accept for $16.50")
        assert f"Seat {number} of 4 is yours." in pro.sees
    late.opens_mail(OFFERED)
    assert "All seats are taken right now." in late.sees and not late.page.offers("Accept")
    late.sends(f"{late.page.address}accept/", price=1_650)
    assert late.page.status == 409 and "Taken: other pros had the last seats a moment before you. Nothing was charged." in late.sees

    hearthline.work()
    assert "Four pros have your details. All seats are taken." in dana.looks().sees
    assert dana.mails.count("Who has your details: Water heater replacement") == 4
    hearthline.wait(minutes=10)  # nobody can undo an accept any more
    assert "All seats are taken, so nobody else gets them." in dana.looks().sees
    assert "Taken by others" in late.opens("/pro/offers/").sees and late.inbox == [] and "Dana" not in late.sees
    assert [pro.wallet for pro in (platinum, gold, silver, plain, late)] == [
        "$9,834.50",
        "$9,904.50",
        "$9,954.50",
        "$9,983.50",
        "$10,000.00",
    ]
    assert platinum.statement == [LEAD, ("Membership", "149.00", "0.00", "0.00", "149.00")] and plain.statement == [LEAD]
    assert "Whitfield" not in plain.opens_lead().sees and "Dana W." in plain.sees


def test_who_goes_down_is_told_at_once_until_the_paid_month_is_over(hearthline):
    """Platinum is lowered to Silver in its first month, and Silver cancelled in the second: each counts to the last second paid for."""
    pro, plain = a_pro_of(hearthline, "Platinum"), a_pro_of(hearthline, "")
    bought = hearthline.now
    hearthline.at(bought + 10 * DAY)
    pro.opens("/pro/account/membership/").presses("Change to Silver from Jun 20, 2026, $29.00 a month")
    assert "Platinum stays until Jun 20, 2026, then you are a Silver member." in pro.sees and pro.wallet == "$9,851.00"

    hearthline.at(JUNE - SECOND)
    eli = asked(hearthline, "Eli Sundberg")
    assert (offers_to(pro), offers_to(plain)) == (1, 0), "Platinum is paid until then"
    hearthline.at(JUNE)
    sign_in_again(pro, plain)
    assert pro.wallet == "$9,822.00" and "In force Silver" in pro.opens("/pro/account/membership/").sees
    eli.stops()
    assert pro.feed == plain.feed == []
    flora = asked(hearthline, "Flora Nye")
    begun = hearthline.now
    is_told_at(begun + 10 * MINUTE, pro, hearthline)
    hearthline.at(begun + 15 * MINUTE)
    assert offers_to(plain) == len(plain.feed) == 1
    flora.stops()

    pro.opens("/pro/account/membership/").presses("Cancel the membership")
    assert "Cancelled. Silver stays until Jul 20, 2026, and nothing more is charged." in pro.sees
    hearthline.at(JULY)
    sign_in_again(pro, plain)
    assert "Your Silver membership has ended" in pro.mails and pro.wallet == "$9,822.00"
    asked(hearthline, "Gus Ortega")
    begun = hearthline.now
    is_told_at(begun + 15 * MINUTE, pro, hearthline)
    assert offers_to(plain) == 2
