"""A release that lies in a file, put next to the table it was made from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mutuali.privacy.plan import Column, Plan, RecodingModel, Role
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.table_file import is_parquet, open_table, whole
from mutuali.privacy.text import RISKY

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.recode.histogram import IntArray

Cells = tuple[str | None, ...]


def read_release(path: Path, plan: Plan, raw: "pa.Table") -> "pa.Table":
    """The released columns as texts, as they were before cells of a CSV file were made harmless.

    ``raw`` is the table it was made from, under ``plan``: it knows which apostrophes were there.

    Raises:
        PrivacyError: the file cannot be read, or lacks columns that the plan lets out.
    """
    import pyarrow as pa

    source = open_table(path)
    there = source.schema.names
    if missing := [name for name in plan.released if name not in there]:
        raise Misfit("missing_columns", column=", ".join(missing), known=", ".join(there))
    columns = _texts(whole(source, plan.released), plan.released)
    if not is_parquet(path):
        for place, name in enumerate(plan.released):
            known = _values(name, plan, raw)
            columns[place] = [cell if cell in known else _bare(cell) for cell in columns[place]]
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table(dict(zip(plan.released, arrays, strict=True)))


def find_witness(
    released: "pa.Table", raw: "pa.Table", plan: Plan, population: "pa.Table | None" = None
) -> "IntArray":
    """For each released row a raw row that it can have come from, each raw row at most once.

    Rows that look alike are alike to everybody, so any of them will do. Where each column has one
    level, it is read from the labels; local recoding is done again, and has to give the same.

    Raises:
        Misfit: the release was not made from this table under this plan.
        PrivacyError: as ``engine.deidentify``.
    """
    if plan.recoding is RecodingModel.LOCAL:
        return _made_again(released, raw, plan, population)
    import numpy as np

    names = plan.released
    left = dict(zip(names, _texts(released, names), strict=True))
    came = dict(zip(names, _texts(raw, names), strict=True))
    for column in plan.named(Role.QUASI_IDENTIFIER):
        level = _level(column, set(left[column.name]))
        labels = {chain[0]: chain[level] for chain in _chains(column)}
        came[column.name] = [labels.get(text) for text in came[column.name]]
    waiting: Mapping[Cells, list[int]] = defaultdict(list)
    for row, cells in enumerate(zip(*came.values(), strict=True)):
        waiting[cells].append(row)
    found = []
    for row, cells in enumerate(zip(*left.values(), strict=True), start=1):
        if not waiting[cells]:
            raise Misfit("not_of_this_table", row=row, column=names[0])
        found.append(waiting[cells].pop())
    return np.array(found, dtype=np.int64)


def withdrawn(before: "pa.Table", now: "pa.Table", plan: Plan) -> list[int]:
    """The rows of the table before that are not, or not as often, in the one of now."""
    names = [column.name for column in plan.columns]
    there: Mapping[Cells, list[int]] = defaultdict(list)
    for row, cells in enumerate(zip(*_texts(before, names), strict=True)):
        there[cells].append(row)
    for cells in zip(*_texts(now, names), strict=True):
        if there[cells]:
            there[cells].pop()
    return sorted(row for rows in there.values() for row in rows)


def _made_again(
    released: "pa.Table", raw: "pa.Table", plan: Plan, population: "pa.Table | None"
) -> "IntArray":
    from mutuali.privacy.engine import deidentify

    again = deidentify(raw, plan, population=population)
    if _texts(again.table, plan.released) != _texts(released, plan.released):
        raise Misfit("not_of_this_table", row=1, column=plan.released[0])
    return again.witness


def _level(column: Column, labels: set[str | None]) -> int:
    """The finest level that has all of these labels."""
    for level in range(column.generalization.top + 1):
        if labels <= {chain[level] for chain in _chains(column)}:
            return level
    raise Misfit("no_such_labels", column=column.name)


def _chains(column: Column) -> list[Cells]:
    """The chains of a hierarchy, that of NA included."""
    chains: list[Cells] = list(column.generalization.chains)
    if all(chain[0] is not None for chain in chains):
        chains.append((*(None for _ in range(column.generalization.top)), chains[0][-1]))
    return chains


def _texts(table: "pa.Table", names: Sequence[str]) -> list[list[str | None]]:
    from mutuali.privacy.recode.histogram import text_column

    return [text_column(table, name, floats=True).to_pylist() for name in names]


def _values(name: str, plan: Plan, raw: "pa.Table") -> set[str | None]:
    """What can stand in a released column: the labels of its hierarchy, or the raw values."""
    column = next(column for column in plan.columns if column.name == name)
    if column.hierarchy is not None:
        return {label for chain in column.hierarchy.chains for label in chain}
    return set(_texts(raw, [name])[0])


def _bare(cell: str | None) -> str | None:
    """A cell as it was before it was made harmless."""
    return cell[1:] if cell and cell[0] == "'" and cell[1:].startswith(RISKY) else cell
