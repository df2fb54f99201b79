"""Requests of persons, for those who answer them."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.rules import Answer, Identity
from mutuali.governance.schemas import Answered, AnsweredSchema, Noted, NotedSchema
from mutuali.governance.views.mine import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, tombstone_key

_REQUESTS = "/intendance/registres/demandes"


def _requests_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "governance/requests.html",
        requests=service.requests(session, actor),
        today=local(utc_now()).date(),
        errors=errors_by_field(error),
        typed=request.form,
    )


def _request_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "governance/request.html",
        asked=service.request_by_public_id(session, actor, public_id),
        today=local(utc_now()).date(),
        identities=[each.value for each in Identity],
        answers=[each.value for each in Answer],
        errors=errors_by_field(error),
        typed=request.form,
    )


@bp.get("/intendance/registres/demandes")
@door(Permission.REGISTER_KEEP)
def requests(session: Session, actor: Actor) -> ResponseReturnValue:
    """Requests of persons, the nearest day first."""
    return _requests_page(session, actor)


@bp.post("/intendance/registres/demandes")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(NotedSchema()), again=_requests_page)
def note_request(session: Session, actor: Actor, noted: Noted) -> ResponseReturnValue:
    """Note a request that came by another way."""
    service.note_request(
        session,
        actor,
        noted.kind,
        noted.reference,
        noted.words,
        received_on=noted.received_on,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("La demande est notée; son délai court."), "success")
    return see_other(_REQUESTS)


@bp.get("/intendance/registres/demandes/<public_id>")
@door(Permission.REGISTER_KEEP)
def request_(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One request, to be answered."""
    return _request_page(session, actor, public_id)


@bp.post("/intendance/registres/demandes/<public_id>")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(AnsweredSchema()), again=_request_page)
def answer_request(
    session: Session, actor: Actor, answered: Answered, public_id: str
) -> ResponseReturnValue:
    """Answer."""
    service.answer_request(
        session,
        actor,
        public_id,
        answered.identity,
        answered.answer,
        answered.words,
        provision=answered.provision,
        tombstone_key=tombstone_key(),
        now=utc_now(),
    )
    flash(_("La réponse est partie."), "success")
    return see_other(_REQUESTS)
