"""The forms of a review: as the homeowner writes it, the pro answers it, and staff take it down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.homeowners import plain_text
from core.policy import read
from leads.policy import Reviews
from leads.reviews import BadStars, NothingSaid, ReasonMissing

STARS = (
    (5, _("5 stars: excellent")),
    (4, _("4 stars: good")),
    (3, _("3 stars: fair")),
    (2, _("2 stars: poor")),
    (1, _("1 star: bad")),
)


class Words(forms.CharField):
    """Some sentences, counted as they are kept."""

    def __init__(self, *, most, rows=3, **options):
        too_long = _("Shorten this to %(limit_value)d characters. It has %(show_value)d.")
        messages = {"max_length": too_long} | options.pop("error_messages", {})
        super().__init__(max_length=most, error_messages=messages, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value):
        return plain_text(value)


class ReviewForm(forms.Form):
    """Stars, and words if there are any."""

    stars = forms.TypedChoiceField(
        label=_("Your stars"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": BadStars.sentence, "invalid_choice": BadStars.sentence},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        hint = _("What was done, and how. Leave out names, phone numbers and streets: we hide those we find.")
        self.fields["words"] = Words(label=_("In your words"), help_text=hint, most=read(Reviews).words_max, required=False)


class AnswerForm(forms.Form):
    """The pro's one answer."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        said = {"required": NothingSaid.sentence}
        self.fields["words"] = Words(label=_("Your answer"), most=read(Reviews).words_max, error_messages=said)


class TakeDownForm(forms.Form):
    """Why staff take a review down."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        said = {"required": ReasonMissing.sentence}
        self.fields["reason"] = Words(label=_("Why? Everybody reads this"), most=read(Reviews).reason_max, rows=2, error_messages=said)
