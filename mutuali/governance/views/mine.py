"""What is kept of me: taking it along, asking for more."""

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.extensions import limiter
from mutuali.governance import service
from mutuali.governance.rules import Field, RequestKind
from mutuali.governance.schemas import AskSchema, Correction, CorrectionSchema
from mutuali.governance.views.files import file
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

bp = Blueprint("governance", __name__)


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    return page(
        "governance/mine.html",
        asked=service.mine(session, actor),
        today=local(utc_now()).date(),
        kinds=[kind.value for kind in RequestKind],
        fields=[field.value for field in Field],
        errors=errors_by_field(error),
        typed=request.form,
    )


@bp.get("/compte/mes-donnees")
@door(SIGNED_IN)
def my_data(session: Session, actor: Actor) -> ResponseReturnValue:
    """Files to take along, questions to ask, answers that came."""
    return _page(session, actor)


@bp.post("/compte/mes-donnees")
@limiter.limit("10 per minute")
@door(SIGNED_IN, parse=lambda: load_form(AskSchema()), again=_page)
def ask(session: Session, actor: Actor, asked: tuple[RequestKind, str]) -> ResponseReturnValue:
    """Ask; the thirty days start."""
    kind, words = asked
    service.ask(session, actor, kind, words, public_id=new_public_id(), now=utc_now())
    flash(_("Votre demande est reçue. La réponse vient en 30 jours au plus."), "success")
    return see_other("/compte/mes-donnees")


@bp.post("/compte/mes-donnees/corriger")
@limiter.limit("10 per minute")
@door(SIGNED_IN, parse=lambda: load_form(CorrectionSchema()), again=_page)
def ask_correction(session: Session, actor: Actor, asked: Correction) -> ResponseReturnValue:
    """Ask for one field to be corrected; the thirty days start."""
    service.ask(
        session,
        actor,
        RequestKind.RECTIFICATION,
        asked.proof,
        field=asked.field,
        value=asked.value,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("Votre demande est reçue. La réponse vient en 30 jours au plus."), "success")
    return see_other("/compte/mes-donnees")


@bp.get("/compte/mes-donnees.json")
@door(SIGNED_IN)
def my_data_json(session: Session, actor: Actor) -> ResponseReturnValue:
    """What was collected from me; with ``?tout``, everything that is kept about me."""
    told = service.about_me(session, actor, everything="tout" in request.args)
    return file(service.as_json(told, now=utc_now()), "application/json", "mes-donnees.json")


@bp.get("/compte/mes-donnees.zip")
@door(SIGNED_IN)
def my_data_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same as spreadsheets."""
    told = service.about_me(session, actor, everything="tout" in request.args)
    return file(service.as_csv(told), "application/zip", "mes-donnees.zip")
