"""A CSV file that leaves, once more as Parquet: same values, types declared, same bytes again."""

from typing import TYPE_CHECKING, Protocol

from mutuali.exports.rules.catalogue import ColumnRole, DeclaredTable

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that are written together; one such group is all that is in memory.
_GROUP = 100_000


class Sink(Protocol):
    """What can be written to, front to back."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""


def write_parquet(table: DeclaredTable, csv: bytes, out: Sink) -> None:
    """Write the lines of ``csv`` as Parquet, group by group, without metadata of our own.

    Figures are whole numbers, all else is text; an empty cell is null.

    Raises:
        pyarrow.ArrowInvalid: a line or a number of the file cannot be read.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    schema = pa.schema([pa.field(each.name, _kind(each.role)) for each in table.columns])
    reader = pyarrow.csv.open_csv(
        pa.BufferReader(csv),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True
        ),
    )
    with pyarrow.parquet.ParquetWriter(
        pa.PythonFile(out, mode="w"),
        schema,
        compression="zstd",
        store_schema=False,
        write_statistics=False,
    ) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in reader:
            waiting.append(batch)
            if sum(each.num_rows for each in waiting) >= _GROUP:
                writer.write_table(pa.Table.from_batches(waiting, schema), row_group_size=_GROUP)
                waiting = []
        writer.write_table(pa.Table.from_batches(waiting, schema), row_group_size=_GROUP)


def _kind(role: ColumnRole) -> "pa.DataType":
    import pyarrow as pa

    return pa.int64() if role is ColumnRole.FIGURE else pa.string()
