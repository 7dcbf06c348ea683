"""The first page of the staff area: the newest leads with what became of them, and those that somebody asks about."""

from accounts.contact_data import visible
from leads import looking_back
from web.staff.viewer import page, staff_page
from web.templatetags.plumbline import day


@staff_page("GET")
def home(request, viewer):
    words = visible(request.GET.get("q", ""))[: looking_back.LONGEST_SEARCH]
    context = {"words": words, "leads": looking_back.newest(words), "shown": looking_back.SHOWN, "today": day(viewer.now, viewer.zone)}
    return page(request, viewer, "staff/home.html", context)
