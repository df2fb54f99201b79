"""The datasets, declared in one place each: files, columns, their role, and whose yes each needs.

A column leaves only if its dataset names it here. The words of the dictionary, in both languages,
stand under the same names in the pages' list of words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mutuali.agreements.rules import Dataset
from mutuali.exports.rules.marks import ROW
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
    NAME = "name"
    #: Tells nothing but whose copy a file is (see ``marks``); not for analysis.
    MARK = "mark"


class DataClass(StrEnum):
    """What a dataset is in law (P-39.1 s. 12 and 23); data about organizations alone is none of
    the other three."""

    ORGANIZATIONAL = "organizational"
    PERSONAL = "personal"
    DEIDENTIFIED = "deidentified"
    ANONYMIZED = "anonymized"


class Rows(StrEnum):
    """What a line of a dataset stands for."""

    LOAN = "loan"
    SUM = "sum"
    ORGANIZATION = "organization"


BOTH = frozenset(Side)
LENDER = frozenset({Side.LENDER})
BORROWER = frozenset({Side.BORROWER})


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column of a file that leaves; ``needs`` says whose yes each of its values rests on.

    ``about`` says whose affairs a value tells; none of anybody's where it is a season or a kind.
    ``made_of`` names the stored columns, "table.column", that its values are made of.
    """

    name: str
    role: ColumnRole
    needs: frozenset[Side]
    made_of: tuple[str, ...]
    about: frozenset[Side] = frozenset()


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """One CSV file of a dataset."""

    name: str
    columns: tuple[DeclaredColumn, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The header of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def keys(self) -> tuple[str, ...]:
        """What its cells are crossed by."""
        return tuple(column.name for column in self.columns if column.role is ColumnRole.KEY)

    @property
    def figures(self) -> tuple[str, ...]:
        """What is counted or summed in its cells."""
        return tuple(column.name for column in self.columns if column.role is ColumnRole.FIGURE)


@dataclass(frozen=True, slots=True)
class DeclaredDataset:
    """A product of the catalogue and its files, on whatever step of the ladder.

    ``comes_out`` is how long after the end of a period its figures are released: loans have come
    back by then. ``names_organizations`` lets columns leave that name them, here and nowhere else.
    """

    name: Dataset
    rows: Rows
    data_class: DataClass
    tables: tuple[DeclaredTable, ...]
    comes_out: timedelta
    is_open: bool = False
    names_organizations: bool = False

    @property
    def row_level(self) -> bool:
        """Whether it holds a line per loan."""
        return self.rows is Rows.LOAN


def _figure(
    name: str, needs: frozenset[Side], *made_of: str
) -> tuple[DeclaredColumn, DeclaredColumn]:
    return (
        DeclaredColumn(name, ColumnRole.FIGURE, needs, made_of, needs),
        DeclaredColumn(f"{name}_status", ColumnRole.STATUS, needs, made_of, needs),
    )


def _column(name: str, role: ColumnRole, *made_of: str) -> DeclaredColumn:
    return DeclaredColumn(name, role, BOTH, made_of)


def _key(
    name: str, needs: frozenset[Side], made_of: str, about: frozenset[Side] = frozenset()
) -> DeclaredColumn:
    return DeclaredColumn(name, ColumnRole.KEY, needs, (made_of,), about)


_SPAN = ("booking.starts_at", "booking.ends_at")
_LENT = ("booking.state", "booking.starts_at")
_LENT_HOURS = (*_LENT, "booking.ends_at", "booking.returned_at", "booking.units")
_OFFERED = ("listing.units", "listing.published_at", "listing.withdrawn_at")

_LOANS = _figure("loans", BOTH, *_LENT)
_HOURS = _figure("unit_hours_lent", BOTH, *_LENT_HOURS)
#: The denominator: what could have been lent. It says nothing of any borrower.
_OFFER = _figure("unit_hours_offered", LENDER, *_OFFERED)
_FAMILY = _key("family", BOTH, "listing.kind")
_CATEGORY = _key("category", BOTH, "listing.kind")
_BORROWER_ZONE = _key("borrower_zone", BOTH, "site.borough", BORROWER)
_LENDER_ZONE = _key("lender_zone", BOTH, "site.borough", LENDER)
_QUARTER = _key("quarter", BOTH, "booking.starts_at")
_HALF = _key("half_year", BOTH, "booking.starts_at")
_YEAR = _key("year", BOTH, "booking.starts_at")


USE_BY_YEAR = DeclaredTable("use-by-year", (_YEAR, *_LOANS, *_HOURS, *_OFFER))
USE_BY_FAMILY_AND_HALF = DeclaredTable(
    "use-by-family-and-half-year", (_FAMILY, _HALF, *_LOANS, *_HOURS, *_OFFER)
)
USE_BY_ZONE_AND_YEAR = DeclaredTable(
    "use-by-zone-and-year", (_BORROWER_ZONE, _YEAR, *_LOANS, *_HOURS)
)
USE_BY_FAMILY_AND_QUARTER = DeclaredTable(
    "use-by-family-and-quarter", (_FAMILY, _QUARTER, *_LOANS, *_HOURS, *_OFFER)
)
USE_BY_FAMILY_ZONE_AND_HALF = DeclaredTable(
    "use-by-family-zone-and-half-year", (_FAMILY, _BORROWER_ZONE, _HALF, *_LOANS, *_HOURS)
)
USE_BY_CATEGORY_AND_QUARTER = DeclaredTable(
    "use-by-category-and-quarter", (_CATEGORY, _QUARTER, *_LOANS, *_HOURS, *_OFFER)
)
USE_BY_FAMILY_ZONE_AND_QUARTER = DeclaredTable(
    "use-by-family-zone-and-quarter", (_FAMILY, _BORROWER_ZONE, _QUARTER, *_LOANS, *_HOURS)
)

# Trips are told only where a route was declared, and the service does not ask for one.
_TRIPS = _figure("trips", BOTH, "booking.starts_at")
FLOWS_BY_YEAR = DeclaredTable(
    "flows-by-year", (_LENDER_ZONE, _BORROWER_ZONE, _YEAR, *_LOANS, *_TRIPS)
)
FLOWS_BY_HALF = DeclaredTable(
    "flows-by-half-year", (_LENDER_ZONE, _BORROWER_ZONE, _HALF, *_LOANS, *_TRIPS)
)

# Who looked and found nothing is a borrower without a lender.
_SEARCHES = _figure("searches", BORROWER, "unmet_demand.searches")
#: A request that ended without a loan is about the lender who said no, too.
_REQUESTS = _figure("requests", BOTH, "booking.state", "booking.created_at")
_WANTED_FAMILY = _key("family", BORROWER, "unmet_demand.family")
_WANTED_ZONE = _key("borrower_zone", BORROWER, "unmet_demand.zone", BORROWER)
_ASKED_QUARTER = _key("asked_quarter", BORROWER, "unmet_demand.quarter")
_ASKED_HALF = _key("asked_half_year", BORROWER, "unmet_demand.quarter")
_ASKED_YEAR = _key("asked_year", BORROWER, "unmet_demand.quarter")
_WANTED = (*_SEARCHES, *_REQUESTS)
DEMAND_BY_YEAR = DeclaredTable("demand-by-year", (_ASKED_YEAR, *_WANTED))
DEMAND_BY_FAMILY_AND_HALF = DeclaredTable(
    "demand-by-family-and-half-year", (_WANTED_FAMILY, _ASKED_HALF, *_WANTED)
)
DEMAND_BY_ZONE_AND_YEAR = DeclaredTable(
    "demand-by-zone-and-year", (_WANTED_ZONE, _ASKED_YEAR, *_WANTED)
)
DEMAND_BY_FAMILY_AND_QUARTER = DeclaredTable(
    "demand-by-family-and-quarter", (_WANTED_FAMILY, _ASKED_QUARTER, *_WANTED)
)
DEMAND_BY_FAMILY_ZONE_AND_HALF = DeclaredTable(
    "demand-by-family-zone-and-half-year", (_WANTED_FAMILY, _WANTED_ZONE, _ASKED_HALF, *_WANTED)
)
DEMAND_BY_FAMILY_ZONE_AND_QUARTER = DeclaredTable(
    "demand-by-family-zone-and-quarter", (_WANTED_FAMILY, _WANTED_ZONE, _ASKED_QUARTER, *_WANTED)
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
        DeclaredColumn(
            "borrower_area", ColumnRole.QUASI_IDENTIFIER, BOTH, ("site.borough",), BORROWER
        ),
        _column(
            "outcome",
            ColumnRole.SENSITIVE,
            "booking.state",
            "booking.ends_at",
            "booking.returned_at",
        ),
        DeclaredColumn(ROW, ColumnRole.MARK, BOTH, ()),
    ),
)

