from accounts.models import Pro, ProState
from notifications.models import Message
from tests.operations.plants.plant import plants, sql, two_seats


@plants("traffic.apart")
def a_test_pro_with_real_leads():
    pro = two_seats()[0].pro_id
    Pro.objects.filter(pk=pro).update(test=True)
    ProState.objects.filter(pro=pro).update(test=True)


@plants("traffic.free", also=["contact.lines"])
def a_real_match_without_its_charge():
    sql("update leads_match set charge_id = null where not test")


@plants("traffic.silent")
def a_message_of_a_test_lead_in_earnest():
    Message.objects.filter(test=True).update(test=False)
