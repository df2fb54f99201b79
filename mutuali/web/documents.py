"""A document that somebody sends: a PDF as it is, or a picture without its metadata."""

from io import BytesIO
from typing import IO, NamedTuple

from mutuali.core.errors import Reason, Refused
from mutuali.web.photos import encode_photo

PDF, WEBP = "application/pdf", "image/webp"
_MEGABYTE = 1_000_000


class EncodedDocument(NamedTuple):
    """The bytes to keep, and their media type."""

    content: bytes
    media_type: str


def encode_document(
    stream: IO[bytes], *, most_megabytes: int, field: str = "file"
) -> EncodedDocument:
    """A PDF as it came; a JPEG, PNG or WebP at 1600 pixels, stripped of all it says of itself.

    Raises:
        Refused: neither of them, or heavier than ``most_megabytes``.
    """
    sent = stream.read(most_megabytes * _MEGABYTE + 1)
    if len(sent) > most_megabytes * _MEGABYTE:
        raise Refused(Reason("document.too_large", {"max": most_megabytes}, field))
    if sent.startswith(b"%PDF-"):
        return EncodedDocument(sent, PDF)
    try:
        photo = encode_photo(BytesIO(sent), field=field)
    except Refused as error:
        raise Refused(Reason("document.unreadable", {}, field)) from error
    return EncodedDocument(photo.large, WEBP)
