"""From a file, or a table elsewhere, and a plan to a released file and its report."""

from pathlib import Path
from typing import TYPE_CHECKING

from mutuali.privacy.errors import PlanError
from mutuali.privacy.plan import Plan
from mutuali.privacy.progress import Expired, Progress, never, unheard
from mutuali.privacy.report import Report

if TYPE_CHECKING:
    from mutuali.privacy.engines.delimited import Dialect
    from mutuali.privacy.engines.sink import Sink
    from mutuali.privacy.engines.source import Source

__all__ = ["deidentify_file", "open_source"]


def open_source(path: Path, dialect: "Dialect | None" = None) -> "Source":
    """A ``.parquet`` or ``.csv`` file as a source; ``dialect`` is that of the CSV file.

    Raises:
        PlanError: a file of neither kind.
        UnreadableFile: the file is not what its name says.
        NothingToRelease: an empty file.
        TooManyRows: more rows announced than can be counted.
    """
    kind = _kind(path)
    if kind == ".parquet":
        from mutuali.privacy.engines.parquet import ParquetSource

        return ParquetSource(path)
    from mutuali.privacy.engines.delimited import CsvSource

    return CsvSource(path, dialect)


def deidentify_file(
    source: "Path | Source",
    plan: Plan,
    target: Path,
    *,
    staging: Path,
    dialect: "Dialect | None" = None,
    progress: Progress = unheard,
    expired: Expired = never,
) -> Report:
    """Release ``source`` to ``target``, a ``.parquet`` or ``.csv`` file that appears when checked.

    ``staging`` is an existing folder on the disk of ``target``: the release is made in it and rows
    that wait to be put in order lie in it; nothing of either stays, whatever happens. Memory
    follows the distinct combinations of values, not the rows. ``progress`` is told of the stages
    "group", "search", "write" and "check"; what it raises cancels the work. ``expired`` ends a
    search among very many schemes with the best so far. Without it: same rows in any order and from
    any engine, same plan, same bytes.

    Raises:
        BadTable: a missing column, a type that cannot be handled, a row without its contributor,
            a cell that is no text.
        UnknownValue: a value that its hierarchy does not name.
        UnreadableFile: the bytes are no table.
        TooManyRows: more rows than can be counted.
        NothingToRelease: an empty table, fewer than k contributors in all, no scheme that keeps
            the plan, or nothing left by it.
        PlanError: more schemes than local recoding can visit, a file neither Parquet nor CSV.
        Disagreement, UnsafeOutput: the independent count of the written bytes.
    """
    from mutuali.privacy.check.stream import recount
    from mutuali.privacy.recode import histogram, stream
    from mutuali.privacy.recode.apply import decide

    rows = open_source(source, dialect) if isinstance(source, Path) else source
    for name in plan.released:
        histogram.require_column(rows.schema, name, floats=True)
    made = staging / f"release{_kind(target)}"
    try:
        grouped = histogram.gather(rows, plan, progress)
        progress("search", 0.0)
        decision = decide(grouped, plan, told=progress, expired=expired)
        progress("search", 1.0)
        sink = _sink(made)
        try:
            stream.write(rows, plan, grouped, decision, sink, staging, progress)
        finally:
            sink.close()
        witness = stream.witness(plan, decision)
        recount(made, rows, plan, decision.report, witness, progress)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    return decision.report


def _sink(path: Path) -> "Sink":
    from mutuali.privacy.engines.sink import CsvSink, ParquetSink

    return ParquetSink(path) if path.suffix == ".parquet" else CsvSink(path)


def _kind(path: Path) -> str:
    if (kind := path.suffix.lower()) not in (".parquet", ".csv"):
        raise PlanError(f"{path.name!r} is neither a .parquet nor a .csv file")
    return kind
