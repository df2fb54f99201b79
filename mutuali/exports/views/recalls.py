"""Pages of what happens after a yes ended: where one's data went, what is asked of recipients."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.rules.recalls import Answer
from mutuali.exports.schemas import AttestationSchema
from mutuali.exports.views.door import bp
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import fingerprint_key
from mutuali.web.words import label


@bp.get("/organisme/consentements/copies")
@door(Permission.CONSENT_ANSWER)
def copies(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where the data of one's organization went, and the true state of every copy."""
    if actor.organization_id is None:
        raise NotFound
    found = service.copies_of_organization(
        session, actor, actor.organization_id, key=fingerprint_key(), now=utc_now()
    )
    named = organizations.organization(session, actor.organization_id)
    return page("exports/whereabouts.html", copies=found, organization=named)


@bp.get("/compte/copies")
@door(SIGNED_IN)
def own_copies(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where the data about oneself went; no employer reads this."""
    found = service.copies_of_person(session, actor, key=fingerprint_key(), now=utc_now())
    return page("exports/whereabouts.html", copies=found, organization=None)


@bp.get("/rappels")
@door(SIGNED_IN)
def recalls(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one is asked to destroy, latest first."""
    found = service.notices(session, person_id=actor.person_id or 0, now=utc_now())
    return page("exports/recalls.html", notices=found)


@bp.get("/rappels/<public_id>")
@door(SIGNED_IN)
def recall(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One recall, and what became of one's copies."""
    return _recall_page(session, actor, public_id)


def _recall_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _recall_page(session, actor, public_id, error)


@bp.post("/rappels/<public_id>")
@door(SIGNED_IN, parse=lambda: load_form(AttestationSchema()), again=_recall_again)
def attest(
    session: Session, actor: Actor, given: service.Attestation, public_id: str
) -> ResponseReturnValue:
    """Say what became of one's copies."""
    service.attest(session, actor, public_id, given, now=utc_now())
    if given.answer is Answer.CANNOT:
        flash(_("C’est noté. L’intendance vous écrira."), "success")
    else:
        flash(_("C’est attesté. Merci."), "success")
    return see_other(f"/rappels/{public_id}")


def _recall_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "exports/recall.html",
        recall=service.notice(session, actor, public_id, now=utc_now()),
        choices=[(each.value, label("exports.attested", each.value)) for each in Answer],
        typed=request.form,
        errors=errors_by_field(error),
    )
