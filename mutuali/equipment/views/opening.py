"""Pages that say when things are closed, and which days differ: of one listing, or of all."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.rules import OtherHours
from mutuali.equipment.schemas.opening import ClosureSchema, OtherHoursFormSchema
from mutuali.equipment.views.listings import bp, lender_of, own_listing
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form

#: Fields of the rule -> fields of the form that stand for them.
_FORM_FIELD = {"spans": "opens"}


@bp.get("/annonces/<public_id>/indisponibilites")
@door(Permission.LISTING_EDIT)
def closures(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """When a listing is closed and which days differ, from now on."""
    return _page_of_one(session, actor, public_id)


def _again_of_one(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _page_of_one(session, actor, public_id, error)


@bp.post("/annonces/<public_id>/indisponibilites")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(ClosureSchema()), again=_again_of_one)
def close(session: Session, actor: Actor, period: Period, public_id: str) -> ResponseReturnValue:
    """Close a listing for a while."""
    listing = own_listing(session, actor, public_id)
    service.close(session, actor, _scope(listing), period, now=utc_now())
    flash(_("L’indisponibilité est notée."), "success")
    return see_other(f"/annonces/{public_id}/indisponibilites")


@bp.post("/annonces/<public_id>/horaires")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(OtherHoursFormSchema()), again=_again_of_one)
def differ(
    session: Session, actor: Actor, other: OtherHours, public_id: str
) -> ResponseReturnValue:
    """Give one day of a listing other hours."""
    listing = own_listing(session, actor, public_id)
    service.differ(session, actor, _scope(listing), other, now=utc_now())
    flash(_("L’horaire de ce jour est noté."), "success")
    return see_other(f"/annonces/{public_id}/indisponibilites")


@bp.get("/organisme/fermetures")
@door(Permission.LISTING_EDIT)
def closures_of_all(session: Session, actor: Actor) -> ResponseReturnValue:
    """When all that one's organization shares is closed, and which days differ, from now on."""
    return _page_of_all(session, actor)


def _again_of_all(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page_of_all(session, actor, error)


@bp.post("/organisme/fermetures")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(ClosureSchema()), again=_again_of_all)
def close_all(session: Session, actor: Actor, period: Period) -> ResponseReturnValue:
    """Close all listings, those to come too."""
    service.close(session, actor, service.Scope(lender_of(actor)), period, now=utc_now())
    flash(_("La fermeture est notée. Elle vaut pour toutes vos annonces."), "success")
    return see_other("/organisme/fermetures")


@bp.post("/organisme/horaires")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(OtherHoursFormSchema()), again=_again_of_all)
def differ_all(session: Session, actor: Actor, other: OtherHours) -> ResponseReturnValue:
    """Give one day of all listings other hours."""
    service.differ(session, actor, service.Scope(lender_of(actor)), other, now=utc_now())
    flash(_("L’horaire de ce jour est noté. Il vaut pour toutes vos annonces."), "success")
    return see_other("/organisme/fermetures")


@bp.post("/annonces/indisponibilites/<int:closure_id>/retirer")
@door(Permission.LISTING_EDIT)
def reopen(session: Session, actor: Actor, closure_id: int) -> ResponseReturnValue:
    """Give a closed span back."""
    scope = service.reopen(session, actor, closure_id, now=utc_now())
    flash(_("C’est retiré\u00a0: on peut de nouveau demander ce moment."), "success")
    return see_other(_page_about(session, scope))


@bp.post("/annonces/horaires/<int:exception_id>/retirer")
@door(Permission.LISTING_EDIT)
def as_usual(session: Session, actor: Actor, exception_id: int) -> ResponseReturnValue:
    """Let a day follow the weekly hours again."""
    scope = service.as_usual(session, actor, exception_id, now=utc_now())
    flash(_("C’est retiré\u00a0: ce jour suit de nouveau les heures de la semaine."), "success")
    return see_other(_page_about(session, scope))


def _scope(listing: service.ListingFacts) -> service.Scope:
    return service.Scope(listing.lender_id, listing.id)


def _page_about(session: Session, scope: service.Scope) -> str:
    """Where what holds for ``scope`` is shown."""
    if scope.listing_id is None:
        return "/organisme/fermetures"
    listing = service.listings(session, [scope.listing_id])[scope.listing_id]
    return f"/annonces/{listing.public_id}/indisponibilites"


def _page_of_one(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    listing = own_listing(session, actor, public_id)
    return _page(session, _scope(listing), error, listing=listing, base=f"/annonces/{public_id}")


def _page_of_all(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return _page(session, service.Scope(lender_of(actor)), error, listing=None, base="/organisme")


def _page(
    session: Session,
    scope: service.Scope,
    error: DomainError | None,
    *,
    listing: service.ListingFacts | None,
    base: str,
) -> ResponseReturnValue:
    now = utc_now()
    whole = service.Scope(scope.lender_id)
    reasons = error.reasons if error else ()
    said = errors_by_field(error)
    return page(
        "equipment/closures.html",
        listing=listing,
        base=base,
        closures=service.closures(session, scope, after=now),
        external=service.external_closures(session, scope, after=now),
        external_of_all=service.external_closures(session, whole, after=now) if listing else [],
        differing=service.differing_days(session, scope, after=now),
        of_all=service.closures(session, whole, after=now) if listing else [],
        differing_of_all=service.differing_days(session, whole, after=now) if listing else [],
        typed=request.form.to_dict(),
        errors={_FORM_FIELD.get(name, name): sentence for name, sentence in said.items()},
        twice={reason.field for reason in reasons if reason.code == "time.exists_twice"},
    )
