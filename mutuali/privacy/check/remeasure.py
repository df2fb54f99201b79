"""What was checked is what leaves: the bytes of a release, read again and counted again.

Written to share nothing with the code that made the bytes: plain Python over the raw rows, its own
look-up of labels, its own counting (here, in ``remeasure_*`` and in ``reread``). It knows only the
plan and the errors.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from operator import itemgetter

from mutuali.privacy.check.remeasure_cells import MeasuredCells, remeasure_cells
from mutuali.privacy.check.remeasure_models import MeasuredModel, Seen, remeasure_models
from mutuali.privacy.check.remeasure_whole import remeasure_whole
from mutuali.privacy.check.reread import (
    Cells,
    counted_without,
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
    "MeasuredModel",
    "Sizes",
    "confirm",
    "remeasure",
    "remeasure_cells",
]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Classes in one unit, "rows" or a side; ``*_without``: at least, less the worst coalition."""

    unit: str
    minimum: int
    median: float
    minimum_without: int
    median_without: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What the bytes really hold; the same figures as the report of the release."""

    rows_in: int
    rows_out: int
    classes: int
    sizes: tuple[Sizes, ...]
    models: tuple[MeasuredModel, ...]
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
            figures[f"{size.unit}: minimum without"] = size.minimum_without
            figures[f"{size.unit}: median without"] = size.median_without
        for model in self.models:
            figures[model.key] = model.figure
            if model.without_one is not None:
                figures[f"{model.key} without one"] = model.without_one
        return figures


def remeasure(
    data: bytes,
    witness: Iterable[int],
    rows: Sequence[Mapping[str, object]],
    plan: Plan,
    *,
    population: Iterable[Mapping[str, object]] = (),
    aliases: Mapping[str, str] | None = None,
    claimed: Mapping[str, float] | None = None,
) -> Measured:
    """Count again what ``data`` promises; ``rows`` are all raw rows, contributors included.

    ``population`` and ``aliases`` are those of the release. ``claimed`` are figures that the count
    has to confirm, all of them and no other.

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
    measured = _count(columns, raw, rows, plan, aliases or {}, population)
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
    if not findings and not common and recoding is not RecodingModel.LOCAL:
        findings.append(f"column {column.name!r}: values of different levels are mixed")
    elif column.level is not None and column.hierarchy.names.index(column.level) not in common:
        findings.append(f"column {column.name!r} is not at its level {column.level!r}")
    return findings


def _count(
    columns: Mapping[str, Cells],
    raw: Mapping[str, tuple[object, ...]],
    rows: Sequence[Mapping[str, object]],
    plan: Plan,
    aliases: Mapping[str, str],
    population: Iterable[Mapping[str, object]],
) -> Measured:
    quasi = [column.name for column in plan.columns if column.role is Role.QUASI_IDENTIFIER]
    members: dict[Cells, list[int]] = defaultdict(list)
    for line, key in enumerate(zip(*(columns[name] for name in quasi), strict=True)):
        members[key].append(line)
    classes = list(members.values())
    contributors = [column.name for column in plan.columns if column.role is Role.CONTRIBUTOR]
    meetings = _meetings([raw[name] for name in contributors], len(raw[quasi[0]]), aliases)
    refuse(
        UnsafeOutput,
        [
            f"a released row has no {name!r}"
            for place, name in enumerate(contributors)
            if any(not meeting[place] for meeting in meetings)
        ],
    )
    findings: list[str] = []
    sizes = []
    counts = {}
    for unit in ("rows", *plan.sides):
        counted = [_with_and_without(c, meetings, contributors, unit, plan) for c in classes]
        if unit in plan.sides or not plan.sides:
            findings += _below(counted, unit, classes, plan)
            counts[unit] = [size for size, _ in counted]
        sizes.append(_sizes(unit, counted))
    in_all = [[row[name] for row in rows] for name in contributors]
    everybody = _meetings(in_all, len(rows), aliases)
    watched = [column.name for column in plan.columns if column.role is Role.SENSITIVE]
    models, broken = remeasure_models(
        plan,
        contributors,
        {name: Seen([plain_text(value) for value in raw[name]], meetings) for name in watched},
        {name: Seen([plain_text(row[name]) for row in rows], everybody) for name in watched},
        classes,
    )
    whole, outside = remeasure_whole(plan, members, raw, counts, population)
    refuse(UnsafeOutput, [*findings, *broken, *outside])
    smallest = min(size.minimum for size in (sizes[1:] or sizes))
    rows_out = sum(map(len, classes))
    return Measured(
        len(rows), rows_out, len(classes), tuple(sizes), (*models, *whole), 1 / smallest
    )


def _meetings(
    columns: Sequence[Sequence[object]], rows: int, aliases: Mapping[str, str]
) -> list[Cells]:
    """Who met in each row, each contributor under the name that counts."""
    people = [[aliases.get(text, text) for text in map(plain_text, column)] for column in columns]
    return list(zip(*people, strict=True)) if people else [()] * rows


def _with_and_without(
    lines: list[int], meetings: Sequence[Cells], contributors: list[str], unit: str, plan: Plan
) -> tuple[int, int]:
    """The size of one class in ``unit``, and its size at least when the worst coalition is gone."""
    coalition = max(plan.coalition, 1)
    here = [meetings[line] for line in lines]
    if unit != "rows":
        return counted_without(set(here), contributors.index(unit), coalition)
    present = Counter(person for meeting in here for person in set(meeting))
    gone = sum(sorted(present.values(), reverse=True)[:coalition]) if contributors else coalition
    return len(here), max(len(here) - gone, 0)


def _below(
    counted: list[tuple[int, int]], unit: str, classes: list[list[int]], plan: Plan
) -> list[str]:
    """Classes that hide their members among too few; a line number, never a value."""
    without = plan.k - plan.coalition if plan.coalition else 0
    return [
        f"class of line {members[0] + 2}: {count} on {unit!r}, {left} without the worst; "
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
