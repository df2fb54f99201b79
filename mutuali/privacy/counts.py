"""A protected table of counts from the rows of a table: how many, by up to three columns.

Every margin is a cell of its own. Cells that say too much about somebody are hidden, and with them
what else they could be computed from; then the whole is attacked (``margins``). What may be shown
is told apart from what is nothing: a cell holds a count, ``suppressed`` or ``zero``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.errors import BadTable, NothingToRelease, Reason
from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.margins.table import Dimension, Key, Table
from mutuali.privacy.plan import Plan
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.plans.reading import CountRules

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.margins.table import BoolArray, IntArray

#: Tables with more cells than that are not searched in a time that anybody waits.
MOST_CELLS = 50_000


@dataclass(frozen=True, slots=True)
class Axis:
    """A column to count by, and the level of its hierarchy to begin at; None where it has none."""

    name: str
    hierarchy: Hierarchy | None
    level: int = 0

    @classmethod
    def of(cls, asked: str, plan: Plan) -> "Axis":
        """A column of the plan, or ``column@level`` by the name or the number of the level.

        Raises:
            Misfit: no such column in the plan, or no such level.
        """
        name, _, level = asked.partition("@")
        column = next((column for column in plan.columns if column.name == name), None)
        if column is None:
            raise Misfit("not_in_plan", column=name)
        if not level:
            return cls(name, column.hierarchy)
        names = column.hierarchy.names[:-1] if column.hierarchy else ()
        if level in names:
            return cls(name, column.hierarchy, names.index(level))
        if level.isdecimal() and int(level) < len(names):
            return cls(name, column.hierarchy, int(level))
        raise Misfit("no_such_level", column=name, level=level, known=", ".join(names))

    def labels(self, values: Sequence[str | None]) -> list[str]:
        """The label of each value where counting begins; NA is the empty text.

        Raises:
            Misfit: a value that the hierarchy does not name, with its row.
        """
        if self.hierarchy is None:
            return [value or "" for value in values]
        known = {chain[0]: chain[self.level] or "" for chain in self.hierarchy.chains}
        known.setdefault(None, "")
        for row, value in enumerate(values, start=1):
            if value not in known:
                raise Misfit("unknown_value", column=self.name, row=row, value=value)
        return [known[value] for value in values]

    def dimension(self, labels: Sequence[str]) -> Dimension:
        """All labels with the sub-totals above them: those of the hierarchy, whoever is there, and
        NA where it occurs; without a hierarchy, those that occur."""
        if self.hierarchy is None:
            return Dimension.flat(self.name, sorted(set(labels)))
        chains = list(dict.fromkeys(chain[self.level :] for chain in self.hierarchy.chains))
        if "" in labels and not any(chain[0] is None for chain in chains):
            chains.append((*(None for _ in chains[0][:-1]), ANY))
        return Dimension.nested(
            self.name, Hierarchy(self.hierarchy.names[self.level :], tuple(chains))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """A table that may leave: per cell its count (rounded where the rules say so) or status.

    ``hidden`` counts the cells that say ``suppressed``, of which ``unsafe`` had to for their own
    sake; every unsafe one withstood ``attackers``.
    """

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Key, str]
    hidden: int
    unsafe: int
    attackers: int


def count(
    table: "pa.Table",
    axes: Sequence[Axis],
    by: Sequence[str],
    rules: CountRules,
    aliases: Mapping[str, str] | None = None,
) -> Counts:
    """Count the rows of ``table`` by the axes; ``by`` are the contributor columns to protect.

    Without ``by`` each row is a contributor of its own.

    Raises:
        NothingToRelease: no rows.
        BadTable: a row without its contributor.
        Misfit: a value that a hierarchy does not name, or too many cells.
        PlanError: rules that cannot be kept, or columns that make no table.
        UnsafeOutput: not even with everything hidden is a cell protected.
        CannotRound: no rounding was found that adds up.
    """
    from mutuali.privacy.margins.audit import audit
    from mutuali.privacy.margins.hiding import hide
    from mutuali.privacy.margins.unsafe import Protection, Rules, unsafe

    if not table.num_rows:
        raise NothingToRelease(Reason.EMPTY_TABLE, "the table has no rows")
    made = _with_margins(table, axes, by, aliases or {})
    protection = Protection(rules.protection)
    secret = unsafe(made, Rules(rules.k, rules.largest, rules.share, rules.percent))
    found = hide(made, secret, protection=protection, weights=_weights(made))
    looked = audit(made, found.hidden, secret, protection=protection, patterns=found.patterns)
    return Counts(
        made.dimensions,
        _cells(made, found.hidden, rules.base),
        int(found.hidden.sum()),
        int(secret.sum()),
        looked.attackers,
    )


def counts_table(counts: Counts, columns: Sequence[str] = ()) -> "pa.Table":
    """One row per choice of labels; the dimensions ``columns`` go across, one column per choice.

    The total of a dimension is ``*``; NA is empty.
    """
    import pyarrow as pa

    down = [d for d in counts.dimensions if d.name not in columns]
    across = [d for d in counts.dimensions if d.name in columns]
    rows, heads = _choices(down), _choices(across)
    order = [d.name for d in (*down, *across)]
    places = [order.index(d.name) for d in counts.dimensions]
    parts = {
        d.name: pa.array([row[place] or None for row in rows], pa.string())
        for place, d in enumerate(down)
    }
    for head in heads:
        name = " | ".join(label or "-" for label in head) if across else "count"
        cells = [counts.cells[tuple((*row, *head)[place] for place in places)] for row in rows]
        parts[name] = pa.array(cells, pa.string())
    return pa.table(parts)


def _with_margins(
    table: "pa.Table", axes: Sequence[Axis], by: Sequence[str], aliases: Mapping[str, str]
) -> Table:
    from mutuali.privacy.margins.table import with_margins
    from mutuali.privacy.recode.histogram import text_column

    labels = [axis.labels(text_column(table, axis.name).to_pylist()) for axis in axes]
    dimensions = [axis.dimension(column) for axis, column in zip(axes, labels, strict=True)]
    cells = 1
    for dimension in dimensions:
        cells *= len(dimension.labels)
    if cells > MOST_CELLS:
        raise Misfit("too_many_cells", count=cells, most=MOST_CELLS)
    keys = list(zip(*labels, strict=True))
    sides = []
    for people in _people(table, by):
        leaves: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for key, person in zip(keys, people, strict=True):
            leaves[key][aliases.get(person, person)] += 1
        sides.append(leaves)
    return with_margins(dimensions, sides)


def _weights(table: Table) -> "IntArray":
    """How many leaf cells each cell sums: hiding a total takes as much away as hiding all those."""
    import numpy as np

    weights = np.ones(1, dtype=np.int64)
    for dimension in table.dimensions:
        leaves = np.zeros(len(dimension.labels), dtype=np.int64)
        for leaf in dimension.leaves:
            leaves[list(dimension.path(leaf))] += 1
        weights = np.multiply.outer(weights, leaves).ravel()
    return weights


def _people(table: "pa.Table", by: Sequence[str]) -> list[list[str]]:
    """Who is behind each row, side by side."""
    from mutuali.privacy.recode.histogram import text_column

    if not by:
        return [[str(row) for row in range(table.num_rows)]]
    sides: list[list[str]] = []
    for name in by:
        people = text_column(table, name).to_pylist()
        if None in people:
            row = people.index(None)
            raise BadTable("every row needs its contributor", column=name, row=row)
        sides.append(people)
    return sides


def _cells(table: Table, hidden: "BoolArray", base: int) -> dict[Key, str]:
    from mutuali.privacy.margins.controlled_rounding import rounded

    shown = rounded(table, base, hidden) if base > 1 else {}
    cells = {}
    for number, value in enumerate(table.value.tolist()):
        key = table.key(number)
        if hidden[number]:
            cells[key] = Status.SUPPRESSED.value
        elif not value:
            cells[key] = Status.ZERO.value
        else:
            cells[key] = str(shown.get(key, value))
    return cells


def _choices(dimensions: Sequence[Dimension]) -> list[Key]:
    """All choices of a label per dimension, in their order."""
    choices: list[Key] = [()]
    for dimension in dimensions:
        choices = [(*choice, label) for choice in choices for label in dimension.labels]
    return choices
