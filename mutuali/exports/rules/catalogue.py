"""The datasets, declared in one place each: columns, their role, and whose yes each needs.

A column leaves only if its dataset names it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.agreements.rules import Dataset
from mutuali.inventory.rules import NotInventoried, Reach, entry


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
    """A column of a file that leaves; ``needs`` says whose yes each of its values rests on.

    ``made_of`` names the stored columns, "table.column", that its values are made of.
    """

    name: str
    role: ColumnRole
    needs: frozenset[Side]
    made_of: tuple[str, ...]


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


def _figure(
    name: str, needs: frozenset[Side], *made_of: str
) -> tuple[DeclaredColumn, DeclaredColumn]:
    return (
        DeclaredColumn(name, ColumnRole.FIGURE, needs, made_of),
        DeclaredColumn(f"{name}_status", ColumnRole.STATUS, needs, made_of),
    )


def _column(name: str, role: ColumnRole, *made_of: str) -> DeclaredColumn:
    return DeclaredColumn(name, role, BOTH, made_of)


_SPAN = ("booking.starts_at", "booking.ends_at")
_LENT = ("booking.state", "booking.starts_at")
_LENT_HOURS = (*_LENT, "booking.ends_at", "booking.returned_at", "booking.units")
_OFFERED = ("listing.units", "listing.published_at", "listing.withdrawn_at")

BY_FAMILY = DeclaredTable(
    "use-by-family-and-quarter",
    (
        _column("family", ColumnRole.KEY, "listing.kind"),
        _column("quarter", ColumnRole.KEY, "booking.starts_at"),
        *_figure("loans", BOTH, *_LENT),
        *_figure("unit_hours_lent", BOTH, *_LENT_HOURS),
        *_figure("unit_hours_offered", _LENDER, *_OFFERED),
    ),
)
BY_ZONE = DeclaredTable(
    "use-by-zone-and-half-year",
    (
        _column("borrower_zone", ColumnRole.KEY, "site.borough"),
        _column("half_year", ColumnRole.KEY, "booking.starts_at"),
        *_figure("loans", BOTH, *_LENT),
        *_figure("unit_hours_lent", BOTH, *_LENT_HOURS),
    ),
)
LOANS_TABLE = DeclaredTable(
    "loans",
    (
        _column("family", ColumnRole.QUASI_IDENTIFIER, "listing.kind"),
        _column("quarter", ColumnRole.QUASI_IDENTIFIER, "booking.starts_at"),
        _column("duration_band", ColumnRole.QUASI_IDENTIFIER, *_SPAN),
        _column(
            "lead_band", ColumnRole.QUASI_IDENTIFIER, "booking.created_at", "booking.starts_at"
        ),
        _column("units_band", ColumnRole.QUASI_IDENTIFIER, "booking.units"),
        _column("meals_band", ColumnRole.QUASI_IDENTIFIER, "booking.meals"),
        _column("borrower_area", ColumnRole.QUASI_IDENTIFIER, "site.borough"),
        _column(
            "outcome",
            ColumnRole.SENSITIVE,
            "booking.state",
            "booking.ends_at",
            "booking.returned_at",
        ),
    ),
)

CATALOGUE: Mapping[Dataset, DeclaredDataset] = {
    Dataset.EQUIPMENT_USE: DeclaredDataset(Dataset.EQUIPMENT_USE, False, (BY_FAMILY, BY_ZONE)),
    Dataset.LOANS: DeclaredDataset(Dataset.LOANS, True, (LOANS_TABLE,)),
}


def not_releasable(dataset: DeclaredDataset) -> tuple[str, ...]:
    """Stored columns that the files of a dataset are made of and that may not be in them.

    A column that the inventory does not know cannot leave, nor can one that names somebody.
    """
    made_of = sorted(
        {
            stored
            for table in dataset.tables
            for column in table.columns
            for stored in column.made_of
        }
    )
    return tuple(stored for stored in made_of if not _releasable(stored))


def _releasable(stored: str) -> bool:
    table, _, column = stored.partition(".")
    try:
        return entry(table, column).reach is not Reach.IDENTIFIER
    except NotInventoried:
        return False


#: Where a borrower is when no place of theirs is known.
ELSEWHERE = "elsewhere"
