"""What each row adds to which cell, as arrays: from mappings one by one, from Arrow all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mutuali.privacy.cells.scheme import CellScheme, Expected, Measure
from mutuali.privacy.errors import BadTable, PlanError
from mutuali.privacy.plan import leaf_text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    IntArray = npt.NDArray[np.int64]

Row = Mapping[str, Any]

#: Cells in all combinations of the expected labels, up to which a look-up table is made of them.
_MOST_COMBINATIONS = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What rows add to the cells of one measure: entry i adds ``value[i]`` to ``cell[i]``.

    ``people[s][i]`` stands behind it on side s, numbered below ``count``, the same on all sides.
    """

    cell: "IntArray"
    value: "IntArray"
    people: tuple["IntArray", ...]
    count: int


def parts_of(
    rows: "pa.Table | Iterable[Row]", scheme: CellScheme, expected: Sequence[Expected]
) -> dict[str, Parts]:
    """The parts of each measure by its name.

    Raises:
        PlanError: a cell is expected twice, or with another number of keys.
        BadTable: a row outside the expected cells or in one that is not collected, a missing
            column, a value that is no whole number >= 0, a row without a contributor it needs.
    """
    import pyarrow as pa

    cells = {cell.key: number for number, cell in enumerate(expected)}
    if len(cells) < len(expected):
        raise PlanError("a cell is expected twice")
    if wrong := [key for key in cells if len(key) != len(scheme.keys)]:
        raise PlanError(f"cell {wrong[0]!r} does not have the keys {scheme.keys!r}")
    if isinstance(rows, pa.Table):
        return _from_arrow(rows, scheme, expected, cells)
    return _from_mappings(rows, scheme, expected, cells)


def _from_mappings(
    rows: Iterable[Row],
    scheme: CellScheme,
    expected: Sequence[Expected],
    cells: Mapping[tuple[str, ...], int],
) -> dict[str, Parts]:
    import numpy as np

    found: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {m.name: [] for m in scheme.measures}
    for number, row in enumerate(rows):
        key = tuple(leaf_text(_get(row, name, number)) or "" for name in scheme.keys)
        cell = cells.get(key)
        if cell is None or not expected[cell].collected:
            raise _misplaced(key, cell, scheme, number)
        for measure in scheme.measures:
            if (value := _get(row, measure.name, number)) is not None:
                _refuse_uncollected(measure, number)
                if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                    raise _no_number(value, measure, number)
                people = tuple(_contributor(row, side, number) for side in measure.sides)
                found[measure.name].append((cell, value, people))
    parts = {}
    for measure in scheme.measures:
        numbers: dict[str, int] = {}
        mine = found[measure.name]
        sides = np.array(
            [[numbers.setdefault(person, len(numbers)) for person in who] for _, _, who in mine],
            dtype=np.int64,
        ).reshape(-1, len(measure.sides))
        parts[measure.name] = Parts(
            np.array([cell for cell, _, _ in mine], dtype=np.int64),
            np.array([value for _, value, _ in mine], dtype=np.int64),
            tuple(sides.T),
            max(len(numbers), 1),
        )
    return parts


def _from_arrow(
    table: "pa.Table",
    scheme: CellScheme,
    expected: Sequence[Expected],
    cells: Mapping[tuple[str, ...], int],
) -> dict[str, Parts]:
    import numpy as np

    for name in _columns(scheme):
        if table.schema.get_field_index(name) < 0:
            raise BadTable("the table has no such column, or has it twice", column=name)
    cell = _cells(table, scheme, cells)
    outside = cell < 0
    if expected:
        outside |= ~np.array([each.collected for each in expected])[cell]
    if outside.any():
        row = int(outside.argmax())
        key = tuple(leaf_text(table.column(name)[row].as_py()) or "" for name in scheme.keys)
        raise _misplaced(key, cells.get(key), scheme, row)
    parts = {}
    for measure in scheme.measures:
        entries, value = _values(table.column(measure.name), measure)
        numbers: dict[str, int] = {}
        people = tuple(
            _people(table.column(side), side, entries, numbers) for side in measure.sides
        )
        parts[measure.name] = Parts(cell[entries], value, people, max(len(numbers), 1))
    return parts


def _columns(scheme: CellScheme) -> dict[str, None]:
    sides = [side for measure in scheme.measures for side in measure.sides]
    return dict.fromkeys((*scheme.keys, *(measure.name for measure in scheme.measures), *sides))


