"""What every file that leaves is held against before anybody looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class OutputCheck(StrEnum):
    """One thing that is looked for in the bytes of a built file."""

    ENCODING = "encoding"
    COLUMNS = "columns"
    ORDER = "order"
    FORMULAS = "formulas"
    FREE_TEXT = "free_text"
    CONTRIBUTORS = "contributors"
    DOMINANCE = "dominance"
    SHARES = "shares"
    ZEROS = "zeros"
    FULL_CELLS = "full_cells"
    HIDDEN_ALONE = "hidden_alone"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one file.

    ``figure`` is the worst of the file, ``limit`` what it is held against; where a check counts
    what must not be, the limit is 0.
    """

    check: str
    table: str
    passed: bool
    figure: float
    limit: float

    def to_dict(self) -> dict[str, object]:
        """The finding as JSON-able values."""
        return {
            "check": self.check,
            "table": self.table,
            "passed": self.passed,
            "figure": round(self.figure, 4),
            "limit": self.limit,
        }


def at_least(check: str, table: str, figure: float, limit: float) -> Finding:
    """Passed where the figure reaches the limit."""
    return Finding(check, table, figure >= limit, figure, limit)


def at_most(check: str, table: str, figure: float, limit: float = 0) -> Finding:
    """Passed where the figure stays within the limit."""
    return Finding(check, table, figure <= limit, figure, limit)


def all_passed(findings: Iterable[Finding]) -> bool:
    """Whether anything may go on; no finding at all is no proof."""
    passed = [finding.passed for finding in findings]
    return bool(passed) and all(passed)
