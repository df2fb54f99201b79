"""JSON doors that say when a listing is closed."""

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.api.listings import bp
from mutuali.equipment.schemas.opening import SpanSchema
from mutuali.equipment.views.listings import own_listing
from mutuali.web.clock import utc_now


class ClosureDumpSchema(SpanSchema):
    """A span that the lender took away."""

    id = fields.Integer(required=True)


@bp.operation(
    "GET",
    "/listings/<listing_id>/closures",
    Permission.LISTING_EDIT,
    "Lister les indisponibilités à venir",
    gives=ClosureDumpSchema,
    many=True,
)
def closures(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """The spans that the lender took away, from now on."""
    found = own_listing(session, actor, listing_id)
    return [
        {"id": id_, "starts_at": period.start, "ends_at": period.end}
        for id_, period in service.closures(session, found.id, after=utc_now())
    ]


@bp.operation(
    "POST",
    "/listings/<listing_id>/closures",
    Permission.LISTING_EDIT,
    "Fermer une annonce pour un temps",
    takes=SpanSchema,
    status=204,
)
def close(session: Session, actor: Actor, period: Period, listing_id: str) -> None:
    """Take a span away from new bookings."""
    found = own_listing(session, actor, listing_id)
    service.close(session, actor, found.id, period, now=utc_now())


@bp.operation(
    "DELETE",
    "/closures/<int(max=2147483647):closure_id>",
    Permission.LISTING_EDIT,
    "Rouvrir une annonce",
    status=204,
)
def reopen(session: Session, actor: Actor, closure_id: int) -> None:
    """Give a closed span back."""
    service.reopen(session, actor, closure_id, now=utc_now())
