"""Notices: a switch for each kind and channel, for the member alone."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from notifications import preferences
from web.pros.viewer import page, pro_page


class NoticesForm(forms.Form):
    """A checkbox for each switch."""

    def __init__(self, switches, data=None):
        super().__init__(data)
        self.switches = {f"{each.kind}-{each.channel}": each for each in switches}
        for name, each in self.switches.items():
            self.fields[name] = forms.BooleanField(required=False, initial=each.wanted, label=_CHANNELS[each.channel]())

    def rows(self):
        """(kind, its checkboxes)."""
        rows = {}
        for name, each in self.switches.items():
            rows.setdefault(each.label, []).append(self[name])
        return rows.items()

    def changed(self):
        return [(each, self.cleaned_data[name]) for name, each in self.switches.items() if self.cleaned_data[name] != each.wanted]


_CHANNELS = {"email": lambda: _("E-mail"), "sms": lambda: _("Text message")}


@pro_page("GET", "POST")
def notices(request, viewer):
    recipient = viewer.member.subject
    form = NoticesForm(preferences.switches(recipient), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        preferences.switch_all(form.changed(), recipient=recipient)
        messages.success(request, _("Saved."))
        return redirect("pros:notices")
    return page(request, viewer, "pros/notices.html", {"form": form})
