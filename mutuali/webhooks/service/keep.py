"""Hooks of an organization: made, looked at, changed, tried, taken away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, require
from mutuali.webhooks.models import Webhook, WebhookDelivery
from mutuali.webhooks.rules import (
    MOST_HOOKS,
    OVERLAP,
    READ_BY,
    SHOWN,
    About,
    DeliveryState,
    PausedBecause,
)
from mutuali.webhooks.service.records import note, own_hook, put_in, send_on


@dataclass(frozen=True, slots=True)
class HookDraft:
    """A hook to be made; the door seals the address and the secret."""

    host: str
    events: frozenset[About]
    sealed_address: str
    sealed_secret: str


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One delivery as its organization sees it."""

    public_id: str
    event: str
    state: DeliveryState
    created_at: datetime
    attempts: int
    due_at: datetime
    tried_at: datetime | None
    status: int | None
    problem: Reason | None


@dataclass(frozen=True, slots=True)
class HookFacts:
    """A hook without its address and its secret; ``waiting`` are deliveries that are due or to be
    tried again."""

    public_id: str
    organization_id: int
    host: str
    events: tuple[About, ...]
    created_at: datetime
    paused_at: datetime | None
    paused_because: PausedBecause | None
    former_until: datetime | None
    waiting: int


def add_hook(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: HookDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Have what happens told to an address.

    Raises:
        Forbidden: the actor does not manage the organization, or may not read what is to be told.
        Refused: there are too many, or nothing to tell is chosen.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    _require_events(actor, organization_id, draft.events)
    own = select(func.count(Webhook.id)).where(Webhook.organization_id == organization_id)
    if (session.scalar(own) or 0) >= MOST_HOOKS:
        raise Refused("webhook.too_many", most=MOST_HOOKS)
    hook = Webhook(
        public_id=public_id,
        organization_id=organization_id,
        host=draft.host,
        sealed_address=draft.sealed_address,
        sealed_secret=draft.sealed_secret,
        events=sorted(draft.events),
        person_id=actor.person_id,
        created_at=now,
    )
    session.add(hook)
    session.flush()
    note(session, actor, hook, "added", now=now)


def hooks_of(session: Session, actor: Actor, organization_id: int) -> list[HookFacts]:
    """The hooks of an organization, oldest first. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    rows = session.scalars(
        select(Webhook).where(Webhook.organization_id == organization_id).order_by(Webhook.id)
    )
    return [_facts(session, row) for row in rows]


def hook(session: Session, actor: Actor, organization_id: int, public_id: str) -> HookFacts:
    """One hook. Raises Forbidden, NotFound."""
    found = hooks_of(session, actor, organization_id)
    for each in found:
        if each.public_id == public_id:
            return each
    raise NotFound


def deliveries_of(
    session: Session, actor: Actor, organization_id: int, public_id: str
) -> list[DeliveryFacts]:
    """The latest deliveries to a hook, newest first. Raises Forbidden, NotFound."""
    hook(session, actor, organization_id, public_id)
    rows = session.scalars(
        select(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.public_id == public_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(SHOWN)
    )
    return [
        DeliveryFacts(
            row.public_id,
            row.event,
            DeliveryState(row.state),
            row.created_at,
            row.attempts,
            row.due_at,
            row.tried_at,
            row.status,
            problem_of(row),
        )
        for row in rows
    ]


def choose_events(
    session: Session,
    actor: Actor,
    organization_id: int,
    public_id: str,
    events: Collection[About],
    *,
    now: datetime,
) -> None:
    """Say anew what a hook is told of. Raises NotFound, and as :func:`add_hook`."""
    row = own_hook(session, actor, organization_id, public_id)
    _require_events(actor, organization_id, events)
    row.events = sorted(events)
    note(session, actor, row, "changed", now=now)


def change_secret(
    session: Session,
    actor: Actor,
    organization_id: int,
    public_id: str,
    sealed_secret: str,
    *,
    now: datetime,
) -> None:
    """Sign with a new secret; the one before signs beside it for a day. Raises Forbidden,
    NotFound."""
    row = own_hook(session, actor, organization_id, public_id)
    row.former_secret, row.former_until = row.sealed_secret, now + OVERLAP
    row.sealed_secret = sealed_secret
    note(session, actor, row, "secret_changed", now=now)


def send_test(
    session: Session,
    actor: Actor,
    organization_id: int,
    public_id: str,
    *,
    message_id: str,
    now: datetime,
) -> None:
    """Have a test told. Raises Forbidden, NotFound; Conflict: the hook is paused."""
    row = own_hook(session, actor, organization_id, public_id)
    if row.paused_at is not None:
        raise Conflict("webhook.paused")
    put_in(session, row, "webhook.test", {"webhook": public_id}, public_id=message_id, now=now)
    note(session, actor, row, "tested", now=now)


def send_again(
    session: Session,
    actor: Actor,
    organization_id: int,
    public_id: str,
    delivery_id: str,
    *,
    now: datetime,
) -> None:
    """Have something told once more, under the id it had: at once, or in its turn.

    Raises:
        Forbidden, NotFound; Conflict: the hook is paused.
    """
    row = own_hook(session, actor, organization_id, public_id)
    if row.paused_at is not None:
        raise Conflict("webhook.paused")
    delivery = session.scalars(
        select(WebhookDelivery).where(
            WebhookDelivery.public_id == delivery_id, WebhookDelivery.webhook_id == row.id
        )
    ).one_or_none()
    if delivery is None:
        raise NotFound
    delivery.state, delivery.attempts, delivery.due_at = DeliveryState.WAITING, 0, now
    session.flush()
    send_on(session, row, now=now)
    note(session, actor, row, "sent_again", now=now)


def pause(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """Send nothing for now; what happens meanwhile is kept. Raises Forbidden, NotFound."""
    row = own_hook(session, actor, organization_id, public_id)
    if row.paused_at is None:
        row.paused_at, row.paused_because = now, PausedBecause.BY_HAND
        note(session, actor, row, "paused", now=now)


def resume(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """Send again, what waited first and in order. Raises Forbidden, NotFound."""
    row = own_hook(session, actor, organization_id, public_id)
    if row.paused_at is None:
        return
    row.paused_at = row.paused_because = None
    waiting = session.scalars(
        select(WebhookDelivery).where(
            WebhookDelivery.webhook_id == row.id, WebhookDelivery.state == DeliveryState.WAITING
        )
    )
    for each in waiting:
        each.attempts, each.due_at = 0, now
    session.flush()
    send_on(session, row, now=now)
    note(session, actor, row, "resumed", now=now)


def remove_hook(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """Forget a hook and all that was sent to it. Raises Forbidden, NotFound."""
    row = own_hook(session, actor, organization_id, public_id)
    note(session, actor, row, "removed", now=now)
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == row.id))
    session.delete(row)
    session.flush()


def problem_of(row: WebhookDelivery) -> Reason | None:
    """Why there was no answer; None where there was one."""
    if row.problem is None:
        return None
    return Reason(row.problem["code"], row.problem["params"])


def _require_events(actor: Actor, organization_id: int, events: Collection[About]) -> None:
    """Let the actor have this told, which they may read themselves."""
    if not events:
        raise Refused(Reason("webhook.no_event", {}, "events"))
    for each in sorted({READ_BY[event] for event in events}):
        require(actor, each, over=organization_id)


def _facts(session: Session, row: Webhook) -> HookFacts:
    waiting = select(func.count(WebhookDelivery.id)).where(
        WebhookDelivery.webhook_id == row.id, WebhookDelivery.state == DeliveryState.WAITING
    )
    return HookFacts(
        row.public_id,
        row.organization_id,
        row.host,
        tuple(About(each) for each in row.events),
        row.created_at,
        row.paused_at,
        PausedBecause(row.paused_because) if row.paused_because else None,
        row.former_until,
        session.scalar(waiting) or 0,
    )
