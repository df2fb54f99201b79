"""Being called: asking for it, and who waits."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.schemas import CallFormSchema
from mutuali.consent.views.answering import own_question_again, question_again
from mutuali.consent.views.blueprint import bp
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.pages import page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_CALLS = "/intendance/appels"


@bp.post("/organisme/consentements/<public_id>/appel")
@door(
    Permission.CONSENT_READ,
    parse=lambda: load_form(CallFormSchema()),
    again=question_again,
)
def ask_call(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Ask to be called about a question to one's organization."""
    if actor.organization_id is None:
        raise Forbidden
    return _ask(session, actor, actor.organization_id, public_id, form["phone"])


@bp.post("/compte/consentements/<public_id>/appel")
@door(
    SIGNED_IN,
    parse=lambda: load_form(CallFormSchema()),
    again=own_question_again,
)
def ask_own_call(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Ask to be called about a question to oneself."""
    return _ask(session, actor, None, public_id, form["phone"])


@bp.get(_CALLS)
@door(Permission.CALL_ANSWER)
def calls(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who waits for a call, the longest first."""
    return page("consent/calls.html", calls=service.open_calls(session, actor))


@bp.post(f"{_CALLS}/<public_id>/fermer")
@door(Permission.CALL_ANSWER)
def close_call(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The call took place."""
    service.close_call(session, actor, public_id, now=utc_now())
    flash(_("C’est noté. Le numéro est effacé."), "success")
    return see_other(_CALLS)


def _ask(
    session: Session, actor: Actor, organization_id: int | None, public_id: str, phone: str
) -> ResponseReturnValue:
    service.ask_call(
        session,
        actor,
        organization_id,
        public_id,
        phone,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("Une personne du réseau vous appellera. D’ici votre réponse, c’est non."), "success")
    home = "/compte/consentements" if organization_id is None else "/organisme/consentements"
    return see_other(f"{home}/{public_id}")
