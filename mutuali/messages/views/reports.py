"""Reporting a message, and what the coordination does about it."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.messages import service
from mutuali.messages.schemas import DecisionSchema, ReportSchema
from mutuali.messages.views.blueprint import bp
from mutuali.messages.views.threads import file_answer
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_WAITING = "/coordination/signalements"


@bp.get("/messages/<thread_id>/<int(max=2147483647):number>/signaler")
@door(Permission.MESSAGE_READ)
def report_form(session: Session, actor: Actor, thread_id: str, number: int) -> ResponseReturnValue:
    """What is about to be reported, and what happens then."""
    return _report_page(session, actor, thread_id, number)


def _report_page(
    session: Session,
    actor: Actor,
    thread_id: str,
    number: int,
    *,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    return page(
        "messages/report.html",
        thread=service.thread(session, actor, thread_id),
        message=service.message(session, actor, thread_id, number),
        errors=errors_by_field(error),
    )


@bp.post("/messages/<thread_id>/<int(max=2147483647):number>/signaler")
@door(Permission.MESSAGE_READ, parse=lambda: load_form(ReportSchema()), again=_report_page)
def report(
    session: Session, actor: Actor, form: dict[str, Any], thread_id: str, number: int
) -> ResponseReturnValue:
    """Report a message to the coordination."""
    service.report(
        session,
        actor,
        thread_id,
        number,
        form["grounds"],
        form["words"],
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("C’est signalé. La coordination vous écrira ce qu’elle décide."), "success")
    return see_other(f"/messages/{thread_id}")


@bp.get(_WAITING)
@door(Permission.MESSAGE_MODERATE)
def reports(session: Session, actor: Actor) -> ResponseReturnValue:
    """What was reported and waits."""
    return page("messages/reports.html", found=service.reports(session, actor))


@bp.get(f"{_WAITING}/<report_id>")
@door(Permission.MESSAGE_MODERATE)
def reported(session: Session, actor: Actor, report_id: str) -> ResponseReturnValue:
    """A reported message with the two before it."""
    return _reported_page(session, actor, report_id)


def _reported_page(
    session: Session, actor: Actor, report_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    found = [each for each in service.reports(session, actor) if each.public_id == report_id]
    if not found:
        raise NotFound
    return page("messages/reported.html", report=found[0], errors=errors_by_field(error))


@bp.post(f"{_WAITING}/<report_id>")
@door(Permission.MESSAGE_MODERATE, parse=lambda: load_form(DecisionSchema()), again=_reported_page)
def decide(
    session: Session, actor: Actor, form: dict[str, Any], report_id: str
) -> ResponseReturnValue:
    """Do nothing, hide it, or warn."""
    service.decide(session, actor, report_id, form["decision"], form["words"], now=utc_now())
    flash(_("C’est décidé. Qui a signalé le message reçoit un courriel."), "success")
    return see_other(_WAITING)


@bp.get(f"{_WAITING}/fichiers/<file_id>")
@door(Permission.MESSAGE_MODERATE)
def reported_file(session: Session, actor: Actor, file_id: str) -> ResponseReturnValue:
    """A file of a message that the coordination reads."""
    return file_answer(session, actor, file_id)
