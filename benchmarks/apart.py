"""Work done in a process of its own, so that its peak memory is its own."""

import json
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import peak_megabytes

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the work with the libraries it loads, seconds of the process, its peak in MB."""

    work: float
    process: float
    peak: float


def release(source: Path, plan: Path, target: Path, staging: Path) -> Spent:
    """Release a file under a pickled plan."""
    return _run("release", source, plan, target, staging)


def copy(source: Path, target: Path, *, dictionaries: bool) -> Spent:
    """Read a Parquet file and write it again, row group by row group, with pyarrow alone.

    With dictionaries the text is never spelled out, the fastest way there is.
    """
    return _run("copy in dictionaries" if dictionaries else "copy", source, target)


def _run(what: str, *paths: Path) -> Spent:
    command = [sys.executable, "-m", "benchmarks.apart", what, *map(str, paths)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours
    answer = json.loads(done.stdout)
    return Spent(answer["seconds"], time.perf_counter() - start, answer["peak"])


def _copy(source: str, target: str, *, dictionaries: bool) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        names = file.schema_arrow.names if dictionaries else []
    with (
        pq.ParquetFile(source, read_dictionary=names) as file,
        pq.ParquetWriter(target, file.schema_arrow) as writer,
    ):
        for group in range(file.num_row_groups):
            writer.write_table(file.read_row_group(group))


def _release(source: str, plan: str, target: str, staging: str) -> None:
    from mutuali.privacy.files import deidentify_file

    content = pickle.loads(Path(plan).read_bytes())  # noqa: S301 - written by the benchmark
    deidentify_file(Path(source), content, Path(target), staging=Path(staging))


def main(what: str, *paths: str) -> None:
    """Do one piece of work and print what it took."""
    start = time.perf_counter()
    if what == "release":
        _release(*paths)
    else:
        _copy(*paths, dictionaries=what != "copy")
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak": peak_megabytes()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
