"""How policies and retention tables look: on a page, on paper, in a spreadsheet."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from flask import Response
from flask_babel import gettext as _

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.core.spreadsheets import csv_bytes
from mutuali.owndata.rules import Kept, lines_of
from mutuali.web.clock import utc_now
from mutuali.web.paper import Paper


class Block(NamedTuple):
    """A part of a policy: a heading (``level`` 1 to 3), a paragraph (0) or a list of items (-1)."""

    level: int
    words: tuple[str, ...]


def own(actor: Actor) -> int:
    """The organization that somebody acts for. Raises NotFound."""
    if actor.organization_id is None:
        raise NotFound
    return actor.organization_id


def blocks(text: str) -> list[Block]:
    """A policy in parts, items that follow one another together."""
    found: list[Block] = []
    for are_items, lines in groupby(lines_of(text), lambda line: line.level < 0):
        if are_items:
            found.append(Block(-1, tuple(line.words for line in lines)))
        else:
            found += [Block(line.level, (line.words,)) for line in lines]
    return found


def policy_paper(text: str, language: str, foot: str) -> Response:
    """A policy on paper."""
    parts = blocks(text)
    made = Paper(parts[0].words[0], language=language, made_at=utc_now(), foot=foot)
    for part in parts:
        if part.level > 0:
            made.heading(part.words[0], part.level)
        elif part.level == 0:
            made.paragraph(part.words[0])
        else:
            made.paragraph("\n".join(f"- {each}" for each in part.words))
    return downloaded(made.bytes(), "application/pdf", _("confidentialite.pdf"))


def table_paper(table: Sequence[Kept], title: str, language: str, foot: str) -> Response:
    """A retention table on paper."""
    made = Paper(title, language=language, made_at=utc_now(), foot=foot)
    made.heading(title)
    made.rows(table, head=table_head(), widths=(3, 3, 4, 3), named=True)
    return downloaded(made.bytes(), "application/pdf", _("durees.pdf"))


def table_file(table: Sequence[Kept]) -> Response:
    """A retention table for a spreadsheet."""
    return downloaded(csv_bytes(table_head(), table), "text/csv", _("durees.csv"))


def table_head() -> tuple[str, ...]:
    """What the columns of a retention table are called."""
    return (_("Quoi"), _("Combien de temps"), _("Pourquoi"), _("Et après"))


def downloaded(content: bytes, mimetype: str, name: str) -> Response:
    """A file to keep."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
