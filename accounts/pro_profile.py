"""What a pro says of itself to homeowners: since when it is in business, some sentences, a photo or logo.

The sentences are kept as typed; whoever shows them to a homeowner masks them (leads.profiles). Locks: pro, then member, as a team's.
"""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.contact_data import visible
from accounts.homeowners import plain_text
from accounts.models import Pro, ProPhoto
from accounts.policy import Pros
from accounts.rights import Right
from core import events
from core.errors import NotAllowed, NotFound, Refusal
from core.pictures import reencode
from core.policy import read

EARLIEST = 1850


class BadYear(Refusal):
    code = "bad_year"
    sentence = _("Enter the year you started, like 1998, or leave it empty.")
    status = 400


class AboutTooLong(Refusal):
    code = "about_too_long"
    sentence = _("Shorten this to %(most)s characters.")


def present(pro, *, since_year: int | None, about: str, by, now: datetime) -> Pro:
    """Change what `pro` says of itself; None and an empty text say nothing. `by` is its owner. Refuses NotAllowed, BadYear (before 1850, or
    not yet there), AboutTooLong."""
    actor = _acting(by, pro)
    actor.require(Right.EDIT_PROFILE)
    this_year = now.astimezone(ZoneInfo(pro.zone)).year
    if since_year is not None and not EARLIEST <= since_year <= this_year:
        raise BadYear(fields={"since_year": BadYear.sentence})
    about, most = plain_text(about), read(Pros).about_max
    if len(about) > most:
        raise AboutTooLong(fields={"about": AboutTooLong.sentence % {"most": most}}, most=most)
    pro.since_year, pro.about = since_year, about if visible(about) else ""
    pro.save(update_fields=["since_year", "about"])
    events.record("pro.presented", pro.subject, now=now, actor=actor.name, test=pro.test)
    return pro


def set_photo(pro, data: bytes, *, by, now: datetime) -> Pro:
    """Show this picture (its middle, as a small square) beside the name of `pro`. `by` is its owner. Refuses NotAllowed, and TooBig or
    NotAPicture (core.pictures)."""
    policy = read(Pros)
    picture = reencode(data, most_bytes=policy.photo_bytes, longest=policy.photo_side, square=True)
    actor = _acting(by, pro)
    actor.require(Right.EDIT_PROFILE)
    key = hashlib.sha256(pro.public_id.bytes + picture.bytes).hexdigest()[:32]
    ProPhoto.objects.update_or_create(pro=pro, defaults={"key": key, "data": picture.bytes, "set_at": now})
    return _name_photo(pro, key, actor.name, now)


def remove_photo(pro, *, by, now: datetime) -> Pro:
    """Show the monogram again. `by` is the owner of `pro`, or staff who will not have the picture. Refuses NotAllowed."""
    actor = _acting(by, pro)
    if not (actor.may(Right.EDIT_PROFILE) or actor.name.startswith("staff:")):
        raise NotAllowed
    if not pro.photo_key:
        return pro
    ProPhoto.objects.filter(pro=pro).delete()
    return _name_photo(pro, "", actor.name, now)


def photo_of(key: str) -> bytes:
    """The WebP of this key. Raises NotFound."""
    found = ProPhoto.objects.filter(key=key[:64]).values_list("data", flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)


def _acting(by, pro):
    Pro.objects.select_for_update(no_key=True).filter(pk=pro.pk).first()
    return acting(by, pro)


def _name_photo(pro, key, who, now):
    pro.photo_key = key
    pro.save(update_fields=["photo_key"])
    events.record("pro.pictured" if key else "pro.unpictured", pro.subject, now=now, actor=who, test=pro.test)
    return pro
