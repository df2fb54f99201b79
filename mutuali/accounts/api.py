"""JSON door of accounts: who a token speaks for."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, Role, may
from mutuali.web.api import ApiBlueprint
from mutuali.web.doors import SIGNED_IN
from mutuali.web.identity import current_who

bp = ApiBlueprint("accounts_api", "Compte")


class ActedForSchema(Schema):
    """An organization that the person acts for."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class MeSchema(Schema):
    """The person behind the token, and what the token may do."""

    name = fields.String(required=True)
    language = fields.String(required=True)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True)
    withheld_roles = fields.List(fields.Enum(Role, by_value=True), required=True)
    scopes = fields.List(fields.Enum(Permission, by_value=True), required=True)
    organizations = fields.List(fields.Nested(ActedForSchema), required=True)


@bp.operation("GET", "/me", SIGNED_IN, "Lire qui parle", gives=MeSchema)
def me(session: Session, actor: Actor) -> dict[str, Any]:
    """The person behind the token, their roles over the network, and the token's scopes.

    Roles are withheld from a token that was made in a login without a second factor.
    """
    who = current_who()
    assert who is not None  # noqa: S101 - the door lets nobody else in
    return {
        "name": who.name,
        "language": who.language,
        "roles": sorted(actor.roles),
        "withheld_roles": sorted(actor.withheld),
        "scopes": [permission for permission in Permission if may(actor, permission)],
        "organizations": [
            {"id": public_id, "name": name} for _, public_id, name in who.organizations
        ],
    }
