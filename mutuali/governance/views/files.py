"""Registers as files to take along: spreadsheets and paper."""

from collections.abc import Iterable

from flask import Response

from mutuali.core.spreadsheets import csv_bytes
from mutuali.web.clock import utc_now
from mutuali.web.language import language
from mutuali.web.network import network
from mutuali.web.paper import Paper


def file(data: bytes, mimetype: str, name: str) -> Response:
    """A file to keep, which no cache keeps."""
    answer = Response(data, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def csv_file(head: Iterable[object], rows: Iterable[Iterable[object]], name: str) -> Response:
    """A table for a spreadsheet."""
    return file(csv_bytes(head, rows), "text/csv", name)


def paper_titled(title: str) -> Paper:
    """A document that says who keeps it, begun with its title."""
    paper = Paper(title, language=language(), made_at=utc_now(), foot=operator_name())
    paper.heading(title)
    return paper


def operator_name() -> str:
    """Who answers for this instance."""
    return network().operator_name
