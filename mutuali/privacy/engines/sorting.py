"""Rows put in order on disk, by DuckDB locked away from files, network and extensions."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from mutuali.privacy.engines.source import BATCH

#: DuckDB reads nothing but what it is handed.
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}

#: Said last: no statement changes a setting after it.
LOCK = "SET lock_configuration = true"

#: What DuckDB may hold in memory; the rest goes to its folder.
MEMORY = "200MB"

_NAME = "rows_to_sort"


class Sorter:
    """Takes tables of one schema in any order, gives their rows back sorted.

    Rows beyond ``memory`` wait in files below ``folder``, which are gone on leaving.
    """

    def __init__(self, folder: Path, *, memory: str = MEMORY, threads: int = 2) -> None:
        import duckdb

        self._begun = False
        settings: dict[str, str | bool | int | float | list[str]] = {
            **LOCKED_DOWN,
            "temp_directory": str(folder),
            "memory_limit": memory,
            "threads": threads,
            "preserve_insertion_order": False,
        }
        self._connection = duckdb.connect(":memory:", config=settings)
        self._connection.execute(LOCK)

    def __enter__(self) -> "Sorter":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, table: pa.Table) -> None:
        """Take rows."""
        self._connection.register("batch", table)
        verb = f"INSERT INTO {_NAME}" if self._begun else f"CREATE TEMP TABLE {_NAME} AS"
        self._connection.execute(f"{verb} SELECT * FROM batch")  # noqa: S608 - our own names
        self._connection.unregister("batch")
        self._begun = True

    def in_order(self, keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """All rows, sorted by these columns; texts compare as their UTF-8 bytes do."""
        order = ", ".join(f'"{key}"' for key in keys)
        query = f"SELECT * FROM {_NAME} ORDER BY {order}"  # noqa: S608 - our own names
        yield from self._connection.execute(query).to_arrow_reader(BATCH)
