"""``privacy anonymize``: a release that keeps its plan, and its reports."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from mutuali.privacy.cli.asking import (
    OUT,
    check_outputs,
    common_options,
    pending_files,
    progress_bar,
    read,
    read_population,
    refusing,
)
from mutuali.privacy.errors import Disagreement
from mutuali.privacy.plan import Role
from mutuali.privacy.plans.reading import PlanFile
from mutuali.privacy.progress import Expired, Progress, never
from mutuali.privacy.report import Release, Report
from mutuali.privacy.wording import Language, say

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.engines.source import Source

#: What the engine tells of, in its order.
_STAGES = ("group", "search", "write", "check")


@click.command("anonymize")
@common_options
@click.option("--to", "target", type=OUT, required=True, help="The release: .csv or .parquet.")
@click.option("--report", "reports", type=OUT, multiple=True, help="A report: .json or .html.")
@click.option("--seconds", type=click.FloatRange(min=0), help="Take the best found by then.")
def anonymize(
    file: Path,
    plan_path: Path,
    language: str,
    target: Path,
    reports: tuple[Path, ...],
    seconds: float | None,
) -> None:
    """Write a release of FILE that keeps the plan, read back and counted again before it stays."""
    spoken = Language(language)
    with refusing(spoken, file, plan_path), ExitStack() as stack:
        check_outputs((file, plan_path), target, reports)
        from mutuali.privacy.files import deidentify_file
        from mutuali.privacy.table_file import whole

        source, asked = read(file, plan_path)
        stages = [*_STAGES, *["measure"] * bool(reports)]
        progress = stack.enter_context(progress_bar(stages, spoken))
        pending = stack.enter_context(pending_files())
        beside = TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent)
        staging = Path(stack.enter_context(beside))
        outside = read_population(asked, plan_path)
        expired = never if seconds is None else _after(seconds)
        release = None
        if outside is None and not (reports and seconds is not None):
            report = deidentify_file(
                source,
                asked.plan,
                pending(target),
                staging=staging,
                progress=progress,
                expired=expired,
            )
        else:
            # What time ended cannot be made again, and a population is compared in memory.
            release = _release_in_memory(source, asked, outside, pending(target), progress, expired)
            report = release.report
        if reports:
            progress("measure", 0.0)
            table = whole(source, [column.name for column in asked.plan.columns])
            if release is None:
                release = _made_again(table, asked, report)
            _write_reports(reports, pending, table, release, asked, outside, spoken)
            progress("measure", 1.0)
    from mutuali.privacy.reporting.summary import release_summary

    click.echo("\n".join(release_summary(report, spoken)))
    click.echo(say("confirmed", spoken))
    click.echo(say("plan_hash", spoken, version=report.plan_version, hash=report.plan_hash))
    for path in (target, *reports):
        click.echo(say("wrote", spoken, file=path))


def _after(seconds: float) -> Expired:
    """Whether so many seconds have gone by from now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _made_again(table: "pa.Table", asked: PlanFile, report: Report) -> Release:
    """The same release once more, in memory and with its witness: same rows, same plan."""
    from mutuali.privacy.engine import deidentify

    release = deidentify(table, asked.plan)
    if release.report != report:
        raise Disagreement(("the release made again is not the one that was written",))
    return release


def _write_reports(
    reports: Sequence[Path],
    pending: Callable[[Path], Path],
    table: "pa.Table",
    release: Release,
    asked: PlanFile,
    population: "pa.Table | None",
    language: Language,
) -> None:
    from mutuali.privacy.measures.tables import Assumptions, measure_before_and_after
    from mutuali.privacy.measures.usefulness import Kind
    from mutuali.privacy.table_file import with_numbers

    numbers = {q.of for q in asked.questions if q.kind is Kind.MEAN and q.of is not None}
    numbers -= {column.name for column in asked.plan.named(Role.QUASI_IDENTIFIER)}
    measures = measure_before_and_after(
        with_numbers(table, numbers),
        with_numbers(release.table, numbers),
        release.witness,
        asked.plan,
        assumptions=Assumptions(population=population),
        questions=asked.questions,
    )
    for path in reports:
        if path.suffix == ".json":
            content = {"report": release.report.to_dict(), "measures": measures.to_dict()}
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        else:
            from mutuali.privacy.reporting.page import page

            text = page(release.report, measures, asked.plan, language)
        pending(path).write_text(text, encoding="utf-8")


def _release_in_memory(
    source: "Source",
    asked: PlanFile,
    population: "pa.Table | None",
    target: Path,
    progress: Progress,
    expired: Expired,
) -> Release:
    """What ``deidentify_file`` does, where the whole table is needed."""
    import pyarrow.parquet as pq

    from mutuali.privacy.check.raw import Rows
    from mutuali.privacy.check.remeasure import remeasure
    from mutuali.privacy.engine import deidentify
    from mutuali.privacy.table_file import whole
    from mutuali.privacy.text import to_csv

    progress("group", 0.0)
    table = whole(source, [column.name for column in asked.plan.columns])
    progress("search", 0.0)
    release = deidentify(table, asked.plan, population=population, expired=expired)
    progress("write", 0.0)
    if target.suffix == ".csv":
        target.write_bytes(to_csv(release.table))
    else:
        pq.write_table(release.table, target)
    progress("check", 0.0)
    is_csv = target.suffix == ".csv"
    remeasure(
        target.read_bytes() if is_csv else to_csv(pq.read_table(target)),
        release.witness,
        Rows(table),
        asked.plan,
        population=Rows(population) if population is not None else (),
        claimed=release.report.measures(),
    )
    progress("check", 1.0)
    return release
