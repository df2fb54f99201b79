"""The first organizations of a network, by a file: look first, then write."""

from contextlib import closing
from dataclasses import dataclass

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, DomainError, Reason, Refused, Unreadable
from mutuali.core.permissions import Actor, Permission
from mutuali.core.spreadsheets import csv_bytes
from mutuali.founding.rules import Step
from mutuali.founding.schemas import FirstFormSchema
from mutuali.founding.views.blueprint import bp
from mutuali.founding.views.steps import HOME, step_page
from mutuali.imports import service as imports
from mutuali.imports.rules.first import COLUMNS, KINDS, MOST_BYTES, MOST_LINES, SECTORS, read_first
from mutuali.organizations import service as organizations
from mutuali.organizations.service import ImportedOrganization
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.network import said
from mutuali.web.pages import see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

#: How many bad cells a page lists; the rest is only counted.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class _Given:
    """The bytes of a file; whether the good lines are written though others are bad."""

    content: bytes
    keep_good: bool = False


def _sent() -> _Given:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(Reason("field.missing", {}, "file"))
    with closing(file):
        content = file.stream.read(MOST_BYTES + 1)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Reason("import.not_text", {"encoding": "UTF-8"}, "file")) from None
    return _Given(content)


def _looked_at() -> _Given:
    form = load_form(FirstFormSchema())
    return _Given(form["content"].encode(), form["keep_good"])


def _organizations_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    which = 1 if language() == "en" else 0
    return step_page(
        session,
        Step.ORGANIZATIONS,
        error,
        there=organizations.count_members(session),
        columns=[names[which] for names in COLUMNS.values()],
        kinds=[words[-1 if which else 0] for words in KINDS.values()],
        sectors=[words[-1 if which else 0] for words in SECTORS.values()],
        most_lines=MOST_LINES,
    )


@bp.get(f"{HOME}/organismes")
@door(Permission.IMPORT)
def first(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who takes part already, and a file to bring more."""
    return _organizations_page(session, actor)


@bp.get(f"{HOME}/organismes/modele.csv")
@door(Permission.IMPORT)
def blank(session: Session, actor: Actor) -> ResponseReturnValue:
    """The head of a file, to be filled in."""
    which = 1 if language() == "en" else 0
    answer = Response(csv_bytes([names[which] for names in COLUMNS.values()], ()))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="organismes.csv"'
    return answer


@bp.post(f"{HOME}/organismes")
@door(Permission.IMPORT, parse=_sent, again=_organizations_page)
def look_at_file(session: Session, actor: Actor, given: _Given) -> ResponseReturnValue:
    """What the file would do, each bad cell by its line and column; nothing is written."""
    return _looked(session, _plan(session, actor, given), given)


@bp.post(f"{HOME}/organismes/ecrire")
@door(Permission.IMPORT, parse=_looked_at, again=_organizations_page)
def write_first(session: Session, actor: Actor, given: _Given) -> ResponseReturnValue:
    """Write all of it, or the good lines where that was asked; nothing while a line is bad."""
    plan = _plan(session, actor, given)
    if plan.refused and not given.keep_good:
        return _looked(session, plan, given, status=422)
    try:
        with session.begin_nested():
            imports.write_organizations(
                session, actor, plan, on_written=lambda _count: None, now=utc_now()
            )
    except IntegrityError:
        raise Conflict("import.changed_meanwhile") from None
    flash(
        ngettext(
            "%(num)d organisme fait partie du réseau.",
            "%(num)d organismes font partie du réseau.",
            len(plan.drafts),
        ),
        "success",
    )
    return see_other(HOME)


def _plan(session: Session, actor: Actor, given: _Given) -> imports.Plan[ImportedOrganization]:
    try:
        reading = read_first(given.content)
    except Unreadable as error:
        moved = (Reason(each.code, each.params, "file") for each in error.reasons)
        raise Refused.because(moved) from None
    return imports.check_organizations(session, actor, reading, new_public_id=new_public_id)


def _looked(
    session: Session,
    plan: imports.Plan[ImportedOrganization],
    given: _Given,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    known = said(session)
    bad = sorted(plan.objections, key=lambda each: each.line)
    outside = [each.draft.name for each in plan.drafts if not known.serves(each.site.borough)]
    answer = step_page(
        session,
        Step.ORGANIZATIONS,
        looked=True,
        plan=plan,
        bad=bad[:_SHOWN],
        outside=outside,
        invited=sum(bool(each.email) for each in plan.drafts),
        content=given.content.decode("utf-8-sig"),
    )
    answer.status_code = status  # type: ignore[union-attr]
    return answer
