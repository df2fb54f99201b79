"""Labels to stick on things: a letter-size sheet with a code for the camera on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mutuali.web.paper import Paper

#: Two columns of five, as sheets of ten labels are cut here (4 inches by 2), in millimetres.
_COLUMNS, _ROWS = 2, 5
_WIDE, _HIGH = 101.6, 50.8
_LEFT, _TOP, _GAP = 4.0, 12.7, 4.8
_QR = 40.0


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one label: ``address`` in the code for the camera, the rest to read."""

    address: str
    code: str
    title: str
    owner: str


def label_sheet(labels: Iterable[Label], title: str, *, language: str, made_at: datetime) -> bytes:
    """A PDF of labels, ten on a page."""
    paper = Paper(title, language=language, made_at=made_at, blank=True)
    for n, label in enumerate(labels):
        place = n % (_COLUMNS * _ROWS)
        if n and place == 0:
            paper.add_page()
        row, column = divmod(place, _COLUMNS)
        paper.label(
            _LEFT + column * (_WIDE + _GAP),
            _TOP + row * _HIGH,
            _WIDE,
            _squares(label.address),
            (label.code, label.title, label.owner),
            size=_QR,
        )
    return paper.bytes()


def _squares(text: str) -> list[list[bool]]:
    import segno  # only where a code is made

    made = segno.make(text, error="m", micro=False)
    return [[bool(square) for square in row] for row in made.matrix_iter(border=2)]
