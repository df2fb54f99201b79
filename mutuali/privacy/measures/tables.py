"""One table measured before and after: what an attacker gains, and what an analyst loses."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.measures.grouping import Grouping, distinct_per_class, group_by, values_of
from mutuali.privacy.measures.inference import Dominance, Inference, dominance, inference
from mutuali.privacy.measures.quality import Quality, quality
from mutuali.privacy.measures.recoding import (
    RecodedColumn,
    checked_witness,
    leaves_of,
    read_recoding,
)
from mutuali.privacy.measures.risk import (
    LinkageRisk,
    SizeDistribution,
    linkage_risk,
    size_distribution,
)
from mutuali.privacy.measures.special_uniques import SpecialUniques, special_uniques
from mutuali.privacy.measures.uniqueness import Estimate, population_uniques
from mutuali.privacy.measures.usefulness import Answer, Question, SideBySide
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import fold


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken for granted in measuring.

    Rows whose risk exceeds ``threshold`` (0 to 1) are counted; special uniques are looked for in up
    to ``largest_msu`` columns. The population is known by its rows, with the raw quasi-identifiers,
    or by the ``fraction`` of it that the raw table is, or not at all.

    Raises:
        BadPopulation: both, or a fraction that is not above 0 and at most 1.
    """

    threshold: float = 0.2
    largest_msu: int = 3
    population: pa.Table | None = None
    fraction: float | None = None

    def __post_init__(self) -> None:
        if self.population is not None and self.fraction is not None:
            raise BadPopulation("a population or a sampling fraction, not both")
        if self.fraction is not None and not 0 < self.fraction <= 1:
            raise BadPopulation(f"a sampling fraction is above 0 and at most 1: {self.fraction}")


