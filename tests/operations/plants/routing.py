from accounts.models import Homeowner, Pro, ProState
from leads.models import Decision, Lead, Match, Reveal
from tests.operations.plants.plant import frozen, plants, refreeze, sql, two_seats, unfrozen
from tests.operations.story import CROWDED, EMPTY, SPARSE


@plants("routing.cap")
def two_in_one_slot():
    sql("alter table leads_match drop constraint leads_match_slot")
    sql("update leads_match set slot = 1 where slot = 2")


@plants("routing.group")
def a_match_in_a_strange_group():
    match = Match.objects.filter(lead__zip=SPARSE).first()
    Match.objects.filter(pk=match.pk).update(group=Lead.objects.filter(zip=EMPTY, state="open").first())


@plants("routing.duplicates")
def the_same_number_in_two_groups():
    people = Homeowner.objects.filter(lead__zip=EMPTY, lead__phone_check="off").order_by("pk")
    Homeowner.objects.filter(pk__in=[people[0].pk, people[1].pk]).update(phone="+13125550160")


@plants("routing.once", also=["contact.lines"])
def a_pro_twice_in_a_group():
    sql("alter table leads_match drop constraint leads_match_pro")
    match = Match.objects.filter(test=True).order_by("slot").first()
    Match.objects.filter(test=True, slot=2).update(pro=match.pro_id)


@plants("routing.winner", also=["contact.lines"])
def a_seat_for_who_did_not_win():
    stranger = Pro.objects.create(name="Stranger", test=True, signed_up_at=Pro.objects.first().signed_up_at)
    ProState.objects.create(pro=stranger, test=True, zone=stranger.zone, anchor=stranger.signed_up_at.date())
    Match.objects.filter(test=True, slot=1).update(pro=stranger)


@plants("routing.seated", also=["contact.lines"])
def a_winner_without_a_seat():
    match = Match.objects.filter(test=True).first()
    unfrozen("leads_consentname", f"delete from leads_consentname where match_id = '{match.pk}'")
    match.delete()


@plants("routing.inputs")
def a_seed_of_another_lead():
    sql("update leads_lead set seed = seed + 1000 where outcome = 'filled'")


@plants("routing.serial")
def two_seats_on_one_state():
    first, second = two_seats()
    refreeze(second, rev=frozen(first, "rev"))


@plants("routing.frozen")
def a_seat_that_was_not_counted():
    refreeze(two_seats()[1], day_count=0)


@plants("routing.replay")
def another_verdict():
    decision = Decision.objects.filter(lead__zip=CROWDED).first()
    decision.verdicts[-1][2] = 17
    decision.save()


@plants("routing.shares", also=["routing.replay"])
def a_share_too_much():
    sql("update leads_decision set share[1] = share[1] + 1 where lead_id in (select id from leads_lead where test)")


@plants("routing.day_cap", also=["routing.frozen"])
def a_seat_past_the_day():
    refreeze(two_seats()[1], day_count=0, day_cap=1)


@plants("routing.week_cap", also=["routing.frozen"])
def a_seat_past_the_week():
    refreeze(two_seats()[1], week_count=0, week_cap=1)


@plants("routing.counters")
def a_seat_counted_twice():
    sql("update accounts_prostate set day_count = day_count + 1 where day_count > 0")


@plants("routing.open_work")
def a_lead_that_is_done_and_counted():
    sql("update accounts_prostate set open_work = open_work + 1 where not test")


@plants("routing.consent")
def a_lead_without_consent():
    unfrozen(
        "leads_consent",
        f"delete from leads_consent where not sms and lead_id in (select id from leads_lead where zip = '{EMPTY}' and source = 'story')",
    )


@plants("routing.named")
def a_name_appended_too_late():
    unfrozen("leads_consentname", "update leads_consentname set at = at + interval '1 second'")


@plants("routing.picked")
def words_that_name_nobody():
    unfrozen("leads_pickconsent", "update leads_pickconsent set words = 'They may contact me.'")


@plants("routing.waited")
def automatch_before_the_choice():
    sql("update leads_lead set choice_ends_at = choice_ends_at + interval '9 days', chosen_at = null where way = 'choose'")


@plants("routing.phone")
def sold_before_the_code():
    sql("update leads_lead set phone_confirmed_at = phone_confirmed_at + interval '1 hour' where phone_check = 'required'")


@plants("routing.unlisted")
def a_wish_agreed_to_later():
    unfrozen("leads_consent", "update leads_consent c set at = c.at - interval '1 hour' from leads_wish w where w.lead_id = c.lead_id")


@plants("routing.freed")
def a_seat_freed_without_a_warning():
    Match.objects.filter(state="replaced").update(warned_at=None)


@plants("routing.revealed")
def a_number_nobody_showed():
    match = Match.objects.filter(state="live", reveals=None).first()
    Reveal.objects.create(match=match, what="address", at=match.at)
