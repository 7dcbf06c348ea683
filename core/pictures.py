"""Pictures that people send, drawn anew: nothing of the file they sent is kept but what can be seen. Pure."""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from core.errors import Refusal

MOST_SENT = 12_000_000  # bytes of a file somebody sends: an edge may refuse on the length alone
MOST_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPT = "image/jpeg,image/png,image/webp"  # phones turn their own formats into one of these when a form asks so
TYPE = "image/webp"  # of what is kept
QUALITIES = (82, 70, 55, 40)
SMALLER = 0.75


class TooBig(Refusal):
    code = "picture_too_big"
    sentence = _("This picture is too big: at most 12 MB and 25 megapixels. Send a smaller one.")


class NotAPicture(Refusal):
    code = "not_a_picture"
    sentence = _("We cannot read this file as a picture. Send a JPEG, PNG or WebP.")


class HeicPicture(NotAPicture):
    sentence = _("We cannot read HEIC pictures. Take a screenshot of it and send that, or save it as a JPEG.")


@dataclass(frozen=True)
class Picture:
    """A WebP without metadata, and its size in pixels."""

    bytes: bytes
    width: int
    height: int


def reencode(data: bytes, *, most_bytes: int, longest: int, square: bool = False) -> Picture:
    """`data` (a JPEG, PNG or WebP as it was sent) as a WebP of at most `most_bytes` bytes and `longest` pixels on its longer side.

    It is turned as its camera held it, its first frame only, on white where it could be seen through; a `square` one is cut around its
    middle. Place, camera, time, thumbnails, profiles and comments are gone. Small pictures are not blown up.

    Raises TooBig before anything is unpacked when the file has more than MOST_SENT bytes or says it has more than MOST_PIXELS pixels, and
    NotAPicture for all that cannot be read to its end.
    """
    if len(data) > MOST_SENT:
        raise TooBig
    image = _read(data, longest)
    if square:
        side = min(image.size)
        image = ImageOps.fit(image, (min(side, longest),) * 2, Image.Resampling.LANCZOS)
    else:
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _write(image, most_bytes)


def _read(data, longest):
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        raise HeicPicture
    # A decoder that is fed what somebody made up fails in any way it likes; whichever it is, this was no picture.
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooBig from None
    except Exception:
        raise NotAPicture from None
    if image.width * image.height > MOST_PIXELS:
        raise TooBig
    try:
        image.draft("RGB", (longest * 2, longest * 2))  # a big JPEG need not be unpacked whole
        image.load()
        image = ImageOps.exif_transpose(image)
        return _on_white(image)
    except Exception:
        raise NotAPicture from None


def _on_white(image):
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _write(image, most_bytes):
    """The best quality that fits; below the last one the picture itself gets smaller."""
    while True:
        for quality in QUALITIES:
            written = BytesIO()
            image.save(written, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
            if written.tell() <= most_bytes:
                return Picture(written.getvalue(), *image.size)
        if image.size == (1, 1):
            raise TooBig
        image = image.resize([max(1, round(side * SMALLER)) for side in image.size], Image.Resampling.LANCZOS)
