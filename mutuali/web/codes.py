"""Codes for the camera of a telephone."""

from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """``text`` as a QR code: SVG, to stand in a page."""
    import segno  # only where a code is shown

    # Dark on white in any scheme: a camera needs it that way.
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - made here, of squares
