"""A release made so that it may follow: withdrawals, moving windows, changed rows, kept levels."""

import csv
import io
import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pytest

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.releases.after import Following, release_after
from mutuali.privacy.releases.compare import compare
from mutuali.privacy.releases.record import ReleaseRecord
from mutuali.privacy.releases.remedy import Means
from mutuali.privacy.text import to_csv

KEY = b"not a secret: 32 bytes of a test"
K = 3


@dataclass(frozen=True)
class Loan:
    """One raw row."""

    id: int
    lender: str
    quarter: str
    family: str
    outcome: str


def plan(first: int = 2023, last: int = 2025) -> Plan:
    """Quarters of a window of years, families, an outcome; k lenders."""
    quarters = Hierarchy.table(
        tuple((f"{y}-Q{q}", str(y), "*") for y in range(first, last + 1) for q in (1, 2, 3, 4)),
        ("quarter", "year", "any"),
    )
    families = Hierarchy.table((("truck", "*"), ("kitchen", "*")), ("family", "any"))
    return Plan(
        version="after",
        columns=(
            Column("lender", Role.CONTRIBUTOR),
            Column("quarter", Role.QUASI_IDENTIFIER, quarters),
            Column("family", Role.QUASI_IDENTIFIER, families),
            Column("outcome", Role.SENSITIVE),
        ),
        models=(KAnonymity(K), Diversity("outcome", distinct=2)),
        suppression_limit=0.2,
        sides=("lender",),
    )


def loans(seed: int, *, first: int = 2023, last: int = 2025, count: int = 900) -> list[Loan]:
    """Loans of twenty lenders over whole years."""
    dice = random.Random(seed)
    return [
        Loan(
            number,
            f"lender {dice.randint(1, 20)}",
            f"{dice.randint(first, last)}-Q{dice.randint(1, 4)}",
            dice.choice(("truck", "kitchen")),
            dice.choice(("returned", "returned", "late")),
        )
        for number in range(count)
    ]


def table(rows: Iterable[Loan]) -> pa.Table:
    rows = list(rows)
    names = ("id", "lender", "quarter", "family", "outcome")
    return pa.table({name: [getattr(row, name) for row in rows] for name in names})


def after(previous: list[ReleaseRecord], rows: Iterable[Loan], how: Plan) -> Following:
    return release_after(previous, table(rows), how, key=KEY, row_id="id")


def ids(made: Following) -> set[int]:
    """The rows in a release."""
    return set(made.table.column("id").take(pa.array(made.release.witness)).to_pylist())


def confirmed(made: Following) -> None:
    """The bytes are what the rows that it was made from say."""
    remeasure(
        to_csv(made.release.table),
        made.release.witness.tolist(),
        made.table.to_pylist(),
        made.plan,
        claimed=made.release.report.measures(),
    )


def test_a_first_release_is_the_engines_own() -> None:
    rows = loans(1)
    made = after([], rows, plan())
    assert made.release.table.equals(deidentify(table(rows), plan()).table)
    assert (made.steps, made.plan) == ((), plan())


def test_who_withdrew_is_not_what_the_second_release_lacks() -> None:
    """One of a quarter's rows is withdrawn: taking the second file from the first must not show
    it."""
    rows = loans(2)
    first = after([], rows, plan())
    gone = next(iter(ids(first)))
    left = [row for row in rows if row.id != gone]
    alone = release_after([], table(left), first.plan, key=KEY, row_id="id")
    assert not compare([first.record], alone.record).passes

    second = after([first.record], left, plan())
    assert compare([first.record], second.record).passes
    assert {step.means for step in second.steps} & {Means.HOLD_BACK, Means.KEEP_OUT}
    assert len(ids(first) - ids(second)) >= K
    confirmed(second)


