"""The bytes of a release that is not yet a file, counted again as a large one is."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mutuali.privacy.check.remeasure import Measured
from mutuali.privacy.plan import Plan
from mutuali.privacy.progress import Progress, unheard
from mutuali.privacy.report import Report

if TYPE_CHECKING:
    import pyarrow as pa


def recount_bytes(
    data: bytes, rows: "pa.Table", plan: Plan, report: Report, progress: Progress = unheard
) -> Measured:
    """Count ``data``, a CSV file without local recoding, again next to its raw ``rows``.

    Raises:
        Disagreement, UnsafeOutput: as :func:`~mutuali.privacy.check.stream.recount`.
    """
    from mutuali.privacy.check.stream import recount
    from mutuali.privacy.engines.source import TableSource

    with TemporaryDirectory(prefix="mutuali-") as folder:
        made = Path(folder) / "release.csv"
        made.write_bytes(data)
        return recount(made, TableSource(rows), plan, report, None, progress)
