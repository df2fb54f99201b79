"""JSON doors of a listing's things: their names, what a kit is made of, what is broken."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.api.listings import bp
from mutuali.equipment.rules import UnitCondition
from mutuali.equipment.schemas.units import (
    OutageSchema,
    PartSchema,
    PartsSchema,
    SentOutage,
    UnitSchema,
)
from mutuali.equipment.views.listings import own_listing
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class UnitDumpSchema(Schema):
    """One thing of a listing."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    condition = fields.Enum(UnitCondition, by_value=True, required=True)
    note = fields.String(required=True)
    retired = fields.Boolean(required=True)


class OutageDumpSchema(Schema):
    """Units out of service; no end: until they work again."""

    id = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True)


@bp.operation(
    "GET",
    "/listings/<listing_id>/units",
    Permission.LISTING_EDIT,
    "Lister les unités nommées d’une annonce",
    gives=UnitDumpSchema,
    many=True,
)
def units(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """The things of a listing that have a name, by code; those that are gone too."""
    found = own_listing(session, actor, listing_id)
    named = service.units_of(session, [found.id], retired=True).get(found.id, [])
    return [_unit(each) for each in named]


@bp.operation(
    "POST",
    "/listings/<listing_id>/units",
    Permission.LISTING_EDIT,
    "Nommer une unité",
    takes=UnitSchema,
    gives=UnitDumpSchema,
    status=201,
)
def add_unit(
    session: Session, actor: Actor, draft: service.UnitDraft, listing_id: str
) -> dict[str, Any]:
    """Name one more thing; 409 when all units have names or the code is another's."""
    found = own_listing(session, actor, listing_id)
    made = service.add_unit(
        session, actor, found.id, draft, public_id=new_public_id(), now=utc_now()
    )
    return _unit(made)


@bp.operation(
    "PUT",
    "/units/<unit_id>",
    Permission.LISTING_EDIT,
    "Modifier une unité",
    takes=UnitSchema,
    gives=UnitDumpSchema,
)
def edit_unit(
    session: Session, actor: Actor, draft: service.UnitDraft, unit_id: str
) -> dict[str, Any]:
    """Say something else about a thing."""
    return _unit(service.edit_unit(session, actor, unit_id, draft, now=utc_now()))


@bp.operation(
    "DELETE", "/units/<unit_id>", Permission.LISTING_EDIT, "Retirer une unité", status=204
)
def retire_unit(session: Session, actor: Actor, unit_id: str) -> None:
    """The thing is gone for good; its name stays in its past loans."""
    service.retire_unit(session, actor, unit_id, now=utc_now())


@bp.operation(
    "GET",
    "/listings/<listing_id>/parts",
    Permission.LISTING_EDIT,
    "Lire ce qui compose un ensemble",
    gives=PartSchema,
    many=True,
)
def parts(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """What a kit is made of; empty for an ordinary listing."""
    found = own_listing(session, actor, listing_id)
    return _parts(session, found.id)


@bp.operation(
    "PUT",
    "/listings/<listing_id>/parts",
    Permission.LISTING_EDIT,
    "Composer un ensemble",
    takes=PartsSchema,
    gives=PartSchema,
    many=True,
)
def set_parts(
    session: Session, actor: Actor, sent: Sequence[tuple[str, int]], listing_id: str
) -> list[dict[str, Any]]:
    """Say what a kit is made of; it is then booked whole or not at all."""
    found = own_listing(session, actor, listing_id)
    service.set_parts(session, actor, found.id, sent, now=utc_now())
    return _parts(session, found.id)


@bp.operation(
    "GET",
    "/listings/<listing_id>/outages",
    Permission.LISTING_EDIT,
    "Lister ce qui est hors service",
    gives=OutageDumpSchema,
    many=True,
)
def outages(session: Session, actor: Actor, listing_id: str) -> list[dict[str, Any]]:
    """What is out of service now or later."""
    found = own_listing(session, actor, listing_id)
    known = service.outages_of(session, [found.id], now=utc_now()).get(found.id, [])
    return [_outage(each) for each in known]


@bp.operation(
    "POST",
    "/listings/<listing_id>/outages",
    Permission.LISTING_EDIT,
    "Mettre des unités hors service",
    takes=OutageSchema,
    gives=OutageDumpSchema,
    status=201,
)
def take_out(session: Session, actor: Actor, sent: SentOutage, listing_id: str) -> dict[str, Any]:
    """Nobody new gets them; what was promised before stays, for people to move."""
    found, now = own_listing(session, actor, listing_id), utc_now()
    made = service.take_out(
        session, actor, found.id, sent.draft(now), public_id=new_public_id(), now=now
    )
    return _outage(made)


@bp.operation(
    "DELETE",
    "/outages/<outage_id>",
    Permission.LISTING_EDIT,
    "Remettre des unités en service",
    status=204,
)
def put_back(session: Session, actor: Actor, outage_id: str) -> None:
    """They work again, from now on."""
    service.put_back(session, actor, outage_id, now=utc_now())


def _unit(facts: service.UnitFacts) -> dict[str, Any]:
    return {
        "id": facts.public_id,
        "code": facts.code,
        "condition": facts.condition,
        "note": facts.note,
        "retired": facts.retired,
    }


def _outage(facts: service.OutageFacts) -> dict[str, Any]:
    return {
        "id": facts.public_id,
        "units": facts.units,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "reason": facts.reason,
    }


def _parts(session: Session, kit_id: int) -> list[dict[str, Any]]:
    return [
        {"listing": each.listing.public_id, "units": each.units}
        for each in service.kit_parts(session, kit_id)
    ]
