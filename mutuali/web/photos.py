"""From any photo people send to what is stored: upright WebP in two sizes, without metadata."""

from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageOps

from mutuali.core.errors import Reason, Refused

#: The heaviest file we open, and the most pixels we decode: a bomb is small and vast.
MOST_MEGABYTES = 12
MOST_PIXELS = 50_000_000
#: The longest side of each size, in pixels.
LARGE_SIDE, SMALL_SIDE = 1600, 480
_QUALITY = 80
#: The most a logo measures, in pixels.
LOGO_BOX = (400, 80)
_FORMATS = ("JPEG", "PNG", "WEBP")


class EncodedPhoto(NamedTuple):
    """Two WebP files of one photo; ``width`` and ``height`` are the large one's, in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def encode_photo(stream: IO[bytes], *, field: str = "photo") -> EncodedPhoto:
    """A JPEG, PNG or WebP turned upright as its EXIF says, then stripped of all it says.

    At most 1600 and 480 pixels on the longest side; transparency becomes white. A refusal belongs
    to the form's ``field``.

    Raises:
        Refused: not such a picture, over 12 MB, or over 50 megapixels.
    """
    large = _opened(_read(stream, field), field)
    small = large.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return EncodedPhoto(_webp(large), _webp(small), large.width, large.height)


def _read(stream: IO[bytes], field: str) -> bytes:
    sent = stream.read(MOST_MEGABYTES * 1_000_000 + 1)
    if len(sent) > MOST_MEGABYTES * 1_000_000:
        raise Refused(Reason("photo.too_large", {"max": MOST_MEGABYTES}, field))
    return sent


def _opened(sent: bytes, field: str) -> Image.Image:
    try:
        return _decoded(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(Reason("photo.too_many_pixels", {}, field)) from None
    except Exception as error:
        # A hostile or broken file can make a decoder raise anything at all.
        raise Refused(Reason("photo.unreadable", {}, field)) from error


def _decoded(sent: bytes) -> Image.Image:
    """The picture at its large size on a canvas of ours, which carries no metadata."""
    with Image.open(BytesIO(sent), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        # Lets JPEG decode at a fraction of its size; the other formats ignore it.
        opened.draft("RGB", (LARGE_SIDE, LARGE_SIDE))
        upright = ImageOps.exif_transpose(opened)
        visible = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    visible.thumbnail((LARGE_SIDE, LARGE_SIDE))
    canvas = Image.new("RGB", visible.size, "white")
    canvas.paste(visible, mask=visible if visible.mode == "RGBA" else None)
    return canvas


def _webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=_QUALITY)
    return file.getvalue()


class EncodedLogo(NamedTuple):
    """A WebP to stand in the head of each page; its size in pixels is twice that on the screen."""

    content: bytes
    width: int
    height: int


def encode_logo(stream: IO[bytes], most_bytes: int, *, field: str = "logo") -> EncodedLogo:
    """A JPEG, PNG or WebP as a logo: 80 pixels high and 400 wide at most, without metadata.

    Transparency becomes white. A refusal belongs to the form's ``field``.

    Raises:
        Refused: not such a picture, over 12 MB or 50 megapixels, or still over ``most_bytes``.
    """
    sent = _read(stream, field)
    image = _opened(sent, field)
    image.thumbnail(LOGO_BOX)
    for quality in (_QUALITY, 50, 30):
        file = BytesIO()
        image.save(file, "WEBP", quality=quality)
        if file.tell() <= most_bytes:
            return EncodedLogo(file.getvalue(), image.width, image.height)
    raise Refused(Reason("photo.logo_too_heavy", {}, field))
