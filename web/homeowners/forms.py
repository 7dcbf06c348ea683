"""The three steps of the request form: what shape the answers have. What they mean decides leads.intake."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.contact_data import BadContact, normal_email, normal_name, normal_phone, visible
from accounts.homeowners import plain_text
from catalog import guide as guides
from core.errors import Refusal
from leads.intake import DESCRIPTION_LENGTH, ConsentMissing
from leads.models import Lead
from web.forms import with_hint

NOT_ASKED = "renter_not_asked"
OWNERSHIPS = [
    *Lead.Ownership.choices,
    (NOT_ASKED, with_hint(_("I rent, and have not asked yet"), _("You can save this and come back."))),
]
REACHES = [
    (Lead.Reach.ANY, Lead.Reach.ANY.label),
    (Lead.Reach.EVENINGS, Lead.Reach.EVENINGS.label),
    (Lead.Reach.MESSAGE_FIRST, with_hint(Lead.Reach.MESSAGE_FIRST.label, _("No calls until you answer."))),
]
WAYS = [
    (Lead.Way.MATCH, with_hint(Lead.Way.MATCH.label, _("We send it to up to four pros at once."))),
    (Lead.Way.CHOOSE, with_hint(Lead.Way.CHOOSE.label, _("You see who fits, and only those you tick get your details."))),
]
CHOOSE = _("Choose one of the answers.")
ANSWER = _("Give a number, or tick “I am not sure”.")


class Words(forms.CharField):
    """Text of several lines, without what no page can show; its length is counted as it is kept."""

    widget = forms.Textarea

    def to_python(self, value):
        return plain_text(value)


class Line(forms.CharField):
    """One line of text, without characters that show nothing."""

    def to_python(self, value):
        return visible(value)


class Checked(forms.CharField):
    """Contact data: what `check` refuses is said at once, with every other problem; what was typed stays as it is."""

    def __init__(self, check, missing, **options):
        super().__init__(**options)
        self.check, self.missing = check, missing

    def validate(self, value):
        if self.required and not value:
            raise forms.ValidationError(self.missing, code="missing")
        if value and "\0" not in value:
            try:
                self.check(value)
            except BadContact as refusal:
                raise forms.ValidationError(refusal.sentence) from None


class Consent(forms.BooleanField):
    """A box that must be ticked; the sentence that says so stands by itself."""

    def validate(self, value):
        if not value:
            raise forms.ValidationError(ConsentMissing.sentence, code="missing")


class Choice(forms.ChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **options):
        super().__init__(error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}, **options)


class CountWidget(forms.TextInput):
    """A whole number with its unit, or "I am not sure"."""

    template_name = "homeowners/widgets/count.html"

    def __init__(self, unit):
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "class": "short", "maxlength": guides.DIGITS + 2})
        self.unit = unit

    def use_required_attribute(self, initial):
        return False

    def value_from_datadict(self, data, files, name):
        typed = data.get(name, "")
        return guides.UNSURE if not typed.strip() and f"{name}_{guides.UNSURE}" in data else typed

    def get_context(self, name, value, attrs):
        context = super().get_context(name, "" if value == guides.UNSURE else value, attrs)
        context["widget"] |= {"unit": self.unit, "unsure": value == guides.UNSURE, "unsure_name": f"{name}_{guides.UNSURE}"}
        return context


class ServiceForm(forms.Form):
    """Step 1. The service is one of the list, or what the typed words can only mean; the place ends in one ZIP code."""

    q = Line(label=_("What do you need done?"), required=False)
    service = Line(required=False)
    zip = Line(label=_("ZIP code of the job"), required=False)
    place = Line(required=False)


class JobForm(forms.Form):
    """Step 2, with the questions of the service's guide."""

    description = Words(
        label=_("What is happening?"),
        help_text=_("Two or three sentences are plenty. Leave out your phone number and street."),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d.")},
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, questions, *args, needs_owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[answer_name(question)] = _answer(question)
        self.fields["timing"] = Choice(label=_("How soon do you need it?"), choices=Lead.Timing.choices)
        self.fields["ownership"] = Choice(
            label=_("Do you own this home?"),
            help_text=_("Work like this needs the owner’s yes. Pros ask us to check this first.") if needs_owner else "",
            choices=OWNERSHIPS,
        )
        self.fields["reach"] = Choice(
            label=_("How may pros reach you?"), help_text=_("Pros get this rule with your request."), choices=REACHES
        )

    def clean(self):
        said = super().clean()
        answers = {question["code"]: said.get(answer_name(question)) for question in self.questions}
        try:
            said["answers"] = guides.clean(self.questions, answers)
        except guides.BadAnswers as refusal:
            for code, sentence in refusal.fields.items():
                if not self.has_error(f"answer_{code}"):
                    self.add_error(f"answer_{code}", sentence)
        return said


def answer_name(question) -> str:
    return f"answer_{question['code']}"


def _answer(question):
    options = {"label": question["text"], "help_text": question.get("help", "")}
    if question["kind"] == "number":
        return Line(widget=CountWidget(question["unit"][1]), error_messages={"required": ANSWER}, **options)
    return Choice(choices=[(option["code"], option["label"]) for option in question["options"]], **options)


class ContactForm(forms.Form):
    """Step 3. The two consents stand apart and start empty. The last question, how pros are found, has no default (RULES 3); it is not
    asked where there is only one way."""

    name = Checked(
        normal_name, _("Enter your name."), label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = Checked(
        normal_phone,
        _("Enter your phone number."),
        label=_("Your phone number"),
        help_text=_("A US home or mobile number."),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = Checked(
        normal_email,
        _("Enter your email address."),
        label=_("Your email address"),
        help_text=_("We send the link to your request there."),
        max_length=254,
        widget=forms.TextInput({"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        help_text=_("Pros do not see it. It tells us when one home asks twice."),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    unit = forms.CharField(
        label=_("Apartment or unit"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2", "class": "short"}),
    )
    different_job = forms.BooleanField(
        label=_("This is a different job"),
        help_text=_(
            "Tick this if you asked for something else of this trade in the last 30 days. Without it, both count as one request, "
            "so that never more than four pros get your details."
        ),
        required=False,
    )
    way = Choice(label=_("How do we find your pros?"), choices=WAYS)
    then_automatch = forms.BooleanField(
        help_text=_("Only when you choose yourself. Nobody gets your details before that."),
        required=False,
    )
    agreed = Consent()
    agreed_sms = forms.BooleanField(required=False)
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, words, sms_words, choice, **kwargs):
        super().__init__(*args, **kwargs)
        if choice:
            within = {"minutes": choice.window // 60}
            self.fields["then_automatch"].label = _("If I choose nobody within %(minutes)s minutes, match me") % within
        else:
            del self.fields["way"], self.fields["then_automatch"]
        self.fields["agreed"].label = words
        self.fields["agreed_sms"].label = sms_words


def explain(form, refusal: Refusal) -> dict:
    """Write a refusal's sentences to the fields they are about; returns those about fields this form does not have."""
    elsewhere = {name: sentence for name, sentence in refusal.fields.items() if name not in form.fields}
    for name, sentence in refusal.fields.items():
        if name in form.fields:
            form.add_error(name, sentence)
    if not refusal.fields:
        form.add_error(None, str(refusal))
    return elsewhere


def partly(form) -> dict:
    """What was typed into a form that is left before it is finished: every value in the shape of its field, wrong ones left out."""
    said = {}
    for name, field in form.fields.items():
        try:
            said[name] = field.clean(field.widget.value_from_datadict(form.data, {}, name))
        except forms.ValidationError:
            continue
    return said
