"""A source in which several names of one contributor are one name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.engines.source import Part, Source
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import text_column


class AliasedSource:
    """``source`` with each contributor of ``plan``, as text, under the name ``aliases`` gives it.

    Rows that become alike are left to whoever groups them.
    """

    def __init__(self, source: Source, plan: Plan, aliases: Mapping[str, str]) -> None:
        self._source = source
        self._contributors = {column.name for column in plan.named(Role.CONTRIBUTOR)}
        self._known = pa.array(list(aliases), pa.string())
        self._names = pa.array(list(aliases.values()), pa.string())

    @property
    def schema(self) -> pa.Schema:
        """The columns of the source."""
        return pa.schema(
            pa.field(field.name, pa.string()) if field.name in self._contributors else field
            for field in self._source.schema
        )

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """What the source hands over."""
        return map(self._merged, self._source.groups(names, few))

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """The rows in their order."""
        return map(self._merged, self._source.read(names))

    def _merged(self, part: Part) -> Part:
        rows = part.rows
        for place, name in enumerate(rows.schema.names):
            if name in self._contributors:
                text = text_column(pa.table(rows), name).combine_chunks()
                found = pc.index_in(text, value_set=self._known, skip_nulls=True)
                other = self._names.take(pc.fill_null(found, 0))
                rows = rows.set_column(place, name, pc.if_else(pc.is_null(found), text, other))
        return replace(part, rows=rows)
