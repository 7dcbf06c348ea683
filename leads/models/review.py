"""What homeowners say of pros."""

from django.db import models

from accounts.models import Member, Pro, User
from core.ids import new_id
from core.tenancy import TenantKey, TenantModel, TenantOneToOne
from leads.models.lead import Match


class Review(TenantModel):
    """What a homeowner says in public of one pro it had to do with, once a match (leads.reviews). Stars and words never change.

    The pro may answer once. One that was taken down keeps its row: its stars count no more, its words are shown no more, the reason is
    shown to everybody. `pro` is the match's; reviews of `test` matches count nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    match = TenantOneToOne(Match, models.PROTECT, related_name="review")
    pro = TenantKey(Pro, models.PROTECT)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    test = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Member, models.PROTECT, null=True)
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = TenantKey(User, models.PROTECT, null=True)
    taken_down_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leads_review_stars", condition=models.Q(stars__gte=1, stars__lte=5)),
            models.CheckConstraint(
                name="leads_review_answered", condition=models.Q(answered_at__isnull=True, answer="") | models.Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="leads_review_reason",
                condition=models.Q(taken_down_at__isnull=True, taken_down_reason="")
                | models.Q(taken_down_at__isnull=False) & ~models.Q(taken_down_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "pro", "at"],
                name="leads_review_counts",
                include=["stars"],
                condition=models.Q(taken_down_at__isnull=True, test=False),
            ),
            models.Index(
                fields=["marketplace", "pro", "taken_down_at"],
                name="leads_review_down",
                condition=models.Q(taken_down_at__isnull=False, test=False),
            ),
            models.Index(fields=["marketplace", "at"], name="leads_review_newest"),
            models.Index(fields=["marketplace", "pro", "-at"], name="leads_review_of_pro", condition=models.Q(test=False)),
        ]
        ordering = ["-at", "-pk"]

    def __str__(self):
        return str(self.pk)

    @property
    def is_down(self) -> bool:
        return self.taken_down_at is not None
