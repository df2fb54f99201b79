"""A release made from the first so that it may follow the earlier ones.

The remedy says which rows have to stay out and which are told as they were; the release is then
made again from the others alone, under the same levels, so that its report and every check of its
bytes speak of what leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease, Reason
from mutuali.privacy.plan import Plan, RecodingModel, Role
from mutuali.privacy.recode.histogram import text_column
from mutuali.privacy.releases.record import ReleaseRecord, record_of
from mutuali.privacy.releases.remedy import Remedied, Step, remedy
from mutuali.privacy.report import Release

#: A release that needs more remedies than this is not made.
_ROUNDS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Following:
    """A release that may follow the earlier ones, and what was done for it.

    ``release`` was made from ``table`` under ``plan``; ``record`` is kept for the next one.
    """

    release: Release
    table: pa.Table
    plan: Plan
    record: ReleaseRecord
    steps: tuple[Step, ...]


def release_after(
    previous: Sequence[ReleaseRecord], table: pa.Table, plan: Plan, *, key: bytes, row_id: str
) -> Following:
    """Release ``table`` under ``plan`` so that nothing is told by comparing it with ``previous``,
    oldest first; ``key`` and ``row_id`` as for ``record_of``.

    The levels of the latest release are kept where they keep the plan: a new scheme each time
    would cost many more rows. More rows may be left out than the plan's limit allows.

    Raises:
        BadRecord: a record made with another key, or with other contributor columns.
        PrivacyError: as ``deidentify``.
        NothingToRelease: nothing may follow.
    """
    made, plan = _made(previous, table, plan)
    if not previous:
        record = record_of(made, table, plan, key=key, row_id=row_id)
        return Following(made, table, plan, record, ())
    steps: tuple[Step, ...] = ()
    for _ in range(_ROUNDS):
        done = remedy(previous, made, table, plan, key=key, row_id=row_id)
        if not done.steps:
            return Following(made, table, plan, done.record, steps)
        steps += done.steps
        plan = _fixed(plan, {each.name: each.level for each in made.report.columns})
        table = _left_by(done, made, table, plan)
        made = deidentify(table, plan)
    raise NothingToRelease(Reason.ALL_SUPPRESSED, "no remedy lets it follow earlier releases")


def _made(previous: Sequence[ReleaseRecord], table: pa.Table, plan: Plan) -> tuple[Release, Plan]:
    levels = {column.name: column.level for column in previous[-1].columns} if previous else {}
    quasi = {column.name: column.generalization.top for column in plan.named(Role.QUASI_IDENTIFIER)}
    tops = {column.name: column.top for column in previous[-1].columns} if previous else {}
    known = {name: level for name, level in levels.items() if level is not None}
    if plan.recoding is RecodingModel.FULL_DOMAIN and tops == quasi and known.keys() == tops.keys():
        as_before = _fixed(plan, known)
        try:
            return deidentify(table, as_before), as_before
        except NothingToRelease:
            pass  # the levels of then keep the plan no more
    return deidentify(table, plan), plan


def _fixed(plan: Plan, levels: dict[str, int]) -> Plan:
    """The plan with each column at its level; a local one keeps finding its own."""
    if plan.recoding is RecodingModel.LOCAL:
        return plan
    columns = tuple(
        replace(column, level=column.generalization.names[levels[column.name]])
        if column.role is Role.QUASI_IDENTIFIER
        else column
        for column in plan.columns
    )
    return replace(plan, columns=columns, recoding=RecodingModel.FIXED)


def _left_by(done: Remedied, made: Release, table: pa.Table, plan: Plan) -> pa.Table:
    """The raw rows that the remedy lets leave; those told as they were say what they said then."""
    sources = np.sort(done.witness)
    told_then = np.isin(done.witness, done.delayed)
    where = np.searchsorted(sources, done.witness[told_then])
    left = table.take(pa.array(sources))
    if not told_then.any():
        return left
    cells = done.table.filter(pa.array(told_then))
    for column in plan.columns:
        if column.name not in made.table.column_names:
            continue
        said = text_column(cells, column.name).to_pylist()
        if column.role is Role.QUASI_IDENTIFIER:
            at = next(each.level for each in made.report.columns if each.name == column.name)
            leaves = {chain[at]: chain[0] for chain in column.generalization.chains}
            said = [leaves.get(label) for label in said]
        texts = text_column(left, column.name).to_pylist()
        for row, text in zip(where.tolist(), said, strict=True):
            texts[row] = text
        place = left.schema.get_field_index(column.name)
        left = left.set_column(place, column.name, pa.array(texts, pa.string()))
    return left
