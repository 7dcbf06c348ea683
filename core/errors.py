"""How a use case says no."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A rule said no. `code` is stable and for machines, `sentence` is for people, `fields` names bad fields.

    Subclasses stand beside the function that raises them. The edges turn a refusal into a 4xx answer; whatever the
    use case had written is rolled back with the request.
    """

    code = "refused"
    sentence = _("This cannot be done.")
    status = 422

    def __init__(self, sentence=None, *, fields=None, **facts):
        self.sentence = sentence or self.sentence
        self.fields = fields or {}
        self.facts = facts
        super().__init__(self.sentence)

    def __str__(self):
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


class NotFound(Refusal):
    """It does not exist, or not for this viewer: both answer the same (INVARIANTS 30)."""

    code = "not_found"
    sentence = _("We could not find that page.")
    status = 404


class NotAllowed(Refusal):
    """The viewer may see it but has not the right to do this."""

    code = "not_allowed"
    sentence = _("Your account may not do this. Ask the owner of your company account.")
    status = 403


class StaleState(Refusal):
    """Somebody else moved the row first."""

    code = "stale_state"
    sentence = _("This has changed in the meantime. Look at it again and decide anew.")
    status = 409
