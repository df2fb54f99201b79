"""Looking into a released table: some of its lines, and its sums along one of its columns.

It reads the file that was let out and nothing else. Cells are shown as they left: what is hidden
stays hidden, so a sum over hidden cells is told as "at least", and rounding widens it by half the
base for each cell.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mutuali.core.errors import Conflict, NotFound
from mutuali.exports.rules.catalogue import ColumnRole, DeclaredTable
from mutuali.exports.service.files import NotAsSignedError, get_signed
from mutuali.exports.service.gate import Handed

if TYPE_CHECKING:
    import pyarrow as pa

#: Lines that are shown together.
PAGE = 50
#: The columns of a table from place to place.
FROM_TO = ("lender_zone", "borrower_zone")
#: Tables that a process keeps at hand; a million lines of eight columns take some 40 MB.
_AT_HAND = 6


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for: only lines with these values, summed ``by`` a column, of which figure
    (the first, or lines counted where a table has none), from which page on."""

    where: Mapping[str, str]
    by: str | None = None
    figure: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Sum:
    """The figures of all lines with these values: at least ``low``; at most ``high`` where no cell
    is hidden. ``shown`` and ``hidden`` are how many cells are."""

    values: tuple[str, ...]
    total: int
    low: int
    high: int | None
    shown: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of one page as they stand in the file, how many there are in all, the sums, what
    the lines are summed by and of what, and which values each column may be narrowed to; of a
    table from place to place, the sums of each pair, too."""

    lines: Sequence[Mapping[str, Any]]
    count: int
    sums: Sequence[Sum]
    by: str | None
    figure: str | None
    choices: Mapping[str, Sequence[str]]
    pairs: Sequence[Sum]


def table_in(files_url: str, file: Handed, table: DeclaredTable) -> "pa.Table":
    """A table of a bundle that was let out, keys dictionary-encoded, once its bytes are proved.

    Raises:
        NotFound: the bundle has no such table.
        Conflict: the stored bytes are not those that were signed.
    """
    return _table(files_url, file.key, file.sha256, table)


def explore(rows: "pa.Table", table: DeclaredTable, look: Look, base: int) -> Found:
    """What ``look`` finds in ``rows``; ``base`` is the most that figures were rounded to.

    Raises:
        NotFound: it asks for a column that the table does not have, or may not be narrowed by.
    """
    import pyarrow.compute as pc

    keys = table.keys
    if not set(look.where) <= set(keys) or look.by not in (None, *keys):
        raise NotFound
    if look.figure not in (None, *table.figures):
        raise NotFound
    figure = look.figure or next(iter(table.figures), None)
    by = look.by or next(iter(keys), None)
    choices = {key: sorted(rows.column(key).unique().to_pylist()) for key in keys}
    kept = None
    for key, value in look.where.items():
        here = pc.equal(rows.column(key), value)
        kept = here if kept is None else pc.and_(kept, here)
    start = (look.page - 1) * PAGE
    if kept is None:
        page, count = rows.slice(start, PAGE), rows.num_rows
    else:
        numbers = pc.indices_nonzero(kept)
        page, count = rows.take(numbers.slice(start, PAGE)), len(numbers)

    def summed(*along: str) -> list[Sum]:
        """The sums along some columns, of the narrowed lines."""
        used = [*along, *((figure, f"{figure}_status") if figure else ())]
        part = rows.select(used)
        return _sums(part if kept is None else part.filter(kept), along, figure, base)

    return Found(
        lines=page.to_pylist(),
        count=count,
        sums=summed(by) if by else (),
        by=by,
        figure=figure,
        choices=choices,
        pairs=summed(*FROM_TO) if set(FROM_TO) <= set(keys) else (),
    )


def _sums(narrowed: "pa.Table", by: Sequence[str], figure: str | None, base: int) -> list[Sum]:
    """Each status of each value, counted and summed at once; then put together by value."""
    statuses = [f"{figure}_status"] if figure else []
    wanted: list[Any] = [([], "count_all"), *([(figure, "sum")] if figure else [])]
    groups: dict[tuple[str, ...], dict[str, tuple[int, int]]] = {}
    for each in narrowed.group_by([*by, *statuses]).aggregate(wanted).to_pylist():
        values = tuple(each[name] for name in by)
        status = each[statuses[0]] if statuses else "published"
        told = each[f"{figure}_sum"] if figure else each["count_all"]
        groups.setdefault(values, {})[status] = (each["count_all"], told or 0)
    sums = []
    for values, cells in sorted(groups.items()):
        shown, total = cells.get("published", (0, 0))
        hidden, _nothing = cells.get("suppressed", (0, 0))
        # Lines that are counted are exact. A figure is within half of what it was rounded to, a
        # half being rounded up; and nothing that is shown is nought.
        low, high = total, total
        if figure:
            low = max(shown, total - shown * (base // 2))
            high = total + shown * (base - 1 - base // 2)
        sums.append(Sum(values, total, low, None if hidden else high, shown, hidden))
    return sums


@lru_cache(maxsize=_AT_HAND)
def _table(files_url: str, key: str, digest: str, table: DeclaredTable) -> "pa.Table":
    import pyarrow.parquet

    try:
        data = get_signed(files_url, key, digest)
    except NotAsSignedError:
        raise Conflict("export.not_confirmed") from None
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        try:
            entry = bundle.read(f"{table.name}.parquet")
        except KeyError:
            raise NotFound from None
    texts = [each.name for each in table.columns if each.role is not ColumnRole.FIGURE]
    return pyarrow.parquet.read_table(io.BytesIO(entry), read_dictionary=texts)
