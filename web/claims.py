"""The form of a credit claim, as a pro fills it in and as staff do on its behalf; and what the marketplace says about rules."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.policy import read
from credits.policy import Credits
from credits.reasons import REASONS
from credits.requests import WordsMissing
from web.forms import with_hint
from web.proof import OUTSIDE
from web.templatetags.plumbline import moment

CHOOSE = gettext_lazy("Choose one of the reasons.")


class Words(forms.CharField):
    """Some sentences, as many as the policy lets."""

    def __init__(self, **options):
        super().__init__(
            max_length=read(Credits).words_max,
            error_messages={"required": WordsMissing.sentence},
            widget=forms.Textarea(attrs={"rows": 3}),
            **options,
        )


class ClaimForm(forms.Form):
    """A reason of the policy and a sentence or two. `shown` is the credits.requests.Preview of the match."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with this lead?"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, *args, shown, job, **options):
        super().__init__(*args, **options)
        self.fields["reason"].choices = [(code, with_hint(REASONS[code].label, _hint(code, shown, job))) for code in shown.reasons]
        self.fields["words"] = Words(label=gettext_lazy("What happened?"), required=False)


class WordsForm(forms.Form):
    """The answer to a question, or an appeal."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["words"] = Words(label=gettext_lazy("In your words"))


def _hint(code, shown, job):
    """The sentence of a reason; where the frozen receipt speaks against it, that."""
    if code in OUTSIDE and job and shown.evidence.receipt.covered:
        return _("Your receipt says that you offered and covered %(job)s when you were matched. You can still ask.") % {"job": job}
    return REASONS[code].hint


def would_change(rule: str, reason: str = "", *, evidence=None, zone=None, now=None) -> str:
    """What else would decide it otherwise, in a sentence; nothing where nothing would. With the `evidence` it says from when on one more
    call is enough."""
    policy = read(Credits)
    said = {"calls": policy.dead_calls, "minutes": policy.dead_apart_seconds // 60}
    if rule == "not_proven" and reason in REASONS and not REASONS[reason].is_contact:
        return _("How you know it would help: who told you, when, and what they said.")
    if rule in ("not_proven", "no_answer"):
        if evidence and (one_more := one_more_call(evidence, reason, zone=zone, now=now)):
            return one_more
        return _("%(calls)s calls at least %(minutes)s minutes apart that find the number dead would prove it.") % said
    return {
        "two_way_contact": _("What was said on the phone would help, if it shows what is wrong with the lead."),
        "won_or_booked": _("What became of the job since then would help."),
        "receipt_speaks_against": _("What is different about the job than the request said would help."),
        "hired_other": _("Something that was wrong with the lead itself would help."),
    }.get(rule, "")


def one_more_call(evidence, reason: str, *, zone, now) -> str:
    """From when on one more call that finds the number dead would prove it; nothing where no call found it dead since somebody spoke."""
    policy = read(Credits)
    spoke_at = max((line.two_way_at for line in (evidence.mine, *evidence.others) if line.two_way_at), default=None)
    dead_at = next((at for at in sorted(evidence.mine.dead_at) if not spoke_at or at > spoke_at), None)
    if dead_at is None or policy.dead_calls != 2 or reason not in REASONS or not REASONS[reason].is_contact:
        return ""
    at = moment(dead_at + timedelta(seconds=policy.dead_apart_seconds), zone, now)
    return _("One call found the number dead. One more that does, from %(at)s on, would prove it.") % {"at": at}
