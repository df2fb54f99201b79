"""An ibis expression as a source: grouped where its rows are, whichever engine that is."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mutuali.privacy.engines.source import BATCH, FEW_VALUES, Part, refuse_too_many

_ROWS = "rows behind the combination"


class ExpressionSource:
    """A table expression of a connection that the caller opened: DuckDB, PostgreSQL, Spark.

    One GROUP BY runs on the engine; only distinct combinations and their numbers of rows come
    back. Rows of a database have no number, so a fault names its column alone. Negative zero is
    zero, as engines differ on whether these are one value. A query is not interrupted: what the
    progress raises takes effect between two of them.
    """

    def __init__(self, table: Any) -> None:
        texts = [name for name in table.columns if table[name].type().is_string()]
        floats = [name for name in table.columns if table[name].type().is_floating()]
        self._table = table.mutate(
            **{name: table[name].nullif("") for name in texts},
            **{name: table[name] + 0.0 for name in floats},
        )
        self._schema: pa.Schema = self._table.schema().to_pyarrow()

    @property
    def schema(self) -> pa.Schema:
        """The columns of the expression."""
        return self._schema

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """The distinct combinations, and the rows behind each."""
        kept = [*names, *few] if self._are_few(few) else list(names)
        table = self._table.select(*kept)
        grouped = table.group_by(kept).agg(**{_ROWS: table.count()})
        answer = _answer(grouped)
        weights = np.asarray(answer.column(_ROWS), dtype=np.int64)
        refuse_too_many(int(weights.sum()))
        first = 0
        for batch in answer.select(kept).to_batches(max_chunksize=BATCH):
            last = first + batch.num_rows
            yield Part(batch, None, weights[first:last], last / answer.num_rows)
            first = last

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """All rows, in the order the engine has them."""
        table = self._table.select(*names)
        total, first = (
            int(_answer(table.aggregate(rows=table.count())).column("rows")[0].as_py()),
            0,
        )
        refuse_too_many(total)
        for batch in _batches(table):
            first += batch.num_rows
            yield Part(batch, None, None, min(first / max(total, 1), 1.0))

    def _are_few(self, names: Sequence[str]) -> bool:
        if not names:
            return True
        counts = self._table.agg(**{name: self._table[name].nunique() for name in names})
        values = _answer(counts).to_pylist()[0].values()
        return math.prod(value + 1 for value in values) <= FEW_VALUES  # NA is one more


def _answer(expression: Any) -> pa.Table:
    """The few rows of an expression, in its own types."""
    schema, engine = expression.schema().to_pyarrow(), expression.get_backend()
    if engine.name == "pyspark":
        # ibis takes these through pandas, where whole numbers among NA become floats.
        answer = engine.raw_sql(engine.compile(expression)).toArrow()
    elif engine.name == "duckdb":
        answer = engine.raw_sql(engine.compile(expression)).to_arrow_table()
    else:
        answer = expression.to_pyarrow()
    return answer.cast(schema)


def _batches(expression: Any) -> Iterator[pa.RecordBatch]:
    """The many rows of an expression, never all at a time."""
    schema, engine = expression.schema().to_pyarrow(), expression.get_backend()
    if engine.name == "pyspark":
        rows = engine.raw_sql(engine.compile(expression)).toLocalIterator()
        while some := list(itertools.islice(rows, BATCH)):
            columns = zip(zip(*some, strict=True), schema, strict=True)
            arrays = [pa.array(column, field.type) for column, field in columns]
            yield pa.record_batch(arrays, schema=schema)
        return
    if engine.name == "duckdb":
        batches = engine.raw_sql(engine.compile(expression)).to_arrow_reader(BATCH)
    else:
        batches = expression.to_pyarrow_batches(chunk_size=BATCH)
    for batch in batches:
        yield batch.cast(schema)
