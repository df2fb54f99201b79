"""Pages that say when a listing is closed."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.schemas.opening import ClosureSchema
from mutuali.equipment.views.listings import bp, own_listing
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form


@bp.get("/annonces/<public_id>/indisponibilites")
@door(Permission.LISTING_EDIT)
def closures(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """When a listing is closed, from now on."""
    return _closures_page(session, actor, public_id)


def _closures_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _closures_page(session, actor, public_id, error)


@bp.post("/annonces/<public_id>/indisponibilites")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(ClosureSchema()), again=_closures_again)
def close(session: Session, actor: Actor, period: Period, public_id: str) -> ResponseReturnValue:
    """Close a listing for a while."""
    listing = own_listing(session, actor, public_id)
    service.close(session, actor, listing.id, period, now=utc_now())
    flash(_("L’indisponibilité est notée."), "success")
    return see_other(f"/annonces/{public_id}/indisponibilites")


@bp.post("/annonces/indisponibilites/<int:closure_id>/retirer")
@door(Permission.LISTING_EDIT)
def reopen(session: Session, actor: Actor, closure_id: int) -> ResponseReturnValue:
    """Give a closed span back."""
    listing_id = service.reopen(session, actor, closure_id, now=utc_now())
    flash(
        _("L’indisponibilité est retirée\u00a0: on peut de nouveau demander ce moment."), "success"
    )
    public_id = service.listings(session, [listing_id])[listing_id].public_id
    return see_other(f"/annonces/{public_id}/indisponibilites")


def _closures_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    listing = own_listing(session, actor, public_id)
    reasons = error.reasons if error else ()
    return page(
        "equipment/closures.html",
        listing=listing,
        closures=service.closures(session, listing.id, after=utc_now()),
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
        twice={reason.field for reason in reasons if reason.code == "time.exists_twice"},
    )