def _cells(
    table: "pa.Table", scheme: CellScheme, cells: Mapping[tuple[str, ...], int]
) -> "IntArray":
    """The number of the cell of each row, -1 where none is expected."""
    import numpy as np

    place = np.zeros(table.num_rows, dtype=np.int64)
    inside = np.ones(table.num_rows, dtype=np.bool_)
    labels = [sorted({key[position] for key in cells}) for position in range(len(scheme.keys))]
    for name, known in zip(scheme.keys, labels, strict=True):
        at = {label: number for number, label in enumerate(known)}
        texts, codes = _coded(table.column(name))
        number = np.array([at.get(text or "", -1) for text in texts] or [-1], dtype=np.int64)[codes]
        inside &= number >= 0
        place = place * max(len(known), 1) + number
    sizes = [len(known) for known in labels]
    combinations = int(np.prod(sizes, dtype=np.int64))
    if combinations > _MOST_COMBINATIONS:
        raise PlanError(f"{combinations} combinations of labels are too many for a table")
    grid = np.full(max(combinations, 1), -1, dtype=np.int64)
    for key, numbered in cells.items():
        where = 0
        for label, known in zip(key, labels, strict=True):
            where = where * len(known) + known.index(label)
        grid[where] = numbered
    return np.where(inside, grid[np.where(inside, place, 0)], -1)


def _values(column: "pa.ChunkedArray", measure: Measure) -> tuple["IntArray", "IntArray"]:
    """Which rows carry the measure, and the value of each of these."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    carried = np.flatnonzero(column.is_valid().to_numpy())
    if not len(carried):
        return carried.astype(np.int64), np.array([], dtype=np.int64)
    _refuse_uncollected(measure, int(carried[0]))
    if not pa.types.is_integer(column.type):
        raise _no_number(column[int(carried[0])].as_py(), measure, int(carried[0]))
    value = pc.cast(column.drop_null(), pa.int64()).to_numpy()
    if (value < 0).any():
        wrong = int((value < 0).argmax())
        raise _no_number(int(value[wrong]), measure, int(carried[wrong]))
    return carried, value


def _people(
    column: "pa.ChunkedArray", side: str, entries: "IntArray", numbers: dict[str, int]
) -> "IntArray":
    import numpy as np

    texts, codes = _coded(column)
    codes = codes[entries]
    used = np.unique(codes)
    number = np.full(len(texts) + 1, -1, dtype=np.int64)
    for code in used.tolist():
        if (text := texts[code]) is None:
            row = int(entries[int((codes == code).argmax())])
            raise BadTable("every row needs its contributor", column=side, row=row)
        number[code] = numbers.setdefault(text, len(numbers))
    return number[codes]


def _coded(column: "pa.ChunkedArray") -> tuple[list[str | None], "IntArray"]:
    """The distinct texts of a column, None for NA, and which of them stands in each row."""
    import numpy as np
    import pyarrow as pa

    kind = getattr(column.type, "value_type", column.type)
    if pa.types.is_null(kind):
        return [None], np.zeros(len(column), dtype=np.int64)
    encoded = column.cast(kind).combine_chunks().dictionary_encode(null_encoding="encode")
    texts = [leaf_text(value) for value in encoded.dictionary.to_pylist()]
    return texts, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _get(row: Row, name: str, number: int) -> Any:
    if name not in row:
        raise BadTable("the row has no such column", column=name, row=number)
    return row[name]


def _contributor(row: Row, side: str, number: int) -> str:
    if (person := leaf_text(_get(row, side, number))) is None:
        raise BadTable("every row needs its contributor", column=side, row=number)
    return person


def _misplaced(key: tuple[str, ...], cell: int | None, scheme: CellScheme, number: int) -> BadTable:
    problem = "is not expected" if cell is None else "was not collected"
    return BadTable(f"cell {key!r} {problem}", column=scheme.keys[0], row=number)


def _no_number(value: object, measure: Measure, number: int) -> BadTable:
    problem = f"{value!r} is no whole number of 0 or more"
    return BadTable(problem, column=measure.name, row=number)


def _refuse_uncollected(measure: Measure, number: int) -> None:
    if not measure.collected:
        raise BadTable("nobody collects this measure", column=measure.name, row=number)
