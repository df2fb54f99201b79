"""What all commands take, read and refuse in the same way."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mutuali.privacy.errors import PrivacyError, UnreadableFile
from mutuali.privacy.plan import Role
from mutuali.privacy.plans.problems import Misfit, PlanProblems
from mutuali.privacy.plans.reading import PlanFile, read_plan
from mutuali.privacy.reporting.refusals import refusal
from mutuali.privacy.wording import Language, say

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.engines.source import Source

_Command = TypeVar("_Command", bound=Callable[..., None])

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)

TABLES = (".csv", ".parquet")
_REPORTS = (".json", ".html")

_PER_STAGE = 100


def common_options(command: _Command) -> _Command:
    """What all commands take."""
    for add in (
        click.option(
            "--lang",
            "language",
            type=click.Choice([language.value for language in Language]),
            default=Language.FR.value,
            help="Language of what is said: fr (default) or en.",
        ),
        click.option("--plan", "plan_path", type=FILE, required=True, help="The plan, in TOML."),
        click.argument("file", type=FILE),
    ):
        command = add(command)
    return command


def read(file: Path, plan_path: Path) -> "tuple[Source, PlanFile]":
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


def read_population(asked: PlanFile, plan_path: Path) -> "pa.Table | None":
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
    require_columns(source, names)
    return whole(source, names)


def require_columns(source: "Source", names: Sequence[str]) -> None:
    known = source.schema.names
    if missing := [name for name in names if name not in known]:
        raise Misfit("missing_columns", column=", ".join(missing), known=", ".join(known))


def check_outputs(
    inputs: Sequence[Path],
    target: Path,
    reports: Sequence[Path],
    *,
    endings: Sequence[str] = TABLES,
) -> None:
    for path, fitting in ((target, endings), *((report, _REPORTS) for report in reports)):
        if path.suffix not in fitting:
            raise Misfit("ending_unknown", file=path)
        if path.resolve() in [one.resolve() for one in inputs]:
            raise Misfit("own_input", file=path)
        if not path.parent.is_dir():
            raise Misfit("no_such_folder", file=path.parent)


@contextmanager
def pending_files() -> Iterator[Callable[[Path], Path]]:
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
def progress_bar(
    stages: Sequence[str], language: Language
) -> Iterator[Callable[[str, float], None]]:
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
def refusing(language: Language, file: Path, plan_path: Path) -> Iterator[None]:
    """Say what was refused, on standard error, and leave with status 2.

    Whoever ends the process ends the work as Ctrl-C does, so that nothing half made stays behind.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
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
    finally:
        signal.signal(signal.SIGTERM, before)
