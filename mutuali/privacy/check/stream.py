"""The bytes of a large release, read and counted again in batches.

Written to share nothing with the code that made them: own reading of the released file, own look-up
of labels in the chains of the plan, own counting (here, in ``codes``, ``reopened``, ``standing``
and ``tallied``). Every released class must hold exactly the raw rows that its labels cover: as
many, with the same sensitive values and, by a sum of 64-bit fingerprints, the same plain ones.
Memory follows the distinct combinations, as it does in what made the file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.check.codes import NOWHERE, Combinations, Gathered, Ints, Look, fingerprint
from mutuali.privacy.check.remeasure import Measured, Sizes, confirm
from mutuali.privacy.check.remeasure_models import judge_models
from mutuali.privacy.check.remeasure_whole import remeasure_whole
from mutuali.privacy.check.reopened import reopen
from mutuali.privacy.check.reread import harmless, plain_text, refuse
from mutuali.privacy.check.standing import standing
from mutuali.privacy.check.tallied import Groups, Tallied
from mutuali.privacy.engines.source import Source
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.plan import Column, Plan, RecodingModel, Role
from mutuali.privacy.progress import Progress
from mutuali.privacy.report import Report

#: What a label of the witness is called, before the name of its column.
RELEASED = "released "


def recount(
    made: Path,
    source: Source,
    plan: Plan,
    report: Report,
    witness: pa.Table | None,
    progress: Progress,
) -> Measured:
    """Count the file ``made`` again next to the raw rows of ``source``.

    ``witness`` is needed for local recoding, and only for it: per tuple that leaves, the raw text
    of each quasi-identifier under its name and the released label under "released " and its name.

    Raises:
        Disagreement: the bytes are not what the raw rows, the plan or the report say.
        UnsafeOutput: a column that never leaves, an order that tells, a value in a dictionary that
            no row has, or a class below the plan.
    """
    count = _Recount(made, plan)
    released = count.released(lambda done: progress("check", done / 2))
    if plan.recoding is RecodingModel.LOCAL and witness is None:
        raise Disagreement(("local recoding cannot be confirmed without its witness",))
    classes = _by_witness(count, witness) if witness is not None else _by_level(count, report)
    raw, everybody, total = count.raw(
        source, classes, lambda done: progress("check", 0.5 + done / 2)
    )
    _compare(released, raw, total, plan)
    measured = _measure(count, raw, everybody, total, plan)
    confirm(measured.measures(), report.measures())
    return measured


class _Recount:
    """Both sides as groups: "class", "sensitive n", on the raw side "person n", "rows", "print"."""

    def __init__(self, made: Path, plan: Plan) -> None:
        self._made = made
        self._plan = plan
        #: The cell of a raw text.
        self.cell: Callable[[str], str] = harmless if made.suffix == ".csv" else str
        self.quasi = plan.named(Role.QUASI_IDENTIFIER)
        self.labels: list[dict[str, int]] = [{} for _ in self.quasi]
        self.watched = [column.name for column in plan.named(Role.SENSITIVE)]
        self._sensitive: list[dict[str, int]] = [{} for _ in self.watched]
        #: The raw text of a sensitive cell.
        self._texts: dict[str, str] = {}
        self.classes: Combinations

    def released(self, told: Callable[[float], None]) -> pa.Table:
        """The released classes, numbered."""
        due = self._plan.released
        place = {name: position for position, name in enumerate(due)}
        known = [
            *((f"label {n}", c.name, self.labels[n]) for n, c in enumerate(self.quasi)),
            *((f"sensitive {n}", name, self._sensitive[n]) for n, name in enumerate(self.watched)),
        ]
        plain = [place[column.name] for column in self._plan.named(Role.PLAIN)]
        gathered = Gathered()
        for runs in reopen(self._made, due, told):
            columns = {}
            for title, name, numbers in known:
                at = place[name]
                texts = [numbers.setdefault(cell, len(numbers)) for cell in runs.cells[at]]
                columns[title] = np.array(texts, dtype=np.int64)[runs.places[at]]
            if plain:
                hashes = [
                    np.array(list(map(hash, runs.cells[at])), dtype=np.int64)[runs.places[at]]
                    for at in plain
                ]
                columns["print"] = fingerprint(hashes) * runs.lengths
            gathered.add(columns | {"rows": runs.lengths})
        whole = gathered.whole()
        titles = [f"label {n}" for n in range(len(self.quasi))]
        codes = [np.asarray(whole.column(title)) for title in titles]
        self.classes = Combinations(codes)
        return whole.drop_columns(titles).append_column(
            "class", pa.array(self.classes.numbers(self.classes.keys(codes)))
        )

    def raw(
        self,
        source: Source,
        classes: "_Classes",
        told: Callable[[float], None],
    ) -> tuple[pa.Table, pa.Table, int]:
        """The raw rows of the released classes, who has what in all rows, and how many rows."""
        numbers: dict[str, int] = {}
        people = [c.name for c in self._plan.named(Role.CONTRIBUTOR)]
        looks = {name: Look(partial(_person, numbers)) for name in people}
        for known, name in zip(self._sensitive, self.watched, strict=True):
            looks[name] = Look(partial(self._added, known))
        plain = [column.name for column in self._plan.named(Role.PLAIN)]
        looks |= {name: Look(self._hash) for name in plain}
        quasi = [column.name for column in self.quasi]
        gathered, everything, total = Gathered(), Gathered(), 0
        behind = [f"sensitive {n}" for n in range(len(self.watched))]
        behind += [f"person {n}" for n in range(len(people))]
        for part in source.read([*quasi, *looks]):
            found = {name: look.of(part.rows.column(name)) for name, look in looks.items()}
            columns = {"key": classes.keys([part.rows.column(name) for name in quasi])}
            for n, name in enumerate(self.watched):
                columns[f"sensitive {n}"] = found[name]
            for n, name in enumerate(people):
                columns[f"person {n}"] = found[name]
            if plain:
                columns["print"] = fingerprint([found[name] for name in plain])
            columns["rows"] = np.ones(part.rows.num_rows, dtype=np.int64)
            if self.watched:
                everything.add({name: columns[name] for name in (*behind, "rows")})
            kept = columns["key"] != NOWHERE
            if not kept.all():
                columns = {name: column[kept] for name, column in columns.items()}
            gathered.add(columns)
            total += part.rows.num_rows
            told(part.done)
        whole = gathered.whole()
        numbered = pa.array(classes.numbers(np.asarray(whole.column("key"))))
        whole = whole.set_column(0, "class", numbered)
        everybody = everything.whole() if self.watched else whole
        return whole.filter(pc.greater_equal(numbered, 0)), everybody, total

    def counted(self, raw: pa.Table, everybody: pa.Table, classes: int) -> dict[str, Tallied]:
        """The sensitive columns of grouped raw rows."""
        people = [f"person {n}" for n in range(len(self._plan.named(Role.CONTRIBUTOR)))]
        counted = {}
        for n, (name, known) in enumerate(zip(self.watched, self._sensitive, strict=True)):
            texts = [self._texts.get(cell, cell) for cell in known]
            here, there = (Groups.read(rows, f"sensitive {n}", people) for rows in (raw, everybody))
            counted[name] = Tallied(texts, here, there, classes)
        return counted

    def _added(self, known: dict[str, int], value: object) -> int:
        return known.setdefault(self._cell_of(value), len(known))

    def _hash(self, value: object) -> int:
        return hash(self.cell(value) if isinstance(value, str) else plain_text(value))

    def _cell_of(self, value: object) -> str:
        if not isinstance(value, str):
            return plain_text(value)
        cell = self.cell(value)
        self._texts[cell] = value
        return cell


def _person(numbers: dict[str, int], value: object) -> int:
    text = plain_text(value)
    return numbers.setdefault(text, len(numbers)) if text else NOWHERE


def _number(numbers: Mapping[str, int], text: Callable[[Any], str], value: Any) -> int:
    return numbers.get(text(value), NOWHERE)


def _chains(column: Column) -> Mapping[str, tuple[str | None, ...]]:
    """The chain of each raw text; NA that none names is NA below '*'."""
    chains = {chain[0] or "": chain for chain in column.generalization.chains}
    chains.setdefault("", (None,) * column.generalization.top + ("*",))
    return chains


@dataclass(frozen=True, slots=True)
class _Classes:
    """The class of raw rows: a key from their quasi-identifiers, a number from the key."""

    looks: Sequence[Look]
    known: Combinations
    #: The class of each known combination, where these are finer than classes.
    class_of: Ints | None = None

    def keys(self, columns: Sequence[Any]) -> Ints:
        """The key of each row."""
        return self.known.keys(
            [look.of(column) for look, column in zip(self.looks, columns, strict=True)]
        )

    def numbers(self, keys: Ints) -> Ints:
        """The class behind each key, ``NOWHERE`` where it did not leave."""
        numbers = self.known.numbers(keys)
        if self.class_of is None:
            return numbers
        return np.where(numbers < 0, NOWHERE, self.class_of[numbers])


def _by_level(count: _Recount, report: Report) -> _Classes:
    """The class of raw rows when each column has one level, the one that the report names."""
    levels = {column.name: column.level for column in report.columns}

    def number(
        chains: Mapping[str, tuple[str | None, ...]], level: int, known: dict[str, int], value: Any
    ) -> int:
        chain = chains.get(plain_text(value))
        if chain is None:
            raise Disagreement(("a raw value that its hierarchy does not name",))
        return known.get(count.cell(chain[level] or ""), NOWHERE)

    looks = [
        Look(partial(number, _chains(column), levels[column.name], known))
        for column, known in zip(count.quasi, count.labels, strict=True)
    ]
    return _Classes(looks, count.classes)


def _by_witness(count: _Recount, witness: pa.Table) -> _Classes:
    """The class of raw rows by the witness, each of whose labels must cover its raw value."""
    raw: list[Ints] = []
    labels: list[Ints] = []
    looks = []
    for column, known in zip(count.quasi, count.labels, strict=True):
        chains = _chains(column)

        def label_cell(label: Any) -> str:
            return count.cell(label or "")

        values, found = witness.column(column.name), witness.column(RELEASED + column.name)
        pairs = set(zip(values.to_pylist(), found.to_pylist(), strict=True))
        refuse(
            Disagreement,
            [
                f"column {column.name!r}: {label!r} does not cover a raw value"
                for value, label in sorted(pairs, key=repr)
                if label not in chains.get(plain_text(value), ())
            ],
        )
        numbers = {text: n for n, text in enumerate(sorted({plain_text(v) for v, _ in pairs}))}
        looks.append(Look(partial(_number, numbers, plain_text)))
        raw.append(looks[-1].of(values.combine_chunks()))
        labels.append(Look(partial(_number, known, label_cell)).of(found.combine_chunks()))
    tuples = Combinations(raw)
    if len(tuples) < witness.num_rows:
        raise Disagreement(("the witness names a combination of raw values twice",))
    class_of = np.full(len(tuples), NOWHERE)
    class_of[tuples.numbers(tuples.keys(raw))] = count.classes.numbers(count.classes.keys(labels))
    if (class_of == NOWHERE).any():
        raise Disagreement(("the witness names labels that were not released",))
    return _Classes(looks, tuples, class_of)


def _compare(released: pa.Table, raw: pa.Table, total: int, plan: Plan) -> None:
    names = ["class", *(f"sensitive {n}" for n in range(len(plan.named(Role.SENSITIVE))))]
    amounts = [name for name in ("rows", "print") if name in released.column_names]
    sides = []
    for side in (released, raw):
        sums = side.group_by(names).aggregate([(amount, "sum") for amount in amounts])
        sums = sums.sort_by([(name, "ascending") for name in names])
        sides.append(sums.select([*names, *(f"{amount}_sum" for amount in amounts)]))
    if not sides[0].equals(sides[1]):
        raise Disagreement(("the released rows are not the raw rows of their classes",))
    left_out = total - int(np.asarray(released.column("rows")).sum())
    if left_out > plan.suppression_limit * total + 1e-6:
        raise Disagreement((f"{left_out} of {total} rows were left out, more than the limit",))


def _measure(
    count: _Recount, raw: pa.Table, everybody: pa.Table, total: int, plan: Plan
) -> Measured:
    classes = int(np.asarray(raw.column("class")).max()) + 1
    people = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    titles = [f"person {n}" for n in range(len(people))]
    if any(bool((np.asarray(raw.column(title)) < 0).any()) for title in titles):
        raise UnsafeOutput(("a released row has no contributor",))
    findings: list[str] = []
    sizes = []
    counts: dict[str, list[int]] = {}
    without = plan.k - plan.coalition if plan.coalition else 0
    units = ["rows", *(titles[people.index(side)] for side in plan.sides)]
    counted = standing(raw, titles, units, classes, max(plan.coalition, 1))
    for unit, (whole, less) in zip(("rows", *plan.sides), counted, strict=True):
        below = (whole < plan.k) | (less < without)
        if unit in plan.sides or not plan.sides:
            counts[unit] = whole.tolist()
            findings += [
                f"a class: {size} on {unit!r}, {left} without the worst; "
                f"{plan.k} and {without} are promised"
                for size, left in zip(whole[below], less[below], strict=True)
            ]
        figures = (int(whole.min()), median(whole.tolist()), int(less.min()), median(less.tolist()))
        sizes.append(Sizes(unit, *figures))
    first = np.zeros(classes, dtype=np.int64)
    first[np.asarray(raw.column("class"))[::-1]] = np.arange(raw.num_rows)[::-1]
    seen = count.counted(raw, everybody, classes)
    models, broken = judge_models(plan, people, seen, first.tolist())
    numbered: dict[tuple[str, ...], list[int]] = {(str(n),): [] for n in range(classes)}
    of_all, risky = remeasure_whole(plan, numbered, {}, counts, ())
    refuse(UnsafeOutput, [*findings, *broken, *risky])
    smallest = min(size.minimum for size in (sizes[1:] or sizes))
    rows = int(np.asarray(raw.column("rows")).sum())
    return Measured(total, rows, classes, tuple(sizes), (*models, *of_all), 1 / smallest)
