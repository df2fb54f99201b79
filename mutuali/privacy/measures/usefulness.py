"""The same questions asked of the raw and of the released table, side by side.

Five kinds that analysts of a lending network ask: counts by a column, counts by two, the mean of a
number by group, the share of an outcome by group, and the trend over ordered periods.

Answers can only be compared group by group when both tables have the same groups. So raw values are
taken up to the level their column was released on; where levels are mixed, both sides are taken up
to the coarsest level below '*' that occurs, and cells that left as '*' make a group of their own.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import BadQuestion, BadTable
from mutuali.privacy.hierarchy import ANY
from mutuali.privacy.measures.grouping import group, values_of
from mutuali.privacy.measures.recoding import RecodedColumn, Recoding
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.recode.keys import fold
from mutuali.privacy.recode.loss import FloatArray


class Kind(StrEnum):
    """The five kinds of questions."""

    COUNTS = "counts"
    CROSS_COUNTS = "cross counts"
    MEAN = "mean"
    SHARE = "share"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; made by the functions named after the kinds.

    ``by`` are the columns that make the groups; ``of`` is the number or the outcome asked about,
    ``value`` the outcome's value (None: NA).
    """

    kind: Kind
    by: tuple[str, ...]
    of: str | None = None
    value: str | None = None


def counts(column: str) -> Question:
    """How many rows have each value of the column?"""
    return Question(Kind.COUNTS, (column,))


def cross_counts(column: str, other: str) -> Question:
    """How many rows have each pair of values?"""
    return Question(Kind.CROSS_COUNTS, (column, other))


def mean(number: str, *, by: str) -> Question:
    """What is the mean of a numeric column in each group?"""
    return Question(Kind.MEAN, (by,), number)


def share(outcome: str, value: str | None, *, by: str) -> Question:
    """In what share of each group does the outcome have this value?"""
    return Question(Kind.SHARE, (by,), outcome, value)


def trend(period: str) -> Question:
    """How do the counts go from period to period, in the order of the hierarchy, or of the text?"""
    return Question(Kind.TREND, (period,))


