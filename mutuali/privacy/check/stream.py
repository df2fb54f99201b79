"""The bytes of a large release, read and counted again in batches.

Written to share nothing with the code that made them: own reading of the released file, own look-up
of labels in the chains of the plan, own counting (here, in ``codes``, ``reopened`` and
``standing``). Every released class must hold exactly the raw rows that its labels cover: as many,
with the same sensitive values and, by a sum of 64-bit fingerprints, the same plain ones. Memory
follows the distinct combinations, as it does in what made the file.
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
from mutuali.privacy.check.remeasure import Measured, Sizes, Variety, confirm
from mutuali.privacy.check.reopened import reopen
from mutuali.privacy.check.reread import harmless, plain_text, refuse
from mutuali.privacy.check.standing import standing
from mutuali.privacy.engines.source import Progress, Source
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.plan import Column, Plan, RecodingModel, Role
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
    raw, total = count.raw(source, classes, lambda done: progress("check", 0.5 + done / 2))
    _compare(released, raw, total, plan)
    measured = _measure(released, raw, total, plan)
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
        self._sensitive: list[dict[str, int]] = [{} for _ in plan.diversities]
        self.classes: Combinations

    def released(self, told: Callable[[float], None]) -> pa.Table:
        """The released classes, numbered."""
        due = self._plan.released
        place = {name: position for position, name in enumerate(due)}
        known = [
            *((f"label {n}", c.name, self.labels[n]) for n, c in enumerate(self.quasi)),
            *(
                (f"sensitive {n}", model.column, self._sensitive[n])
                for n, model in enumerate(self._plan.diversities)
            ),
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
    ) -> tuple[pa.Table, int]:
        """The raw rows of the released classes, and how many rows there are in all."""
        numbers: dict[str, int] = {}
        people = [c.name for c in self._plan.named(Role.CONTRIBUTOR)]
        looks = {name: Look(partial(_person, numbers)) for name in people}
        for known, model in zip(self._sensitive, self._plan.diversities, strict=True):
            looks[model.column] = Look(partial(self._added, known))
        plain = [column.name for column in self._plan.named(Role.PLAIN)]
        looks |= {name: Look(self._hash) for name in plain}
        quasi = [column.name for column in self.quasi]
        gathered, total = Gathered(), 0
        for part in source.read([*quasi, *looks]):
            found = {name: look.of(part.rows.column(name)) for name, look in looks.items()}
            columns = {"key": classes.keys([part.rows.column(name) for name in quasi])}
            for n, model in enumerate(self._plan.diversities):
                columns[f"sensitive {n}"] = found[model.column]
            for n, name in enumerate(people):
                columns[f"person {n}"] = found[name]
            if plain:
                columns["print"] = fingerprint([found[name] for name in plain])
            columns["rows"] = np.ones(part.rows.num_rows, dtype=np.int64)
            kept = columns["key"] != NOWHERE
            if not kept.all():
                columns = {name: column[kept] for name, column in columns.items()}
            gathered.add(columns)
            total += part.rows.num_rows
            told(part.done)
        whole = gathered.whole()
        numbered = pa.array(classes.numbers(np.asarray(whole.column("key"))))
        whole = whole.set_column(0, "class", numbered)
        return whole.filter(pc.greater_equal(numbered, 0)), total

    def _added(self, known: dict[str, int], value: object) -> int:
        return known.setdefault(self._cell_of(value), len(known))

    def _hash(self, value: object) -> int:
        return hash(self._cell_of(value))

    def _cell_of(self, value: object) -> str:
        return self.cell(value) if isinstance(value, str) else plain_text(value)


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
    names = ["class", *(f"sensitive {n}" for n in range(len(plan.diversities)))]
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


def _measure(released: pa.Table, raw: pa.Table, total: int, plan: Plan) -> Measured:
    classes = int(np.asarray(released.column("class")).max()) + 1
    people = [column.name for column in plan.named(Role.CONTRIBUTOR)]
    titles = [f"person {n}" for n in range(len(people))]
    if any(bool((np.asarray(raw.column(title)) < 0).any()) for title in titles):
        raise UnsafeOutput(("a released row has no contributor",))
    findings: list[str] = []
    sizes = []
    without = plan.k - plan.coalition if plan.coalition else 0
    for unit in ("rows", *plan.sides):
        title = unit if unit == "rows" else titles[people.index(unit)]
        whole, less = standing(raw, titles, title, classes)
        below = (whole < plan.k) | (less < without)
        if unit in plan.sides or not plan.sides:
            findings += [
                f"a class: {count} on {unit!r}, {left} without one; "
                f"{plan.k} and {without} are promised"
                for count, left in zip(whole[below], less[below], strict=True)
            ]
        figures = (int(whole.min()), median(whole.tolist()), int(less.min()), median(less.tolist()))
        sizes.append(Sizes(unit, *figures))
    varieties = []
    rows = np.bincount(released.column("class"), released.column("rows"), classes)
    for n, model in enumerate(plan.diversities):
        distinct, share = _variety(released, f"sensitive {n}", rows)
        findings += [
            f"a class: {found} values of {model.column!r}, the most frequent {most:.3f} of the rows"
            for found, most in zip(distinct, share, strict=True)
            if found < model.distinct or most > model.most + 1e-12
        ]
        varieties.append(Variety(model.column, int(distinct.min()), float(share.max())))
    refuse(UnsafeOutput, findings)
    smallest = min(size.minimum for size in (sizes[1:] or sizes))
    return Measured(total, int(rows.sum()), classes, tuple(sizes), tuple(varieties), 1 / smallest)


def _variety(released: pa.Table, name: str, rows: Any) -> tuple[Any, Any]:
    """Per class, the distinct values of a sensitive column and the share of the most frequent."""
    values = released.group_by(["class", name]).aggregate([("rows", "sum")])
    found = values.group_by(["class"]).aggregate([([], "count_all"), ("rows_sum", "max")])
    found = found.sort_by("class")
    return np.asarray(found.column("count_all")), np.asarray(found.column("rows_sum_max")) / rows
