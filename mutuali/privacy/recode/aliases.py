"""Several names of one contributor, counted as one."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import text_column


def merged(table: pa.Table, plan: Plan, aliases: Mapping[str, str]) -> pa.Table:
    """The table with each contributor under the name that ``aliases`` gives it, if it gives one.

    Raises:
        BadTable: a missing column, or a type that cannot be handled.
    """
    if not aliases:
        return table
    known = pa.array(list(aliases), pa.string())
    names = pa.array(list(aliases.values()), pa.string())
    for column in plan.named(Role.CONTRIBUTOR):
        text = text_column(table, column.name)
        place = pc.index_in(text, value_set=known)
        merged_text = pc.if_else(pc.is_null(place), text, names.take(pc.fill_null(place, 0)))
        position = table.schema.get_field_index(column.name)
        table = table.set_column(position, column.name, merged_text)
    return table
