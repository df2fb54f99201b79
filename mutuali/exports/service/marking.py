"""The mark of a copy, put into the tables that hold a line per loan."""

from dataclasses import replace
from operator import ne

from mutuali.exports.rules.catalogue import ColumnRole
from mutuali.exports.rules.marks import marked, unmarked
from mutuali.exports.service.built import Built, BuiltTable
from mutuali.privacy.errors import Disagreement


def with_numbers(built: Built, key: bytes) -> Built:
    """The tables with their column of row numbers, where one is declared; all else as measured.

    Raises:
        Disagreement: without the numbers it is not, byte for byte, what was measured.
    """
    return replace(built, tables=tuple(_numbered(each, key) for each in built.tables))


def _numbered(built: BuiltTable, key: bytes) -> BuiltTable:
    if not any(column.role is ColumnRole.MARK for column in built.table.columns):
        return built
    lines = built.data.splitlines(keepends=True)
    numbered = list(marked(lines, key))
    if len(numbered) != len(lines) or any(map(ne, unmarked(numbered), lines)):
        raise Disagreement(("row numbers",))
    return replace(built, data=b"".join(numbered))