@dataclass(frozen=True, slots=True)
class Group:
    """One group under its ``labels``: rows and answer on both sides, None where it has no rows."""

    labels: tuple[str | None, ...]
    raw_rows: int
    released_rows: int
    raw: float | None
    released: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Both answers, group by group, and how far they are apart.

    ``levels`` are those the grouping columns are compared on (None: not a quasi-identifier), and
    ``raw_groups`` says how many groups the raw values would have made: the coarsening itself, which
    no difference shows. ``lost`` groups have raw rows and no released ones.

    Counts and trends: ``difference`` is the total variation between the shares of the rows, 0 to 1,
    and ``worst`` the largest relative error of a count. Means: the relative errors, averaged by raw
    rows, and the largest; shares: the same with absolute differences; a lost group counts 1.
    ``steps_kept``: of the steps of a trend, the share that goes the same way, None without a step.
    """

    question: Question
    levels: tuple[str | None, ...]
    raw_groups: int
    lost: int
    difference: float
    worst: float
    steps_kept: float | None
    groups: tuple[Group, ...]

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Labels:
    """A column on both sides in one numbering, which is the order of a trend.

    ``star`` is the number of a cell that left as '*' where the others did not, None without such;
    ``distinct`` are the raw values before they are taken up to ``level``.
    """

    raw: IntArray
    released: IntArray
    texts: tuple[str | None, ...]
    distinct: IntArray
    level: str | None = None
    star: int | None = None


class SideBySide:
    """A raw table and its release, ready for questions.

    ``witness[i]`` is the raw row of released row i, as in :class:`~mutuali.privacy.report.Release`.
    """

    def __init__(
        self, raw: pa.Table, released: pa.Table, witness: IntArray, recoding: Recoding
    ) -> None:
        kept = np.flatnonzero(~recoding.suppressed[witness])
        self._tables = raw, released.take(pa.array(kept))
        self._source = witness[kept]
        self._recoding = recoding

    def answer(self, question: Question) -> Answer:
        """Both answers to a question.

        Raises:
            BadTable: a column that one of the tables does not have.
            BadQuestion: the mean of a column that is not numeric, or an outcome that never occurs.
        """
        columns = [self._labels(name) for name in question.by]
        rows = len(columns[0].raw)
        both = [np.concatenate((column.raw, column.released)) for column in columns]
        key, _ = fold(both, [len(column.texts) for column in columns])
        _, first, of = np.unique(key, return_index=True, return_inverse=True)
        figures = self._figures(question)
        raw_rows, raw = _tally(of[:rows], figures[0], len(first))
        released_rows, released = _tally(of[rows:], figures[1], len(first))
        labels = [
            [column.texts[code] for code in codes[first].tolist()]
            for column, codes in zip(columns, both, strict=True)
        ]
        if question.of is None:
            difference, worst = _counts_apart(raw, released)
        else:
            relative = question.kind is Kind.MEAN
            difference, worst = _figures_apart(raw, released, raw_rows, relative=relative)
        return Answer(
            question=question,
            levels=tuple(column.level for column in columns),
            raw_groups=group([column.distinct for column in columns], rows).count,
            lost=int(((raw_rows > 0) & (released_rows == 0)).sum()),
            difference=difference,
            worst=worst,
            steps_kept=_steps_kept(raw, released) if question.kind is Kind.TREND else None,
            groups=tuple(
                Group(*entry)
                for entry in zip(
                    zip(*labels, strict=True),
                    raw_rows.tolist(),
                    released_rows.tolist(),
                    map(_known, raw.tolist()),
                    map(_known, released.tolist()),
                    strict=True,
                )
            ),
        )

    def _labels(self, name: str) -> _Labels:
        recoded = self._recoding.named(name)
        if recoded is None:
            return self._pooled(name)
        texts = recoded.ladder.texts[recoded.common]
        raw = recoded.labels(recoded.common)
        starred = recoded.levels[self._source] > recoded.common
        return _Labels(
            raw=raw,
            released=np.where(starred, len(texts), raw[self._source]),
            texts=(*texts, ANY),
            distinct=recoded.leaves,
            level=recoded.column.generalization.names[recoded.common],
            star=len(texts),
        )

    def _pooled(self, name: str) -> _Labels:
        """A column that leaves as it is: its values on both sides, in text order, NA last."""
        raw, released = (values_of(table, name) for table in self._tables)
        texts = sorted({*raw.texts, *released.texts}, key=lambda text: (text is None, text or ""))
        place = {text: number for number, text in enumerate(texts)}
        ours, theirs = (
            np.array([place[text] for text in side.texts], dtype=np.int64)[side.codes]
            for side in (raw, released)
        )
        return _Labels(ours, theirs, tuple(texts), raw.codes)

    def _figures(self, question: Question) -> tuple[FloatArray | None, FloatArray | None]:
        """The number asked about per row, on both sides; NaN where it is not known."""
        if question.of is None:
            return None, None
        if question.kind is Kind.MEAN:
            recoded = self._recoding.named(question.of)
            if recoded is not None:
                return _recoded_numbers(recoded, self._source)
            ours, theirs = (_numbers(table, question.of) for table in self._tables)
            return ours, theirs
        column = self._labels(question.of)
        if question.value not in column.texts:
            raise BadQuestion(f"column {question.of!r} has no {question.value!r} to compare")
        code = column.texts.index(question.value)
        here, there = (column.raw == code), (column.released == code)
        unknown = column.released == (-1 if column.star is None else column.star)
        return here.astype(np.float64), np.where(unknown, np.nan, there)


def _numbers(table: pa.Table, name: str) -> FloatArray:
    """A numeric column as it is; NA is NaN."""
    if table.schema.get_field_index(name) < 0:
        raise BadTable("the table has no such column, or has it twice", column=name)
    column = table.column(name)
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        raise BadQuestion(f"column {name!r} is not numeric: it is {column.type}")
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _recoded_numbers(recoded: RecodedColumn, source: IntArray) -> tuple[FloatArray, FloatArray]:
    """A quasi-identifier of numbers: a label stands for the mean of the values it covers.

    '*' says nothing: NaN, as NA is.
    """
    name, steps = recoded.column.name, recoded.ladder
    values = np.array([_number(text, name) for text in steps.texts[0]])
    known = ~np.isnan(values)
    meant = np.full(steps.label.shape, np.nan)
    for level, labels in enumerate(steps.label[: recoded.top]):
        members = np.bincount(labels[known], minlength=len(steps.texts[level]))
        sums = np.bincount(labels[known], weights=values[known], minlength=len(members))
        meant[level] = (sums / np.where(members, members, np.nan))[labels]
    return values[recoded.leaves], meant[recoded.levels, recoded.leaves][source]


def _number(text: str | None, name: str) -> float:
    try:
        return float("nan") if text is None else float(text)
    except ValueError:
        raise BadQuestion(f"column {name!r} is not numeric: it has {text!r}") from None


def _tally(of: IntArray, figures: FloatArray | None, groups: int) -> tuple[IntArray, FloatArray]:
    """The rows of each group, and its answer: these rows, or the mean of the figures known."""
    rows = np.bincount(of, minlength=groups)
    if figures is None:
        return rows, rows.astype(np.float64)
    known = ~np.isnan(figures)
    of, figures = of[known], figures[known]
    members = np.bincount(of, minlength=groups)
    sums = np.bincount(of, weights=figures, minlength=groups)
    return rows, sums / np.where(members, members, np.nan)


def _counts_apart(raw: FloatArray, released: FloatArray) -> tuple[float, float]:
    """Total variation of the shares, and the largest relative error of a count."""
    there = raw > 0
    if not there.any():
        return 0.0, 0.0
    worst = float((np.abs(released - raw)[there] / raw[there]).max())
    if not released.any():
        return 1.0, worst
    return float(np.abs(raw / raw.sum() - released / released.sum()).sum() / 2), worst


def _figures_apart(
    raw: FloatArray, released: FloatArray, rows: IntArray, *, relative: bool
) -> tuple[float, float]:
    """The error over the groups that have a raw figure, averaged by raw rows, and the largest."""
    there = ~np.isnan(raw)
    if not there.any():
        return 0.0, 0.0
    raw, released, rows = raw[there], released[there], rows[there]
    errors = np.abs(released - raw)
    if relative:
        # From 0 no error is relative: any is taken as whole.
        whole = np.where(raw == 0, np.where(errors > 0, errors, 1.0), np.abs(raw))
        errors = errors / whole
    errors = np.where(np.isnan(errors), 1.0, errors)
    return float((errors * rows).sum() / rows.sum()), float(errors.max())


def _steps_kept(raw: FloatArray, released: FloatArray) -> float | None:
    """Of the steps between periods that have raw rows, the share that goes the same way."""
    there = raw > 0
    ours, theirs = np.sign(np.diff(raw[there])), np.sign(np.diff(released[there]))
    return float((ours == theirs).mean()) if len(ours) else None


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else figure
