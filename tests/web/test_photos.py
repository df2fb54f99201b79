"""A photo comes out upright, small and silent about where it was taken."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from mutuali.core.errors import Refused
from mutuali.web.photos import LARGE_SIDE, MOST_MEGABYTES, SMALL_SIDE, encode_photo

ORIENTATION, GPS = 0x0112, 0x8825
LATITUDE = 2


def _file(image: Image.Image, kind: str, **options: object) -> BytesIO:
    file = BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return file


def _opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def _refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        encode_photo(BytesIO(content))
    assert caught.value.reasons[0].field == "photo"
    return caught.value.reasons[0].code


def test_a_photo_with_its_place_in_it_comes_out_without() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 1
    exif.get_ifd(GPS)[LATITUDE] = (45.0, 31.0, 12.0)
    exif[0x010F] = "Marque reconnaissable"
    sent = _file(Image.new("RGB", (64, 48), "red"), "JPEG", exif=exif, comment=b"chez nous")
    assert Image.open(sent).getexif().get_ifd(GPS), "the test sends no place"
    sent.seek(0)
    photo = encode_photo(sent)
    for content in (photo.large, photo.small):
        shown = _opened(content)
        assert shown.format == "WEBP"
        assert not shown.getexif()
        assert {"exif", "xmp", "icc_profile", "comment"} & set(shown.info) == set()
        assert b"Marque" not in content
        assert b"chez nous" not in content


def test_a_photo_taken_sideways_comes_out_upright() -> None:
    lying = Image.new("RGB", (80, 40), "white")
    lying.paste("black", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn by a quarter, clockwise
    photo = encode_photo(_file(lying, "JPEG", exif=exif))
    assert (photo.width, photo.height) == (40, 80)
    shown = _opened(photo.large).convert("L")
    assert shown.getpixel((20, 10)) < 50  # type: ignore[operator]
    assert shown.getpixel((20, 70)) > 200  # type: ignore[operator]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_shrinks_to_both_sizes_and_keeps_its_shape(kind: str) -> None:
    photo = encode_photo(_file(Image.new("RGB", (3200, 1600)), kind))
    assert (photo.width, photo.height) == (LARGE_SIDE, LARGE_SIDE // 2)
    assert _opened(photo.large).size == (LARGE_SIDE, LARGE_SIDE // 2)
    assert _opened(photo.small).size == (SMALL_SIDE, SMALL_SIDE // 2)


def test_a_small_picture_is_not_blown_up() -> None:
    photo = encode_photo(_file(Image.new("RGB", (100, 50)), "PNG"))
    assert _opened(photo.large).size == _opened(photo.small).size == (100, 50)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_every_colour_mode_becomes_rgb_and_what_is_clear_becomes_white(mode: str) -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    sent = clear.convert(mode) if mode in {"RGBA", "LA", "P"} else Image.new(mode, (20, 20), 1)
    shown = _opened(encode_photo(_file(sent, "PNG")).large)
    assert shown.mode == "RGB"
    if mode in {"RGBA", "LA"}:
        assert min(channel[0] for channel in shown.getextrema()) > 250  # type: ignore[index]


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_refused(kind: str) -> None:
    assert _refusal(_file(Image.new("RGB", (8, 8)), kind).getvalue()) == "photo.unreadable"


def test_a_file_that_is_no_picture_is_refused() -> None:
    whole = _file(Image.new("RGB", (400, 400), "red"), "JPEG").getvalue()
    for content in (b"", b"<svg onload='x'/>", whole[: len(whole) // 2]):
        assert _refusal(content) == "photo.unreadable"


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert _refusal(b"\xff" * (MOST_MEGABYTES * 1_000_000 + 1)) == "photo.too_large"


@pytest.mark.parametrize("side", [7_100, 12_000, 60_000])
def test_a_small_file_that_unfolds_into_a_vast_picture_is_refused(side: int) -> None:
    assert _refusal(_png_header(side)) == "photo.too_many_pixels"


def _png_header(side: int) -> bytes:
    """A PNG that announces ``side`` by ``side`` pixels and holds nearly none."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )
