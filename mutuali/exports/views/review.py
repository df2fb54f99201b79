"""The page on which people answer for a built bundle: read, sign, return, or do nothing."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports import service
from mutuali.exports.rules.opinions import Outcome
from mutuali.exports.rules.promotion import opens_from
from mutuali.exports.schemas import DecisionSchema, ExportSignatureSchema
from mutuali.exports.views.brief import brief
from mutuali.exports.views.door import bp, hosted_outside
from mutuali.exports.views.followed import followed
from mutuali.exports.views.measured import measured, shown_changes, shown_checks
from mutuali.exports.views.shown import plain_restrictions, shown_answers, shown_export
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form
from mutuali.web.secrets import fingerprint_key


@bp.get("/examens")
@door(Permission.EXPORT_REVIEW)
def reviews(session: Session, actor: Actor) -> ResponseReturnValue:
    """The bundles on which the actor's opinion is asked."""
    return page("exports/reviews.html", exports=service.waiting_for(session, actor, now=utc_now()))


@bp.get("/exportations/<public_id>/examen")
@door(Permission.EXPORT_REVIEW)
def review(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Everything that was measured, under five headings."""
    return _review_page(session, actor, public_id)


def _review_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _review_page(session, actor, public_id, error)


@bp.post("/exportations/<public_id>/signer")
@door(
    Permission.EXPORT_REVIEW, parse=lambda: load_form(ExportSignatureSchema()), again=_review_again
)
def sign(
    session: Session, actor: Actor, signature: dict[str, bool], public_id: str
) -> ResponseReturnValue:
    """Say yes; the last yes lets it out."""
    came_to = service.sign(
        session,
        actor,
        public_id,
        key=fingerprint_key(),
        hosted_outside=hosted_outside(),
        remarks_read=signature["remarks_read"],
        now=utc_now(),
    )
    return _said(actor, public_id, came_to)


@bp.post("/exportations/<public_id>/retourner")
@door(Permission.EXPORT_REVIEW, parse=lambda: load_form(DecisionSchema()), again=_review_again)
def send_back(
    session: Session, actor: Actor, decision: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Say no, with a reason."""
    came_to = service.send_back(session, actor, public_id, decision["note"], now=utc_now())
    return _said(actor, public_id, came_to)


def _said(actor: Actor, public_id: str, came_to: Outcome) -> ResponseReturnValue:
    words = {
        Outcome.SIGN: _("C’est signé. L’analyste peut télécharger l’exportation."),
        Outcome.RETURN: _("C’est retourné. L’analyste lira la raison; rien n’est sorti."),
        Outcome.WAIT: _("Votre avis est gardé. Il reste caché jusqu’à ce que l’autre soit donné."),
    }
    flash(words[came_to], "success")
    if may(actor, Permission.EXPORT_DECIDE):
        return see_other(f"/exportations/{public_id}")
    return see_other("/examens")


def _review_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    found = service.review(session, actor, public_id, now=now)
    export = found.export
    told = followed(export.report) if export.report else None
    checks = shown_checks(export.checks or ())
    figures = measured(export.review) if export.review else None
    return page(
        "exports/review.html",
        found=found,
        export=export,
        answered=dict(shown_answers(export.answers)),
        shown=shown_export(export, export.report) if export.report else None,
        brief=brief(found, figures, checks, told),
        followed=told,
        checks=checks,
        measured=figures,
        changes=shown_changes(found.compared, export.review)
        if found.compared and export.review
        else (),
        again=export.again_id is not None,
        opens_from=opens_from(export.ended_at)
        if export.promotes_id is not None and export.ended_at is not None
        else None,
        restrictions=plain_restrictions(export),
        decides=may(actor, Permission.EXPORT_DECIDE),
        panels=panels_of(Place.EXPORT_REVIEW, session, actor, public_id, now)
        if found.speaks
        else (),
        typed=request.form,
        errors=errors_by_field(error),
    )
