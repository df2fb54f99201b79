"""Every built file, read again from its bytes and held against what the agreement promises.

Shares nothing with the code that made the files: the bytes are read, and what stands behind a
figure is summed, in ``output``. A check is a function from an output to its findings; the list at
the end is all there is to know about how to add one.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from mutuali.agreements.rules import ReleaseSettings
from mutuali.exports.rules.catalogue import CATALOGUE, ColumnRole
from mutuali.exports.rules.checks import Finding, OutputCheck, at_least, at_most
from mutuali.exports.rules.domains import domain_of
from mutuali.exports.service.built import Built, LineWitness
from mutuali.exports.service.output import PUBLISHED, Keys, Output, UnreadableFile
from mutuali.exports.service.snapshot import Snapshot
from mutuali.privacy.text import cell_text

if TYPE_CHECKING:
    import pyarrow as pa

#: What makes a spreadsheet run a cell.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: (n,k) rule: no single contributor has more than this share of a figure.
_LARGEST_SHARE = 0.5
_HIDDEN, _ZERO = "suppressed", "zero"


def check_all(built: Built, settings: ReleaseSettings, snapshot: Snapshot) -> tuple[Finding, ...]:
    """Every check on every file."""
    found: list[Finding] = []
    for table in built.tables:
        output = Output(table, settings, snapshot)
        readable = [encoding(output)]
        if readable[0].passed:
            readable.extend(columns(output))
        found.extend(readable)
        # A file that is not what it should be at all cannot be read for the rest.
        if all(each.passed for each in readable):
            for check in CHECKS:
                found.extend(check(output))
    return tuple(found)


def encoding(output: Output) -> Finding:
    """UTF-8 in normal form, no mark, no control characters, lines that end in LF, real CSV."""
    data, wrong = output.built.data, 0
    try:
        text = data.decode("utf-8")
        wrong += text.startswith("\ufeff") + ("\0" in text) + ("\r" in text)
        wrong += (not text.endswith("\n")) + (not unicodedata.is_normalized("NFC", text))
        _ = output.cells
    except (UnicodeDecodeError, UnreadableFile):
        wrong += 1
    return at_most(OutputCheck.ENCODING, output.name, wrong)


def columns(output: Output) -> Iterator[Finding]:
    """The declared columns in their order and no other; as many lines as were built."""
    # The numbers of a copy are put in afterwards, by what proves that nothing else changes.
    kept = [each for each in output.built.table.columns if each.role is not ColumnRole.MARK]
    cells, declared = output.cells, [each.name for each in kept]
    wrong = len(set(cells.column_names) ^ set(declared))
    wrong += cells.column_names != declared
    wrong += cells.num_rows != output.built.lines
    yield at_most(OutputCheck.COLUMNS, output.name, wrong)


def order(output: Output) -> Iterator[Finding]:
    """The order of the lines tells nothing: sorted by their cells; of sums, no cell twice."""
    if output.witness is None:
        lines = list(zip(*output.cells.to_pydict().values(), strict=True))
        width = len(output.keys)
        wrong = len(lines) - len({line[:width] for line in lines})
    else:
        wrong = _descents(output.cells)
    yield at_most(OutputCheck.ORDER, output.name, wrong)


def formulas(output: Output) -> Iterator[Finding]:
    """No cell that a spreadsheet would run."""
    wrong = sum(count for text, count in _texts(output) if text.startswith(_RUNS))
    yield at_most(OutputCheck.FORMULAS, output.name, wrong)


def free_text(output: Output) -> Iterator[Finding]:
    """No cell that says what its column may not say; a name is that of somebody who said yes to
    being named."""
    wrong, snapshot = 0, output.snapshot
    named = [snapshot.names[id_] for id_ in snapshot.consenting if id_ in snapshot.names]
    names = frozenset(map(cell_text, named)).__contains__
    for column in output.built.table.columns:
        if column.name in output.cells.column_names:
            allowed = names if column.role is ColumnRole.NAME else domain_of(column)
            wrong += sum(n for text, n in _counted(output, column.name) if not allowed(text))
    yield at_most(OutputCheck.FREE_TEXT, output.name, wrong)


def contributors(output: Output) -> Iterator[Finding]:
    """At least k on each side of each published figure, or of each group of alike lines; a list of
    those who said yes to being named hides nobody among others."""
    if CATALOGUE[output.snapshot.dataset].names_organizations:
        return
    if output.witness is not None:
        fewest = min(_per_group(output, output.witness), default=0)
    else:
        fewest = min((len(part) for each in output.shown for part in each.parts), default=0)
    yield at_least(OutputCheck.CONTRIBUTORS, output.name, fewest, output.settings.k)


def dominance(output: Output) -> Iterator[Finding]:
    """(n,k) with n = 1: nobody has more than half of a figure."""
    if output.witness is None:
        largest = max(
            (part[0] / sum(part) for each in output.shown for part in each.parts if part),
            default=0.0,
        )
        yield at_most(OutputCheck.DOMINANCE, output.name, largest, _LARGEST_SHARE)


def shares(output: Output) -> Iterator[Finding]:
    """p % rule: who is second largest, and knows their own part, misses the largest by p % at
    least. The figure is by how many per cent (Hundepool et al., 2012, section 4.2.2)."""
    if output.witness is None:
        nearest = min(
            (100 * sum(part[2:]) / part[0] for each in output.shown for part in each.parts if part),
            default=0.0,
        )
        limit = output.settings.share_percent
        yield at_least(OutputCheck.SHARES, output.name, nearest, limit)


def zeros(output: Output) -> Iterator[Finding]:
    """A zero tells that everybody in it has none: nobody at all is in it, or at least k are."""
    if output.witness is None:
        wrong = sum(
            bool(people) and len(people) < output.settings.k
            for each in output.figures
            if each.status == _ZERO
            for people in each.sides.values()
        )
        wrong += sum(each.status == _ZERO and each.total != 0 for each in output.figures)
        yield at_most(OutputCheck.ZEROS, output.name, wrong)


def full_cells(output: Output) -> Iterator[Finding]:
    """No cell in which everything that was offered was lent, no group with a single outcome: both
    tell the same of everybody in it."""
    if output.witness is not None:
        yield at_most(OutputCheck.FULL_CELLS, output.name, _single_valued(output))
        return
    lent, offered = (
        {each.keys: each.total for each in output.shown if each.name == name}
        for name in ("unit_hours_lent", "unit_hours_offered")
    )
    full = sum(total > 0 and offered.get(keys) == total for keys, total in lent.items())
    yield at_most(OutputCheck.FULL_CELLS, output.name, full)


def hidden_alone(output: Output) -> Iterator[Finding]:
    """No hidden figure that is the only one in a sum of others that are shown."""
    if output.witness is not None:
        return
    wrong = 0
    width = len(output.keys)
    for size in range(1, width):
        for places in combinations(range(width), size):
            groups: dict[tuple[str, Keys], Counter[str]] = defaultdict(Counter)
            for each in output.figures:
                group = tuple(each.keys[place] for place in places)
                groups[each.name, group][each.status] += 1
            wrong += sum(here[_HIDDEN] == 1 and here[PUBLISHED] > 0 for here in groups.values())
    yield at_most(OutputCheck.HIDDEN_ALONE, output.name, wrong)


def rounding(output: Output) -> Iterator[Finding]:
    """A shown figure is the nearest multiple of the base; what is not shown says nothing."""
    if output.witness is not None:
        return
    base, wrong = output.settings.base, 0
    for each in output.figures:
        if each.status == PUBLISHED:
            wrong += not each.value.isdecimal() or int(each.value) % base != 0
            wrong += each.value.isdecimal() and 2 * abs(int(each.value) - each.total) > base
        else:
            wrong += each.value != ""
    yield at_most(OutputCheck.ROUNDING, output.name, wrong)


def _descents(cells: "pa.Table") -> int:
    """How many lines stand before one whose cells come first, the first columns deciding first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.num_rows < 2:
        return 0
    wrong, undecided = pa.scalar(False), pa.scalar(True)
    for column in cells.columns:
        told = column.combine_chunks()
        texts = told.dictionary.to_pylist()
        place = {text: place for place, text in enumerate(sorted(texts))}
        ranks = pa.array([place[text] for text in texts], pa.int64()).take(told.indices)
        step = pc.subtract(ranks[1:], ranks[:-1])
        wrong = pc.or_(wrong, pc.and_(undecided, pc.less(step, 0)))
        undecided = pc.and_(undecided, pc.equal(step, 0))
    return int(pc.sum(wrong).as_py())