@dataclass(frozen=True, slots=True)
class TableMeasures:
    """What an attacker makes of one table; ``sizes`` and ``linkage`` by rows, then contributors.

    ``uniques`` is empty where nothing is known of the population.
    """

    rows: int
    sizes: tuple[SizeDistribution, ...]
    linkage: tuple[LinkageRisk, ...]
    uniques: tuple[Estimate, ...]
    special_uniques: SpecialUniques
    inference: tuple[Inference, ...]
    dominance: tuple[Dominance, ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """A raw table and its release under the same measures; ``after`` is without suppressed rows."""

    plan_hash: str
    before: TableMeasures
    after: TableMeasures
    quality: Quality
    answers: tuple[Answer, ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def measure_before_and_after(
    raw: pa.Table,
    released: pa.Table,
    witness: Sequence[int] | IntArray,
    plan: Plan,
    *,
    assumptions: Assumptions | None = None,
    questions: Sequence[Question] = (),
) -> BeforeAndAfter:
    """Measure ``raw`` and ``released``, whose row i came from raw row ``witness[i]``.

    The roles, hierarchies, weights and k are those of ``plan``; the levels are read from the
    released cells, of one level per column or mixed (see ``recoding``). Contributors never leave;
    whose the released rows are is read from the raw ones, by the witness.

    Raises:
        BadTable: a missing column, or a type that cannot be handled.
        UnknownValue: a raw value, or one of the population, that its hierarchy does not name.
        Disagreement: a witness or a label that the raw rows do not bear out.
        BadPopulation: a population that does not contain the table.
        BadQuestion: a question that the columns cannot answer.
    """
    assumptions = assumptions or Assumptions()
    rows = checked_witness(witness, raw, released)
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    recoding = read_recoding(raw, released, rows, quasi)
    kept = np.flatnonzero(~recoding.suppressed[rows])
    source = rows[kept]
    contributors = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    left = released.take(pa.array(kept))
    for name in contributors:
        left = left.append_column(name, raw.column(name).take(pa.array(source)))
    everything = np.arange(raw.num_rows)
    population = assumptions.population
    before = measure_table(
        raw,
        plan,
        assumptions,
        members=_members(recoding.columns, everything, population, raw_levels=True),
        fraction=_fraction(raw.num_rows, raw, assumptions),
    )
    after = measure_table(
        left,
        plan,
        assumptions,
        members=_members(recoding.columns, source, population, raw_levels=False),
        fraction=_fraction(left.num_rows, raw, assumptions),
    )
    side_by_side = SideBySide(raw, released, rows, recoding)
    sizes = group_by(left, [column.name for column in quasi]).sizes
    return BeforeAndAfter(
        plan_hash=plan.hash,
        before=before,
        after=after,
        quality=quality(recoding, sizes, k=plan.k, mean=plan.mean),
        answers=tuple(map(side_by_side.answer, questions)),
    )


def measure_table(
    table: pa.Table,
    plan: Plan,
    assumptions: Assumptions,
    *,
    members: IntArray | None = None,
    fraction: float | None = None,
) -> TableMeasures:
    """What an attacker makes of a table that has the columns of ``plan`` but the identifiers.

    ``members`` says for each row how many of the population are behind its class; ``fraction`` is
    the share of the population in this table.

    Raises:
        BadTable: a missing column, or a type that cannot be handled.
        BadPopulation: a population that does not contain the table.
    """
    names = [column.name for column in plan.named(Role.QUASI_IDENTIFIER)]
    classes = group_by(table, names)
    people = {
        column.name: values_of(table, column.name).codes for column in plan.named(Role.CONTRIBUTOR)
    }
    contributors = {name: distinct_per_class(classes, codes) for name, codes in people.items()}
    threshold = assumptions.threshold
    behind = None if members is None else _most(classes, members)
    found, _ = special_uniques(table, names, assumptions.largest_msu)
    return TableMeasures(
        rows=table.num_rows,
        sizes=(
            size_distribution(classes.sizes),
            *(size_distribution(sizes, name) for name, sizes in contributors.items()),
        ),
        linkage=(
            linkage_risk(
                classes.sizes,
                threshold=threshold,
                population=behind,
                fraction=fraction if behind is None else None,
            ),
            *(
                linkage_risk(sizes, threshold=threshold, unit=name)
                for name, sizes in contributors.items()
            ),
        ),
        uniques=population_uniques(classes.sizes, fraction) if fraction is not None else (),
        special_uniques=found,
        inference=tuple(
            inference(classes, values_of(table, column.name).codes, column.name)
            for column in plan.named(Role.SENSITIVE)
        ),
        dominance=tuple(dominance(classes, codes, name) for name, codes in people.items()),
    )


def _fraction(rows: int, raw: pa.Table, assumptions: Assumptions) -> float | None:
    """The share of the population that ``rows`` of the raw table are; None where nothing is known.

    Suppressed rows are still in the population: they make the share smaller, not the population.
    """
    if not rows:
        return None
    if assumptions.population is not None:
        return rows / assumptions.population.num_rows if assumptions.population.num_rows else None
    return None if assumptions.fraction is None else rows / raw.num_rows * assumptions.fraction


def _most(classes: Grouping, members: IntArray) -> IntArray:
    """Per class, the largest of its rows' figures: cells of one text may be of several levels."""
    most = np.zeros(classes.count, dtype=np.int64)
    np.maximum.at(most, classes.of, members)
    return most


def _members(
    columns: Sequence[RecodedColumn],
    rows: IntArray,
    population: pa.Table | None,
    *,
    raw_levels: bool,
) -> IntArray | None:
    """How many of the population each of the raw ``rows`` could be, by its labels.

    Rows whose cells are on the same levels are looked up together.
    """
    if population is None:
        return None
    outside = [leaves_of(population, column.column) for column in columns]
    levels = [np.zeros_like(rows) if raw_levels else column.levels[rows] for column in columns]
    key, _ = fold(levels, [column.top + 1 for column in columns])
    members = np.zeros(len(rows), dtype=np.int64)
    for profile in np.unique(key):
        alike = np.flatnonzero(key == profile)
        labels, sizes = [], []
        for column, leaves, level in zip(columns, outside, levels, strict=True):
            steps = column.ladder.label[level[alike[0]]]
            labels.append(np.concatenate((steps[leaves], steps[column.leaves[rows[alike]]])))
            sizes.append(int(steps.max()) + 1)
        together, _ = fold(labels, sizes)
        _, of = np.unique(together, return_inverse=True)
        counted = np.bincount(of[: population.num_rows], minlength=int(of.max(initial=0)) + 1)
        members[alike] = counted[of[population.num_rows :]]
    return members
