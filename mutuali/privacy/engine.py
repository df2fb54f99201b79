"""From a table and a plan to a release and its report."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.plan import Plan
from mutuali.privacy.progress import Expired, never
from mutuali.privacy.report import ClassSizes, ColumnReport, ModelFound, Release, Report

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ClassSizes", "ColumnReport", "ModelFound", "Release", "Report", "deidentify"]


def deidentify(
    table: "pa.Table",
    plan: Plan,
    *,
    population: "pa.Table | None" = None,
    aliases: Mapping[str, str] | None = None,
    expired: Expired = never,
) -> Release:
    """Release ``table`` under the scheme that keeps ``plan`` with the smallest loss.

    Of more than ten million schemes, under the best that ``anytime`` comes across, within a number
    of looks that the table decides and until ``expired`` says so; without it, the same each time.
    Text columns are looked up as they are; NA and empty text are one value. Same rows in any order,
    same plan: same released table. Columns that the plan does not name never leave.

    ``population`` has the quasi-identifiers of everybody who could be in the table, for the models
    that compare with it. Contributors that ``aliases`` name are counted under the name it gives.

    Raises:
        BadPopulation: a population that is missing, or that does not contain the table.
        BadTable: a missing column, a type that cannot be handled, a row without its contributor.
        UnknownValue: a value that its hierarchy does not name.
        NothingToRelease: an empty table, fewer than k contributors in all, no scheme that keeps
            the plan, or nothing left by it.
        PlanError: more schemes than local recoding can visit.
    """
    if table.num_rows == 0:
        raise NothingToRelease(Reason.EMPTY_TABLE, "the table has no rows")
    # The heavy libraries load with the first release, not with the pages that only mention one.
    from mutuali.privacy.recode.aliases import merged
    from mutuali.privacy.recode.apply import release

    return release(merged(table, plan, aliases or {}), plan, population, expired)
