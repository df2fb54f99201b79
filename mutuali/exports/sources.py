"""The only module that reads identified rows: a select over named columns, streamed into Arrow."""

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Select
from sqlalchemy.orm import Session

_BATCH = 10_000


def read(
    session: Session, query: "Select[*tuple[object, ...]]", kinds: Mapping[str, pa.DataType]
) -> pa.Table:
    """The rows of ``query`` as a table of the columns ``kinds``, in their order.

    Instants become whole seconds since 1970, UTC: their column is an ``int64``.
    """
    schema = pa.schema(list(kinds.items()))
    batches = []
    with session.execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for some in rows.partitions():
            columns = [list(column) for column in zip(*some, strict=True)]
            arrays = [
                pa.array([_plain(value) for value in column], kind)
                for column, kind in zip(columns, kinds.values(), strict=True)
            ]
            batches.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema)


def _plain(value: object) -> object:
    return int(value.timestamp()) if isinstance(value, datetime) else value
