"""``make bench``: every measurement, one run, on the PostgreSQL of the tests."""

import sys
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks import (
    adult,
    command,
    creates,
    difference,
    explorer,
    exports,
    loans_k,
    many_columns,
    margins,
    million,
    month,
    networks,
    noise,
    scale,
    search,
)
from benchmarks.measure import ROUNDS
from benchmarks.network import built
from tests.engines import start_postgres

#: What is measured, in order: each prints its figures and says whether its goals are met.
ON_POSTGRES = (creates.report, month.report, search.report)
IN_PROCESS = (
    exports.report,
    networks.report,
    adult.report,
    many_columns.report,
    command.report,
    scale.report,
    loans_k.report,
    million.report,
    margins.report,
    difference.report,
    noise.report,
    explorer.report,
)


def main() -> int:
    """Run all; 0 when every goal is met, 1 when one is short."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, start_postgres() as postgres:
        dsn = postgres.url("postgres").replace("+psycopg", "")
        with psycopg.connect(dsn) as connection:
            version = connection.info.server_version // 10_000
        print(f"PostgreSQL {version}, {ROUNDS} interleaved rounds, median (least..most)")
        with built(postgres, Path(folder)) as network:
            met = [report(postgres, network, Path(folder)) for report in ON_POSTGRES]
        met += [report(Path(folder)) for report in IN_PROCESS]
    print(f"{time.monotonic() - start:.0f} s in all")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
