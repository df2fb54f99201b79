"""``flask --app wsgi import``: files of organizations, listings and past loans.

Parse, check, then one write. The report goes to standard output, the progress to standard error.
Exit status: 0 all good, 1 something was refused, 2 the file or its mapping cannot be read.
"""

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click
from flask import g
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Unreadable
from mutuali.core.permissions import SYSTEM
from mutuali.imports import service
from mutuali.imports.rules.cells import Cells
from mutuali.imports.rules.listings import listing_row
from mutuali.imports.rules.loans import QUESTIONS, loan_row
from mutuali.imports.rules.mapping import What
from mutuali.imports.rules.organizations import organization_row
from mutuali.imports.rules.reading import Reading, Told, read_file
from mutuali.imports.rules.table import Objection
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.parsing import collects
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence

_T = TypeVar("_T", bound=Told)
_D = TypeVar("_D")
_Command = TypeVar("_Command", bound=Callable[..., None])

#: How many rows pass between two looks at how far the file is read.
_ROWS_PER_LOOK = 500

imports = AppGroup("import", help="Files of organizations, listings and past loans.")


def _options(command: _Command) -> _Command:
    """What all three commands take."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    for add in (
        click.option("--keep-good", is_flag=True, help="Write the good rows though some are not."),
        click.option("--mapping", type=path, help="A TOML file: which column is which."),
        click.option("--dry-run", is_flag=True, help="Check everything, write nothing."),
        click.argument("file", type=path),
    ):
        command = add(command)
    return command


@imports.command("organizations")
@_options
def import_organizations(file: Path, mapping: Path | None, dry_run: bool, keep_good: bool) -> None:
    """Add the organizations of FILE, accepted, each with its place."""
    reading = _read(file, mapping, What.ORGANIZATIONS, organization_row)
    with transaction(reads=True) as session:
        plan = service.check_organizations(session, SYSTEM, reading, new_public_id=new_public_id)
    _finish(plan, service.write_organizations, dry_run=dry_run, keep_good=keep_good)


@imports.command("listings")
@_options
def import_listings(file: Path, mapping: Path | None, dry_run: bool, keep_good: bool) -> None:
    """Publish the listings of FILE."""
    reading = _read(file, mapping, What.LISTINGS, listing_row)
    with transaction(reads=True) as session:
        plan = service.check_listings(
            session, SYSTEM, reading, new_public_id=new_public_id, now=utc_now()
        )
    _finish(plan, service.write_listings, dry_run=dry_run, keep_good=keep_good)


@imports.command("loans")
@_options
@click.option("--history", is_flag=True, help="Keep loans that exceed the units, occupying none.")
@click.option("--open-loans", is_flag=True, help="Keep loans without a return: they are still out.")
def import_loans(
    file: Path,
    mapping: Path | None,
    dry_run: bool,
    keep_good: bool,
    history: bool,
    open_loans: bool,
) -> None:
    """Add the loans of FILE, checked against the units of their listings."""
    now = utc_now()
    left_out = [name for name in QUESTIONS if not collects(name)]

    def parse(cells: Cells) -> Any:
        return loan_row(cells, open_loans=open_loans, left_out=left_out, now=now)

    reading = _read(file, mapping, What.LOANS, parse)
    for name in left_out:
        if name in reading.mapping.fields:
            click.echo(
                f'column {reading.mapping.column(name)}: left out. "{name}" is asked no more.'
            )
    with transaction(reads=True) as session:
        plan = service.check_loans(
            session, SYSTEM, reading, history=history, new_public_id=new_public_id, now=now
        )
    _finish(plan, service.write_loans, dry_run=dry_run, keep_good=keep_good)


def _read(
    path: Path, mapping: Path | None, what: What, parse: Callable[[Cells], _T | None]
) -> Reading[_T]:
    """The whole file, parsed, with a bar that follows its bytes."""
    g.language = "en"  # as everything the commands say
    try:
        text = mapping.read_text(encoding="utf-8") if mapping else None
        with ExitStack() as stack:
            raw = stack.enter_context(FileIO(path))
            bar = stack.enter_context(
                click.progressbar(
                    length=path.stat().st_size,
                    label="Reading",
                    file=sys.stderr,
                )
            )
            count = 0

            def look() -> None:
                nonlocal count
                count += 1
                if count % _ROWS_PER_LOOK == 0:
                    bar.update(raw.tell() - bar.pos)

            reading = read_file(cast(BinaryIO, raw), what, path.stem, text, parse, look)
            bar.update(path.stat().st_size - bar.pos)
            return reading
    except UnicodeDecodeError:
        click.echo("The mapping is not text in UTF-8.", err=True)
    except Unreadable as error:
        click.echo(" ".join(sentence(reason) for reason in error.reasons), err=True)
    raise SystemExit(2)


def _finish(
    plan: service.Plan[_D],
    write: Callable[..., None],
    *,
    dry_run: bool,
    keep_good: bool,
) -> None:
    """Report, then write all of it in one transaction, unless something stands against it."""
    for each in sorted(plan.objections, key=lambda objection: objection.line):
        click.echo(f"{_where(each)}: {sentence(each.reason)}")
    for each in plan.notices:
        click.echo(f"{_where(each)}: kept. {sentence(each.reason)}")
    _count(plan)
    if dry_run:
        click.echo("Dry run: nothing is written.")
    elif plan.refused and not keep_good:
        click.echo("Nothing is written. Correct the rows, or add --keep-good.")
    elif plan.drafts:
        _write(plan, write)
        click.echo(f"{len(plan.drafts)} {plan.what} written.")
    else:
        click.echo("Nothing new to write.")
    raise SystemExit(1 if plan.refused else 0)


def _write(plan: service.Plan[_D], write: Callable[..., None]) -> None:
    try:
        with (
            click.progressbar(length=len(plan.drafts), label="Writing", file=sys.stderr) as bar,
            transaction() as session,
        ):
            _write_all(session, plan, write, bar.update)
    except DomainError as error:
        raise click.ClickException(" ".join(sentence(r) for r in error.reasons)) from None
    except IntegrityError:
        # The guard, or a reference: another writer came between the check and the write.
        changed = DomainError("import.changed_meanwhile")
        raise click.ClickException(sentence(changed.reasons[0])) from None


def _write_all(
    session: Session,
    plan: service.Plan[_D],
    write: Callable[..., None],
    on_written: Callable[[int], None],
) -> None:
    write(session, SYSTEM, plan, on_written=on_written, now=utc_now())


def _where(objection: Objection) -> str:
    column = f", column {objection.column}" if objection.column else ""
    return f"line {objection.line}{column}"


def _count(plan: service.Plan[_D]) -> None:
    """Rows by what becomes of them; objections by their code, the most frequent first."""
    parts = [f"{plan.read} rows read", f"{len(plan.drafts)} good"]
    if plan.history:
        parts.append(f"{plan.history} of them history")
    if plan.folded:
        parts.append(f"{plan.folded} repeat others")
    parts += [f"{plan.known} imported before", f"{plan.refused} refused"]
    click.echo(", ".join(parts) + ".")
    for code, times in Counter(each.reason.code for each in plan.objections).most_common():
        click.echo(f"  {times} x {code}")
