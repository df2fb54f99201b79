"""The datasets, declared in one place each: columns, their role, and whose yes each needs.

A column leaves only if its dataset names it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.agreements.rules import Dataset


class Side(StrEnum):
    """Whose affairs a value is about."""

    LENDER = "lender"
    BORROWER = "borrower"


class ColumnRole(StrEnum):
    """What a column is to somebody who would like to recognize an organization."""

    KEY = "key"
    QUASI_IDENTIFIER = "quasi_identifier"
    SENSITIVE = "sensitive"
    FIGURE = "figure"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column of a file that leaves; ``needs`` says whose yes each of its values rests on."""

    name: str
    role: ColumnRole
    needs: frozenset[Side]


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """One CSV file of a dataset."""

    name: str
    columns: tuple[DeclaredColumn, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The header of the file."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class DeclaredDataset:
    """A product of the catalogue and its files; ``row_level`` ones hold a line per loan."""

    name: Dataset
    row_level: bool
    tables: tuple[DeclaredTable, ...]


BOTH = frozenset(Side)
_LENDER = frozenset({Side.LENDER})


def _figure(name: str, needs: frozenset[Side]) -> tuple[DeclaredColumn, DeclaredColumn]:
    return (
        DeclaredColumn(name, ColumnRole.FIGURE, needs),
        DeclaredColumn(f"{name}_status", ColumnRole.STATUS, needs),
    )


def _column(name: str, role: ColumnRole, needs: frozenset[Side] = BOTH) -> DeclaredColumn:
    return DeclaredColumn(name, role, needs)


BY_FAMILY = DeclaredTable(
    "use-by-family-and-quarter",
    (
        _column("family", ColumnRole.KEY),
        _column("quarter", ColumnRole.KEY),
        *_figure("loans", BOTH),
        *_figure("unit_hours_lent", BOTH),
        *_figure("unit_hours_offered", _LENDER),
    ),
)
BY_ZONE = DeclaredTable(
    "use-by-zone-and-half-year",
    (
        _column("borrower_zone", ColumnRole.KEY),
        _column("half_year", ColumnRole.KEY),
        *_figure("loans", BOTH),
        *_figure("unit_hours_lent", BOTH),
    ),
)
LOANS_TABLE = DeclaredTable(
    "loans",
    (
        _column("family", ColumnRole.QUASI_IDENTIFIER),
        _column("quarter", ColumnRole.QUASI_IDENTIFIER),
        _column("duration_band", ColumnRole.QUASI_IDENTIFIER),
        _column("lead_band", ColumnRole.QUASI_IDENTIFIER),
        _column("units_band", ColumnRole.QUASI_IDENTIFIER),
        _column("meals_band", ColumnRole.QUASI_IDENTIFIER),
        _column("borrower_area", ColumnRole.QUASI_IDENTIFIER),
        _column("outcome", ColumnRole.SENSITIVE),
    ),
)

CATALOGUE: Mapping[Dataset, DeclaredDataset] = {
    Dataset.EQUIPMENT_USE: DeclaredDataset(Dataset.EQUIPMENT_USE, False, (BY_FAMILY, BY_ZONE)),
    Dataset.LOANS: DeclaredDataset(Dataset.LOANS, True, (LOANS_TABLE,)),
}

#: Where a borrower is when no place of theirs is known.
ELSEWHERE = "elsewhere"
