"""What a build makes: tables that passed their re-measure, and who stands behind their lines."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mutuali.exports.rules.catalogue import DeclaredTable

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class CellWitness:
    """A line of a table of sums: its keys, and the contributors behind its published figures.

    ``sides`` holds ids of contributors per side; empty where the line publishes no figure.
    """

    keys: tuple[str, ...]
    sides: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class LineWitness:
    """The contributor on each side of every line of a row-level table, in the order of the file,
    and the row of ``parts`` that it was made from."""

    sides: Mapping[str, "array[int]"]
    rows: "array[int]"


@dataclass(frozen=True, slots=True)
class BuiltTable:
    """A CSV file that passed its re-measure, its number of lines without the header, and who
    stands behind them: line by line for rows, cell by cell for sums.

    ``parts`` are the rows it was made from, with its keys, figures and contributors; they never
    leave, and let others count again.
    """

    table: DeclaredTable
    data: bytes
    lines: int
    witness: LineWitness | tuple[CellWitness, ...]
    parts: "pa.Table"

    def contributors(self) -> dict[str, frozenset[int]]:
        """Everybody in the table, per side."""
        found: dict[str, set[int]] = {}
        if isinstance(self.witness, LineWitness):
            for side, people in self.witness.sides.items():
                found[side] = set(people)
        else:
            for cell in self.witness:
                for side, some in cell.sides.items():
                    found.setdefault(side, set()).update(some)
        return {side: frozenset(people) for side, people in found.items()}


@dataclass(frozen=True, slots=True)
class Built:
    """The tables of one export, and the report: plain figures, ready for JSON.

    ``companions`` are files that say a table once more in another form, by their names. ``record``
    is what the next export of rows is held against.
    """

    tables: tuple[BuiltTable, ...]
    report: dict[str, Any]
    companions: Mapping[str, bytes] = field(default_factory=dict)
    record: bytes | None = None
