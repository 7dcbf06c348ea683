from accounts.models import Pro, ProState
from tests.operations.plants.plant import plants, sql, two_seats


def _received_more(seats, state):
    ProState.objects.filter(pk=state.pk).update(received=state.received + seats)


@plants("fairness.received")
def a_seat_too_many():
    _received_more(1, ProState.objects.filter(test=False, received=0, entitled=0).first() or ProState.objects.order_by("received").first())


@plants("fairness.entitled")
def a_millionth_too_much():
    sql("update accounts_prostate set entitled = entitled + 1 where entitled > 0")


@plants("fairness.band", also=["fairness.received"])
def three_seats_ahead():
    _received_more(3, ProState.objects.filter(test=False, entitled__lt=5_000_000).order_by("-received").first())


@plants("fairness.ratio", also=["fairness.received"])
def two_ahead_of_twenty():
    _received_more(2, ProState.objects.get(pro=two_seats()[0].pro_id))


@plants("fairness.drawn")
def drawn_more_often_than_decided():
    sql("update accounts_prostate set draw_won = draw_won + 1")


@plants("fairness.state")
def a_suspended_pro_that_gets_leads():
    Pro.objects.filter(pk=two_seats()[0].pro_id).update(status=Pro.Status.SUSPENDED)


@plants("fairness.areas")
def a_zip_nobody_chose():
    sql("update accounts_proarea set mask = mask # 3")
