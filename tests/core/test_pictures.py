"""What is left of a picture that somebody sends: what can be seen, in few bytes, and nothing else."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from core.pictures import MOST_SENT, HeicPicture, NotAPicture, TooBig, reencode
from tests.factories import a_picture

SMALL = {"most_bytes": 40_000, "longest": 256}


def seen(picture):
    return Image.open(BytesIO(picture.bytes))


def with_place() -> bytes:
    """A photo that knows its camera, its place, and that it was held upright."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8298] = 6, "Canyon", "Marcus Bell"
    exif.get_ifd(0x8825)[1] = "N"
    return a_picture(kind="JPEG", size=(60, 40), exif=exif, comment=b"call 312 555 0142")


def test_all_metadata_is_gone_and_the_picture_stands_as_it_was_held():
    sent = with_place()
    assert b"Canyon" in sent and b"Exif" in sent
    kept = reencode(sent, **SMALL)
    assert (kept.width, kept.height) == (40, 60) == seen(kept).size and seen(kept).format == "WEBP"
    assert not seen(kept).getexif() and not {"exif", "icc_profile", "xmp", "comment"} & set(seen(kept).info)
    assert not any(trace in kept.bytes for trace in (b"Canyon", b"Marcus", b"Exif", b"555"))


def test_a_square_is_cut_around_the_middle_and_nothing_is_blown_up():
    assert seen(reencode(a_picture(size=(900, 300)), **SMALL, square=True)).size == (256, 256)
    assert seen(reencode(a_picture(size=(20, 10)), **SMALL, square=True)).size == (10, 10)
    assert seen(reencode(a_picture(size=(3000, 2)), most_bytes=40_000, longest=1600)).size == (1600, 1)


def test_what_could_be_seen_through_stands_on_white():
    file = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(file, "PNG")
    assert seen(reencode(file.getvalue(), **SMALL)).convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_it_fits_however_restless_it_is():
    file = BytesIO()
    Image.effect_noise((700, 700), 120).save(file, "PNG")
    kept = reencode(file.getvalue(), most_bytes=4_000, longest=600)
    assert len(kept.bytes) <= 4_000 and 1 < kept.width == kept.height < 600


def bomb(width, height) -> bytes:
    """A PNG of some hundred bytes that says it is that large."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("sent", [bomb(5001, 5000), bomb(20_000, 20_000), bomb(2**31 - 1, 2**31 - 1), b"\0" * (MOST_SENT + 1)])
def test_what_is_too_big_is_refused_before_it_is_unpacked(sent):
    with pytest.raises(TooBig):
        reencode(sent, **SMALL)


NONE = {
    "nothing": b"",
    "text": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": a_picture(kind="GIF"),
    "cut": with_place()[:200],
    "empty png": bomb(40, 40),
    "no size": bomb(0, 0),
}


@pytest.mark.parametrize("sent", NONE.values(), ids=NONE)
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(NotAPicture):
        reencode(sent, **SMALL)


def test_who_sends_a_heic_learns_what_to_do():
    with pytest.raises(HeicPicture, match="save it as a JPEG"):
        reencode(b"\0\0\0\x18ftypheic" + b"\0" * 40, **SMALL)
