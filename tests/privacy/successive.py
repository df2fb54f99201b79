"""Small successive releases made by hand, and the slow, obvious way to compare and to mend them."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa

from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.releases.record import ReleaseRecord, record_of
from mutuali.privacy.releases.remedy import Remedied, remedy
from mutuali.privacy.report import Release
from mutuali.privacy.text import cell_text

KEY = b"not a secret: 32 bytes of a test"

PLACES = Hierarchy.of({place: ["north" if place < "c" else "south", "*"] for place in "abcd"})


@dataclass(frozen=True, slots=True)
class Row:
    """A raw row; ``label`` is what it is released under."""

    id: str
    place: str
    state: str = "s"
    lender: str = "x"
    borrower: str = "y"
    note: str = ""
    label: str = ""

    @property
    def cells(self) -> tuple[str, str, str]:
        """What leaves of it."""
        return self.label or self.place, self.state, self.note


def plan(
    *sides: str,
    k: int = 2,
    distinct: int = 2,
    most: float = 0.95,
    coalition: int = 1,
    notes: bool = False,
    local: bool = False,
) -> Plan:
    """Places with a sensitive state, and a plain note if asked; no limit on what is left out."""
    note = [Column("note", Role.PLAIN)] if notes else []
    return Plan(
        version="small",
        columns=(
            Column("id", Role.IDENTIFIER),
            *(Column(side, Role.CONTRIBUTOR) for side in sides),
            Column("place", Role.QUASI_IDENTIFIER, PLACES),
            Column("state", Role.SENSITIVE),
            *note,
        ),
        models=(KAnonymity(k), Diversity("state", distinct, most)),
        suppression_limit=1,
        sides=sides,
        coalition=coalition,
        recoding=RecodingModel.LOCAL if local else RecodingModel.FULL_DOMAIN,
    )


def raw(rows: Sequence[Row]) -> pa.Table:
    """The rows as the table that they come from."""
    names = ("id", "place", "state", "lender", "borrower", "note")
    return pa.table(
        {name: pa.array([getattr(r, name) for r in rows], pa.string()) for name in names}
    )


def released(rows: Sequence[Row], how: Plan) -> Release:
    """The rows under their labels, sorted; nothing is checked."""
    order = sorted(range(len(rows)), key=lambda row: tuple(map(cell_text, rows[row].cells)))
    cells = [rows[row].cells for row in order]
    columns = {
        "place": pa.array([label for label, _, _ in cells], pa.string()),
        "state": pa.array([state for _, state, _ in cells], pa.string()),
        "note": pa.array([note or None for _, _, note in cells], pa.string()),
    }
    table = pa.table({name: columns[name] for name in how.released})
    return Release(table, np.array(order, dtype=np.int64), report=None)  # type: ignore[arg-type]


def recorded(rows: Sequence[Row], how: Plan) -> ReleaseRecord:
    """What is kept of the rows' release."""
    return record_of(released(rows, how), raw(rows), how, key=KEY, row_id="id")


def mended(previous: Sequence[ReleaseRecord], rows: Sequence[Row], how: Plan) -> Remedied | None:
    """The remedy of the rows' release; None when nothing may leave."""
    try:
        return remedy(previous, released(rows, how), raw(rows), how, key=KEY, row_id="id")
    except NothingToRelease:
        return None


def enough(rows: Sequence[Row], how: Plan, *, alone: bool = True) -> bool:
    """Whether rows hide each other: k per side, and k - 1 without anybody's rows."""
    sides = how.sides or ("id",)
    present = [column.name for column in how.named(Role.CONTRIBUTOR)]
    if any(len({getattr(row, side) for row in rows}) < how.k for side in sides):
        return False
    for person in {getattr(row, name) for row in rows for name in present}:
        rest = [row for row in rows if all(getattr(row, name) != person for name in present)]
        if (
            alone
            and how.coalition
            and any(len({getattr(row, side) for row in rest}) < how.k - 1 for side in sides)
        ):
            return False
    return True


def varied(states: Counter[str], held: int, how: Plan, least: int) -> bool:
    """Whether counts of states tell none of them, in a class that holds ``held`` of them."""
    model = how.diversities[0]
    needed = min(max(least, model.distinct), held)
    most = max(states.values(), default=0)
    share = Fraction(str(model.most))
    return (
        not states or needed < 2 or (len(states) >= needed and most <= share * sum(states.values()))
    )


