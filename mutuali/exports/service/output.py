"""A built file as those see it who hold it against something: its bytes as cells, and what stands
behind each figure, summed here from the rows that the file was made of."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mutuali.agreements.rules import ReleaseSettings
from mutuali.exports.rules.catalogue import ColumnRole
from mutuali.exports.service.built import BuiltTable, LineWitness
from mutuali.exports.service.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

Keys = tuple[str, ...]
#: What each contributor of a side adds to a figure.
Shares = Mapping[int | str, int]

PUBLISHED = "published"


class UnreadableFile(Exception):
    """The bytes are no CSV file in UTF-8."""


class Output:
    """A built file as the checks see it: its bytes as cells, and what stands behind them."""

    def __init__(self, built: BuiltTable, settings: ReleaseSettings, snapshot: Snapshot) -> None:
        self.built = built
        self.settings = settings
        self.snapshot = snapshot
        self.name = built.table.name

    @cached_property
    def cells(self) -> "pa.Table":
        """The file's cells, all as text, each distinct one held once.

        Raises:
            UnreadableFile: lines of different lengths, or no CSV at all.
        """
        import pyarrow as pa
        from pyarrow import csv

        names = self.built.data.split(b"\n", 1)[0].decode().split(",")
        try:
            read = csv.read_csv(
                io.BytesIO(self.built.data),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                    strings_can_be_null=False,
                ),
            )
            return read.unify_dictionaries().combine_chunks()
        except pa.ArrowInvalid as error:
            raise UnreadableFile(str(error)) from error

    @property
    def witness(self) -> LineWitness | None:
        """Who stands behind each line of a row-level file."""
        found = self.built.witness
        return found if isinstance(found, LineWitness) else None

    @property
    def keys(self) -> Keys:
        """The columns that name a cell, or a group of lines."""
        roles = (ColumnRole.KEY, ColumnRole.QUASI_IDENTIFIER)
        return tuple(each.name for each in self.built.table.columns if each.role in roles)

    @cached_property
    def figures(self) -> Sequence["Figure"]:
        """Every figure of every cell of a table of sums, with what it is made of."""
        return tuple(_figures(self))

    @cached_property
    def shown(self) -> "list[Figure]":
        """The figures that the file really says."""
        return [each for each in self.figures if each.status == PUBLISHED]


@dataclass(frozen=True, eq=False)
class Figure:
    """What one figure says, and what each contributor of each side added to it, zeros too."""

    name: str
    keys: Keys
    value: str
    status: str
    total: int
    sides: Mapping[str, Shares]

    @cached_property
    def parts(self) -> Sequence[Sequence[int]]:
        """Per side, what its contributors added, the largest first; those who added nothing do
        not hide anybody."""
        return [
            sorted((amount for amount in shares.values() if amount), reverse=True)
            for shares in self.sides.values()
        ]


def _figures(output: Output) -> Iterator[Figure]:
    """The cells of the bytes, each with the rows that fall into it."""
    lines = output.cells.to_pylist()
    for column in output.built.table.columns:
        if column.role is not ColumnRole.FIGURE:
            continue
        behind = {side: _amounts(output, column.name, side) for side in _sides(output, column.name)}
        for line in lines:
            keys = tuple(line[key] for key in output.keys)
            sides = {side: amounts.get(keys, {}) for side, amounts in behind.items()}
            total = sum(next(iter(sides.values()), {}).values())
            value, status = line[column.name], line[f"{column.name}_status"]
            yield Figure(column.name, keys, value, status, total, sides)


def _sides(output: Output, figure: str) -> list[str]:
    """Whom a figure hides: the sides that its column needs, or all that its rows have. Who searched
    is on a side of its own, and known to nobody."""
    import pyarrow.compute as pc

    parts = output.built.parts
    carried = parts.filter(pc.is_valid(parts.column(figure)))
    known = {*output.keys, *output.built.table.column_names}
    there = [
        name
        for name in carried.column_names
        if name not in known and carried.column(name).null_count < carried.num_rows
    ]
    column = next(each for each in output.built.table.columns if each.name == figure)
    needed = sorted(side.value for side in column.needs)
    return needed if set(needed) <= set(there) else there


def _amounts(output: Output, figure: str, side: str) -> dict[Keys, dict[int | str, int]]:
    """What each contributor of a side added to a figure, cell by cell."""
    import pyarrow.compute as pc

    parts = output.built.parts
    carried = parts.filter(pc.is_valid(parts.column(figure)))
    summed = carried.group_by([*output.keys, side]).aggregate([(figure, "sum")])
    cells = summed.group_by(output.keys, use_threads=False).aggregate(
        [(side, "list"), (f"{figure}_sum", "list")]
    )
    keys, people, amounts = (
        [cells.column(name).to_pylist() for name in names]
        for names in (output.keys, [f"{side}_list"], [f"{figure}_sum_list"])
    )
    return {
        key: dict(zip(some, added, strict=True))
        for key, some, added in zip(zip(*keys, strict=True), *people, *amounts, strict=True)
    }
