"""JSON doors of webhooks: make them, change their secret, look at deliveries, try, send again."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import ApiBlueprint, Given, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.parsing import load_json
from mutuali.web.secrets import new_public_id
from mutuali.webhooks import service
from mutuali.webhooks.rules import About, DeliveryState, PausedBecause
from mutuali.webhooks.schemas import HookEventsSchema, HookSchema
from mutuali.webhooks.views.making import AskedHook, asked_hook, make_hook, make_secret

bp = ApiBlueprint("webhooks_api", "Webhooks")


class HookDumpSchema(Schema):
    """A hook, without its address and its secret; until ``former_signs_until`` the secret before
    signs too."""

    id = fields.String(required=True)
    host = fields.String(required=True)
    events = fields.List(fields.Enum(About, by_value=True), required=True)
    created_at = fields.AwareDateTime(required=True)
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    paused_because = fields.Enum(PausedBecause, by_value=True, required=True, allow_none=True)
    former_signs_until = fields.AwareDateTime(required=True, allow_none=True)
    waiting = fields.Integer(required=True)


class HookSecretSchema(HookDumpSchema):
    """A hook with its new secret; null where the same ``Idempotency-Key`` came before."""

    secret = fields.String(required=True, allow_none=True)


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
    return [_dump(each) for each in found]


@bp.operation(
    "POST",
    "/webhooks",
    Permission.ORGANIZATION_EDIT,
    "Faire un webhook",
    takes=HookSchema,
    parse=lambda: asked_hook(load_json(HookSchema())),
    gives=HookSecretSchema,
    status=201,
)
def add_hook(session: Session, actor: Actor, asked: AskedHook) -> Given:
    """Have what happens told to an https address, signed with a secret that is shown this once.

    The token must carry what it has told: ``booking.read`` for bookings, trips and reports,
    ``listing.edit`` for units out of service.
    """
    organization_id = acting_for(actor, "organization")
    hook_id, secret = make_hook(session, actor, organization_id, asked)
    return _with_secret(session, actor, hook_id, secret)


@bp.operation(
    "GET",
    "/webhooks/<hook_id>",
    Permission.ORGANIZATION_EDIT,
    "Lire un webhook",
    gives=HookDumpSchema,
)
def hook(session: Session, actor: Actor, hook_id: str) -> dict[str, Any]:
    """One hook of your organization."""
    return _dump(service.hook(session, actor, acting_for(actor, "organization"), hook_id))


@bp.operation(
    "POST",
    "/webhooks/<hook_id>/secret",
    Permission.ORGANIZATION_EDIT,
    "Changer le secret d’un webhook",
    gives=HookSecretSchema,
)
def change_secret(session: Session, actor: Actor, hook_id: str) -> Given:
    """Sign with a new secret, shown this once; the one before signs beside it for a day."""
    secret = make_secret(session, actor, acting_for(actor, "organization"), hook_id)
    return _with_secret(session, actor, hook_id, secret)


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


def _with_secret(session: Session, actor: Actor, hook_id: str, secret: str) -> Given:
    found = service.hook(session, actor, acting_for(actor, "organization"), hook_id)
    return Given(
        {**_dump(found), "secret": secret},
        location=f"/api/v1/webhooks/{hook_id}",
        shown_once="secret",
    )


def _dump(found: service.HookFacts) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "host": found.host,
        "events": found.events,
        "created_at": found.created_at,
        "paused_at": found.paused_at,
        "paused_because": found.paused_because,
        "former_signs_until": found.former_until,
        "waiting": found.waiting,
    }
