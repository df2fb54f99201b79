"""The table, grouped once: distinct combinations of what matters, as integer codes.

All later work is a look-up in these codes, so its cost follows the number of distinct
combinations and not the number of rows. What a source hands over is numbered as it comes
(``numbering``), each batch is grouped by its numbers, and the groups are added up; a database has
grouped before.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.engines.source import FEW_VALUES, Part, Source, TableSource
from mutuali.privacy.errors import BadTable, NothingToRelease, Reason, UnknownValue
from mutuali.privacy.plan import Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.progress import Progress, unheard
from mutuali.privacy.recode.numbering import LeafNumbers, Numbers, Pool, ValueNumbers

IntArray = npt.NDArray[np.int64]

#: Rows numbered before they are grouped, and groups kept before they are added up.
_GATHERED = 1 << 20

#: Keys stay below it.
_KEY_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class Histogram:
    """One entry per distinct (quasi-identifiers, sensitive values, contributors), in code order.

    Each tuple holds one array per column of the plan, of the same length as ``rows``, the number
    of rows (>= 1) behind an entry. ``leaves`` are positions in the chains of the hierarchy (one
    past the last: NA that no chain names); ``contributors`` share one numbering below ``people``,
    because the same id may stand on both sides. ``plain`` columns are told apart too where they
    were asked for and have few values; it is None otherwise. ``values`` holds the value of each
    code of a sensitive or plain column, in text order, NA last.
    """

    leaves: tuple[IntArray, ...]
    sensitive: tuple[IntArray, ...]
    contributors: tuple[IntArray, ...]
    people: int
    rows: IntArray
    plain: tuple[IntArray, ...] | None = None
    values: Mapping[str, pa.Array] = field(default_factory=dict)

    def texts(self, column: str) -> list[str | None]:
        """The values of a sensitive or plain column as text."""
        texts: list[str | None] = self.values[column].cast(pa.string()).to_pylist()
        return texts


def require_column(schema: pa.Schema, name: str, *, floats: bool = False) -> None:
    """Raise unless the column is there and its values can be handled.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
    """
    if schema.get_field_index(name) < 0:
        raise BadTable("the table has no such column, or has it twice", column=name)
    type_ = schema.field(name).type
    kind = type_.value_type if pa.types.is_dictionary(type_) else type_
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
        raise BadTable(f"values of type {type_} cannot be handled here", column=name)


def text_column(table: pa.Table, name: str, *, floats: bool = False) -> Any:
    """A column as text, NA and empty text as null.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
    """
    require_column(table.schema, name, floats=floats)
    text = table.column(name).cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def leaf_codes(hierarchy: Hierarchy, text: Any) -> Any:
    """Positions of the texts in the chains, as an Arrow array; null where no chain fits.

    NA takes the chain of None, or the position after the last one.
    """
    values = [chain[0] for chain in hierarchy.chains]
    missing = values.index(None) if None in values else len(values)
    codes = pc.index_in(text, value_set=pa.array(values, pa.string()), skip_nulls=True)
    return pc.if_else(pc.is_null(text), pa.scalar(missing, pa.int32()), codes)


def leaf_numbers(hierarchy: Hierarchy, table: pa.Table, name: str) -> IntArray:
    """The positions of a column's values in the chains, as :func:`leaf_codes`; all must fit one.

    Raises:
        BadTable: no such column, or a type whose text is not exact.
    """
    require_column(table.schema, name)
    parts = [np.zeros(0, dtype=np.int64)]
    for chunk in table.column(name).chunks:
        here = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        # Looked up once per distinct value; NA after the last.
        words = pa.concat_arrays([here.dictionary, pa.nulls(1, here.dictionary.type)])
        leaves = as_ints(leaf_codes(hierarchy, text_column(pa.table({name: words}), name)))
        parts.append(leaves[as_ints(here.indices.fill_null(len(here.dictionary)))])
    return np.concatenate(parts)


def as_ints(codes: Any) -> IntArray:
    """An Arrow array of integers without nulls as a NumPy array."""
    return np.asarray(codes.to_numpy(), dtype=np.int64)


def build(table: pa.Table, plan: Plan) -> Histogram:
    """Group ``table`` by what ``plan`` looks at.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        UnknownValue: a value that its hierarchy does not name; the first row that has one.
    """
    return gather(TableSource(table), plan, plain=False)


def build_population(table: pa.Table, plan: Plan) -> Histogram:
    """Group a population by the quasi-identifiers of ``plan``.

    Raises:
        BadTable: a missing column, or a type that cannot be handled.
        UnknownValue: a value that its hierarchy does not name; the first row that has it.
    """
    quasi = tuple(replace(column, level=None) for column in plan.named(Role.QUASI_IDENTIFIER))
    return build(table, Plan(plan.version, quasi, (KAnonymity(2),)))


def gather(
    source: Source, plan: Plan, progress: Progress = unheard, *, plain: bool = True
) -> Histogram:
    """Group what ``source`` holds by what ``plan`` looks at, and by its plain columns if few.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        UnknownValue: a value that its hierarchy does not name; the first row that has one.
        NothingToRelease: no rows.
        TooManyRows: more rows than can be counted.
    """
    grouping = _Grouping(source.schema, plan, plain=plain)
    for part in source.groups(grouping.looked_at, grouping.plain_names):
        grouping.add(part)
        progress("group", part.done)
    return grouping.histogram()


class _Grouping:
    """The groups of all parts of a source, added up."""

    def __init__(self, schema: pa.Schema, plan: Plan, *, plain: bool) -> None:
        quasi = plan.named(Role.QUASI_IDENTIFIER)
        sensitive = [column.name for column in plan.named(Role.SENSITIVE)]
        contributors = [column.name for column in plan.named(Role.CONTRIBUTOR)]
        self.plain_names = [c.name for c in plan.named(Role.PLAIN)] if plain else []
        for name in (*(c.name for c in quasi), *sensitive, *contributors, *self.plain_names):
            require_column(schema, name, floats=name in sensitive or name in self.plain_names)
        self._sizes = [LeafNumbers.size(column.generalization) for column in quasi]
        self._bounds = _key_bounds(self._sizes)
        self._leaves = [
            LeafNumbers(column.name, column.generalization, stride)
            for column, stride in zip(quasi, _strides(self._sizes, self._bounds), strict=True)
        ]
        self._people = Pool()
        self._contributors = [
            ValueNumbers(name, self._people, required=True) for name in contributors
        ]
        self._sensitive = [ValueNumbers(name, Pool()) for name in sensitive]
        self._plain = [ValueNumbers(name, Pool()) for name in self.plain_names]
        self._waiting: list[pa.Table] = []
        self._groups: list[pa.Table] = []
        self._most = _GATHERED

    @property
    def looked_at(self) -> list[str]:
        """The columns that are read, the plain ones aside."""
        every: Sequence[Numbers] = (*self._contributors, *self._leaves, *self._sensitive)
        return [numbers.name for numbers in every]

    def add(self, part: Part) -> None:
        """Number the rows of a part, and group them when enough have come."""
        if set(self.plain_names) - set(part.rows.schema.names):
            self._plain = []
        every: Sequence[Numbers] = (*self._contributors, *self._leaves, *self._sensitive)
        codes = {numbers.name: numbers.of(part.rows.column(numbers.name)) for numbers in every}
        _refuse_faults(every, codes, part)
        columns: dict[str, Any] = {}
        for key, (start, stop) in enumerate(pairwise(self._bounds)):
            parts = [codes[numbers.name] for numbers in self._leaves[start:stop]]
            columns[f"key {key}"] = sum(parts[1:], start=parts[0])
        for kind, several in (("sensitive", self._sensitive), ("people", self._contributors)):
            for place, numbers in enumerate(several):
                columns[f"{kind} {place}"] = codes[numbers.name]
        for place, numbers in enumerate(self._plain):
            columns[f"plain {place}"] = numbers.of(part.rows.column(numbers.name))
        if math.prod(numbers.pool.size for numbers in self._plain) > FEW_VALUES:
            self._plain = []
        ones = np.ones(part.rows.num_rows, dtype=np.int64)
        columns["rows"] = ones if part.weights is None else part.weights
        self._waiting.append(pa.table(columns))
        if sum(table.num_rows for table in self._waiting) >= _GATHERED:
            self._group()

    def _group(self) -> None:
        if self._waiting:
            self._groups.append(self._together(self._waiting))
            self._waiting = []
        if len(self._groups) > 1 and sum(g.num_rows for g in self._groups) > self._most:
            self._groups = [self._together(self._groups)]
            self._most = max(_GATHERED, 2 * self._groups[0].num_rows)

    def _together(self, tables: Sequence[pa.Table]) -> pa.Table:
        names = [
            *(f"key {key}" for key in range(len(self._bounds) - 1)),
            *(f"sensitive {place}" for place in range(len(self._sensitive))),
            *(f"people {place}" for place in range(len(self._contributors))),
            *(f"plain {place}" for place in range(len(self._plain))),
        ]
        rows = pa.concat_tables(table.select([*names, "rows"]) for table in tables)
        summed = rows.group_by(names).aggregate([("rows", "sum")])
        return summed.rename_columns([*names, "rows"])

    def histogram(self) -> Histogram:
        """All groups, in the order of their codes.

        Raises:
            NothingToRelease: there was no row.
        """
        self._group()
        if not self._groups:
            raise NothingToRelease(Reason.EMPTY_TABLE, "the table has no rows")
        groups = self._groups.pop() if len(self._groups) == 1 else self._together(self._groups)
        self._groups = []
        codes = {name: as_ints(groups.column(name)) for name in groups.column_names}
        keys = [codes[f"key {key}"] for key in range(len(self._bounds) - 1)]
        people = self._people.ranks()
        contributors = [people[codes[f"people {n}"]] for n in range(len(self._contributors))]
        sensitive = [
            numbers.pool.ranks()[codes[f"sensitive {place}"]]
            for place, numbers in enumerate(self._sensitive)
        ]
        plain = [
            numbers.pool.ranks()[codes[f"plain {place}"]]
            for place, numbers in enumerate(self._plain)
        ]
        order = _in_order([*keys, *sensitive, *contributors, *plain])
        return Histogram(
            leaves=tuple(self._unfolded([key[order] for key in keys])),
            sensitive=tuple(column[order] for column in sensitive),
            contributors=tuple(column[order] for column in contributors),
            people=self._people.size,
            rows=codes["rows"][order],
            plain=tuple(column[order] for column in plain)
            if len(plain) == len(self.plain_names)
            else None,
            values={
                numbers.name: numbers.pool.values() for numbers in (*self._sensitive, *self._plain)
            },
        )

    def _unfolded(self, keys: Sequence[IntArray]) -> Iterator[IntArray]:
        for key, (start, stop) in zip(keys, pairwise(self._bounds), strict=True):
            for numbers in self._leaves[start:stop]:
                yield key // numbers.stride
                key = key % numbers.stride


def _in_order(codes: Sequence[IntArray]) -> IntArray:
    """What sorts by the first codes, then by the next; all are 0 or more."""
    sizes = [int(column.max()) + 1 for column in codes]
    if math.prod(sizes) > _KEY_LIMIT:
        return np.lexsort(codes[::-1])
    key = codes[0]  # one number is sorted several times faster than many
    for column, size in zip(codes[1:], sizes[1:], strict=True):
        key = key * size + column
    return np.argsort(key)


def _key_bounds(sizes: Sequence[int]) -> list[int]:
    """Where one key ends and the next begins, so that none outgrows 62 bits."""
    bounds, bound = [0], 1
    for place, size in enumerate(sizes):
        if bound * size > _KEY_LIMIT:
            bounds.append(place)
            bound = 1
        bound *= size
    return [*bounds, len(sizes)]


def _strides(sizes: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """What each position counts in its key; earlier columns weigh more, so keys sort as they do."""
    return [
        math.prod(sizes[place + 1 : stop])
        for start, stop in pairwise(bounds)
        for place in range(start, stop)
    ]


def _refuse_faults(every: Sequence[Numbers], codes: Mapping[str, IntArray], part: Part) -> None:
    faults = [
        (int(np.argmax(codes[numbers.name] < 0)), place)
        for place, numbers in enumerate(every)
        if numbers.faulty and bool((codes[numbers.name] < 0).any())
    ]
    if not faults:
        return
    position, place = min(faults)
    numbers = every[place]
    row = None if part.first is None else part.first + position
    if isinstance(numbers, ValueNumbers):
        raise BadTable("every row needs its contributor", column=numbers.name, row=row)
    column = part.rows.column(numbers.name)
    bad = column.filter(pa.array(codes[numbers.name] < 0)) if row is None else column[position:]
    texts = bad.cast(pa.string()).slice(0, None if row is None else 1).to_pylist()
    raise UnknownValue(min(filter(None, texts)), column=numbers.name, row=row)