def may_follow(before: Sequence[Row], after: Sequence[Row], how: Plan) -> bool:
    """The rule, class by class, by going through the rows."""
    known = {row.id: row for row in before}
    for label in {row.cells[0] for row in (*before, *after)}:
        old = [row for row in before if row.cells[0] == label]
        new = [row for row in after if row.cells[0] == label]
        if old and new and not _safe_change(old, new, how):
            return False
        patterns = defaultdict(list)
        for row in new:
            if row.id in known:
                patterns[known[row.id].cells[0]].append(row)
        held = len({row.state for row in new})
        for rows in patterns.values():
            states = Counter(row.state for row in rows)
            if not enough(rows, how) or not varied(states, held, how, 2):
                return False
    return True


def _safe_change(old: Sequence[Row], new: Sequence[Row], how: Plan) -> bool:
    stayed = {(row.id, row.cells) for row in old} & {(row.id, row.cells) for row in new}
    for side, held in ((old, old), (new, new)):
        moved = [row for row in side if (row.id, row.cells) not in stayed]
        states = Counter(row.state for row in moved)
        if moved and not enough(moved, how):
            return False
        for state in states:
            if not enough([row for row in moved if row.state == state], how, alone=False):
                return False
        if not varied(states, len({row.state for row in held}), how, 2):
            return False
    for view in (lambda row: row.state, lambda row: (row.state, row.note)):
        was, now = Counter(map(view, old)), Counter(map(view, new))
        for change, held in ((was - now, old), (now - was, new)):
            states = Counter()
            for key, amount in change.items():
                states[key if isinstance(key, str) else key[0]] += amount
            if any(amount < how.k for amount in states.values()):
                return False
            if not varied(states, len({row.state for row in held}), how, 2):
                return False
    return True


def keeps_plan(rows: Sequence[Row], how: Plan) -> bool:
    """Whether every class is one by itself; states count contributors where there are sides."""
    model = how.diversities[0]
    for label in {row.cells[0] for row in rows}:
        members = [row for row in rows if row.cells[0] == label]
        if not enough(members, how):
            return False
        for side in how.sides or ("id",):
            states = Counter(state for state, _ in {(r.state, getattr(r, side)) for r in members})
            most = Fraction(str(model.most)) * sum(states.values())
            if len(states) < model.distinct or max(states.values()) > most:
                return False
        present = [column.name for column in how.named(Role.CONTRIBUTOR)]
        for person in {getattr(row, name) for row in members for name in present}:
            left = {r.state for r in members if all(getattr(r, name) != person for name in present)}
            if how.coalition and len(left) < model.distinct - 1:
                return False
    return True


def subsets(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """All choices of rows, the largest first."""
    for size in range(len(rows), -1, -1):
        yield from map(list, itertools.combinations(rows, size))


def least_held_back(before: Sequence[Row], after: Sequence[Row], how: Plan) -> int:
    """The fewest rows to hold back, by trying all choices; old rows only in whole bunches."""
    for choice in subsets(after):
        if (
            keeps_plan(choice, how)
            and may_follow(before, choice, how)
            and whole_bunches(before, after, choice, how)
        ):
            return len(after) - len(choice)
    raise AssertionError("nothing at all may always follow")


def whole_bunches(
    before: Sequence[Row], after: Sequence[Row], choice: Sequence[Row], how: Plan
) -> bool:
    """Whether the states that lose rows in a class are all those of the bunches concerned."""
    for label in {row.cells[0] for row in choice}:
        old = [row for row in before if row.cells[0] == label]
        lost = {row.state for row in old if row not in after}
        gone = {row.state for row in old if row not in choice}
        held = [row for row in old if row in after and row not in choice]
        if not any(row in choice for row in old):
            continue  # made anew: nothing of the old class is left
        touched = [bunch for bunch in bunches(old, how) if bunch & lost]
        if held and gone != set().union(*touched):
            return False
    return True


def bunches(rows: Sequence[Row], how: Plan) -> list[set[str]]:
    """The states of a class, the most frequent first, in bunches that may change together."""
    counts = Counter(row.state for row in rows)
    of = {state: [row for row in rows if row.state == state] for state in counts}
    rest = {
        state
        for state in counts
        if not enough(of[state], how, alone=False)
        or not keeps_plan([row for row in rows if row is not of[state][0]], how)
        or len(rows) <= how.k
    }
    found: list[set[str]] = []
    bunch: set[str] = set()
    for state in sorted(counts, key=lambda each: (-counts[each], each)):
        if state not in rest:
            bunch = bunch | {state}
            if varied(Counter(bunch), len(counts), how, 2):
                found.append(bunch)
                bunch = set()
    if found and (not rest or varied(Counter(rest), len(counts), how, 2)):
        found[-1] |= bunch
    else:
        rest |= bunch
    while rest and found and not varied(Counter(rest), len(counts), how, 2):
        rest |= found.pop()
    return found
