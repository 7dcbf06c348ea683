"""Photos of the job: a few, drawn anew without their metadata, and shown to pros who have a seat. Before a seat is paid nobody sees them:
they may show a face or a house number (INVARIANTS 32)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import events, pictures
from core.errors import NotFound, Refusal
from core.policy import read
from leads import lifecycle
from leads.models import Match, Photo
from leads.policy import InCharge


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    sentence = _("A request has at most %(most)s photos. Remove one first.")
    status = 409


class PhotosClosed(Refusal):
    code = "photos_closed"
    sentence = _("You stopped all contact about this request, so nobody would see it.")
    status = 409


def add_all(lead, files: Iterable[bytes], *, now: datetime) -> int:
    """Keep these pictures, one after the other as they are read; returns how many. Raises what `add` does, and NotAPicture for none."""
    kept = [add(lead, data, now=now).pk for data in files]
    if not kept:
        raise pictures.NotAPicture
    return len(kept)


def add(lead, data: bytes, *, now: datetime) -> Photo:
    """Keep the picture in `data` as it can be seen and nothing else of it. The same picture again is the one that is there.

    Raises PhotosClosed, TooManyPhotos; core.pictures.TooBig, NotAPicture.
    """
    policy = read(InCharge)
    picture = pictures.reencode(data, most_bytes=policy.photo_bytes, longest=policy.photo_pixels)
    lead = lifecycle.lock(lead.pk)
    if lead.withdrawn_at:
        raise PhotosClosed
    kept = list(Photo.objects.filter(lead=lead))
    for photo in kept:
        if bytes(photo.webp) == picture.bytes:
            return photo
    if len(kept) >= policy.photos:
        raise TooManyPhotos(most=policy.photos)
    photo = Photo.objects.create(lead=lead, webp=picture.bytes, width=picture.width, height=picture.height, at=now)
    events.record("lead.photo_added", lead.pk, now=now, test=lead.test, photo=str(photo.pk))
    return photo


def remove(lead, photo_id: UUID, *, now: datetime) -> None:
    """Nobody sees this photo any more. Done twice, it changes nothing."""
    if Photo.objects.filter(lead=lead, pk=photo_id).delete()[0]:
        events.record("lead.photo_removed", lead.pk, now=now, test=lead.test, photo=str(photo_id))


def photos_of(lead) -> list[Photo]:
    """The photos of a request in the order they came, without their bytes."""
    return list(Photo.objects.filter(lead=lead).defer("webp"))


def photos_for(match: Match) -> list[Photo]:
    """What the pro of this match sees of them: nothing once it is closed to it."""
    return photos_of(match.lead) if match.state == Match.State.LIVE else []


def photo_of(lead, photo_id: UUID) -> Photo:
    """One photo of this request, with its bytes. Raises NotFound for a missing one and for another request's alike."""
    photo = Photo.objects.filter(lead=lead, pk=photo_id).first()
    if photo is None:
        raise NotFound
    return photo


def photo_for(match: Match, photo_id: UUID) -> Photo:
    """The same for the pro of a match. Raises NotFound once the match is closed to it, too."""
    if match.state != Match.State.LIVE:
        raise NotFound
    return photo_of(match.lead, photo_id)