def test_a_window_that_moves_on_hides_nobody_who_withdrew() -> None:
    """The hierarchy of quarters is another one each year, but a quarter stays a quarter."""
    rows = loans(3)
    first = after([], rows, plan())
    later = replace(plan(2024, 2026), suppression_limit=0.5)
    gone = next(row.id for row in rows if row.id in ids(first) and row.quarter >= "2024")
    moved = [row for row in rows if row.quarter >= "2024" and row.id != gone]
    new = [replace(row, id=row.id + 10_000) for row in loans(4, first=2026, last=2026, count=300)]
    without = release_after([], table([*moved, *new]), later, key=KEY, row_id="id")
    assert not compare([first.record], without.record).passes

    second = after([first.record], [*moved, *new], later)
    assert compare([first.record], second.record).passes
    assert {row.id for row in new} & ids(second)
    confirmed(second)


def test_a_row_that_changed_is_told_as_it_was() -> None:
    rows = loans(5)
    first = after([], rows, plan())
    number = next(iter(ids(first)))
    was = next(row for row in rows if row.id == number)
    other = "late" if was.outcome == "returned" else "returned"
    changed = [replace(row, outcome=other) if row.id == number else row for row in rows]
    second = after([first.record], changed, plan())
    assert {step.means for step in second.steps} == {Means.DELAY}
    assert to_csv(second.release.table) == to_csv(first.release.table)
    confirmed(second)


def test_the_levels_of_the_latest_release_are_kept_while_they_keep_the_plan() -> None:
    rows = loans(6)
    coarse = Plan(
        version="after",
        columns=tuple(
            replace(column, level=level)
            for column, level in zip(plan().columns, (None, "year", "family", None), strict=True)
        ),
        models=plan().models,
        suppression_limit=0.2,
        sides=("lender",),
        recoding=RecodingModel.FIXED,
    )
    first = after([], rows, coarse)
    new = [replace(row, id=row.id + 10_000) for row in loans(7)]
    second = after([first.record], [*rows, *new], plan())
    assert {c.name: c.level_name for c in second.release.report.columns} == {
        "quarter": "year",
        "family": "family",
    }


@pytest.mark.parametrize("seed", range(12))
def test_no_sequence_of_withdrawals_and_newcomers_tells_a_few(seed: int) -> None:
    """Whoever compares lines sees no change, or one that k lenders stand behind; without the look
    at earlier releases the same reader finds fewer."""
    followed, alone = _Reader(), _Reader()
    records: list[ReleaseRecord] = []
    for rows in _story(seed):
        alone.read(after([], rows, plan()))
        try:
            made = after(records, rows, plan())
        except NothingToRelease:
            continue
        confirmed(made)
        assert compare(records, made.record).passes
        records.append(made.record)
        followed.read(made)
    assert len(records) > 1
    assert followed.fewest() >= K
    assert alone.fewest() < K


def _story(seed: int) -> Iterator[list[Loan]]:
    """The rows of four releases: each time a lender withdraws, some rows go and some come."""
    dice = random.Random(seed)
    rows = loans(100 + seed, count=500)
    for step in range(4):
        gone = f"lender {dice.randint(1, 20)}"
        rows = [row for row in rows if row.lender != gone and dice.random() > 0.004]
        fresh = loans(1000 + 10 * seed + step, count=dice.choice((1, 3, 60)))
        rows += [replace(each, id=10_000 * (step + 1) + each.id) for each in fresh]
        yield rows


@dataclass
class _Reader:
    """Who holds all files, and is told who stands behind a change of a line."""

    files: list[dict[tuple[str, ...], set[int]]] = field(default_factory=list)
    lenders: dict[int, str] = field(default_factory=dict)

    def read(self, made: Following) -> None:
        _, *lines = csv.reader(io.StringIO(to_csv(made.release.table).decode()))
        raw = made.table.to_pylist()
        found: dict[tuple[str, ...], set[int]] = {}
        for line, source in zip(lines, made.release.witness.tolist(), strict=True):
            self.lenders[raw[source]["id"]] = raw[source]["lender"]
            found.setdefault(tuple(line[:2]), set()).add(raw[source]["id"])
        self.files.append(found)

    def fewest(self) -> int:
        """The fewest lenders behind a change of a line that two files have."""
        changes = (
            change
            for one, other in itertools.combinations(self.files, 2)
            for line in one.keys() & other.keys()
            for change in (one[line] - other[line], other[line] - one[line])
            if change
        )
        return min((len({self.lenders[id_] for id_ in each}) for each in changes), default=K)
