"""The only module that reads identified rows: a select over named columns, streamed into Arrow."""

from collections.abc import Mapping

import pyarrow as pa
from sqlalchemy import Select
from sqlalchemy.orm import Session

_BATCH = 10_000


def read(
    session: Session, query: "Select[*tuple[object, ...]]", kinds: Mapping[str, pa.DataType]
) -> pa.Table:
    """The rows of ``query`` as a table of the columns ``kinds``, in their order."""
    schema = pa.schema(list(kinds.items()))
    batches = []
    # On the connection itself: no row becomes an object on its way.
    with session.connection().execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for some in rows.partitions():
            columns = [list(column) for column in zip(*some, strict=True)]
            arrays = [
                pa.array(column, kind) for column, kind in zip(columns, kinds.values(), strict=True)
            ]
            batches.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema)
