"""What can go wrong between a table, its plan and its release."""

from enum import StrEnum


class PrivacyError(ValueError):
    """Nothing may leave: the base of every refusal of this package."""


class PlanError(PrivacyError):
    """The plan contradicts itself."""


class BadChain(PlanError):
    """A chain of a hierarchy that does not fit the others; ``number`` counts from 0."""

    def __init__(self, reason: str, *, number: int) -> None:
        super().__init__(reason)
        self.number = number


class BadTable(PrivacyError):
    """The table does not fit the plan; ``row`` counts from 0 and is None for the whole column."""

    def __init__(self, reason: str, *, column: str, row: int | None = None) -> None:
        where = f"column {column!r}" if row is None else f"column {column!r}, row {row}"
        super().__init__(f"{where}: {reason}")
        self.reason = reason
        self.column = column
        self.row = row


class UnknownValue(BadTable):
    """A value that the hierarchy of its column does not name; no row where rows have no number."""

    def __init__(self, value: str | None, *, column: str, row: int | None) -> None:
        super().__init__(f"value {value!r} is not in the hierarchy", column=column, row=row)
        self.value = value


class UnreadableFile(PrivacyError):
    """The bytes are no table; ``row`` counts from 0 and is None where it is not known."""

    def __init__(self, reason: str, *, row: int | None = None) -> None:
        super().__init__(reason if row is None else f"row {row}: {reason}")
        self.row = row


class TooManyRows(PrivacyError):
    """The table is so long that a sum over it might not be exact."""


class Overspent(PrivacyError):
    """The budget does not cover what was asked; ``left`` and ``asked`` say both in full."""

    def __init__(self, *, left: str, asked: str) -> None:
        super().__init__(f"left in the budget: {left}; asked: {asked}")
        self.left = left
        self.asked = asked


class BadPopulation(PrivacyError):
    """What is said of the population does not fit the table, or itself."""


class BadQuestion(PrivacyError):
    """A question that the columns of this table cannot answer."""


class Reason(StrEnum):
    """Why there is nothing to release; the value is also its key in the translation catalogue."""

    EMPTY_TABLE = "privacy.empty_table"
    TOO_FEW_CONTRIBUTORS = "privacy.too_few_contributors"
    NO_SCHEME_PASSES = "privacy.no_scheme_passes"
    ALL_SUPPRESSED = "privacy.all_suppressed"


class NothingToRelease(PrivacyError):
    """The plan cannot be kept on this table, or only by an empty result."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class CannotRound(PrivacyError):
    """The published cells of a table have no nearest multiples that add up."""


class _Found(PrivacyError):
    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__("; ".join(findings))
        self.findings = findings


class UnsafeOutput(_Found):
    """The bytes break a promise of the plan; ``findings`` lists what was measured."""


class Disagreement(_Found):
    """The bytes are not what the raw rows, the plan or the report say; ``findings`` lists where."""


class BadRecord(PrivacyError):
    """A record of a release that cannot be read, or was made with another key."""
