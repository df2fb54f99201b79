"""Whether a repeated export is worse than the one it repeats, in anything that was measured.

What got no worse needs one signature; what did is reviewed in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

#: Coverage bands, from hardly anybody to nearly everybody.
_BANDS = ("0-25%", "25-50%", "50-75%", "75-95%", "95-100%")
#: Figures are kept to four places; what differs less is the same.
_SAME = 1e-4


class Worse(StrEnum):
    """In what a repeated export is not like the last."""

    NOTHING_BEFORE = "nothing_before"
    INDIVIDUALIZATION = "individualization"
    CORRELATION = "correlation"
    INFERENCE = "inference"
    HIGHEST = "highest"
    AVERAGE = "average"
    ATTACKS = "attacks"
    COLUMNS = "columns"
    COVERAGE = "coverage"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was measured of one bundle: every risk is 0 to 1, and more is worse."""

    risks: Mapping[str, float]
    disclosed: int
    columns: Mapping[str, Sequence[str]]
    coverage: str

    @classmethod
    def of(cls, review: Mapping[str, Any]) -> Self:
        """The figures of a stored review."""
        criteria = {name: each["risk"] for name, each in review["criteria"].items()}
        after = review["after"]
        return cls(
            {**criteria, "highest": after["highest"], "average": after["average"]},
            sum(each["disclosed"] for each in review["neighbour"]),
            {name: tuple(columns) for name, columns in review["columns"].items()},
            review["coverage"],
        )


def worse(before: Reviewed | None, now: Reviewed, *, assessment_holds: bool) -> tuple[Worse, ...]:
    """All in which ``now`` is worse than what left before; nothing where it may go the short way.

    A risk that rose, an attack that finds more, other columns, coverage lower by a band, or an
    assessment that holds no more.
    """
    if before is None:
        return (Worse.NOTHING_BEFORE,)
    found = [
        Worse(name)
        for name in ("individualization", "correlation", "inference", "highest", "average")
        if now.risks[name] > before.risks[name] + _SAME
    ]
    if now.disclosed > before.disclosed:
        found.append(Worse.ATTACKS)
    if now.columns != before.columns:
        found.append(Worse.COLUMNS)
    if _BANDS.index(now.coverage) < _BANDS.index(before.coverage):
        found.append(Worse.COVERAGE)
    if not assessment_holds:
        found.append(Worse.ASSESSMENT)
    return tuple(found)
