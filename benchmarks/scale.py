"""Ten million rows from Parquet to Parquet: seconds next to a copy of the file, peak memory."""

import os
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import apart
from benchmarks.apart import Spent
from benchmarks.measure import Rounds
from mutuali.privacy.plan import KAnonymity, Mean, Plan
from tests.privacy import adult

MILLION = 1_000_000

#: Times a copy of the same file, in MB, and times the seconds of a tenth of the rows.
COPIES, MEGABYTES, GROWTH = 2.5, 700, 10.0

_ROUNDS = 3
_REDRAWN = 0.05


@dataclass(frozen=True, slots=True)
class _Measured:
    copies: list[Spent]
    plain_copies: list[Spent]
    releases: list[Spent]

    @property
    def seconds(self) -> Rounds:
        """Of the release, libraries and check included."""
        return Rounds.of(spent.work for spent in self.releases)


def report(folder: Path) -> bool:
    """Print seconds, ratios and memory at 1 and 10 million rows; whether all goals are met."""
    if "MUTUALI_REAL_DATA" not in os.environ:
        print("MUTUALI_REAL_DATA is unset: millions of rows of Adult were not measured")
        return True
    print(
        f"Adult resampled, each cell redrawn at {_REDRAWN:.0%}, 9 quasi-identifiers, k 5,"
        f" limit 2%; Parquet to Parquet, the bytes counted again; {_ROUNDS} rounds"
    )
    plan = folder / "adult.plan"
    plan.write_bytes(pickle.dumps(_plan()))
    one = _measured(folder, plan, MILLION)
    ten = _measured(folder, plan, 10 * MILLION)
    ratio = ten.seconds.over(Rounds.of(spent.work for spent in ten.copies))
    growth = ten.seconds.over(one.seconds)
    peak = max(spent.peak for spent in ten.releases)
    met = [ratio.median <= COPIES, peak <= MEGABYTES, growth.median <= GROWTH]
    said = ["met" if each else "short" for each in met]
    print(f"  10 M rows: {ratio.said(2)} x the copy, goal {COPIES} x: {said[0]}")
    print(f"  10 M rows: peak {peak:.0f} MB, goal {MEGABYTES} MB: {said[1]}")
    print(f"  1 M to 10 M: {growth.said(1)} x, goal {GROWTH:.0f} x: {said[2]}")
    return all(met)


def _plan() -> Plan:
    columns = adult.quasi_identifiers()
    return Plan("adult", columns, (KAnonymity(5),), 0.02, mean=Mean.GEOMETRIC)


def _measured(folder: Path, plan: Path, rows: int) -> _Measured:
    source, target = folder / "raw.parquet", folder / "out.parquet"
    staging = folder / "staging"
    staging.mkdir(exist_ok=True)
    _write(source, rows)
    measured = _Measured([], [], [])
    for _ in range(_ROUNDS):
        measured.copies.append(apart.copy(source, target, dictionaries=True))
        measured.plain_copies.append(apart.copy(source, target, dictionaries=False))
        measured.releases.append(apart.release(source, plan, target, staging))
    copied = Rounds.of(spent.work for spent in measured.copies)
    plain = Rounds.of(spent.work for spent in measured.plain_copies)
    process = Rounds.of(spent.process for spent in measured.releases)
    print(
        f"  {rows // MILLION} M rows: {measured.seconds.said(2, 's')}, process"
        f" {process.said(2, 's')}; a copy {copied.said(2, 's')}, text spelled out"
        f" {plain.said(2, 's')}"
    )
    return measured


def _write(path: Path, rows: int) -> None:
    """Rows of Adult drawn with replacement, a million at a time."""
    rng = np.random.default_rng(7)
    columns = []
    for column in adult.adult().select(adult.QUASI_IDENTIFIERS).columns:
        encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
        columns.append((encoded.indices.to_numpy(), encoded.dictionary))
    schema = pa.schema([(name, pa.string()) for name in adult.QUASI_IDENTIFIERS])
    with pq.ParquetWriter(path, schema) as writer:
        for _ in range(rows // MILLION):
            drawn = rng.integers(0, len(columns[0][0]), MILLION)
            arrays = []
            for codes, values in columns:
                cells = codes[drawn]
                redrawn = rng.random(MILLION) < _REDRAWN
                cells[redrawn] = codes[rng.integers(0, len(codes), int(redrawn.sum()))]
                arrays.append(values.take(pa.array(cells)))
            writer.write_table(pa.table(arrays, schema=schema))
