"""A Parquet file as a source, read row group by row group."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mutuali.privacy.engines.source import (
    BATCH,
    Part,
    refuse_too_many,
    without_negative_zero,
)
from mutuali.privacy.errors import UnreadableFile


class ParquetSource:
    """A Parquet file on this machine; text stays in the dictionaries it is stored in.

    Raises:
        UnreadableFile: no Parquet file.
        TooManyRows: the file announces more rows than can be counted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            # Never memory-mapped: a page that the kernel maps counts as memory of the process.
            with pq.ParquetFile(path) as file:
                self._rows = file.metadata.num_rows
                self._schema = file.schema_arrow
        except pa.ArrowException as error:
            raise UnreadableFile("the file cannot be read as Parquet") from error
        refuse_too_many(self._rows)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the file."""
        return self._schema

    def groups(self, names: Sequence[str], few: Sequence[str]) -> Iterator[Part]:
        """All rows: what reads them groups them."""
        return self.read([*names, *few])

    def read(self, names: Sequence[str]) -> Iterator[Part]:
        """The rows in their order.

        Raises:
            UnreadableFile: a part of the file is damaged.
        """
        texts = [name for name in names if pa.types.is_string(self._schema.field(name).type)]
        first = 0
        try:
            with pq.ParquetFile(self._path, read_dictionary=texts) as file:
                for batch in file.iter_batches(BATCH, columns=list(names)):
                    last = first + batch.num_rows
                    rows = without_negative_zero(batch.select(list(names)))
                    yield Part(rows, first, None, last / self._rows)
                    first = last
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFile(f"the Parquet file cannot be read after row {first}") from error