CAPACITY_TABLE = DeclaredTable(
    "organizations-capacity",
    (
        DeclaredColumn("organization", ColumnRole.NAME, LENDER, ("organization.name",), LENDER),
        DeclaredColumn("family", ColumnRole.KEY, LENDER, ("listing.kind",), LENDER),
        DeclaredColumn("zone", ColumnRole.KEY, LENDER, ("site.borough",), LENDER),
        DeclaredColumn("units_band", ColumnRole.KEY, LENDER, ("listing.units",), LENDER),
    ),
)

#: Figures wait until what was lent has come back, late returns too.
_SETTLED = timedelta(days=30)

_ALL = (
    DeclaredDataset(
        Dataset.EQUIPMENT_USE,
        Rows.SUM,
        DataClass.ANONYMIZED,
        (
            *(USE_BY_YEAR, USE_BY_FAMILY_AND_HALF, USE_BY_ZONE_AND_YEAR),
            *(USE_BY_FAMILY_AND_QUARTER, USE_BY_FAMILY_ZONE_AND_HALF),
            *(USE_BY_CATEGORY_AND_QUARTER, USE_BY_FAMILY_ZONE_AND_QUARTER),
        ),
        _SETTLED,
    ),
    DeclaredDataset(Dataset.LOANS, Rows.LOAN, DataClass.DEIDENTIFIED, (LOANS_TABLE,), timedelta(0)),
    DeclaredDataset(
        Dataset.UNMET_DEMAND,
        Rows.SUM,
        DataClass.ANONYMIZED,
        (
            *(DEMAND_BY_YEAR, DEMAND_BY_FAMILY_AND_HALF, DEMAND_BY_ZONE_AND_YEAR),
            *(DEMAND_BY_FAMILY_AND_QUARTER, DEMAND_BY_FAMILY_ZONE_AND_HALF),
            DEMAND_BY_FAMILY_ZONE_AND_QUARTER,
        ),
        _SETTLED,
    ),
    DeclaredDataset(
        Dataset.LENDING_FLOWS,
        Rows.SUM,
        DataClass.ANONYMIZED,
        (FLOWS_BY_YEAR, FLOWS_BY_HALF),
        _SETTLED,
    ),
    DeclaredDataset(
        Dataset.ORGANIZATIONS_CAPACITY,
        Rows.ORGANIZATION,
        DataClass.ORGANIZATIONAL,
        (CAPACITY_TABLE,),
        timedelta(0),
        is_open=True,
        names_organizations=True,
    ),
)

CATALOGUE: Mapping[Dataset, DeclaredDataset] = {each.name: each for each in _ALL}


def not_releasable(dataset: DeclaredDataset) -> tuple[str, ...]:
    """Stored columns that the files of a dataset are made of and that may not be in them.

    A column that the inventory does not know cannot leave, nor can one that names somebody: unless
    the dataset is declared to name organizations, and then only their name.
    """
    made_of = sorted(
        {
            stored
            for table in dataset.tables
            for column in table.columns
            for stored in column.made_of
        }
    )
    allowed = _NAMING if dataset.names_organizations else frozenset()
    return tuple(each for each in made_of if each not in allowed and not _releasable(each))


_NAMING = frozenset({"organization.name"})


def _releasable(stored: str) -> bool:
    table, _, column = stored.partition(".")
    try:
        return entry(table, column).reach is not Reach.IDENTIFIER
    except NotInventoried:
        return False


#: Where a borrower is when no place of theirs is known.
ELSEWHERE = "elsewhere"
