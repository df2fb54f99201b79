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
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mutuali.privacy.errors import NothingToRelease, PrivacyError, Reason
from mutuali.privacy.plan import Role
from mutuali.privacy.plans.problems import Misfit, PlanProblems
from mutuali.privacy.plans.reading import PlanFile, column_names, read_plan
from mutuali.privacy.wording import Language, refusal, say

if TYPE_CHECKING:
    import pyarrow as pa

_Command = TypeVar("_Command", bound=Callable[..., None])

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)

_TABLES = (".csv", ".parquet")
_REPORTS = (".json", ".html")


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
    with _refusing(spoken, plan_path):
        from mutuali.privacy.summary import raw_summary

        table, asked = _read(file, plan_path)
        told, broken = raw_summary(table, asked.plan, spoken)
        click.echo("\n".join(told))
        click.echo(say("not_kept" if broken else "kept", spoken))
        for line in broken:
            click.echo(f"  {line}")
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
    with _refusing(spoken, plan_path), ExitStack() as stack:
        _check_names(target, _TABLES)
        for report in reports:
            _check_names(report, _REPORTS)
        for path in (target, *reports):
            if path.resolve() in (file.resolve(), plan_path.resolve()):
                raise Misfit("own_input", file=path)
        steps = ["reading", "searching", "writing", "remeasuring", *["measuring"] * bool(reports)]
        step = stack.enter_context(_progress(steps, spoken))
        pending = stack.enter_context(_pending())

        step()
        table, asked = _read(file, plan_path)
        step()
        from mutuali.privacy.check.raw import Rows
        from mutuali.privacy.check.remeasure import remeasure
        from mutuali.privacy.engine import deidentify

        release = deidentify(table, asked.plan)
        step()
        written = pending(target)
        _write(release.table, written, target.suffix)
        step()
        remeasure(
            _read_back(written, target.suffix),
            release.witness,
            Rows(table),
            asked.plan,
            claimed=release.report.measures(),
        )
        if reports:
            step()
            _write_reports(reports, pending, table, release, asked, spoken)
    from mutuali.privacy.summary import release_summary

    click.echo("\n".join(release_summary(release.report, spoken)))
    click.echo(say("confirmed", spoken))
    version, digest = release.report.plan_version, release.report.plan_hash
    click.echo(say("plan_hash", spoken, version=version, hash=digest))
    for path in (target, *reports):
        click.echo(say("wrote", spoken, file=path))


def _write_reports(
    reports: Sequence[Path],
    pending: Callable[[Path], Path],
    table: "pa.Table",
    release: Any,
    asked: PlanFile,
    language: Language,
) -> None:
    from mutuali.privacy.measures.tables import measure_before_and_after
    from mutuali.privacy.measures.usefulness import Kind
    from mutuali.privacy.table_file import with_numbers

    numbers = {q.of for q in asked.questions if q.kind is Kind.MEAN and q.of is not None}
    numbers -= {column.name for column in asked.plan.named(Role.QUASI_IDENTIFIER)}
    measures = measure_before_and_after(
        with_numbers(table, numbers),
        with_numbers(release.table, numbers),
        release.witness,
        asked.plan,
        questions=asked.questions,
    )
    for path in reports:
        if path.suffix == ".json":
            content = {"report": release.report.to_dict(), "measures": measures.to_dict()}
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        else:
            from mutuali.privacy.report_html import page

            text = page(release.report, measures, asked.plan, language)
        pending(path).write_text(text, encoding="utf-8")


def _read(file: Path, plan_path: Path) -> "tuple[pa.Table, PlanFile]":
    """The columns of FILE that the plan speaks of, and the plan.

    Raises:
        PrivacyError: one of them cannot be read, or a column is empty from end to end.
    """
    from mutuali.privacy.recode.histogram import text_column
    from mutuali.privacy.table_file import read_table

    try:
        text = plan_path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Misfit("not_utf8", file=plan_path, line=1) from error
    with file.open("rb") as source:
        table = read_table(source, column_names(text))

    def distinct(name: str) -> Sequence[str]:
        found: list[str] = text_column(table, name).drop_null().unique().to_pylist()
        return found

    asked = read_plan(text, lambda name: (plan_path.parent / name).read_bytes(), distinct)
    if not table.num_rows:
        raise NothingToRelease(Reason.EMPTY_TABLE, "the table has no rows")
    for column in asked.plan.columns:
        if text_column(table, column.name, floats=True).null_count == table.num_rows:
            raise Misfit("no_value", column=column.name)
    return table, asked


def _write(table: "pa.Table", path: Path, ending: str) -> None:
    if ending == ".csv":
        from mutuali.privacy.text import to_csv

        path.write_bytes(to_csv(table))
    else:
        import pyarrow.parquet as pq

        pq.write_table(table, path)


def _read_back(path: Path, ending: str) -> bytes:
    """What was written, read from the disk, as the second look wants it."""
    if ending == ".csv":
        return path.read_bytes()
    import pyarrow.parquet as pq

    from mutuali.privacy.text import to_csv

    return to_csv(pq.read_table(path))


def _check_names(path: Path, endings: Sequence[str]) -> None:
    if path.suffix not in endings:
        raise Misfit("ending_unknown", file=path)


@contextmanager
def _pending() -> Iterator[Callable[[Path], Path]]:
    """Files under a name beside their own, which they get when all went well, else they go."""
    waiting: list[tuple[Path, Path]] = []

    def pending(path: Path) -> Path:
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
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
def _progress(steps: Sequence[str], language: Language) -> Iterator[Callable[[], None]]:
    """A bar on standard error that goes on by one with each call and says what begins."""
    names = iter(say(step, language) for step in steps)
    with click.progressbar(
        length=len(steps), file=sys.stderr, item_show_func=lambda name: name or "", show_eta=False
    ) as bar:
        begun = False

        def step() -> None:
            nonlocal begun
            bar.update(int(begun), next(names))
            begun = True

        yield step
        bar.update(1)


@contextmanager
def _refusing(language: Language, plan_path: Path) -> Iterator[None]:
    """Say what was refused, on standard error, and leave with status 2."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("\n" + say("stopped", language), err=True)
        raise SystemExit(130) from None
    except PrivacyError as error:
        if isinstance(error, PlanProblems):
            click.echo(say("plan_problems", language, file=plan_path.name), err=True)
        for line in refusal(error, language):
            click.echo(line, err=True)
        raise SystemExit(2) from None
