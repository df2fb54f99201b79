"""Documents on paper: PDF with headings, paragraphs, lists and tables, on letter size, as
printers here are fed.

The letters are those of the pages, embedded; the same input gives the same bytes, so that a
document can be hashed. Every part is tagged for what it is (see ``tags``), the language and the
title are said, and what only decorates is said to be so.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path

from fpdf import FPDF, ViewerPreferences, XPos, YPos
from fpdf.enums import MethodReturnValue

from mutuali.web.tags import Part, TaggedOutput, Tags

_FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
_MARGIN_MM = 20
_INK = (29, 43, 36)
_LEAF = (22, 84, 58)
_LINE = (220, 218, 210)
#: Letters that the embedded font lacks, and what stands for them.
_INSTEAD = {"\u202f": "\u00a0", "\u2011": "-"}
#: Of a table, in millimetres: a line of text, and the space above and below a row.
_ROW_LINE, _ROW_SPACE = 5.0, 1.2
#: The part of the width that a table keeps where bars stand beside it; how high they are, in mm.
_BESIDE_BARS, _BAR = 0.72, 2.4


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
        super().__init__(format="letter")
        self._tags = self.struct_builder = Tags()
        self._foot, self._language, self._blank = foot, language, blank
        self.add_font("Atkinson", "", _FONTS / "atkinson-400.ttf")
        self.add_font("Atkinson", "B", _FONTS / "atkinson-700.ttf")
        self.set_title(title)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
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
        with self._decoration():
            self.cell(0, 8, _spelled(f"{self._foot}   {page}".strip()), align="C")

    def heading(self, words: str, level: int = 1) -> None:
        """A heading; level 1 is the title of the document."""
        size = {1: 20, 2: 13}.get(level, 11)
        self.ln(0 if level == 1 else 3)
        # A heading alone at the foot of a page would say nothing.
        if self.get_y() > self.h - 45:
            self.add_page()
        self.set_font("Atkinson", "B", size)
        self.set_text_color(*_LEAF)
        self.start_section(_spelled(words), level=level - 1)
        self._write(words, size * 0.5, f"/H{level}")
        self.ln(1)

    def paragraph(self, words: str, *, strong: bool = False) -> None:
        """A paragraph; lines that begin with "- " are items, with "> " quotations."""
        self.set_text_color(*_INK)
        self.set_font("Atkinson", "B" if strong else "", 10.5)
        for are_items, lines in groupby(words.split("\n"), lambda line: line.startswith("- ")):
            if are_items:
                items = self._tags.group("/L", self.page)
                for line in lines:
                    item = self._tags.group("/LI", self.page, within=items)
                    self._write(f"–\u00a0{line[2:]}", 5.2, "/LBody", indent=5, within=item)
                continue
            for line in lines:
                if line.startswith(">"):
                    quotation = self._tags.group("/BlockQuote", self.page)
                    self._write(line[1:].strip(), 5.2, "/P", indent=8, within=quotation)
                else:
                    self._write(line, 5.2, "/P")
        self.ln(1)

    def rows(
        self,
        rows: Iterable[Sequence[str]],
        *,
        head: Sequence[str] = (),
        widths: Sequence[float] = (),
        named: bool = False,
        bars: Sequence[int] = (),
    ) -> None:
        """A table; ``head`` names its columns, and where it is ``named`` the first cell of each
        row names the row. ``widths`` are shares of the whole, equal by default. ``bars`` shows
        beside each row, in percent, what its words say already."""
        self.set_draw_color(*_LINE)
        table = self._tags.group("/Table", self.page)
        whole = self.epw * (_BESIDE_BARS if bars else 1)
        for n, each in enumerate((head, *rows) if head else rows):
            is_head = bool(head) and n == 0
            shares = widths or [1.0] * len(each)
            columns = [whole * share / sum(shares) for share in shares]
            scopes = [
                "/Column" if is_head else "/Row" if named and cell == 0 else None
                for cell in range(len(each))
            ]
            self._row(each, columns, scopes, table)
            if bars and not is_head:
                self._bar(bars[n - bool(head)])
        self.ln(3)

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
        with self._stretch("/Figure", alt=lines[0]):
            for y, row in enumerate(squares):
                for x, dark in enumerate(row):
                    if dark:
                        self.rect(left + 1 + x * side, top + 5 + y * side, side, side, style="F")
        self.set_text_color(*_INK)
        for n, words in enumerate(lines):
            self.set_xy(left + size + 2, top + (8, 22, 34)[n])
            self.set_font("Atkinson", "" if n else "B", 10 if n else 16)
            with self._stretch("/P"):
                height = 7 if n == 0 else 4.6
                self.multi_cell(width - size - 4, height, _spelled(words)[:60], align="L")

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self.output(output_producer_class=TaggedOutput))

    def _write(
        self,
        words: str,
        height: float,
        kind: str,
        *,
        indent: float = 0,
        within: Part | None = None,
    ) -> None:
        """Words as one part of a ``kind``; where a page ends among them, a part of stretches."""
        lines = self._lines(words, self.epw - indent)
        whole = None
        while lines:
            fitting = self._fitting(height)
            if fitting < len(lines) and whole is None:
                whole = self._tags.group(kind, self.page, within=within)
            with self._stretch("/Span" if whole else kind, within=whole or within):
                self._set_lines(lines[:fitting], self.l_margin + indent, self.epw - indent, height)
            lines = lines[fitting:]
            if lines:
                self.add_page()

    def _row(
        self,
        cells: Sequence[str],
        columns: Sequence[float],
        scopes: Sequence[str | None],
        table: Part,
    ) -> None:
        texts = []
        for words, width, scope in zip(cells, columns, scopes, strict=True):
            self._set_cell_font(scope)
            texts.append(self._lines(words, width - 2))
        # A row begins where it fits, or its first lines at least.
        if self._fitting(_ROW_LINE, above=_ROW_SPACE) < min(4, max(map(len, texts))):
            self.add_page()
        row = self._tags.group("/TR", self.page, within=table)
        kinds = ["/TH" if scope else "/TD" for scope in scopes]
        parts = [
            self._tags.group(kind, self.page, within=row, scope=scope)
            for kind, scope in zip(kinds, scopes, strict=True)
        ]
        while any(texts):
            fitting = self._fitting(_ROW_LINE, above=_ROW_SPACE)
            top, left = self.y + _ROW_SPACE, self.l_margin
            for text, width, part, scope in zip(texts, columns, parts, scopes, strict=True):
                self._set_cell_font(scope)
                if text:
                    self.set_y(top)
                    with self._stretch("/P", within=part):
                        self._set_lines(text[:fitting], left, width - 2, _ROW_LINE)
                left += width
            tallest = min(fitting, max(map(len, texts)))
            texts = [text[fitting:] for text in texts]
            self.set_y(top + tallest * _ROW_LINE + _ROW_SPACE)
            if any(texts):
                self.add_page()
        with self._decoration():
            self.line(self.l_margin, self.y, self.l_margin + self.epw, self.y)

    def _bar(self, percent: int) -> None:
        """A bar beside the row that ends here."""
        left, width = self.l_margin + self.epw * _BESIDE_BARS, self.epw * (1 - _BESIDE_BARS)
        top = self.y - _ROW_SPACE - _ROW_LINE / 2 - _BAR / 2
        with self._decoration():
            for color, part in ((_LINE, 1.0), (_LEAF, percent / 100)):
                self.set_fill_color(*color)
                self.rect(left, top, width * part, _BAR, style="F")

    def _set_cell_font(self, scope: str | None) -> None:
        self.set_font("Atkinson", "B" if scope == "/Column" else "", 9.5)
        self.set_text_color(*(_LEAF if scope == "/Column" else _INK))

    def _lines(self, words: str, width: float) -> list[str]:
        """The lines into which ``words`` break at ``width``, in the font that is set."""
        self.set_x(self.l_margin)
        found = self.multi_cell(
            width,
            5,
            _spelled(words),
            align="L",
            dry_run=True,
            output=MethodReturnValue.LINES,
        )
        return [str(line) for line in found]  # type: ignore[union-attr]

    def _set_lines(self, lines: Sequence[str], left: float, width: float, height: float) -> None:
        for line in lines:
            self.set_x(left)
            # The space that the break took away stands between the words for who hears them.
            self.cell(width, height, f"{line} ", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _fitting(self, height: float, *, above: float = 0) -> int:
        """How many lines of that height still fit on this page."""
        return int((self.page_break_trigger - self.y - above + 1e-6) // height)

    @contextmanager
    def _stretch(
        self, kind: str, *, within: Part | None = None, alt: str | None = None
    ) -> Iterator[None]:
        """What is written inside is one part of a kind; no page ends inside."""
        number = self._tags.stretch(kind, self.page, within=within, alt=alt)
        self.pages[self.page].struct_parents = self._tags.spid_per_page_number[self.page]
        self._out(f"{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def _decoration(self) -> Iterator[None]:
        """What is written inside says nothing."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")


def _spelled(words: str) -> str:
    for letter, instead in _INSTEAD.items():
        words = words.replace(letter, instead)
    return words
