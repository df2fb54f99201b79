"""API doors of agendas kept elsewhere, whose busy time closes listings."""

from typing import Any

from flask import request
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.calendars import service
from mutuali.calendars.api.door import bp
from mutuali.calendars.schemas import ExternalSchema
from mutuali.calendars.views.external import GivenAgenda, add_given, at_address, from_form
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.parsing import load_json

_HOME = "/organizations/<organization_id>/external-agendas"


class ExternalDumpSchema(Schema):
    """An agenda kept elsewhere, without its address; ``host`` is empty for a file, ``problem`` the
    code of why it could not be read."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    listing = fields.String(required=True, allow_none=True)
    host = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)
    busy = fields.Integer(required=True)
    problem = fields.String(required=True, allow_none=True)


def _read_given() -> GivenAgenda:
    if request.mimetype == "multipart/form-data":
        return from_form()
    return at_address(load_json(ExternalSchema()))


@bp.operation(
    "GET",
    _HOME,
    Permission.LISTING_EDIT,
    "Lister les agendas externes",
    gives=ExternalDumpSchema,
    many=True,
)
def externals(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """Those that close listings of an organization, newest first."""
    own = organizations.by_public_id(session, organization_id).id
    return [_dump(each) for each in service.externals_of(session, actor, own)]


@bp.operation(
    "POST",
    _HOME,
    Permission.LISTING_EDIT,
    "Ajouter un agenda externe",
    parse=_read_given,
    gives=ExternalDumpSchema,
    status=201,
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": ExternalSchema},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["name", "file"],
                    "properties": {
                        "name": {"type": "string", "maxLength": 80},
                        "listing": {"type": "string", "maxLength": 22},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            },
        },
    },
)
def add_external(
    session: Session, actor: Actor, given: GivenAgenda, organization_id: str
) -> dict[str, Any]:
    """Close all listings, or one, when an agenda says busy: one at an https address is read each
    hour, a file that comes as a form is read now."""
    own = organizations.by_public_id(session, organization_id).id
    public_id = add_given(session, actor, own, given)
    found = service.externals_of(session, actor, own)
    return next(_dump(each) for each in found if each.public_id == public_id)


@bp.operation(
    "POST",
    f"{_HOME}/<agenda_id>/read",
    Permission.LISTING_EDIT,
    "Relire un agenda externe",
    status=204,
)
def read_again(session: Session, actor: Actor, organization_id: str, agenda_id: str) -> None:
    """Read it within minutes."""
    own = organizations.by_public_id(session, organization_id).id
    service.read_again(session, actor, own, agenda_id, now=utc_now())


@bp.operation(
    "DELETE",
    f"{_HOME}/<agenda_id>",
    Permission.LISTING_EDIT,
    "Retirer un agenda externe",
    status=204,
)
def remove_external(session: Session, actor: Actor, organization_id: str, agenda_id: str) -> None:
    """Forget it; what it closed is open again."""
    own = organizations.by_public_id(session, organization_id).id
    service.remove_external(session, actor, own, agenda_id, now=utc_now())


def _dump(found: service.ExternalFacts) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "name": found.name,
        "listing": found.listing.public_id if found.listing else None,
        "host": found.host,
        "created_at": found.created_at,
        "read_at": found.read_at,
        "busy": found.busy,
        "problem": found.problem.code if found.problem else None,
    }
