"""JSON doors that say when things are closed, and which days differ: of one listing, or of all."""

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.api.listings import bp, lender
from mutuali.equipment.rules import OtherHours
from mutuali.equipment.schemas.opening import OtherHoursSchema, SpanSchema
from mutuali.equipment.views.listings import own_listing
from mutuali.web.clock import utc_now


class ClosureDumpSchema(SpanSchema):
    """A span that the lender took away."""

    id = fields.Integer(required=True)
    external = fields.Boolean(
        required=True, metadata={"description": "an agenda elsewhere says so, not the lender"}
    )


class OtherHoursDumpSchema(OtherHoursSchema):
    """A day that differs."""

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
    """The spans that the lender took away from this listing alone, from now on."""
    return _closures(session, of_one(session, actor, listing_id))


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
    scope = of_one(session, actor, listing_id)
    service.close(session, actor, scope, period, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/closures",
    Permission.LISTING_EDIT,
    "Lister les fermetures à venir d’un organisme",
    gives=ClosureDumpSchema,
    many=True,
)
def closures_of_all(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """The spans taken away from all listings of an organization, from now on."""
    return _closures(session, of_all(session, actor, organization_id))


@bp.operation(
    "POST",
    "/organizations/<organization_id>/closures",
    Permission.LISTING_EDIT,
    "Fermer toutes les annonces pour un temps",
    takes=SpanSchema,
    status=204,
)
def close_all(session: Session, actor: Actor, period: Period, organization_id: str) -> None:
    """Take a span away from new bookings of every listing, those to come too."""
    scope = of_all(session, actor, organization_id)
    service.close(session, actor, scope, period, now=utc_now())


@bp.operation(
    "DELETE",
    "/closures/<int(max=2147483647):closure_id>",
    Permission.LISTING_EDIT,
    "Rouvrir",
    status=204,
)
def reopen(session: Session, actor: Actor, closure_id: int) -> None:
    """Give a closed span back."""
    service.reopen(session, actor, closure_id, now=utc_now())


@bp.operation(
    "GET",
    "/listings/<listing_id>/other-hours",
    Permission.LISTING_EDIT,
    "Lister les horaires d’exception à venir",
    gives=OtherHoursDumpSchema,
    many=True,
)
def other_hours(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """The days, from today on, on which this listing alone differs from its weekly hours."""
    return _differing(session, of_one(session, actor, listing_id))


@bp.operation(
    "POST",
    "/listings/<listing_id>/other-hours",
    Permission.LISTING_EDIT,
    "Donner d’autres heures à un jour d’une annonce",
    takes=OtherHoursSchema,
    status=204,
)
def differ(session: Session, actor: Actor, other: OtherHours, listing_id: str) -> None:
    """Put these hours in place of the weekly ones on that day; they also go before those that the
    organization gives the day."""
    scope = of_one(session, actor, listing_id)
    service.differ(session, actor, scope, other, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/other-hours",
    Permission.LISTING_EDIT,
    "Lister les horaires d’exception à venir d’un organisme",
    gives=OtherHoursDumpSchema,
    many=True,
)
def other_hours_of_all(
    session: Session, actor: Actor, organization_id: str
) -> list[dict[str, Any]]:
    """The days, from today on, on which all listings differ from their weekly hours."""
    return _differing(session, of_all(session, actor, organization_id))


@bp.operation(
    "POST",
    "/organizations/<organization_id>/other-hours",
    Permission.LISTING_EDIT,
    "Donner d’autres heures à un jour de toutes les annonces",
    takes=OtherHoursSchema,
    status=204,
)
def differ_all(session: Session, actor: Actor, other: OtherHours, organization_id: str) -> None:
    """Put these hours in place of the weekly ones of every listing on that day."""
    scope = of_all(session, actor, organization_id)
    service.differ(session, actor, scope, other, now=utc_now())


@bp.operation(
    "DELETE",
    "/other-hours/<int(max=2147483647):exception_id>",
    Permission.LISTING_EDIT,
    "Revenir aux heures de la semaine",
    status=204,
)
def as_usual(session: Session, actor: Actor, exception_id: int) -> None:
    """Let a day follow the weekly hours again."""
    service.as_usual(session, actor, exception_id, now=utc_now())


def of_one(session: Session, actor: Actor, public_id: str) -> service.Scope:
    """One listing of the actor's."""
    found = own_listing(session, actor, public_id)
    return service.Scope(found.lender_id, found.id)


def of_all(session: Session, actor: Actor, public_id: str) -> service.Scope:
    """All that an organization of the actor's shares."""
    return service.Scope(lender(session, actor, public_id))


def _closures(session: Session, scope: service.Scope) -> list[dict[str, Any]]:
    now = utc_now()
    found = [
        *((False, *each) for each in service.closures(session, scope, after=now)),
        *((True, *each) for each in service.external_closures(session, scope, after=now)),
    ]
    return [
        {"id": id_, "starts_at": period.start, "ends_at": period.end, "external": external}
        for external, id_, period in sorted(found, key=lambda each: (each[2], each[1]))
    ]


def _differing(session: Session, scope: service.Scope) -> list[dict[str, Any]]:
    return [
        {"id": id_, "day": other.day, "spans": other.spans}
        for id_, other in service.differing_days(session, scope, after=utc_now())
    ]
