"""JSON doors of webhooks: look at hooks and deliveries, try, send again, pause.

Hooks are made, and their secrets changed, on the pages: a secret is shown once, to a person.
"""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from mutuali.webhooks import service
from mutuali.webhooks.rules import About, DeliveryState, PausedBecause
from mutuali.webhooks.schemas import HookEventsSchema

bp = ApiBlueprint("webhooks_api", "Webhooks")


class HookDumpSchema(Schema):
    """A hook, without its address and its secret."""

    id = fields.String(required=True)
    host = fields.String(required=True)
    events = fields.List(fields.Enum(About, by_value=True), required=True)
    created_at = fields.AwareDateTime(required=True)
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    paused_because = fields.Enum(PausedBecause, by_value=True, required=True, allow_none=True)
    waiting = fields.Integer(required=True)


class DeliveryDumpSchema(Schema):
    """One delivery: the last status that the address answered, or the code of why there is none."""

    id = fields.String(required=True)
    event = fields.String(required=True)
    state = fields.Enum(DeliveryState, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    attempts = fields.Integer(required=True)
    due_at = fields.AwareDateTime(required=True)
    tried_at = fields.AwareDateTime(required=True, allow_none=True)
    status = fields.Integer(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/webhooks",
    Permission.ORGANIZATION_EDIT,
    "Lire nos webhooks",
    gives=HookDumpSchema,
    many=True,
)
def hooks(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """The hooks of your organization."""
    found = service.hooks_of(session, actor, acting_for(actor, "organization"))
    return [
        {
            "id": each.public_id,
            "host": each.host,
            "events": each.events,
            "created_at": each.created_at,
            "paused_at": each.paused_at,
            "paused_because": each.paused_because,
            "waiting": each.waiting,
        }
        for each in found
    ]


@bp.operation(
    "GET",
    "/webhooks/<hook_id>/deliveries",
    Permission.ORGANIZATION_EDIT,
    "Lire ce qui fut envoyé",
    gives=DeliveryDumpSchema,
    many=True,
)
def deliveries(session: Session, actor: Actor, hook_id: str) -> list[dict[str, Any]]:
    """The latest deliveries to a hook, newest first."""
    organization_id = acting_for(actor, "organization")
    return [
        {
            "id": each.public_id,
            "event": each.event,
            "state": each.state,
            "created_at": each.created_at,
            "attempts": each.attempts,
            "due_at": each.due_at,
            "tried_at": each.tried_at,
            "status": each.status,
            "problem": each.problem.code if each.problem else None,
        }
        for each in service.deliveries_of(session, actor, organization_id, hook_id)
    ]


@bp.operation(
    "PUT",
    "/webhooks/<hook_id>/events",
    Permission.ORGANIZATION_EDIT,
    "Choisir ce qui est annoncé",
    takes=HookEventsSchema,
    status=204,
)
def choose_events(session: Session, actor: Actor, events: frozenset[About], hook_id: str) -> None:
    """Say anew what a hook is told of."""
    service.choose_events(
        session, actor, acting_for(actor, "organization"), hook_id, events, now=utc_now()
    )


@bp.operation(
    "POST",
    "/webhooks/<hook_id>/test",
    Permission.ORGANIZATION_EDIT,
    "Envoyer un essai",
    status=204,
)
def send_test(session: Session, actor: Actor, hook_id: str) -> None:
    """Have a test told to a hook."""
    service.send_test(
        session,
        actor,
        acting_for(actor, "organization"),
        hook_id,
        message_id=new_public_id(),
        now=utc_now(),
    )


@bp.operation(
    "POST",
    "/webhooks/<hook_id>/deliveries/<delivery_id>/again",
    Permission.ORGANIZATION_EDIT,
    "Renvoyer",
    status=204,
)
def send_again(session: Session, actor: Actor, hook_id: str, delivery_id: str) -> None:
    """Have something told once more, under the id it had."""
    organization_id = acting_for(actor, "organization")
    service.send_again(session, actor, organization_id, hook_id, delivery_id, now=utc_now())


@bp.operation(
    "POST",
    "/webhooks/<hook_id>/pause",
    Permission.ORGANIZATION_EDIT,
    "Suspendre un webhook",
    status=204,
)
def pause(session: Session, actor: Actor, hook_id: str) -> None:
    """Send nothing to a hook for now; what happens meanwhile is kept thirty days."""
    service.pause(session, actor, acting_for(actor, "organization"), hook_id, now=utc_now())


@bp.operation(
    "POST",
    "/webhooks/<hook_id>/resume",
    Permission.ORGANIZATION_EDIT,
    "Reprendre un webhook",
    status=204,
)
def resume(session: Session, actor: Actor, hook_id: str) -> None:
    """Send to a hook again, what waited first and in order."""
    service.resume(session, actor, acting_for(actor, "organization"), hook_id, now=utc_now())


@bp.operation(
    "DELETE",
    "/webhooks/<hook_id>",
    Permission.ORGANIZATION_EDIT,
    "Supprimer un webhook",
    status=204,
)
def remove(session: Session, actor: Actor, hook_id: str) -> None:
    """Forget a hook and all that was sent to it."""
    service.remove_hook(session, actor, acting_for(actor, "organization"), hook_id, now=utc_now())
