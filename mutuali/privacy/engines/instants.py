"""A source whose instants and times of day are texts, in the form that rules for them know."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from mutuali.privacy.engines.source import Part, Source
from mutuali.privacy.errors import BadTable


class InstantsAsText:
    """``source`` with ``2026-03-04T08:30:00`` for an instant, as its zone has it, and ``08:30:00``.

    Raises, as it is read:
        BadTable: an instant or a time between two seconds.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    @staticmethod
    def needed(schema: pa.Schema) -> bool:
        """Whether a table has columns of instants or times."""
        return any(_is_instant(type_) for type_ in schema.types)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the source, instants and times as text."""
        return pa.schema(
            pa.field(field.name, pa.string()) if _is_instant(field.type) else field
            for field in self._source.schema
        )

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """What the source hands over."""
        return map(_told, self._source.groups(names, few))

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """The rows in their order."""
        return map(_told, self._source.read(names))


def _is_instant(type_: pa.DataType) -> bool:
    return pa.types.is_timestamp(type_) or pa.types.is_time(type_)


def _told(part: Part) -> Part:
    rows = part.rows
    for place, field in enumerate(part.rows.schema):
        if _is_instant(field.type):
            rows = rows.set_column(place, field.name, _text(rows.column(place), field.name))
    return replace(part, rows=rows)


def _text(column: pa.Array, name: str) -> pa.Array:
    try:
        if pa.types.is_time(column.type):
            return column.cast(pa.time32("s")).cast(pa.string())
        whole = column.cast(pa.timestamp("s", column.type.tz))
        return pc.strftime(whole, format="%Y-%m-%dT%H:%M:%S")
    except pa.ArrowInvalid as error:
        raise BadTable(
            "an instant between two seconds cannot be handled here", column=name
        ) from error
