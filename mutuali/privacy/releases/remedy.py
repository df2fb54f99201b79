"""What makes a release follow the earlier ones safely, with the smallest loss.

Four means. *Delay*: a row whose cells changed is told as it was, and loses nothing; never a row
that was withdrawn, for it is not in the new table. *Hold back*: rows are left out, new ones until
they are enough, old ones so that what left is enough (``holding``). *Keep out*: all rows of a class
are left out, which tells no more than the earlier release did. *Merge*: a class and its neighbours
get a coarser label, where the plan lets each class have its own levels.

Loss is counted in rows: 1 for a row left out; for a row with coarser labels the share of the domain
that they cover more, as the engine counts it. Class by class, against the latest release first, the
means that loses least is taken; the result is compared again until nothing is found, and each round
takes rows away or changes cells once, so it ends.

Merging does not hide a withdrawal alone: who holds the finer release adds up its classes and
compares. It helps where changes of neighbours, each too small, are enough together. What is held
back stays out of the following releases too, as long as its return would undo the first one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import NothingToRelease, Reason, UnsafeOutput
from mutuali.privacy.plan import Plan, RecodingModel
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.releases.common import overlapping
from mutuali.privacy.releases.compare import Pair, compare, joint, pairs
from mutuali.privacy.releases.draft import Draft, matched
from mutuali.privacy.releases.holding import broken, hold_backs, safe
from mutuali.privacy.releases.record import Path, ReleaseRecord, recorded
from mutuali.privacy.report import Release

#: After as many rounds classes are kept out, no longer mended.
_ROUNDS = 8


class Means(StrEnum):
    """What is done; the value is also its key in the translation catalogue."""

    DELAY = "releases.delay"
    HOLD_BACK = "releases.hold_back"
    KEEP_OUT = "releases.keep_out"
    MERGE = "releases.merge"


@dataclass(frozen=True, slots=True)
class Step:
    """One means applied to ``rows`` rows of the class with these labels; ``loss`` in rows."""

    means: Means
    labels: tuple[str | None, ...]
    rows: int
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class Remedied:
    """A release that may follow the earlier ones, and what was done for it.

    ``table`` and ``witness`` are as in ``Release``; ``record`` is kept for the next comparison.
    ``delayed`` are source rows told as they were: a check against the raw rows has to be handed
    what these said then. More rows may be left out than the plan's limit allows, and only k and
    diversity were looked at: ``check.remeasure`` has the last word, as for every release.
    """

    table: pa.Table
    witness: IntArray
    record: ReleaseRecord
    steps: tuple[Step, ...]
    delayed: tuple[int, ...]

    @property
    def loss(self) -> float:
        """What was lost in all, in rows."""
        return sum(step.loss for step in self.steps)


def remedy(
    previous: Sequence[ReleaseRecord],
    release: Release,
    table: pa.Table,
    plan: Plan,
    *,
    key: bytes,
    row_id: str,
) -> Remedied:
    """``release``, made from ``table`` under ``plan``, so that :func:`compare` finds nothing.

    ``key`` and ``row_id`` as for ``record_of``. A release that passes comes back as it is.

    Raises:
        BadRecord, BadTable, Disagreement: as ``record_of`` and ``compare``.
        NothingToRelease: nothing of it may follow the earlier releases.
        UnsafeOutput: a column tells most rows apart, here and in an earlier release.
    """
    record, order = recorded(release.table, release.witness, table, plan, key=key, row_id=row_id)
    work = _Work(previous, Draft(record, plan))
    work.run()
    finished, witness, final = work.draft.finished(release.table, release.witness, order)
    comparison = compare(previous, final)
    if not comparison.passes:
        raise UnsafeOutput(tuple(finding.words for finding in comparison.findings))
    delayed = release.witness[order[work.draft.delayed & work.draft.kept]]
    return Remedied(finished, witness, final, tuple(work.steps), tuple(sorted(delayed.tolist())))


class _Work:
    """One remedy in the making."""

    def __init__(self, previous: Sequence[ReleaseRecord], draft: Draft) -> None:
        self._previous = previous
        self.draft = draft
        self.steps: list[Step] = []

    def run(self) -> None:
        """Mend until nothing is found.

        Raises:
            NothingToRelease: no row is left.
        """
        rounds, done = 0, -1
        while self._round(rounds < _ROUNDS) and len(self.steps) > done:
            rounds, done = rounds + 1, len(self.steps)
            if not self.draft.kept.any():
                raise NothingToRelease(
                    Reason.ALL_SUPPRESSED, "no row may follow the earlier releases"
                )

    def _round(self, gently: bool) -> bool:
        """One pass over what fails first; whether anything did."""
        record, rows = self.draft.current()
        for against in reversed(range(len(self._previous))):
            for pair in pairs(self._previous[against], record):
                groups = sorted({g for _, g in pair.located(against)})
                if groups and gently and self._delay(pair, groups, rows):
                    return True
                if groups:
                    self._mend(pair, groups, rows, gently)
                    return True
        together = list(joint(self._previous, record))
        if together:
            self._mend_joint(record, [members for _, members in together], rows, gently)
            return True
        weak = broken(record)
        for number in weak.tolist():
            self._take(Means.KEEP_OUT, rows[record.of == number])
        return bool(len(weak))

    def _delay(self, pair: Pair, groups: Sequence[int], rows: IntArray) -> bool:
        """Tell changed rows of these groups as they were; whether any could be."""
        there, here = matched(pair.earlier, pair.new)
        failing = np.isin(pair.before[there], groups) | np.isin(pair.after[here], groups)
        changed = failing & ~pair.was_there[here] & ~self.draft.delayed[rows[here]]
        done = [
            row
            for row, earlier in zip(here[changed].tolist(), there[changed].tolist(), strict=True)
            if self.draft.delay(int(rows[row]), pair.earlier, earlier)
        ]
        for number in np.unique(pair.new.of[done]) if done else ():
            count = int((pair.new.of[done] == number).sum())
            self.steps.append(Step(Means.DELAY, pair.new.labels(int(number)), count, 0.0))
        return bool(done)

    def _mend(self, pair: Pair, groups: Sequence[int], rows: IntArray, gently: bool) -> None:
        """Hold back what each group asks for, or merge where that loses less."""
        insides = [np.flatnonzero(pair.after == g) for g in groups]
        held = [
            min(hold_backs(pair, g, pair.common), key=len) if gently else inside
            for g, inside in zip(groups, insides, strict=True)
        ]
        self._hold(pair.earlier, pair.new, held, insides, rows)

    def _mend_joint(
        self, record: ReleaseRecord, members: Sequence[IntArray], rows: IntArray, gently: bool
    ) -> None:
        """The same for rows that are too few in the same classes of several releases."""
        insides = [np.flatnonzero(record.of == record.of[each[0]]) for each in members]
        self._hold(self._previous[-1], record, members if gently else insides, insides, rows)

    def _hold(
        self,
        earlier: ReleaseRecord,
        new: ReleaseRecord,
        held: Sequence[IntArray],
        insides: Sequence[IntArray],
        rows: IntArray,
    ) -> None:
        everything = rows[np.unique(np.concatenate(held))]
        for each, inside in zip(held, insides, strict=True):
            if not self._untouched(new, inside, rows):
                continue  # an earlier step of this round took or changed some of it
            merge = self._cheapest_merge(earlier, np.unique(new.of[inside]), everything)
            if merge is not None:
                self._merge(*merge)
            else:
                whole = len(each) == len(inside)
                self._take(Means.KEEP_OUT if whole else Means.HOLD_BACK, rows[each])

    def _untouched(self, record: ReleaseRecord, inside: IntArray, rows: IntArray) -> bool:
        here = rows[inside]
        same: bool = (self.draft.record.of[here] == record.of[inside]).all()
        return bool(self.draft.kept[here].all()) and same

    def _cheapest_merge(
        self, earlier: ReleaseRecord, classes: IntArray, held: IntArray
    ) -> tuple[IntArray, list[Path], float] | None:
        """Coarser labels for one of the classes that lose less than they keep from being held."""
        if self.draft.plan.recoding is not RecodingModel.LOCAL:
            return None
        gain, found = 0.0, None
        for affected, paths in self._merges(classes):
            loss = self.draft.cost(affected, paths)
            saved = np.isin(held, affected).sum() - loss
            if saved > gain and self._merged_is_safe(earlier, affected, paths):
                gain, found = saved, (affected, paths, loss)
        return found

    def _merges(self, classes: IntArray) -> Iterator[tuple[IntArray, list[Path]]]:
        for number in classes.tolist():
            paths = self.draft.record.paths(number)
            for place, path in enumerate(paths):
                if len(path) > 1:
                    coarser = [*paths[:place], path[1:], *paths[place + 1 :]]
                    yield self.draft.under(coarser), coarser

    def _merged_is_safe(
        self, earlier: ReleaseRecord, affected: IntArray, paths: list[Path]
    ) -> bool:
        trial = Draft(self.draft.record, self.draft.plan)
        trial.kept = self.draft.kept
        trial.merge(affected, paths)
        record, rows = trial.current()
        common = overlapping(earlier, record)
        groups = np.unique(common.after[record.of[np.isin(rows, affected)]])
        before = np.isin(common.before[earlier.of], groups)
        after = np.isin(common.after[record.of], groups)
        return safe(earlier.part(before), record.part(after), common)

    def _merge(self, affected: IntArray, paths: list[Path], loss: float) -> None:
        self.draft.merge(affected, paths)
        labels = tuple(path[0] for path in paths)
        self.steps.append(Step(Means.MERGE, labels, len(affected), loss))

    def _take(self, means: Means, rows: IntArray) -> None:
        numbers = self.draft.record.of[rows]
        for number in np.unique(numbers):
            count = int((numbers == number).sum())
            labels = self.draft.record.labels(int(number))
            self.steps.append(Step(means, labels, count, float(count)))
        self.draft.kept[rows] = False
