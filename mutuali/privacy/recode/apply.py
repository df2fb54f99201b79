"""Search on the histogram, then what was chosen on the rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import NothingToRelease, PlanError, Reason
from mutuali.privacy.plan import Plan, RecodingModel, Role
from mutuali.privacy.progress import Expired, Progress, never, unheard
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.anytime import Anytime
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import KEY_LIMIT, fold
from mutuali.privacy.recode.local import Sweep
from mutuali.privacy.recode.loss import Ladder, Loss, ladder
from mutuali.privacy.recode.recoded import Recoded
from mutuali.privacy.recode.reported import report
from mutuali.privacy.recode.search import MOST_SCHEMES, Search, fixed_scheme
from mutuali.privacy.report import Release, Report
from mutuali.privacy.text import cell_text, distinct_cells

#: The rank of each row, and how many ranks there are.
_Ranks: TypeAlias = tuple[IntArray, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of each tuple of ``census``, and what that does to the release."""

    census: Census
    ladders: list[Ladder]
    recoded: Recoded
    report: Report


def release(table: pa.Table, plan: Plan, population: pa.Table | None, expired: Expired) -> Release:
    """What ``engine.deidentify`` does with a table that has rows."""
    for name in plan.released:
        histogram.require_column(table.schema, name, floats=True)
    outside = None if population is None else histogram.build_population(population, plan)
    decision = decide(histogram.build(table, plan), plan, outside, expired=expired)
    released, witness = _apply(table, plan, decision)
    return Release(released, witness, decision.report)


def decide(
    grouped: histogram.Histogram,
    plan: Plan,
    outside: histogram.Histogram | None = None,
    told: Progress = unheard,
    expired: Expired = never,
) -> Decision:
    """Search on the histogram for what keeps ``plan``, against that of a population.

    ``told`` hears of it as the stage "search"; ``expired`` ends a search that need not be over.

    Raises:
        NothingToRelease: fewer than k contributors in all, no scheme that keeps the plan, or
            nothing left by it.
        PlanError: more schemes than local recoding can visit.
        BadPopulation: models that need a population, and none.
    """
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in quasi]
    census = Census(grouped, ladders, plan, outside)
    total = int(census.rows.sum())
    _require_contributors(census, plan, total)
    loss = Loss(quasi, ladders, census.leaves, census.rows, plan.mean)
    least_loss = None
    schemes = math.prod(len(step.texts) for step in ladders)
    if plan.recoding is RecodingModel.LOCAL:
        if schemes > MOST_SCHEMES:
            raise PlanError(f"{schemes} schemes are too many to visit; {MOST_SCHEMES} at most")
        recoded = Sweep(census, loss, plan, ladders).run(partial(told, "search"))
    elif plan.recoding is RecodingModel.FIXED:
        recoded = fixed_scheme(census, loss, plan).recoded(len(census.rows))
    elif schemes > MOST_SCHEMES:
        anytime = Anytime(
            *(census, loss, plan, ladders),
            expired=expired,
            progress=lambda at: told("search", at.done),
        )
        recoded = anytime.run().recoded(len(census.rows))
        least_loss = anytime.bound
    else:
        shape = tuple(len(step.texts) for step in ladders)
        found = Search(census, loss, plan, shape).run(partial(told, "search"))
        recoded = found.recoded(len(census.rows))
        least_loss = loss.total(found.score)
    if recoded.suppressed == total:
        raise NothingToRelease(Reason.ALL_SUPPRESSED, "every row would be suppressed")
    return Decision(census, ladders, recoded, report(plan, census, loss, recoded, least_loss))


def _require_contributors(census: Census, plan: Plan, rows: int) -> None:
    found = {f"side {side!r}": census.contributors(side) for side in plan.sides} or {"table": rows}
    for where, number in found.items():
        if number < plan.k:
            unit = "contributors" if plan.sides else "rows"
            raise NothingToRelease(
                Reason.TOO_FEW_CONTRIBUTORS,
                f"{where}: {number} {unit} cannot hide each among {plan.k}",
            )


