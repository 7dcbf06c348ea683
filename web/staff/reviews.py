"""The reviews of the marketplace, the newest first; one that breaks the rules is taken down, with a reason that everybody reads."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Refusal
from leads import reviews
from web.reviews import TakeDownForm
from web.staff.viewer import page, staff_page

ON_A_PAGE = 40


@staff_page("GET")
def newest(request, viewer):
    return _list(request, viewer)


@staff_page("POST")
def take_down(request, viewer, review_id):
    """Take one down. Whoever comes second is told so."""
    review = reviews.review_with(review_id)
    form = TakeDownForm(request.POST, auto_id=_ids(review))
    if form.is_valid():
        try:
            reviews.take_down(review.pk, form.cleaned_data["reason"], by=viewer.user, now=viewer.now)
        except Refusal as refusal:
            for field, sentence in refusal.fields.items():
                form.add_error(field, str(sentence))
            if not refusal.fields:
                messages.error(request, str(refusal))
                return redirect("staff:reviews")
        else:
            messages.success(request, _("Taken down: a review of %(pro)s.") % {"pro": review.pro.name})
            return redirect("staff:reviews")
    return _list(request, viewer, wrong=(review, form), status=422)


def _list(request, viewer, *, wrong=(None, None), status=200):
    """A page of reviews, each with its form; `wrong` is one whose form has to be filled in again, whatever page it stands on."""
    review, form = wrong
    found = Paginator(reviews.newest(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(each) for each in found if each != review]
    if form:
        rows.insert(0, {"review": review, "said": reviews.shown(review), "form": form, "open": True})
    return page(request, viewer, "staff/reviews.html", {"found": found, "rows": rows, "form": form}, status=status)


def _row(review) -> dict:
    return {"review": review, "said": reviews.shown(review), "form": TakeDownForm(auto_id=_ids(review))}


def _ids(review) -> str:
    """Ids of the fields of one form among several."""
    return f"id_{review.pk.hex[-12:]}_%s"
