"""Documents on paper: PDF of A4 pages with headings, paragraphs, lists and tables.

The letters are those of the pages, embedded; the same input gives the same bytes, so that a
document can be hashed. Structure is tagged and the language said, as far as fpdf2 can.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from fpdf import FPDF, XPos, YPos
from fpdf.fonts import FontFace

_FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
_MARGIN_MM = 20
_INK = (29, 43, 36)
_LEAF = (22, 84, 58)
_LINE = (220, 218, 210)
#: Letters that the embedded font lacks, and what stands for them.
_INSTEAD = {"\u202f": "\u00a0", "\u2011": "-"}


class Paper(FPDF):
    """One document; write it from top to bottom, then take :meth:`bytes`.

    ``made_at`` is the instant that the document says it was made at; ``foot`` is written, with
    the page number, at the foot of every page, unless pages are ``blank``.
    """

    def __init__(
        self,
        title: str,
        *,
        language: str,
        made_at: datetime,
        foot: str = "",
        blank: bool = False,
    ) -> None:
        super().__init__(format="A4")
        self._foot, self._language, self._blank = foot, language, blank
        self.add_font("Atkinson", "", _FONTS / "atkinson-400.ttf")
        self.add_font("Atkinson", "B", _FONTS / "atkinson-700.ttf")
        self.set_title(title)
        self.set_lang("fr-CA" if language == "fr" else "en-CA")
        self.set_creator("MutuAli")
        self.set_producer("fpdf2")
        self.set_creation_date(made_at)
        self.set_margin(_MARGIN_MM)
        self.set_auto_page_break(auto=not blank, margin=_MARGIN_MM)
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """The foot of every page, called by fpdf2."""
        if self._blank:
            return
        self.set_y(-15)
        self.set_font("Atkinson", "", 9)
        self.set_text_color(*_INK)
        page = f"{self.page_no()} / {{nb}}"
        self.cell(0, 8, _spelled(f"{self._foot}   {page}".strip()), align="C")

    def heading(self, words: str, level: int = 1) -> None:
        """A heading; level 1 is the title of the document."""
        size = {1: 20, 2: 13}.get(level, 11)
        self.ln(0 if level == 1 else 3)
        self.set_font("Atkinson", "B", size)
        self.set_text_color(*_LEAF)
        # A heading alone at the foot of a page would say nothing.
        if self.get_y() > self.h - 45:
            self.add_page()
        self.start_section(_spelled(words), level=level - 1)
        self._write(words, size * 0.5)
        self.ln(1)

    def paragraph(self, words: str, *, strong: bool = False) -> None:
        """A paragraph; lines that begin with "- " are items, with "> " quotations."""
        self.set_text_color(*_INK)
        for line in words.split("\n"):
            self.set_font("Atkinson", "B" if strong else "", 10.5)
            if line.startswith("- "):
                self._write(f"–\u00a0{line[2:]}", 5.2, indent=5)
            elif line.startswith(">"):
                self._write(line[1:].strip(), 5.2, indent=8)
            else:
                self._write(line, 5.2)
        self.ln(1)

    def rows(self, rows: Iterable[Sequence[str]], *, head: Sequence[str] = ()) -> None:
        """A table; ``head`` names its columns."""
        self.set_font("Atkinson", "", 9.5)
        self.set_text_color(*_INK)
        self.set_draw_color(*_LINE)
        style = FontFace(emphasis="BOLD", color=_LEAF)
        with self.table(
            line_height=5,
            first_row_as_headings=bool(head),
            headings_style=style,
            borders_layout="HORIZONTAL_LINES",
            text_align="LEFT",
        ) as table:
            for each in (head,) if head else ():
                self._row(table, each)
            for each in rows:
                self._row(table, each)
        self.ln(2)

    def label(
        self,
        left: float,
        top: float,
        width: float,
        squares: Sequence[Sequence[bool]],
        lines: Sequence[str],
        *,
        size: float,
    ) -> None:
        """A label at a place, in millimetres: a code for the camera of ``size``, and beside it
        ``lines``, the first of them large."""
        side = size / len(squares)
        self.set_fill_color(0, 0, 0)
        for y, row in enumerate(squares):
            for x, dark in enumerate(row):
                if dark:
                    self.rect(left + 1 + x * side, top + 5 + y * side, side, side, style="F")
        self.set_text_color(*_INK)
        for n, words in enumerate(lines):
            self.set_xy(left + size + 2, top + (8, 16, 26)[n])
            self.set_font("Atkinson", "" if n else "B", 8 if n else 13)
            self.multi_cell(width - size - 4, 6 if n == 0 else 3.4, _spelled(words)[:60], align="L")

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self.output())

    def _write(self, words: str, height: float, *, indent: float = 0) -> None:
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, height, _spelled(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    @staticmethod
    def _row(table: object, cells: Sequence[str]) -> None:
        row = table.row()  # type: ignore[attr-defined]
        for cell in cells:
            row.cell(_spelled(cell))


def _spelled(words: str) -> str:
    for letter, instead in _INSTEAD.items():
        words = words.replace(letter, instead)
    return words
