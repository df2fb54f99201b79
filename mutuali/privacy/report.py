"""What a release says about itself: plain figures, ready for JSON."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mutuali.privacy.models import Diversity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """The coarsest level a quasi-identifier was released at, out of ``levels``, and its loss.

    ``rows_at`` are the released rows at each level, all at one unless recoding is local; ``loss``
    is from 0 to 1.
    """

    name: str
    level: int
    level_name: str
    levels: int
    rows_at: tuple[int, ...]
    loss: float


@dataclass(frozen=True, slots=True)
class ClassSizes:
    """Sizes of the released classes in one ``unit``: "rows", or the name of a side.

    ``*_without``: of each class, what is left at least after the plan's coalition (one contributor,
    if it names none) is gone with all its rows; then the least and the median over the classes.
    """

    unit: str
    minimum: int
    median: float
    minimum_without: int
    median_without: float


@dataclass(frozen=True, slots=True)
class ModelFound:
    """What the release keeps of a model, in one ``unit``: "rows", a side, or "population".

    ``figure`` is the worst of any released class, in the terms of what was ``promised``;
    ``without_one`` is what a member finds who takes out its own rows, the worst again. That is not
    promised; None where it has no bound or no meaning.
    """

    model: str
    column: str | None
    unit: str
    name: str
    promised: float
    figure: float
    without_one: float | None

    @property
    def key(self) -> str:
        """What the figure is called among the measures."""
        where = f"{self.column}, {self.unit}" if self.column else self.unit
        return f"{where}: {self.name}"


@dataclass(frozen=True, slots=True)
class DiversityFound:
    """The least variety of a sensitive column in any released class, on any side."""

    column: str
    minimum_distinct: int
    highest_share: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was done and what was measured while doing it; losses and risks are 0 to 1.

    ``highest_risk`` is the prosecutor's: 1 over the smallest count that k looks at, contributors of
    a side or rows. ``sizes`` begins with rows, then each side. No scheme of one level per column
    that keeps the plan loses less than ``least_loss``; None where nothing was proved.
    """

    plan_hash: str
    plan_version: str
    rows_in: int
    rows_out: int
    rows_suppressed: int
    classes: int
    loss: float
    least_loss: float | None
    mean: str
    columns: tuple[ColumnReport, ...]
    sizes: tuple[ClassSizes, ...]
    models: tuple[ModelFound, ...]
    highest_risk: float
    columns_below_top: int

    @property
    def diversity(self) -> tuple[DiversityFound, ...]:
        """What was found for each column whose values must differ."""
        varied = [found for found in self.models if found.model == Diversity.name]
        return tuple(
            DiversityFound(
                str(column),
                int(min(f.figure for f in varied if (f.column, f.name) == (column, "distinct"))),
                max(f.figure for f in varied if (f.column, f.name) == (column, "highest share")),
            )
            for column in dict.fromkeys(found.column for found in varied)
        )

    def to_dict(self) -> dict[str, object]:
        """The report as JSON-able values."""
        return asdict(self)

    def measures(self) -> dict[str, float]:
        """The figures that an independent count of the output can confirm, by name."""
        figures: dict[str, float] = {
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "classes": self.classes,
            "highest_risk": self.highest_risk,
        }
        for size in self.sizes:
            figures |= {
                f"{size.unit}: minimum": size.minimum,
                f"{size.unit}: median": size.median,
                f"{size.unit}: minimum without": size.minimum_without,
                f"{size.unit}: median without": size.median_without,
            }
        for found in self.models:
            figures[found.key] = found.figure
            if found.without_one is not None:
                figures[f"{found.key} without one"] = found.without_one
        return figures


@dataclass(frozen=True, slots=True)
class Release:
    """What may leave, and what proves it.

    ``table`` has the columns of ``Plan.released``, sorted by their cells so that the order says
    nothing. ``witness[i]`` is the source row of released row i: private, it never leaves.
    """

    table: "pa.Table"
    witness: "npt.NDArray[np.int64]"
    report: Report
