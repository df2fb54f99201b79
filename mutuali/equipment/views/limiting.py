"""Pages that say how much each borrower may have: of one listing, or of all."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.rules import Quota
from mutuali.equipment.schemas.limiting import QuotaFormSchema
from mutuali.equipment.views.listings import bp, lender_of, own_listing
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form


@bp.get("/annonces/<public_id>/limites")
@door(Permission.LISTING_EDIT)
def quotas(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What a listing allows each borrower."""
    return _page_of_one(session, actor, public_id)


def _again_of_one(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _page_of_one(session, actor, public_id, error)


@bp.post("/annonces/<public_id>/limites")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(QuotaFormSchema()), again=_again_of_one)
def limit(session: Session, actor: Actor, quota: Quota, public_id: str) -> ResponseReturnValue:
    """Limit what each borrower may have of a listing."""
    listing = own_listing(session, actor, public_id)
    scope = service.Scope(listing.lender_id, listing.id)
    service.limit(session, actor, scope, quota, now=utc_now())
    flash(_("La limite est notée. Elle vaut pour les prochaines demandes."), "success")
    return see_other(f"/annonces/{public_id}/limites")


@bp.get("/organisme/limites")
@door(Permission.LISTING_EDIT)
def quotas_of_all(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one's organization allows each borrower over all that it shares."""
    return _page_of_all(session, actor)


def _again_of_all(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page_of_all(session, actor, error)


@bp.post("/organisme/limites")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(QuotaFormSchema()), again=_again_of_all)
def limit_all(session: Session, actor: Actor, quota: Quota) -> ResponseReturnValue:
    """Limit what each borrower may have over all listings together."""
    service.limit(session, actor, service.Scope(lender_of(actor)), quota, now=utc_now())
    flash(_("La limite est notée. Elle vaut pour les prochaines demandes."), "success")
    return see_other("/organisme/limites")


@bp.post("/annonces/limites/<int:quota_id>/retirer")
@door(Permission.LISTING_EDIT)
def unlimit(session: Session, actor: Actor, quota_id: int) -> ResponseReturnValue:
    """Let go of a limit."""
    scope = service.unlimit(session, actor, quota_id, now=utc_now())
    flash(_("La limite est retirée."), "success")
    if scope.listing_id is None:
        return see_other("/organisme/limites")
    listing = service.listings(session, [scope.listing_id])[scope.listing_id]
    return see_other(f"/annonces/{listing.public_id}/limites")


def _page_of_one(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    listing = own_listing(session, actor, public_id)
    return _page(session, service.Scope(listing.lender_id, listing.id), error, listing)


def _page_of_all(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return _page(session, service.Scope(lender_of(actor)), error, None)


def _page(
    session: Session,
    scope: service.Scope,
    error: DomainError | None,
    listing: service.ListingFacts | None,
) -> ResponseReturnValue:
    of_all = service.quotas(session, service.Scope(scope.lender_id)) if listing else []
    return page(
        "equipment/quotas.html",
        listing=listing,
        action=f"/annonces/{listing.public_id}/limites" if listing else "/organisme/limites",
        quotas=[(id_, _words(quota)) for id_, quota in service.quotas(session, scope)],
        of_all=[_words(quota) for _id, quota in of_all],
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
    )


def _words(quota: Quota) -> str:
    return wording.quota(quota.per.value, quota.counts.value, quota.most)
