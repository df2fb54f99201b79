"""JSON doors of whom one wants no messages from."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.messages import service
from mutuali.messages.api.door import bp
from mutuali.web.clock import utc_now


class BlockSchema(Schema):
    """Who wants no messages from whom; organizations by their ids."""

    organization = fields.String(required=True)
    blocked = fields.String(required=True)
    blocked_name = fields.String(required=True)
    since = fields.AwareDateTime(required=True)


@bp.operation(
    "GET",
    "/blocked",
    Permission.MESSAGE_READ,
    "Lister qui nous bloquons",
    gives=BlockSchema,
    many=True,
)
def blocked(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Whom your organizations block, latest first."""
    return [
        {
            "organization": each.organization.public_id,
            "blocked": each.blocked.public_id,
            "blocked_name": each.blocked.name,
            "since": each.since,
        }
        for each in service.blocked(session, actor)
    ]


@bp.operation(
    "POST",
    "/threads/<thread_id>/block",
    Permission.MESSAGE_WRITE,
    "Bloquer un organisme",
    status=204,
)
def block(session: Session, actor: Actor, thread_id: str) -> None:
    """Want no more messages from the other side, in any thread; bookings stay."""
    service.block(session, actor, thread_id, now=utc_now())


@bp.operation(
    "DELETE",
    "/organizations/<organization_id>/blocked/<blocked_id>",
    Permission.MESSAGE_WRITE,
    "Débloquer un organisme",
    status=204,
)
def unblock(session: Session, actor: Actor, organization_id: str, blocked_id: str) -> None:
    """Get messages from an organization again."""
    service.unblock(session, actor, organization_id, blocked_id, now=utc_now())
