"""Whether a release may follow the earlier ones: what their differences would tell.

The attacker holds all releases of a dataset, knows how they are made, knows its target's
quasi-identifiers, and may know that just this one row was withdrawn, or came, in between. It
counts the same rows in two releases and looks at what changed. Xiao and Tao, m-Invariance, SIGMOD
2007: a table that is safe alone is not safe after another.

The rule. Take the finest classes that two releases both tell (``common``). What left a class, and
what came to it, is nothing, or is as good as a class of its own:

- the whole class, which kept the plan when it was released; or
- rows of at least k contributors per side (k rows without sides), also after a coalition is taken
  away, with at least k contributors in each sensitive value that changed, and with two
  different values or more, as many as the plan asks for, none above its share. k rows of one value
  would hide who left and tell the value; only a class that has a single value is let off.

A row whose cells changed left and came. The rule is kept three times: by identity (*gross*, what
somebody with further knowledge learns: five in and five out are not nothing), by the difference of
the counts per class and value (*net*), and by the difference of the whole rows, plain cells too
(*seen*); the last two count rows, because rows are all that can be counted in the files.

Besides, rows that two or more releases place in the same classes are a class of their own for who
holds them all, and must be as good as one (Ganta, Kasiviswanathan and Smith, KDD 2008); no column
may tell most rows apart in two releases; and rows stand in the order of their cells.

What the rule does not give: it bounds what one change tells, not what somebody believes who knows
most of the other changes; and labels of columns whose hierarchy says otherwise of the same values
are not compared.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from mutuali.privacy.errors import BadRecord
from mutuali.privacy.measures.grouping import group
from mutuali.privacy.plan import exact
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.dependence import contributors_lost, rows_lost
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import different
from mutuali.privacy.releases.common import Common, overlapping, same_labels
from mutuali.privacy.releases.findings import Comparison, Finding, Kind
from mutuali.privacy.releases.record import ReleaseRecord

#: What changed tells its sensitive value when it holds fewer.
FEWEST_VALUES = 2


def compare(previous: Sequence[ReleaseRecord], new: ReleaseRecord) -> Comparison:
    """Hold ``new`` against every earlier release of the dataset, oldest first.

    The promises (k, sides, coalition, diversity) are those of ``new``.

    Raises:
        BadRecord: records made with different keys, or with other contributor columns.
    """
    findings = [] if new.ordered else [Finding(Kind.ORDER, len(previous))]
    for against, before in enumerate(previous):
        if before.key_check != new.key_check:
            raise BadRecord(f"release {against} was recorded with another key")
        if before.contributor_columns != new.contributor_columns:
            raise BadRecord(f"release {against} has other contributor columns")
        keys = [name for name in new.row_keys if name in before.row_keys]
        findings += [Finding(Kind.ROW_KEY, against, column=name) for name in keys]
        for pair in pairs(before, new):
            findings += pair.findings(against)
    return Comparison((*dict.fromkeys(findings), *(f for f, _ in joint(previous, new))))


def pairs(before: ReleaseRecord, after: ReleaseRecord) -> list["Pair"]:
    """Two releases seen by the classes they both tell, and by classes that read the same."""
    found = [Pair(before, after, overlapping(before, after))]
    if any(len({len(p) for p in c.paths}) > 1 for r in (before, after) for c in r.columns):
        # Mixed labels may overlap all over the table; a reader still compares those that are equal.
        found.append(Pair(before, after, same_labels(before, after)))
    return found


class Pair:
    """Two releases under common classes: ``before`` and ``after`` number the group of each row."""

    def __init__(self, earlier: ReleaseRecord, new: ReleaseRecord, common: Common) -> None:
        self.earlier, self.new = earlier, new
        self.before, self.after = common.before[earlier.of], common.after[new.of]
        self.count = int(max(common.before.max(initial=-1), common.after.max(initial=-1))) + 1
        self.common = common
        names = [model.column for model in earlier.diversities]
        self.models = [model for model in new.diversities if model.column in names]
        self.values = [
            self._values(names.index(model.column), model.column) for model in self.models
        ]
        _, here, there = np.intersect1d(
            earlier.rows, new.rows, assume_unique=True, return_indices=True
        )
        same = self.before[here] == self.after[there]
        for one, other, _ in self.values:
            same &= one[here] == other[there]
        if len(earlier.plain) and len(new.plain):
            same &= earlier.plain[here] == new.plain[there]
        self.stayed = np.zeros(len(self.before), dtype=np.bool_)
        self.was_there = np.zeros(len(self.after), dtype=np.bool_)
        self.stayed[here[same]] = self.was_there[there[same]] = True
        sizes = [np.bincount(rows, minlength=self.count) for rows in (self.before, self.after)]
        self.whole: BoolArray = (sizes[0] == 0) | (sizes[1] == 0)

    def labels(self, g: int) -> tuple[str | None, ...]:
        """The labels of one class of a group, of the new release if it has one."""
        there = np.flatnonzero(self.common.after == g)
        if len(there):
            return self.new.labels(int(there[0]))
        return self.earlier.labels(int(np.flatnonzero(self.common.before == g)[0]))

    def _values(
        self, position: int, column: str
    ) -> tuple[IntArray, IntArray, tuple[str | None, ...]]:
        """The values of one sensitive column on either side, in one numbering, and their texts."""
        place = [model.column for model in self.new.diversities].index(column)
        texts = tuple(dict.fromkeys((*self.earlier.texts[position], *self.new.texts[place])))
        number = {text: code for code, text in enumerate(texts)}
        codes = [
            np.array([number[text] for text in table], dtype=np.int64)[values]
            for table, values in (
                (self.earlier.texts[position], self.earlier.values[:, position]),
                (self.new.texts[place], self.new.values[:, place]),
            )
        ]
        return codes[0], codes[1], texts

    def findings(self, against: int) -> Iterator[Finding]:
        """What the two releases tell by their difference."""
        for finding, _ in self.located(against):
            yield finding

    def located(self, against: int) -> Iterator[tuple[Finding, int]]:
        """The findings, each with the group it is about."""
        yield from self._gross(against, "left")
        yield from self._gross(against, "came")
        if not self.values:
            yield from self._counted(against, "net", [])
        for column in range(len(self.values)):
            yield from self._counted(against, "net", [column])
        if len(self.earlier.plain) and len(self.new.plain):
            yield from self._counted(against, "seen", None)

    def _gross(self, against: int, change: str) -> Iterator[tuple[Finding, int]]:
        record, of, moved, side = (
            (self.earlier, self.before, ~self.stayed, 0)
            if change == "left"
            else (self.new, self.after, ~self.was_there, 1)
        )
        rows = np.flatnonzero(moved & ~self.whole[of])
        people = record.people[rows]
        for g, unit, found, needed in short(self.new, of[rows], people):
            yield self._too_few(against, g, change, unit, found, needed), g
        for column, (*codes, texts) in enumerate(self.values):
            key = of[rows] * len(texts) + codes[side][rows]
            for each, unit, found, needed in short(self.new, key, people, alone=False):
                g, value = divmod(each, len(texts))
                named = self.models[column].column, texts[value]
                yield self._too_few(against, g, change, unit, found, needed, named), g
            keys, amounts = np.unique(key, return_counts=True)
            yield from self._one_value(against, change, column, keys, amounts)

    def _counted(
        self, against: int, view: str, columns: list[int] | None
    ) -> Iterator[tuple[Finding, int]]:
        """By rows per group and value; by whole rows, plain cells too, when ``columns`` is None."""
        split = len(self.before)
        parts = [np.concatenate((self.before, self.after))]
        for column in range(len(self.values)) if columns is None else columns:
            parts.append(np.concatenate(self.values[column][:2]))
        if columns is None:
            plain = np.concatenate((self.earlier.plain, self.new.plain))
            parts.append(np.unique(plain, return_inverse=True)[1].astype(np.int64))
        together = group(parts, len(parts[0]))
        example = np.zeros(together.count, dtype=np.int64)
        example[together.of] = np.arange(len(together.of))
        balance = np.bincount(together.of[:split], minlength=together.count) - np.bincount(
            together.of[split:], minlength=together.count
        )
        of = parts[0][example]
        for change, amount in (("left", balance), ("came", -balance)):
            some = (amount > 0) & ~self.whole[of]
            named = range(len(self.values)) if columns is None else columns
            for column in named:
                texts = self.values[column][2]
                value = np.concatenate(self.values[column][:2])[example]
                keys, where = np.unique(of[some] * len(texts) + value[some], return_inverse=True)
                amounts = np.bincount(where, weights=amount[some]).astype(np.int64)
                for each in np.flatnonzero(amounts < self.new.k).tolist():
                    g, code = divmod(int(keys[each]), len(texts))
                    label = self.models[column].column, texts[code]
                    found = int(amounts[each])
                    what = f"{view} {change}"
                    yield self._too_few(against, g, what, "rows", found, self.new.k, label), g
                yield from self._one_value(against, f"{view} {change}", column, keys, amounts)
            if not named:
                keys, where = np.unique(of[some], return_inverse=True)
                amounts = np.bincount(where, weights=amount[some]).astype(np.int64)
                for each in np.flatnonzero(amounts < self.new.k).tolist():
                    g, found = int(keys[each]), int(amounts[each])
                    what = f"{view} {change}"
                    yield self._too_few(against, g, what, "rows", found, self.new.k), g

    def _one_value(
        self, against: int, change: str, column: int, keys: IntArray, amounts: IntArray
    ) -> Iterator[tuple[Finding, int]]:
        """Groups in which what changed has too few values of a column, or too much of one."""
        *codes, texts = self.values[column]
        model = self.models[column]
        of, side = (self.before, codes[0]) if change.endswith("left") else (self.after, codes[1])
        held = np.bincount(different(of * len(texts) + side) // len(texts), minlength=self.count)
        distinct = np.bincount(keys // len(texts), minlength=self.count)
        total = np.bincount(keys // len(texts), weights=amounts, minlength=self.count)
        most = np.zeros(self.count, dtype=np.int64)
        np.maximum.at(most, keys // len(texts), amounts)
        needed = np.minimum(max(FEWEST_VALUES, model.distinct), held)
        share = exact(model.most)
        much = most * share.denominator > total.astype(np.int64) * share.numerator
        for g in np.flatnonzero((distinct > 0) & (needed > 1) & ((distinct < needed) | much)):
            found = Finding(
                Kind.ONE_VALUE,
                against,
                self.labels(int(g)),
                change,
                model.column,
                unit="values",
                found=int(distinct[g]),
                needed=int(needed[g]),
            )
            yield found, int(g)

    def _too_few(
        self,
        against: int,
        g: int,
        change: str,
        unit: str,
        found: int,
        needed: int,
        value: tuple[str, str | None] | None = None,
    ) -> Finding:
        column, text = value or (None, None)
        return Finding(
            Kind.TOO_FEW, against, self.labels(g), change, column, text, unit, found, needed
        )


def joint(
    previous: Sequence[ReleaseRecord], new: ReleaseRecord
) -> Iterator[tuple[Finding, IntArray]]:
    """Joint classes below k, each with the rows of ``new`` in it."""
    codes = [new.of]
    for before in previous:
        _, here, there = np.intersect1d(
            before.rows, new.rows, assume_unique=True, return_indices=True
        )
        code = np.full(len(new.rows), len(before.classes), dtype=np.int64)
        code[there] = before.of[here]
        codes.append(code)
    known = np.zeros(len(new.rows), dtype=np.bool_)
    for before, code in zip(previous, codes[1:], strict=True):
        known |= code < len(before.classes)
    rows = np.flatnonzero(known)
    of = group([code[rows] for code in codes], len(rows)).of
    weak = [(g, unit, found, needed) for g, unit, found, needed in short(new, of, new.people[rows])]
    weak += _uniform(new, of, rows)
    for g, unit, found, needed in weak:
        members = rows[of == g]
        labels = new.labels(int(new.of[members[0]]))
        finding = Finding(
            Kind.JOINT, len(previous) - 1, labels, unit=unit, found=found, needed=needed
        )
        yield finding, members


def _uniform(
    new: ReleaseRecord, of: IntArray, rows: IntArray
) -> Iterator[tuple[int, str, int, int]]:
    """Joint classes with too few values, or too much of one, of what their class in ``new`` has."""
    for place, model in enumerate(new.diversities):
        width = len(new.texts[place])
        values = new.values[:, place]
        held = np.bincount(different(new.of * width + values) // width)
        keys, amounts = np.unique(of * width + values[rows], return_counts=True)
        distinct = np.bincount(keys // width)
        most = np.zeros(len(distinct), dtype=np.int64)
        np.maximum.at(most, keys // width, amounts)
        example = np.zeros(len(distinct), dtype=np.int64)
        example[of] = rows
        needed = np.minimum(max(FEWEST_VALUES, model.distinct), held[new.of[example]])
        share = exact(model.most)
        much = most * share.denominator > np.bincount(of) * share.numerator
        for g in np.flatnonzero((needed > 1) & ((distinct < needed) | much)).tolist():
            yield g, "values", int(distinct[g]), int(needed[g])


def short(
    record: ReleaseRecord, of: IntArray, people: IntArray, *, alone: bool = True
) -> Iterator[tuple[int, str, int, int]]:
    """Groups with too few contributors: group, unit, how many there are and how many it takes.

    ``alone``: also after the coalition that takes most away is gone.
    """
    if not len(of):
        return
    groups, part = np.unique(of, return_inverse=True)
    many = max(len(record.contributors), int(people.max(initial=0)) + 1)
    ones = np.ones(len(of), dtype=np.int64)
    meetings = [people[:, place] for place in range(people.shape[1])]
    alone = alone and record.coalition > 0 and not len(meetings) == len(record.sides) <= 1
    for unit in record.sides or ("rows",):
        place = record.contributor_columns.index(unit) if record.sides else 0
        if record.sides:
            seen = different(part * many + meetings[place]) // many
            counts = np.bincount(seen, minlength=len(groups))
        else:
            counts = np.bincount(part, minlength=len(groups))
        below = counts < record.k
        if alone and record.sides:
            lost = contributors_lost(part, meetings, place, many, len(groups), record.coalition)
        elif alone and meetings:
            lost = rows_lost(part, meetings, ones, many, len(groups), record.coalition)
        else:
            lost = np.zeros(len(groups), dtype=np.int64)
        dependent = ~below & alone & (counts - lost < record.k - record.coalition)
        for g in np.flatnonzero(below | dependent).tolist():
            if below[g]:
                yield int(groups[g]), unit, int(counts[g]), record.k
            else:
                left = int(counts[g] - lost[g])
                yield (
                    int(groups[g]),
                    f"{unit} without a coalition",
                    left,
                    record.k - record.coalition,
                )
