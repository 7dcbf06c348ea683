"""Journeys: what the product promises, each told from the outside, by pages, forms, mails, texts and telephones, to the last consequence.

    choose four                                  test_choosing.py        test_choose_four
    choose two and stop                          test_choosing.py        test_choose_two_and_leave_it_at_that
                                                                         test_choose_two_and_stop_contact
    choose none -> AutoMatch                     test_choosing.py        test_choose_none_and_be_matched
    an opted-out pro is invisible                test_choosing.py        test_an_opted_out_pro_is_invisible_and_still_matched
    stop contact in the middle of a call         test_in_charge.py       test_stop_contact_in_the_middle_of_a_call
    an offer through three tiers, by the second  test_offers_by_tier.py  test_each_tier_is_told_at_its_instant_and_not_a_second_before
                                                                         test_two_seats_are_sold_early_and_the_others_when_everybody_may
    a fair draw                                  test_fair_draw.py       test_four_of_six_are_drawn
                                                                         test_who_was_not_drawn_comes_first_the_next_time
    a downgrade                                  test_offers_by_tier.py  test_who_goes_down_is_told_at_once_until_the_paid_month_is_over
    an unlisted service to its first match       test_unlisted.py        test_an_unlisted_service_is_added_taken_up_and_matched

Beside these nine: a silent pro is replaced (test_in_charge.py), and a third marketplace is founded in the admin (test_third_marketplace.py)
and at work (test_third_at_work.py). Who acts in them stands in people.py, how a page is read in page.py. What a browser alone can show,
scripts and the keyboard, is in tests/browser.
"""
