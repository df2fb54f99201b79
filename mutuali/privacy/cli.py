"""``flask --app wsgi privacy``: the engine on files alone, without a database or settings.

The release goes to the file named, sentences to standard output, progress to standard error. Exit
status: 0 done, 1 a file that does not keep its plan, 2 nothing could be done and nothing was
written.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import click

from mutuali.privacy.errors import PrivacyError, UnreadableFile
from mutuali.privacy.plan import Role
from mutuali.privacy.plans.problems import Misfit, PlanProblems
from mutuali.privacy.plans.reading import PlanFile, read_plan
from mutuali.privacy.report import Report
from mutuali.privacy.wording import Count, Language, refusal, say

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.engines.source import Source

_Command = TypeVar("_Command", bound=Callable[..., None])

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)

_TABLES = (".csv", ".parquet")
_REPORTS = (".json", ".html")

#: What the engine tells of, in its order.
_STAGES = ("group", "search", "write", "check")

_PER_STAGE = 100


@click.group()
def privacy() -> None:
    """De-identify a file: check it, anonymize it, attack it, count it safely."""


def _options(command: _Command) -> _Command:
    """What all commands take."""
    for add in (
        click.option(
            "--lang",
            "language",
            type=click.Choice([language.value for language in Language]),
            default=Language.FR.value,
            help="Language of what is said: fr (default) or en.",
        ),
        click.option("--plan", "plan_path", type=_FILE, required=True, help="The plan, in TOML."),
        click.argument("file", type=_FILE),
    ):
        command = add(command)
    return command


@privacy.command("check")
@_options
def check(file: Path, plan_path: Path, language: str) -> None:
    """Say what FILE is under the plan as it stands; exit status 1 if it does not keep it."""
    spoken = Language(language)
    with _refusing(spoken, file, plan_path):
        from mutuali.privacy.recode.standing import as_it_stands
        from mutuali.privacy.reporting.summary import standing_summary

        source, asked = _read(file, plan_path)
        report, broken = as_it_stands(source, asked.plan, _population(asked, plan_path))
        click.echo("\n".join(standing_summary(report, broken, asked.plan, spoken)))
    if broken:
        raise SystemExit(1)


@privacy.command("anonymize")
@_options
@click.option("--to", "target", type=_OUT, required=True, help="The release: .csv or .parquet.")
@click.option("--report", "reports", type=_OUT, multiple=True, help="A report: .json or .html.")
def anonymize(
    file: Path, plan_path: Path, language: str, target: Path, reports: tuple[Path, ...]
) -> None:
    """Write a release of FILE that keeps the plan, read back and counted again before it stays."""
    spoken = Language(language)
    with _refusing(spoken, file, plan_path), ExitStack() as stack:
        _check_outputs((file, plan_path), target, reports)
        from mutuali.privacy.files import deidentify_file

        source, asked = _read(file, plan_path)
        stages = [*_STAGES, *["measure"] * bool(reports)]
        progress = stack.enter_context(_progress(stages, spoken))
        pending = stack.enter_context(_pending())
        beside = TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent)
        staging = Path(stack.enter_context(beside))
        outside = _population(asked, plan_path)
        if outside is None:
            report = deidentify_file(
                source, asked.plan, pending(target), staging=staging, progress=progress
            )
        else:
            report = _release_in_memory(source, asked, outside, pending(target), progress)
        if reports:
            progress("measure", 0.0)
            _write_reports(reports, pending, source, report, asked, outside, spoken)
            progress("measure", 1.0)
    from mutuali.privacy.reporting.summary import release_summary

    click.echo("\n".join(release_summary(report, spoken)))
    click.echo(say("confirmed", spoken))
    click.echo(say("plan_hash", spoken, version=report.plan_version, hash=report.plan_hash))
    for path in (target, *reports):
        click.echo(say("wrote", spoken, file=path))


@privacy.command("table")
@_options
@click.option("--rows", required=True, help="Columns to count by: a,b or a@level.")
@click.option("--columns", default="", help="Columns whose values go across.")
@click.option("--by", default="", help="Contributor columns to protect; none: each row is one.")
@click.option("--to", "target", type=_OUT, required=True, help="The table of counts: .csv.")
def table(
    file: Path, plan_path: Path, language: str, rows: str, columns: str, by: str, target: Path
) -> None:
    """Count the rows of FILE in a table with totals that nobody can be computed from."""
    spoken = Language(language)
    with _refusing(spoken, file, plan_path), _pending() as pending:
        _check_outputs((file, plan_path), target, (), endings=_TABLES[:1])
        from mutuali.privacy.check.raw import Rows
        from mutuali.privacy.check.remeasure_counts import covering, remeasure_counts
        from mutuali.privacy.counts import Axis, count, counts_table
        from mutuali.privacy.table_file import whole
        from mutuali.privacy.text import to_csv

        source, asked = _read(file, plan_path)
        down, across = ([Axis.of(word, asked.plan) for word in _words(o)] for o in (rows, columns))
        sides = _words(by)
        _require_columns(source, sides)
        axes = [*down, *across]
        raw = whole(source, list(dict.fromkeys((*(axis.name for axis in axes), *sides))))
        counts = count(raw, axes, sides, asked.counts, asked.aliases)
        names = [axis.name for axis in across]
        written = pending(target)
        written.write_bytes(to_csv(counts_table(counts, names)))
        labels = {
            axis.name: covering(axis.hierarchy, axis.level, raw.column(axis.name).to_pylist())
            for axis in axes
        }
        confirmed = remeasure_counts(
            written.read_bytes(),
            Rows(raw),
            labels,
            sides,
            across=names,
            k=asked.counts.k,
            base=asked.counts.base,
            aliases=asked.aliases,
        )
    shown = Count.of(confirmed, spoken)
    hidden, unsafe = Count.of(counts.hidden, spoken), Count.of(counts.unsafe, spoken)
    click.echo(say("counts_shown", spoken, shown=shown, hidden=hidden, unsafe=unsafe))
    click.echo(say("counts_attacked", spoken, attackers=Count.of(counts.attackers, spoken)))
    click.echo(say("wrote", spoken, file=target))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _write_reports(
    reports: Sequence[Path],
    pending: Callable[[Path], Path],
    source: "Source",
    report: Report,
    asked: PlanFile,
    population: "pa.Table | None",
    language: Language,
) -> None:
    from mutuali.privacy.engine import deidentify
    from mutuali.privacy.measures.tables import Assumptions, measure_before_and_after
    from mutuali.privacy.measures.usefulness import Kind
    from mutuali.privacy.table_file import whole, with_numbers

    table = whole(source, [column.name for column in asked.plan.columns])
    # The same release once more, in memory and with its witness: same rows, same plan, same table.
    release = deidentify(table, asked.plan, population=population)
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
            content = {"report": report.to_dict(), "measures": measures.to_dict()}
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        else:
            from mutuali.privacy.reporting.page import page

            text = page(report, measures, asked.plan, language)
        pending(path).write_text(text, encoding="utf-8")


def _read(file: Path, plan_path: Path) -> "tuple[Source, PlanFile]":
    """FILE, which has the columns that the plan speaks of, and the plan.

    Raises:
        PrivacyError: one of them cannot be read.
    """
    from mutuali.privacy.table_file import distinct_texts, open_table, require_values

    try:
        text = plan_path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misfit("not_utf8", file=plan_path, line=1) from error
    source = open_table(file)
    asked = read_plan(
        text,
        lambda name: (plan_path.parent / name).read_bytes(),
        lambda name: distinct_texts(source, name),
        known=source.schema.names,
    )
    require_values(source, [column.name for column in asked.plan.columns])
    if asked.aliases:
        from mutuali.privacy.engines.aliased import AliasedSource

        source = AliasedSource(source, asked.plan, asked.aliases)
    return source, asked


def _population(asked: PlanFile, plan_path: Path) -> "pa.Table | None":
    """The table of everybody who could be in FILE, where the plan names one.

    Raises:
        PrivacyError: it cannot be read.
    """
    from mutuali.privacy.table_file import open_table, whole

    if asked.population is None:
        return None
    path = plan_path.parent / asked.population
    if not path.is_file():
        raise Misfit("no_such_file", file=asked.population)
    names = [column.name for column in asked.plan.named(Role.QUASI_IDENTIFIER)]
    source = open_table(path)
    _require_columns(source, names)
    return whole(source, names)


def _require_columns(source: "Source", names: Sequence[str]) -> None:
    known = source.schema.names
    if missing := [name for name in names if name not in known]:
        raise Misfit("missing_columns", column=", ".join(missing), known=", ".join(known))


def _release_in_memory(
    source: "Source",
    asked: PlanFile,
    population: "pa.Table",
    target: Path,
    progress: Callable[[str, float], None],
) -> Report:
    """What ``deidentify_file`` does, for plans that compare the table with a population."""
    import pyarrow.parquet as pq

    from mutuali.privacy.check.raw import Rows
    from mutuali.privacy.check.remeasure import remeasure
    from mutuali.privacy.engine import deidentify
    from mutuali.privacy.table_file import whole
    from mutuali.privacy.text import to_csv

    progress("group", 0.0)
    table = whole(source, [column.name for column in asked.plan.columns])
    progress("search", 0.0)
    release = deidentify(table, asked.plan, population=population)
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
        population=Rows(population),
        claimed=release.report.measures(),
    )
    progress("check", 1.0)
    return release.report


def _check_outputs(
    inputs: Sequence[Path],
    target: Path,
    reports: Sequence[Path],
    *,
    endings: Sequence[str] = _TABLES,
) -> None:
    for path, fitting in ((target, endings), *((report, _REPORTS) for report in reports)):
        if path.suffix not in fitting:
            raise Misfit("ending_unknown", file=path)
        if path.resolve() in [one.resolve() for one in inputs]:
            raise Misfit("own_input", file=path)
        if not path.parent.is_dir():
            raise Misfit("no_such_folder", file=path.parent)


@contextmanager
def _pending() -> Iterator[Callable[[Path], Path]]:
    """Files under a name beside their own, which they get when all went well, else they go."""
    waiting: list[tuple[Path, Path]] = []

    def pending(path: Path) -> Path:
        beside = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
        waiting.append((beside, path))
        return beside

    try:
        yield pending
        for beside, path in waiting:
            beside.replace(path)
    except OSError as error:
        raise Misfit("unwritable", file=error.filename, reason=error.strerror) from error
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)


@contextmanager
def _progress(stages: Sequence[str], language: Language) -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error that follows the stages and says which one it is."""
    with click.progressbar(
        length=_PER_STAGE * len(stages),
        file=sys.stderr,
        item_show_func=lambda name: name or "",
        show_eta=False,
    ) as bar:

        def progress(stage: str, done: float) -> None:
            reached = int(_PER_STAGE * (stages.index(stage) + done))
            bar.update(max(reached - bar.pos, 0), say(f"stage_{stage}", language))

        yield progress


@contextmanager
def _refusing(language: Language, file: Path, plan_path: Path) -> Iterator[None]:
    """Say what was refused, on standard error, and leave with status 2."""
    try:
        try:
            yield
        except UnreadableFile:
            from mutuali.privacy.table_file import find_fault, is_parquet

            if not is_parquet(file):
                find_fault(file)  # which says it by line, where it finds it too
            raise
    except KeyboardInterrupt:
        click.echo("\n" + say("stopped", language), err=True)
        raise SystemExit(130) from None
    except PrivacyError as error:
        if isinstance(error, PlanProblems):
            click.echo(say("plan_problems", language, file=plan_path.name), err=True)
        for line in refusal(error, language):
            click.echo(line, err=True)
        raise SystemExit(2) from None
