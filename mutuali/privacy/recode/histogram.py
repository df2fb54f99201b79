"""The table, grouped once: distinct combinations of what matters, as integer codes.

All later work is a look-up in these codes, so its cost follows the number of distinct
combinations and not the number of rows. The grouping is one ibis expression; here it runs on
DuckDB inside the process, locked away from files, network and extensions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.errors import BadTable, UnknownValue
from mutuali.privacy.plan import Hierarchy, Plan, Role

IntArray = npt.NDArray[np.int64]

#: DuckDB reads nothing but what it is handed.
LOCKED_DOWN = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}

#: Said last: no statement changes a setting after it.
LOCK = "SET lock_configuration = true"


@dataclass(frozen=True, slots=True)
class Histogram:
    """One entry per distinct (quasi-identifiers, sensitive values, contributors), in code order.

    Each tuple holds one array per column of the plan, of the same length as ``rows``, the number
    of rows (>= 1) behind an entry. ``leaves`` are positions in the chains of the hierarchy (one
    past the last: NA that no chain names); ``contributors`` share one numbering below ``people``,
    because the same id may stand on both sides.
    """

    leaves: tuple[IntArray, ...]
    sensitive: tuple[IntArray, ...]
    contributors: tuple[IntArray, ...]
    people: int
    rows: IntArray


def text_column(table: pa.Table, name: str, *, floats: bool = False) -> Any:
    """A column as text, NA and empty text as null.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
    """
    if table.schema.get_field_index(name) < 0:
        raise BadTable("the table has no such column, or has it twice", column=name)
    column = table.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    releasable = (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_date32(kind)
        or pa.types.is_null(kind)
        or (floats and pa.types.is_floating(kind))
    )
    if not releasable:
        raise BadTable(f"values of type {column.type} cannot be handled here", column=name)
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def leaf_codes(hierarchy: Hierarchy, text: Any) -> Any:
    """Positions of the texts in the chains, as an Arrow array; null where no chain fits.

    NA takes the chain of None, or the position after the last one.
    """
    values = [chain[0] for chain in hierarchy.chains]
    missing = values.index(None) if None in values else len(values)
    codes = pc.index_in(text, value_set=pa.array(values, pa.string()), skip_nulls=True)
    return pc.if_else(pc.is_null(text), pa.scalar(missing, pa.int32()), codes)


def as_ints(codes: Any) -> IntArray:
    """An Arrow array of integers without nulls as a NumPy array."""
    return np.asarray(codes.to_numpy(), dtype=np.int64)


def build(table: pa.Table, plan: Plan) -> Histogram:
    """Group ``table`` by what ``plan`` looks at.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        UnknownValue: a value that its hierarchy does not name; the first row that has it.
    """
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    sensitive = [model.column for model in plan.diversities]
    contributors = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    names = [column.name for column in quasi] + sensitive + contributors
    texts = [text_column(table, name, floats=name in sensitive) for name in names]
    for name, text in list(zip(names, texts, strict=True))[len(names) - len(contributors) :]:
        if text.null_count:
            row = pc.index(pc.is_null(text), True).as_py()
            raise BadTable("every row needs its contributor", column=name, row=row)
    entries = _grouped(texts)
    count = len(quasi)
    leaves = []
    for column, entry, text in zip(quasi, entries[:count], texts[:count], strict=True):
        codes = leaf_codes(column.generalization, entry)
        if codes.null_count:
            _refuse_unknown(column.name, codes, entry, text)
        leaves.append(as_ints(codes))
    middle = count + len(sensitive)
    watched = [_numbered([entry])[0][0] for entry in entries[count:middle]]
    people, known = _numbered(entries[middle:-1])
    rows = as_ints(entries[-1])
    order = np.lexsort((*people[::-1], *watched[::-1], *leaves[::-1]))
    return Histogram(
        leaves=tuple(codes[order] for codes in leaves),
        sensitive=tuple(codes[order] for codes in watched),
        contributors=tuple(codes[order] for codes in people),
        people=known,
        rows=rows[order],
    )


def _grouped(texts: Sequence[Any]) -> list[Any]:
    """The distinct combinations of the texts, column by column, and last the rows of each."""
    import ibis

    names = [f"c{index}" for index in range(len(texts))]
    connection = ibis.duckdb.connect(":memory:", **LOCKED_DOWN)
    try:
        connection.raw_sql(LOCK)
        rows = ibis.memtable(pa.table(dict(zip(names, texts, strict=True))))
        grouped = connection.to_pyarrow(rows.group_by(names).agg(rows=rows.count()))
    finally:
        connection.disconnect()
    return [grouped.column(name) for name in (*names, "rows")]


def _refuse_unknown(name: str, codes: Any, entry: Any, text: Any) -> None:
    unknown = pc.unique(pc.filter(entry, pc.is_null(codes)))
    row = pc.index(pc.is_in(text, value_set=unknown), True).as_py()
    raise UnknownValue(text[row].as_py(), column=name, row=row)


def _numbered(entries: Sequence[Any]) -> tuple[list[IntArray], int]:
    """Texts of several columns numbered together in text order; null is the last number."""
    if not entries:
        return [], 0
    pool = pa.chunked_array([chunk for entry in entries for chunk in entry.chunks], pa.string())
    known = pc.unique(pool).drop_null()
    known = known.take(pc.sort_indices(known))
    last = pa.scalar(len(known), pa.int32())
    codes = [pc.fill_null(pc.index_in(entry, value_set=known), last) for entry in entries]
    return [as_ints(column) for column in codes], len(known)
