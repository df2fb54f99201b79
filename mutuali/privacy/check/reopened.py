"""A released file opened again: its cells in runs of equal rows, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from mutuali.privacy.check.reread import harmless, plain_text
from mutuali.privacy.errors import Disagreement, UnsafeOutput

Ints = npt.NDArray[np.int64]

_BATCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Runs:
    """Rows that follow each other and are equal, ``lengths`` of them at a time.

    ``cells[c]`` are distinct texts of column c, ``places[c][r]`` says which of them run r has.
    """

    cells: tuple[list[str], ...]
    places: tuple[Ints, ...]
    lengths: Ints


def reopen(path: Path, due: Sequence[str], told: Callable[[float], None]) -> Iterator[Runs]:
    """The runs of a ``.csv`` or ``.parquet`` file whose columns are ``due``, in its order.

    Raises:
        Disagreement: the bytes cannot be read, or hold other columns.
        UnsafeOutput: an order that tells, or a dictionary with a value that no row has.
    """
    last: tuple[str, ...] = ()
    seen = [_Dictionary() for _ in due]
    for batch in (_parquet if path.suffix == ".parquet" else _csv)(path, tuple(due), told):
        if batch.num_rows == 0:
            continue
        columns = [_encoded(column) for column in batch.columns]
        places = [column.indices.fill_null(len(column.dictionary)).to_numpy() for column in columns]
        differs = np.zeros(batch.num_rows, dtype=np.bool_)
        differs[0] = True
        for here in places:
            differs[1:] |= here[1:] != here[:-1]
        starts = np.flatnonzero(differs)
        runs = tuple(here[starts].astype(np.int64) for here in places)
        for dictionary, column, here in zip(seen, columns, runs, strict=True):
            dictionary.meet(column.dictionary, here)
        cells = tuple(dictionary.cells for dictionary in seen)
        order = tuple(dictionary.order for dictionary in seen)
        first, final = (
            tuple(harmless(texts[here[at]]) for texts, here in zip(cells, runs, strict=True))
            for at in (0, -1)
        )
        if first < last or not _ascending([o[here] for o, here in zip(order, runs, strict=True)]):
            raise UnsafeOutput(("the lines are not in the order of their cells",))
        last = final
        yield Runs(cells, runs, np.diff(starts, append=batch.num_rows))
    for dictionary in seen:
        dictionary.close()


class _Dictionary:
    """The distinct values of one column while they last."""

    def __init__(self) -> None:
        self._values: Any = None
        self._used = np.zeros(0, dtype=np.bool_)
        self.cells: list[str] = []
        self.order: Ints = np.zeros(0, dtype=np.int64)

    def meet(self, values: Any, places: Ints) -> None:
        """Take the values of a batch, and which of them its runs have."""
        if self._values is None or not values.equals(self._values):
            self.close()
            self._values = values
            self._used = np.zeros(len(values) + 1, dtype=np.bool_)
            self.cells = [plain_text(value) for value in (*values.to_pylist(), None)]
            texts = [harmless(cell) for cell in self.cells]
            number = {text: n for n, text in enumerate(sorted(set(texts)))}
            self.order = np.array([number[text] for text in texts], dtype=np.int64)
        self._used[places] = True

    def close(self) -> None:
        """Raise if a value was in the file and in no row.

        Raises:
            UnsafeOutput: it was.
        """
        if not self._used[:-1].all():
            raise UnsafeOutput(("a dictionary of the file holds a value that no row has",))


def _ascending(order: Sequence[Ints]) -> bool:
    """Whether each run stands after the one before it, the first columns deciding first."""
    undecided = np.ones(len(order[0]) - 1, dtype=np.bool_)
    for here in order:
        step = np.diff(here)
        if bool((step[undecided] < 0).any()):
            return False
        undecided &= step == 0
    return True


def _encoded(column: Any) -> Any:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _parquet(path: Path, due: tuple[str, ...], told: Callable[[float], None]) -> Iterator[Any]:
    try:
        with pq.ParquetFile(path) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
        _require(tuple(schema.names), due)
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
        done = 0
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for batch in file.iter_batches(_BATCH):
                yield batch
                done += batch.num_rows
                told(done / total)
    except pa.ArrowException as error:
        raise Disagreement(("the bytes cannot be read as Parquet",)) from error


def _csv(path: Path, due: tuple[str, ...], told: Callable[[float], None]) -> Iterator[Any]:
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        with (
            path.open("rb") as bytes_,
            pa.csv.open_csv(
                bytes_,
                read_options=pa.csv.ReadOptions(block_size=1 << 20),
                parse_options=pa.csv.ParseOptions(newlines_in_values=True),
                convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(due, text)),
            ) as reader,
        ):
            _require(tuple(reader.schema.names), due)
            size = path.stat().st_size
            for batch in reader:
                yield batch
                told(min(bytes_.tell() / size, 1.0))
    except pa.ArrowException as error:
        raise Disagreement(("the bytes cannot be read as CSV",)) from error


def _require(names: tuple[str, ...], due: tuple[str, ...]) -> None:
    if names != due:
        raise Disagreement((f"columns {names!r} instead of {due!r}",))
