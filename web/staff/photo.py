"""A photo of a job, for the staff of its marketplace."""

from leads import looking_back, photos
from web.photos import picture
from web.staff.viewer import staff_page


@staff_page("GET")
def photo(request, viewer, lead_id, photo_id):
    return picture(photos.photo_of(looking_back.lead_of(lead_id), photo_id))
