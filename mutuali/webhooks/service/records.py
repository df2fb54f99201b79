"""What every use case of webhooks reads and writes the same way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, require
from mutuali.jobs import service as jobs
from mutuali.webhooks.models import Webhook, WebhookDelivery
from mutuali.webhooks.rules import DeliveryState, body_of


def own_hook(session: Session, actor: Actor, organization_id: int, public_id: str) -> Webhook:
    """A hook of an organization that the actor manages, locked.

    Raises:
        Forbidden: they do not manage it. NotFound: no such hook of its own.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = session.scalars(
        select(Webhook)
        .where(Webhook.public_id == public_id, Webhook.organization_id == organization_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def put_in(
    session: Session,
    hook: Webhook,
    event: str,
    data: Mapping[str, Any],
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Have something told to an address, in the transaction in which it is known."""
    session.add(
        WebhookDelivery(
            public_id=public_id,
            webhook_id=hook.id,
            event=event,
            body=body_of(event, now, data),
            state=DeliveryState.WAITING,
            created_at=now,
            due_at=now,
        )
    )
    session.flush()
    send_on(session, hook, now=now)


def send_on(
    session: Session, hook: Webhook, *, now: datetime, due_at: datetime | None = None
) -> None:
    """Have the oldest of what waits for an address sent; each that arrives sends the next."""
    jobs.enqueue(session, "webhooks.send", {"webhook": hook.id}, now=now, due_at=due_at)


def note(session: Session, actor: Actor, hook: Webhook, name: str, *, now: datetime) -> None:
    """The event in the log."""
    facts = {"organization": hook.organization_id}
    audit.record(session, actor, f"webhook.{name}", "webhook", hook.id, now=now, facts=facts)
