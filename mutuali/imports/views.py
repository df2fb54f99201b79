"""Pages of an organization's own spreadsheets: take along, look at what a file would do, write."""

from contextlib import closing
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Reason, Refused, Unreadable
from mutuali.core.permissions import Actor, Permission
from mutuali.core.spreadsheets import csv_bytes
from mutuali.imports import service
from mutuali.imports.rules.own import COLUMNS, MOST_BYTES, MOST_LINES, QUESTIONS, Fate, OwnKind
from mutuali.imports.schemas import OwnFormSchema
from mutuali.web.api import acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import collects, load_form
from mutuali.web.secrets import new_public_id

bp = Blueprint("imports", __name__)

_HOME = "/organisme/fichiers"
#: How many bad lines a page lists; the rest is only counted.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class _Given:
    """A file, and which it is."""

    kind: OwnKind
    content: bytes


def _parse() -> _Given:
    form = load_form(OwnFormSchema())
    file = request.files.get("file")
    if file is None or not file.filename:
        if not form["content"]:
            raise Refused(Reason("field.missing", {}, "file"))
        return _Given(form["kind"], form["content"].encode())
    with closing(file):
        content = file.stream.read(MOST_BYTES + 1)
    try:
        content.decode()
    except UnicodeDecodeError:
        raise Refused(Reason("import.not_text", {"encoding": "UTF-8"}, "file")) from None
    return _Given(form["kind"], content)


@bp.get(_HOME)
@door(Permission.LISTING_EDIT)
def files(session: Session, actor: Actor) -> ResponseReturnValue:
    """The files one can take along, and a form to bring one back."""
    return _files_page(session, actor)


def _files_page(
    _session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    acting_for(actor, "")
    errors = errors_by_field(error)
    if "" in errors:
        errors["file"] = errors.pop("")
    return page(
        "imports/files.html",
        columns=COLUMNS,
        typed=request.form,
        most_kb=MOST_BYTES // 1000,
        most_lines=MOST_LINES,
        errors=errors,
    )


@bp.get(f"{_HOME}/<any(units, kits, days, closures, quotas, demands, series):kind>.csv")
@door(Permission.LISTING_EDIT)
def own_file(session: Session, actor: Actor, kind: str) -> ResponseReturnValue:
    """One file of one's own organization."""
    return own_csv(session, actor, OwnKind(kind))


def own_csv(session: Session, actor: Actor, kind: OwnKind) -> Response:
    """One file of the organization that the actor acts for."""
    organization_id = acting_for(actor, "")
    rows = service.own_rows(session, actor, organization_id, kind, now=utc_now())
    answer = current_app.response_class(csv_bytes(COLUMNS[kind], rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind.value}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def left_out(kind: OwnKind) -> list[str]:
    """The columns whose question the network asks no more."""
    return [name for name, question in QUESTIONS.get(kind, {}).items() if not collects(question)]


@bp.post(_HOME)
@door(Permission.LISTING_EDIT, parse=_parse, again=_files_page)
def look(session: Session, actor: Actor, given: _Given) -> ResponseReturnValue:
    """What a file would do, line by line where it is wrong; nothing is written."""
    report = _brought_back(session, actor, given, dry=True)
    return page(
        "imports/looked.html",
        kind=given.kind,
        content=given.content.decode().removeprefix("\ufeff"),
        report=report,
        fates=_fates(report),
        shown=report.objections[:_SHOWN],
    )


@bp.post(f"{_HOME}/ecrire")
@door(Permission.LISTING_EDIT, parse=_parse, again=_files_page)
def write(session: Session, actor: Actor, given: _Given) -> ResponseReturnValue:
    """Write what a file says, all of it or nothing."""
    report = _brought_back(session, actor, given, dry=False)
    if not report.written:
        return page(
            "imports/looked.html",
            422,
            kind=given.kind,
            content="",
            report=report,
            fates=[],
            shown=report.objections[:_SHOWN],
        )
    flash(_("C’est écrit\u00a0: %(what)s.", what=", ".join(_fates(report))), "success")
    return see_other(_HOME)


def _brought_back(session: Session, actor: Actor, given: _Given, *, dry: bool) -> service.OwnReport:
    try:
        return service.bring_back(
            session,
            actor,
            acting_for(actor, ""),
            given.kind,
            given.content,
            dry=dry,
            left_out=left_out(given.kind),
            new_public_id=new_public_id,
            now=utc_now(),
        )
    except Unreadable as error:
        raise Refused.because(error.reasons) from None


def _fates(report: service.OwnReport) -> list[str]:
    """``3 lignes nouvelles``, ``12 déjà ainsi``."""
    added, changed, same = (report.fates[each] for each in Fate)
    return [
        ngettext("%(num)d ligne nouvelle", "%(num)d lignes nouvelles", added),
        ngettext("%(num)d ligne changée", "%(num)d lignes changées", changed),
        ngettext("%(num)d ligne déjà ainsi", "%(num)d lignes déjà ainsi", same),
    ]
