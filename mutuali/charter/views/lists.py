"""The list of actions: take it along, bring another in, go back to the software's own."""

from contextlib import closing
from dataclasses import dataclass

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.rules import COLUMNS, as_csv
from mutuali.charter.schemas import MOST_BYTES, ListFormSchema
from mutuali.charter.views.public import bp
from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.core.spreadsheets import csv_bytes
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_HERE = "/intendance/actions"


@dataclass(frozen=True, slots=True)
class SentList:
    """A list as a form brings it."""

    name: str
    source: str
    content: str


def _lists_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "charter/lists.html",
        current=service.current_actions(session),
        lists=service.lists(session, actor),
        columns=", ".join(COLUMNS),
        errors=errors_by_field(error),
    )


def _sent() -> SentList:
    form = load_form(ListFormSchema())
    file = request.files.get("file")
    if file is None:
        raise Refused(Reason("field.missing", {}, "file"))
    with closing(file):
        data = file.stream.read(MOST_BYTES + 1)
    if not data:
        raise Refused(Reason("field.missing", {}, "file"))
    if len(data) > MOST_BYTES:
        raise Refused(Reason("field.too_long", {"max": MOST_BYTES}, "file"))
    try:
        return SentList(form["name"], form["source"], data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(Reason("actions.not_text", {}, "file")) from error


@bp.get("/intendance/actions")
@door(Permission.REGISTER_KEEP)
def lists(session: Session, actor: Actor) -> ResponseReturnValue:
    """Which list counts, and those before it."""
    return _lists_page(session, actor)


@bp.post("/intendance/actions")
@door(Permission.REGISTER_KEEP, parse=_sent, again=_lists_page)
def bring_list(session: Session, actor: Actor, sent: SentList) -> ResponseReturnValue:
    """Let another list count from now on."""
    many = service.bring_list(
        session,
        actor,
        sent.content,
        name=sent.name,
        source=sent.source,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(
        ngettext("La liste compte %(num)d action.", "La liste compte %(num)d actions.", many),
        "success",
    )
    return see_other(_HERE)


@bp.post("/intendance/actions/de-depart")
@door(Permission.REGISTER_KEEP, again=_lists_page)
def back_to_starter(session: Session, actor: Actor) -> ResponseReturnValue:
    """Let the list of the software count again."""
    service.back_to_starter(session, actor, now=utc_now())
    flash(_("La liste de départ compte de nouveau."), "success")
    return see_other(_HERE)


@bp.get("/intendance/actions.csv")
@door(Permission.REGISTER_KEEP)
def list_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The list that counts, as a file that can be brought back changed."""
    actions = service.current_actions(session).actions
    answer = Response(csv_bytes(COLUMNS, as_csv(actions)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="actions.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
