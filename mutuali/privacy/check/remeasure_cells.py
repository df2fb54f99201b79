"""The bytes of a table of cells, read again and summed again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from mutuali.privacy.cells.scheme import CellScheme, Expected, Measure
from mutuali.privacy.check.reread import (
    Cells,
    counted_without,
    harmless,
    plain_text,
    read_csv,
    refuse,
)
from mutuali.privacy.errors import Disagreement, UnsafeOutput

MORE_THAN_HALF = "one contributor has more than half"
TOO_CLOSE = "the second largest contributor can estimate the largest too closely"

#: What one raw row adds to a cell: its value, and who stands behind it on each side.
Share = tuple[int, Cells]


@dataclass(frozen=True, slots=True)
class Behind:
    """What raw rows say of one figure: its exact sum, and why it must not be shown, if so."""

    total: int
    problem: Callable[[], str]


#: What raw rows say of the cells of each measure; a cell without rows is not in it.
Found = Mapping[str, Mapping[Cells, Behind]]


@dataclass(frozen=True, slots=True)
class MeasuredCells:
    """How many figures of the bytes have each status; all of them were confirmed."""

    published: int
    suppressed: int
    zero: int
    not_collected: int

    def to_dict(self) -> dict[str, object]:
        """The figures as JSON-able values."""
        return asdict(self)


def remeasure_cells(
    data: bytes,
    rows: Iterable[Mapping[str, object]],
    scheme: CellScheme,
    expected: Sequence[Expected],
) -> MeasuredCells:
    """Sum the raw rows again and hold every cell of ``data`` against the scheme.

    Raises:
        Disagreement: other columns or cells than expected, or a status or value that is not true.
        UnsafeOutput: a figure with too few or too unequal contributors behind it, or a single
            hidden cell in a group.
    """
    shares = _shares(rows, scheme, expected)
    found = {
        name: {
            key: Behind(
                sum(amount for amount, _ in mine),
                lambda mine=mine: _problem(mine, scheme),  # type: ignore[misc]
            )
            for key, mine in cells.items()
        }
        for name, cells in shares.items()
    }
    return hold(data, found, scheme, expected)


def hold(
    data: bytes, found: Found, scheme: CellScheme, expected: Sequence[Expected]
) -> MeasuredCells:
    """Hold every cell of ``data`` against what raw rows say. Raises as :func:`remeasure_cells`."""
    header, body = read_csv(data)
    if header != tuple(map(harmless, scheme.header)):
        raise Disagreement((f"columns {header!r} instead of {scheme.header!r}",))
    width = len(scheme.keys)
    if [line[:width] for line in body] != [tuple(map(harmless, c.key)) for c in expected]:
        raise Disagreement(("the cells are not the expected ones in their order",))
    tally: Counter[str] = Counter()
    for position, measure in enumerate(scheme.measures):
        figures = [line[width + 2 * position : width + 2 * position + 2] for line in body]
        statuses = [status for _, status in figures]
        _check_figures(figures, found[measure.name], measure, scheme, expected)
        _check_groups(statuses, measure, scheme, expected)
        tally.update(statuses)
    names = ("published", "suppressed", "zero", "not_collected")
    return MeasuredCells(*(tally[name] for name in names))


def _shares(
    rows: Iterable[Mapping[str, object]], scheme: CellScheme, expected: Sequence[Expected]
) -> dict[str, dict[Cells, list[Share]]]:
    known = {cell.key for cell in expected}
    shares: dict[str, dict[Cells, list[Share]]] = {
        measure.name: defaultdict(list) for measure in scheme.measures
    }
    for row in rows:
        key = tuple(plain_text(row[name]) for name in scheme.keys)
        if key not in known:
            raise Disagreement((f"a raw row falls into cell {key!r}, which is not expected",))
        for measure in scheme.measures:
            value = row[measure.name]
            if isinstance(value, int):
                people = tuple(plain_text(row[side]) for side in measure.sides)
                shares[measure.name][key].append((value, people))
            elif value is not None:
                raise Disagreement((f"{measure.name!r} of a raw row is no whole number",))
    return shares


def _check_figures(
    figures: Sequence[Cells],
    found: Mapping[Cells, Behind],
    measure: Measure,
    scheme: CellScheme,
    expected: Sequence[Expected],
) -> None:
    wrong, unsafe = [], []
    for (value, status), cell in zip(figures, expected, strict=True):
        where = f"{measure.name!r} of {cell.key!r}"
        mine = found.get(cell.key)
        collected = cell.collected and measure.collected
        if status not in _possible(mine, collected=collected):
            wrong.append(f"{where} cannot be {status!r}")
        elif value != (_rounded(mine.total, scheme.base) if mine and status == "published" else ""):
            wrong.append(f"{where} says {value!r}")
        elif status in ("published", "zero") and mine and (problem := mine.problem()):
            unsafe.append(f"{where}: {problem}")
    refuse(Disagreement, wrong)
    refuse(UnsafeOutput, unsafe)


def _possible(mine: Behind | None, *, collected: bool) -> set[str]:
    if not collected:
        return {"not_collected"} if mine is None else set()
    if mine is None:
        return {"zero"}
    return {"published" if mine.total else "zero", "suppressed"}


def _rounded(total: int, base: int) -> str:
    """The nearest multiple of ``base``, the upper one of two equally near."""
    below = total - total % base
    return str(below if 2 * (total - below) < base else below + base)


def _problem(shares: Sequence[Share], scheme: CellScheme) -> str:
    """Why a sum would tell too much; empty when it does not."""
    adding = [share for share in shares if share[0]] or list(shares)
    total = sum(amount for amount, _ in adding)
    meetings = {people for _, people in adding}
    for side in range(len(adding[0][1])):
        count, left = counted_without(meetings, side)
        if count < scheme.k or left < scheme.k - 1:
            return few(count, left)
        parts: Counter[str] = Counter()
        for amount, people in adding:
            parts[people[side]] += amount
        first, second = (*sorted(parts.values(), reverse=True), 0)[:2]
        if 2 * first > total:
            return MORE_THAN_HALF
        if 100 * (total - first - second) < scheme.percent * first:
            return TOO_CLOSE
    return ""


def few(count: int, left: int) -> str:
    """Why a sum hides too few: contributors on a side, and those left without any one."""
    return f"{count} contributors on a side, {left} without one"


def _check_groups(
    statuses: Sequence[str], measure: Measure, scheme: CellScheme, expected: Sequence[Expected]
) -> None:
    findings = []
    for keys in scheme.linked:
        groups: dict[Cells, list[str]] = defaultdict(list)
        for status, cell in zip(statuses, expected, strict=True):
            named = dict(zip(scheme.keys, cell.key, strict=True))
            for name, wider in scheme.coarser.items():
                named[name] = wider.label[named[wider.of]]
            groups[tuple(named[key] for key in keys)].append(status)
        findings += [
            f"{measure.name!r}: one hidden cell alone in {group!r}"
            for group, here in groups.items()
            if here.count("suppressed") == 1 and "published" in here
        ]
    refuse(UnsafeOutput, findings)
