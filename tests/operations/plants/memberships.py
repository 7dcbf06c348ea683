from billing.models import Membership
from tests.operations.plants.plant import plants, sql, unfrozen


@plants("membership.tier")
def a_head_start_nobody_pays_for():
    sql("update accounts_prostate set tier = 2 where tier = 0")


@plants("membership.charged")
def a_month_charged_a_cent_too_much():
    sql("alter table billing_membershipcharge drop constraint billing_membership_amount")
    unfrozen("billing_membershipcharge", "update billing_membershipcharge set amount = amount + 1")


@plants("membership.months")
def a_month_that_began_late():
    unfrozen(
        "billing_membershipcharge",
        "update billing_membershipcharge set from_at = from_at + interval '1 second' where number = 2",
    )


@plants("membership.cancelled")
def a_month_that_was_cancelled():
    held = Membership.objects.get(state="active")
    unfrozen_event = "update core_event set data = jsonb_set(data, '{then}', '0') where kind in ('membership.bought', 'membership.changed')"
    unfrozen("core_event", f"{unfrozen_event} and subject = '{held.subject}'")


@plants("membership.due")
def a_membership_that_nobody_looks_at():
    sql("update billing_membership set due_at = now() - interval '10 years' where due_at is not null")
