"""JSON doors that say how much each borrower may have: of one listing, or of all."""

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.api.listings import bp
from mutuali.equipment.api.opening import of_all, of_one
from mutuali.equipment.rules import Quota
from mutuali.equipment.schemas.limiting import QuotaSchema
from mutuali.web.clock import utc_now


class QuotaDumpSchema(QuotaSchema):
    """A quota."""

    id = fields.Integer(required=True)


@bp.operation(
    "GET",
    "/listings/<listing_id>/quotas",
    Permission.LISTING_EDIT,
    "Lister les limites d’une annonce",
    gives=QuotaDumpSchema,
    many=True,
)
def quotas(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """What each borrower may have of this listing alone."""
    return _quotas(session, of_one(session, actor, listing_id))


@bp.operation(
    "POST",
    "/listings/<listing_id>/quotas",
    Permission.LISTING_EDIT,
    "Limiter ce que chaque organisme prend d’une annonce",
    takes=QuotaSchema,
    status=204,
)
def limit(session: Session, actor: Actor, quota: Quota, listing_id: str) -> None:
    """Set a limit, or another number for one that there is."""
    scope = of_one(session, actor, listing_id)
    service.limit(session, actor, scope, quota, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/quotas",
    Permission.LISTING_EDIT,
    "Lister les limites d’un prêteur",
    gives=QuotaDumpSchema,
    many=True,
)
def quotas_of_all(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """What each borrower may have over all listings of an organization together."""
    return _quotas(session, of_all(session, actor, organization_id))


@bp.operation(
    "POST",
    "/organizations/<organization_id>/quotas",
    Permission.LISTING_EDIT,
    "Limiter ce que chaque organisme prend d’un prêteur",
    takes=QuotaSchema,
    status=204,
)
def limit_all(session: Session, actor: Actor, quota: Quota, organization_id: str) -> None:
    """Set a limit over all listings together, or another number for one that there is."""
    scope = of_all(session, actor, organization_id)
    service.limit(session, actor, scope, quota, now=utc_now())


@bp.operation(
    "DELETE",
    "/quotas/<int(max=2147483647):quota_id>",
    Permission.LISTING_EDIT,
    "Retirer une limite",
    status=204,
)
def unlimit(session: Session, actor: Actor, quota_id: int) -> None:
    """Let go of a limit."""
    service.unlimit(session, actor, quota_id, now=utc_now())


def _quotas(session: Session, scope: service.Scope) -> list[dict[str, Any]]:
    return [
        {"id": id_, "per": quota.per, "counts": quota.counts, "most": quota.most}
        for id_, quota in service.quotas(session, scope)
    ]