def _apply(table: pa.Table, plan: Plan, decision: Decision) -> tuple[pa.Table, IntArray]:
    """The released rows in their sorted order, and the source row of each."""
    ladders, recoded = decision.ladders, decision.recoded
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    leaves = [histogram.leaf_numbers(column.generalization, table, column.name) for column in quasi]
    tuples = tuple_of_each(leaves, decision)
    kept = np.flatnonzero(recoded.kept[tuples])
    of = tuples[kept]
    labels = {
        column.name: _labels(step, level[of], codes[kept])
        for column, step, level, codes in zip(quasi, ladders, recoded.levels, leaves, strict=True)
    }
    order = _order(
        [
            labels[name].ranks if name in labels else _ranks(table.column(name), kept)
            for name in plan.released
        ]
    )
    witness = kept[order]
    released = {
        name: labels[name].take(order)
        if name in labels
        else table.column(name).take(pa.array(witness))
        for name in plan.released
    }
    return pa.table(released), witness


@dataclass(frozen=True, slots=True)
class _Labels:
    """The label of each row of a column: ``texts[codes[i]]``; some may be equal, some unused."""

    texts: list[str | None]
    codes: IntArray

    def take(self, rows: IntArray) -> pa.ChunkedArray:
        """Those of some rows as text."""
        return pa.chunked_array(
            [pa.array(self.texts, pa.string()).take(pa.array(self.codes[rows]))]
        )

    @property
    def ranks(self) -> _Ranks:
        """The order of its cells."""
        return _ranked([cell_text(text) for text in self.texts], self.codes)


def tuple_of_each(leaves: Sequence[IntArray], decision: Decision) -> IntArray:
    """The number of each row's tuple in the census; any number where it has none."""
    census = decision.census
    sizes = [step.label.shape[1] for step in decision.ladders]
    pairs = zip(census.leaves, leaves, strict=True)
    key, _ = fold([np.concatenate(pair) for pair in pairs], sizes)
    known, rows = key[: len(census.rows)], key[len(census.rows) :]
    order = np.argsort(known)
    places = np.minimum(np.searchsorted(known, rows, sorter=order), len(order) - 1)
    found: IntArray = order[places]
    return found


def _labels(step: Ladder, levels: IntArray, leaves: IntArray) -> _Labels:
    """The label of each leaf at its own level."""
    starts = np.cumsum([0, *(len(texts) for texts in step.texts)])
    texts = [text for level in step.texts for text in level]
    return _Labels(texts, starts[levels] + step.label[levels, leaves])


def _ranks(column: pa.ChunkedArray, rows: IntArray) -> _Ranks:
    """The order of some cells of a column."""
    cells, positions = distinct_cells(column)
    return _ranked(cells, histogram.as_ints(positions)[rows])


def _ranked(cells: list[str], codes: IntArray) -> _Ranks:
    """Where ``cells[codes[i]]`` is among the distinct cells in text order, that of the bytes."""
    place = {cell: rank for rank, cell in enumerate(sorted(set(cells)))}
    ranks = np.array([place[cell] for cell in cells], dtype=np.int64)
    return ranks[codes], len(place)


def _order(ranks: Sequence[_Ranks]) -> IntArray:
    """The rows by the first ranks, then by the next; rows that read the same stay as they came."""
    rows = len(ranks[0][0])
    if math.prod(many for _, many in ranks) * rows > KEY_LIMIT:
        return np.lexsort([rank for rank, _ in ranks][::-1])
    key = np.zeros(rows, dtype=np.int64)
    for rank, many in ranks:
        key = key * many + rank
    # Sorting numbers takes a fraction of the time of sorting their places.
    order: IntArray = np.sort(key * rows + np.arange(rows)) % max(rows, 1)
    return order
