"""What was checked is what leaves: the bytes of a release, read again and counted again.

Written to share nothing with the code that made the bytes: plain Python over the raw rows, its own
look-up of labels, its own counting (here, in ``remeasure_cells`` and in ``reread``). It knows only
the plan and the errors.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from operator import itemgetter

from mutuali.privacy.check.remeasure_cells import MeasuredCells, remeasure_cells
from mutuali.privacy.check.reread import (
    Cells,
    counted_without_one,
    harmless,
    plain_text,
    read_csv,
    refuse,
)
from mutuali.privacy.errors import Disagreement, UnsafeOutput
from mutuali.privacy.plan import Column, Plan, RecodingModel, Role

__all__ = [
    "Measured",
    "MeasuredCells",
    "Sizes",
    "Variety",
    "confirm",
    "remeasure",
    "remeasure_cells",
]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Classes in one unit, "rows" or a side; ``*_without_one``: less the worst contributor."""

    unit: str
    minimum: int
    median: float
    minimum_without_one: int
    median_without_one: float


@dataclass(frozen=True, slots=True)
class Variety:
    """The least distinct values of a sensitive column in a class, and the highest share of one."""

    column: str
    minimum_distinct: int
    highest_share: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What the bytes really hold; the same figures as the report of the release."""

    rows_in: int
    rows_out: int
    classes: int
    sizes: tuple[Sizes, ...]
    diversity: tuple[Variety, ...]
    highest_risk: float

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)

    def measures(self) -> dict[str, float]:
        """The figures by name, as ``Report.measures`` names them."""
        figures: dict[str, float] = {
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "classes": self.classes,
            "highest_risk": self.highest_risk,
        }
        for size in self.sizes:
            figures[f"{size.unit}: minimum"] = size.minimum
            figures[f"{size.unit}: median"] = size.median
            figures[f"{size.unit}: minimum without one"] = size.minimum_without_one
            figures[f"{size.unit}: median without one"] = size.median_without_one
        for variety in self.diversity:
            figures[f"{variety.column}: distinct"] = variety.minimum_distinct
            figures[f"{variety.column}: highest share"] = variety.highest_share
        return figures


def remeasure(
    data: bytes,
    witness: Iterable[int],
    rows: Sequence[Mapping[str, object]],
    plan: Plan,
    *,
    claimed: Mapping[str, float] | None = None,
) -> Measured:
    """Count again what ``data`` promises; ``rows`` are all raw rows, contributors included.

    ``claimed`` are figures that the count has to confirm, all of them and no other.

    Raises:
        Disagreement: the bytes are not what ``witness``, ``rows``, the plan or ``claimed`` say.
        UnsafeOutput: a column that never leaves, an order that tells, or a class below the plan.
    """
    header, body = read_csv(data)
    _check_header(header, plan)
    sources = [int(row) for row in witness]
    _check_lines(body, sources, rows, plan)
    columns = dict(zip(header, zip(*body, strict=True), strict=True))
    raw = _raw_columns(rows, sources, plan)
    refuse(
        Disagreement,
        [
            finding
            for column in plan.columns
            if column.name in columns
            for finding in sorted(
                _mismatches(column, raw[column.name], columns[column.name], plan.recoding)
            )
        ],
    )
    measured = _count(columns, raw, len(rows), plan)
    if claimed is not None:
        confirm(measured.measures(), claimed)
    return measured


def _raw_columns(
    rows: Sequence[Mapping[str, object]], sources: list[int], plan: Plan
) -> dict[str, tuple[object, ...]]:
    names = [column.name for column in plan.columns if column.role is not Role.IDENTIFIER]
    values = itemgetter(*names, names[0])  # once more, so that one name gives a tuple too
    columns = zip(*(values(rows[source]) for source in sources), strict=True)
    return dict(zip(names, columns, strict=False))


def _check_header(header: Cells, plan: Plan) -> None:
    secret = (Role.IDENTIFIER, Role.CONTRIBUTOR)
    kept_home = [column.name for column in plan.columns if column.role in secret]
    refuse(UnsafeOutput, [f"column {name!r} never leaves" for name in kept_home if name in header])
    due = tuple(column.name for column in plan.columns if column.role not in secret)
    refuse(Disagreement, [f"columns {header!r} instead of {due!r}"] if header != due else [])


def _check_lines(
    body: list[Cells], sources: list[int], rows: Sequence[Mapping[str, object]], plan: Plan
) -> None:
    findings = []
    if len(sources) != len(body):
        findings.append(f"{len(body)} lines and {len(sources)} witnesses")
    if len(set(sources)) < len(sources):
        findings.append("a source row was released twice")
    if min(sources, default=0) < 0 or max(sources, default=0) >= len(rows):
        findings.append("a witness points outside the raw rows")
    left_out = len(rows) - len(body)
    if left_out > plan.suppression_limit * len(rows) + 1e-6:
        findings.append(f"{left_out} of {len(rows)} rows were left out, more than the limit")
    refuse(Disagreement, findings)
    if any(line > following for line, following in pairwise(body)):
        raise UnsafeOutput(("the lines are not in the order of their cells",))


def _mismatches(
    column: Column, raw: tuple[object, ...], cells: Cells, recoding: RecodingModel
) -> list[str]:
    """Where a released column does not say what its raw values allow: each distinct pair once."""
    pairs = set(zip(raw, cells, strict=True))
    if column.hierarchy is None:
        return [
            f"column {column.name!r}: {cell!r} is not what a raw row says"
            for value, cell in pairs
            if cell != (harmless(value) if isinstance(value, str) else plain_text(value))
        ]
    chains = {chain[0] or "": chain for chain in column.hierarchy.chains}
    top = len(column.hierarchy.names) - 1
    common = set(range(top + 1))
    findings = []
    for value, cell in pairs:
        text = plain_text(value)
        chain = chains.get(text, (None,) * top + ("*",) if text == "" else ())
        fitting = {level for level, label in enumerate(chain) if harmless(label or "") == cell}
        common &= fitting
        if not fitting:
            findings.append(f"column {column.name!r}: {cell!r} does not cover a raw value")
    if not findings and not common and recoding is RecodingModel.FULL_DOMAIN:
        findings.append(f"column {column.name!r}: values of different levels are mixed")
    return findings


def _count(
    columns: Mapping[str, Cells], raw: Mapping[str, tuple[object, ...]], total: int, plan: Plan
) -> Measured:
    quasi = [column.name for column in plan.columns if column.role is Role.QUASI_IDENTIFIER]
    members: dict[Cells, list[int]] = defaultdict(list)
    for line, key in enumerate(zip(*(columns[name] for name in quasi), strict=True)):
        members[key].append(line)
    classes = list(members.values())
    contributors = [column.name for column in plan.columns if column.role is Role.CONTRIBUTOR]
    people = [[plain_text(person) for person in raw[name]] for name in contributors]
    refuse(
        UnsafeOutput,
        [
            f"a released row has no {name!r}"
            for name, column in zip(contributors, people, strict=True)
            if "" in column
        ],
    )
    meetings = list(zip(*people, strict=True)) if people else [()] * len(raw[quasi[0]])
    findings: list[str] = []
    sizes = []
    for unit in ("rows", *plan.sides):
        counted = [_with_and_without(c, meetings, contributors, unit) for c in classes]
        if unit in plan.sides or not plan.sides:
            findings += _below(counted, unit, classes, plan)
        sizes.append(_sizes(unit, counted))
    varieties = []
    for model in plan.diversities:
        found = [_variety(members, columns[model.column]) for members in classes]
        findings += [
            f"class of line {members[0] + 2}: {distinct} values of {model.column!r}, "
            f"the most frequent {share:.3f} of the rows"
            for (distinct, share), members in zip(found, classes, strict=True)
            if distinct < model.distinct or share > model.most + 1e-12
        ]
        least, most = min(distinct for distinct, _ in found), max(share for _, share in found)
        varieties.append(Variety(model.column, least, most))
    refuse(UnsafeOutput, findings)
    smallest = min(size.minimum for size in (sizes[1:] or sizes))
    rows_out = sum(map(len, classes))
    return Measured(total, rows_out, len(classes), tuple(sizes), tuple(varieties), 1 / smallest)


def _with_and_without(
    lines: list[int], meetings: Sequence[Cells], contributors: list[str], unit: str
) -> tuple[int, int]:
    """The size of one class in ``unit``, and its size after the worst contributor is gone."""
    here = [meetings[line] for line in lines]
    if unit == "rows":
        present = Counter(person for meeting in here for person in set(meeting))
        return len(here), len(here) - max(present.values(), default=1)
    return counted_without_one(set(here), contributors.index(unit))


def _below(
    counted: list[tuple[int, int]], unit: str, classes: list[list[int]], plan: Plan
) -> list[str]:
    """Classes that hide their members among too few; a line number, never a value."""
    without = plan.k - plan.coalition if plan.coalition else 0
    return [
        f"class of line {members[0] + 2}: {count} on {unit!r}, {left} without one; "
        f"{plan.k} and {without} are promised"
        for (count, left), members in zip(counted, classes, strict=True)
        if count < plan.k or left < without
    ]


def _sizes(unit: str, counted: list[tuple[int, int]]) -> Sizes:
    whole = sorted(count for count, _ in counted)
    less = sorted(left for _, left in counted)
    return Sizes(unit, whole[0], _median(whole), less[0], _median(less))


def _median(ordered: list[int]) -> float:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2


def _variety(lines: list[int], cells: Cells) -> tuple[int, float]:
    found = Counter(cells[line] for line in lines)
    return len(found), max(found.values()) / len(lines)


def confirm(found: Mapping[str, float], claimed: Mapping[str, float]) -> None:
    """Raise unless each figure was claimed as it was found, and no other.

    Raises:
        Disagreement: one was not.
    """
    refuse(
        Disagreement,
        [
            f"{name}: {claimed.get(name)} claimed, {found.get(name)} found"
            for name in sorted({*found, *claimed})
            if name not in found or name not in claimed or abs(found[name] - claimed[name]) > 1e-9
        ],
    )
