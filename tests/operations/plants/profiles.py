from leads.models import Match, Review
from tests.operations.plants.plant import plants, sql


@plants("profiles.reviews")
def a_review_for_somebody_else():
    review = Review.objects.get()
    other = Match.objects.filter(lead=review.match.lead).exclude(pro=review.pro).first()
    Review.objects.filter(pk=review.pk).update(pro=other.pro_id)


@plants("profiles.checks")
def a_check_that_was_withdrawn_and_still_counts():
    sql("update accounts_check set revoked_at = checked_at, revoked_by_id = checked_by_id")