def _texts(output: Output) -> Iterator[tuple[str, int]]:
    for name in output.cells.column_names:
        yield name, 1
        yield from _counted(output, name)


def _counted(output: Output, name: str) -> Iterator[tuple[str, int]]:
    """Each text of a column and how often it is there."""
    for each in output.cells.column(name).value_counts().to_pylist():
        yield each["values"], each["counts"]


def _per_group(output: Output, witness: LineWitness) -> Iterator[int]:
    """How many contributors each side of each group of alike lines has."""
    import pyarrow as pa

    cells = output.cells.select(list(output.keys))
    for side, people in witness.sides.items():
        if len(people) != cells.num_rows:
            yield 0
            return
        grouped = cells.append_column(side, pa.array(people)).group_by(list(output.keys))
        counts = grouped.aggregate([(side, "count_distinct")]).column(f"{side}_count_distinct")
        yield from counts.to_pylist()


def _single_valued(output: Output) -> int:
    """How many groups of alike lines have one value in a sensitive column."""
    found = 0
    for column in output.built.table.columns:
        if column.role is ColumnRole.SENSITIVE:
            kinds = output.cells.group_by([*output.keys, column.name]).aggregate([])
            each = kinds.group_by(list(output.keys)).aggregate([([], "count_all")])
            found += each.column("count_all").to_pylist().count(1)
    return found


#: What a readable file with the right columns is held against. To add a check, add a function.
CHECKS: list[Callable[[Output], Iterator[Finding]]] = [
    order,
    formulas,
    free_text,
    contributors,
    dominance,
    shares,
    zeros,
    full_cells,
    hidden_alone,
    rounding,
]
