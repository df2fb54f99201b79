"""Photos that are none: a flat, friendly drawing for each kind of thing."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from mutuali.equipment.rules import Kind
from mutuali.equipment.service import EncodedPhoto

#: Pixels per unit while drawing, and in the two sizes that are kept.
_DRAWN, _LARGE, _SMALL = 4, 2, 1
#: Sky, ground, thing, detail.
_PALETTES = (
    ("#dcecf2", "#b9d3c2", "#2f6f73", "#f4b860"),
    ("#fbead2", "#e3c9a0", "#b5533c", "#2f4858"),
    ("#e7e3f4", "#c9c3e0", "#55518c", "#f2a65a"),
    ("#e3f0dc", "#bcd8a8", "#3c6e47", "#e07a5f"),
)
_INK, _PALE = "#26323a", "#ffffff"

_Box = tuple[int, int, int, int]


class _Sheet:
    """A drawing surface of 600 by 400 units, drawn larger than kept, then smoothed."""

    def __init__(self, palette: tuple[str, str, str, str]) -> None:
        self.sky, self.ground, self.thing, self.detail = palette
        self._image = Image.new("RGB", (600 * _DRAWN, 400 * _DRAWN), self.sky)
        self._draw = ImageDraw.Draw(self._image)
        self.box((0, 300, 600, 400), self.ground)
        self.disc(500, 80, 38, self.detail)

    def box(self, box: _Box, fill: str, round_by: int = 0) -> None:
        left, top, right, bottom = box
        scaled = (left * _DRAWN, top * _DRAWN, right * _DRAWN, bottom * _DRAWN)
        self._draw.rounded_rectangle(scaled, round_by * _DRAWN, fill=fill)

    def disc(self, x: int, y: int, radius: int, fill: str) -> None:
        box = (
            (x - radius) * _DRAWN,
            (y - radius) * _DRAWN,
            (x + radius) * _DRAWN,
            (y + radius) * _DRAWN,
        )
        self._draw.ellipse(box, fill=fill)

    def shape(self, *points: tuple[int, int], fill: str) -> None:
        self._draw.polygon([(x * _DRAWN, y * _DRAWN) for x, y in points], fill=fill)

    def encoded(self) -> EncodedPhoto:
        size = 600 * _LARGE, 400 * _LARGE
        return EncodedPhoto(self._webp(_LARGE), self._webp(_SMALL), *size)

    def _webp(self, scale: int) -> bytes:
        out = BytesIO()
        self._image.reduce(_DRAWN // scale).save(out, "WEBP", quality=80, method=2)
        return out.getvalue()


def _vehicle(s: _Sheet) -> None:
    s.box((90, 130, 380, 310), s.thing, 10)
    s.shape((380, 180), (460, 180), (510, 240), (510, 310), (380, 310), fill=s.detail)
    s.shape((396, 196), (452, 196), (486, 240), (396, 240), fill=_PALE)
    for x in (165, 430):
        s.disc(x, 312, 34, _INK)
        s.disc(x, 312, 14, _PALE)
    for angle in (0, 14, 28):
        s.box((190 + angle * 3, 180, 196 + angle * 3, 250), _PALE, 3)


def _kitchen(s: _Sheet) -> None:
    s.box((80, 210, 520, 340), s.thing, 8)
    s.box((70, 196, 530, 214), _INK, 4)
    for x in (110, 250, 390):
        s.box((x, 235, x + 100, 320), s.detail, 6)
        s.box((x + 20, 245, x + 80, 252), _INK, 3)
    s.box((150, 120, 250, 196), _PALE, 10)
    s.box((130, 140, 270, 150), _INK, 5)
    s.box((340, 150, 440, 196), s.detail, 8)


def _pot(s: _Sheet) -> None:
    s.box((190, 180, 410, 320), s.thing, 26)
    s.box((150, 205, 450, 228), _INK, 10)
    s.box((180, 160, 420, 184), s.detail, 10)
    s.disc(300, 152, 14, _INK)
    for x in (240, 300, 360):
        s.box((x - 5, 80, x + 5, 130), _PALE, 5)


def _fridge(s: _Sheet) -> None:
    s.box((210, 70, 390, 340), s.thing, 12)
    s.box((222, 82, 378, 170), _PALE, 8)
    s.box((222, 180, 378, 328), _PALE, 8)
    s.box((356, 110, 366, 150), _INK, 5)
    s.box((356, 200, 366, 270), _INK, 5)
    for x, y in ((262, 110), (282, 130), (262, 230), (292, 270)):
        s.disc(x, y, 9, s.sky)


def _shelves(s: _Sheet) -> None:
    for y in (130, 215, 300):
        s.box((90, y, 510, y + 12), _INK, 3)
    for x in (96, 294, 492):
        s.box((x, 80, x + 12, 340), _INK, 3)
    for n, (x, y) in enumerate(
        ((120, 82), (200, 88), (330, 74), (130, 160), (350, 167), (420, 240))
    ):
        s.box((x, y, x + 66, y + (48 if y < 130 else 55)), s.thing if n % 2 else s.detail, 5)


def _mixer(s: _Sheet) -> None:
    s.box((200, 300, 420, 330), s.thing, 10)
    s.box((350, 130, 410, 310), s.thing, 14)
    s.box((200, 110, 410, 180), s.thing, 30)
    s.box((252, 178, 264, 230), _INK, 4)
    s.shape((200, 215), (320, 215), (300, 300), (220, 300), fill=_PALE)
    s.disc(380, 145, 12, s.detail)


def _forklift(s: _Sheet) -> None:
    s.box((150, 200, 340, 310), s.thing, 14)
    s.box((170, 110, 180, 210), _INK, 3)
    s.box((290, 110, 300, 210), _INK, 3)
    s.box((160, 100, 310, 114), _INK, 5)
    s.box((360, 90, 374, 330), _INK, 3)
    s.box((374, 316, 480, 328), _INK, 3)
    s.box((384, 236, 474, 314), s.detail, 6)
    for x in (195, 310):
        s.disc(x, 316, 28, _INK)
        s.disc(x, 316, 11, _PALE)


def _vegetables(s: _Sheet) -> None:
    for n, x in enumerate((190, 250, 310, 370, 410)):
        s.disc(x, 200 - (n % 2) * 16, 42, (s.detail, s.thing)[n % 2])
        s.box((x - 4, 140 - (n % 2) * 16, x + 4, 168 - (n % 2) * 16), _INK, 3)
    s.box((130, 215, 470, 335), "#b98b5e", 8)
    for y in (235, 270, 305):
        s.box((130, y, 470, y + 6), "#96683f")


def _people(s: _Sheet) -> None:
    for x, shirt in ((190, s.thing), (300, s.detail), (410, s.thing)):
        s.disc(x, 140, 40, "#c98d65" if shirt == s.detail else "#8d5a3b")
        s.box((x - 52, 185, x + 52, 345), shirt, 40)
        s.box((x - 26, 225, x + 26, 340), _PALE, 8)


def _tables(s: _Sheet) -> None:
    s.box((110, 190, 490, 212), s.thing, 6)
    for x in (140, 448):
        s.box((x, 210, x + 12, 345), _INK, 3)
    for x in (160, 260, 360):
        s.box((x, 120, x + 76, 190), s.detail, 8)
        s.box((x + 8, 130, x + 68, 138), _PALE, 4)


def _portions(s: _Sheet) -> None:
    for row, y in enumerate((150, 215, 280)):
        for x in (150 - row * 15, 255, 360 + row * 15):
            s.box((x, y, x + 90, y + 50), s.thing, 10)
            s.box((x + 6, y - 8, x + 84, y + 8), _PALE, 6)
            s.box((x + 24, y + 18, x + 66, y + 38), s.detail, 4)


_DRAWINGS: Mapping[Kind, Callable[[_Sheet], None]] = {
    Kind.VEHICLE: _vehicle,
    Kind.KITCHEN: _kitchen,
    Kind.COOKING: _pot,
    Kind.COLD_STORAGE: _fridge,
    Kind.REFRIGERATION: _fridge,
    Kind.DRY_STORAGE: _shelves,
    Kind.PREPARATION: _mixer,
    Kind.HEAVY_EQUIPMENT: _forklift,
    Kind.SURPLUS: _vegetables,
    Kind.PEOPLES_TIME: _people,
    Kind.SUBCONTRACTING: _portions,
    Kind.OTHER: _tables,
}


def picture(kind: Kind, number: int) -> EncodedPhoto:
    """The drawing of a kind of thing; ``number`` picks the colours."""
    return _picture(kind, number % len(_PALETTES))


@cache
def _picture(kind: Kind, palette: int) -> EncodedPhoto:
    sheet = _Sheet(_PALETTES[palette])
    _DRAWINGS[kind](sheet)
    return sheet.encoded()
