"""Pages and JSON travel compressed: a month of listings is 200 kB of a few words."""

from gzip import GzipFile
from io import BytesIO

from flask import Flask, Response, request

from mutuali.web.secrets import new_padding

_KINDS = {"text/html", "application/json"}
#: Less than this fits in a packet or two anyway.
_LARGE = 4096


def init_squeeze(app: Flask) -> None:
    """Compress large answers on their way out."""
    app.after_request(_squeeze)


def _squeeze(response: Response) -> Response:
    if response.mimetype not in _KINDS or response.is_streamed:
        return response
    if (
        "Content-Encoding" in response.headers
        or (response.calculate_content_length() or 0) < _LARGE
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(_gzip(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _gzip(content: bytes) -> bytes:
    """``content`` in gzip, under a name of random length.

    A page holds secrets (form tokens) beside what its address says: without the padding, somebody
    who sees lengths and chooses addresses could guess at them (the BREACH attack).
    """
    out = BytesIO()
    with GzipFile(new_padding(), "wb", 4, out, mtime=0) as squeezed:
        squeezed.write(content)
    return out.getvalue()
