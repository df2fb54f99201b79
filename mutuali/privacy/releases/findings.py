"""What a comparison of releases found: a record of figures each, and a sentence."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong; the value is also its key in the translation catalogue."""

    TOO_FEW = "releases.too_few"
    ONE_VALUE = "releases.one_value"
    JOINT = "releases.joint"
    ROW_KEY = "releases.row_key"
    ORDER = "releases.order"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the new release and the one at position ``against`` tell together.

    ``change`` is "left", "came", or with "net" or "seen" in front of it. ``found`` counts ``unit``
    ("rows", a side, "values"), of which ``needed`` hide. ``labels`` are those of one class
    concerned; ``column`` and ``value`` name a sensitive value, or a column alone.
    """

    kind: Kind
    against: int
    labels: tuple[str | None, ...] = ()
    change: str = ""
    column: str | None = None
    value: str | None = None
    unit: str = ""
    found: int = 0
    needed: int = 0

    @property
    def words(self) -> str:
        """The finding as a sentence; it names labels of the release and never a contributor."""
        where = f"release {self.against}, class {self.labels!r}"
        what = "" if self.column is None else f" with {self.column} {self.value!r}"
        if self.kind is Kind.TOO_FEW:
            return (
                f"{where}: what {self.change}{what} counts {self.found} on {self.unit!r}; "
                f"0 or at least {self.needed} are safe"
            )
        if self.kind is Kind.ONE_VALUE:
            return (
                f"{where}: what {self.change} has {self.found} values of {self.column!r} or too "
                f"much of one; {self.needed} are needed"
            )
        if self.kind is Kind.JOINT:
            return (
                f"{where}: who holds all releases sees {self.found} on {self.unit!r} "
                f"together; at least {self.needed} hide each other"
            )
        if self.kind is Kind.ROW_KEY:
            return f"release {self.against}: {self.column!r} tells most rows apart in both"
        return "the rows do not stand in the order of their cells"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found; nothing when the release may follow the earlier ones."""

    findings: tuple[Finding, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def to_dict(self) -> dict[str, object]:
        """The findings as JSON-able values, each with its sentence."""
        found = [{**asdict(each), "words": each.words} for each in self.findings]
        return {"passes": self.passes, "findings": found}
