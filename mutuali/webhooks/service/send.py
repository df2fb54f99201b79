"""Sending what waits: what a job needs, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound, Reason
from mutuali.core.permissions import SYSTEM
from mutuali.jobs import service as jobs
from mutuali.webhooks.models import Webhook, WebhookDelivery
from mutuali.webhooks.rules import (
    GONE,
    DeliveryState,
    PausedBecause,
    next_attempt,
    succeeded,
)
from mutuali.webhooks.service.keep import HookFacts, hooks_of
from mutuali.webhooks.service.records import note, send_on


@dataclass(frozen=True, slots=True)
class ToSend:
    """One message for one address, sealed as it is stored; the former secret while it still
    signs."""

    webhook: str
    delivery: int
    message_id: str
    body: str
    sealed_address: str
    sealed_secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one message: what the address answered, or why it did not."""

    delivery: int
    status: int | None = None
    problem: Reason | None = None


def to_send(session: Session, webhook_id: int, *, now: datetime) -> ToSend | None:
    """The oldest message that waits for a hook; None: none, it is not due, or the hook is paused
    or gone."""
    hook = session.get(Webhook, webhook_id)
    if hook is None or hook.paused_at is not None:
        return None
    row = session.scalars(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.state == DeliveryState.WAITING,
        )
        .order_by(WebhookDelivery.id)
        .limit(1)
    ).one_or_none()
    if row is None or row.due_at > now:
        return None
    secrets = [hook.sealed_secret]
    if hook.former_secret is not None and (hook.former_until or now) > now:
        secrets.append(hook.former_secret)
    return ToSend(
        hook.public_id, row.id, row.public_id, row.body, hook.sealed_address, tuple(secrets)
    )


def record_attempt(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Note what became of a message. One that arrived sends the next; one that did not is tried
    again after a growing wait, and the others wait behind it; after the last attempt the hook is
    paused and its managers are told."""
    row = session.get(WebhookDelivery, attempt.delivery)
    if row is None:
        return
    hook = session.get_one(Webhook, row.webhook_id, with_for_update=True)
    session.refresh(row)
    if row.state != DeliveryState.WAITING:
        return  # a twin of this attempt said so already
    if hook.former_until is not None and hook.former_until <= now:
        hook.former_secret = hook.former_until = None
    row.attempts += 1
    row.tried_at, row.status = now, attempt.status
    problem = attempt.problem
    row.problem = (
        None if problem is None else {"code": problem.code, "params": dict(problem.params)}
    )
    if succeeded(attempt.status):
        row.state = DeliveryState.DELIVERED
        session.flush()
        send_on(session, hook, now=now)
        return
    again_at = None if attempt.status == GONE else next_attempt(row.attempts, now)
    if again_at is not None:
        row.due_at = again_at
        session.flush()
        send_on(session, hook, now=now, due_at=again_at)
        return
    row.state = DeliveryState.FAILED
    if hook.paused_at is None:
        gone = attempt.status == GONE
        hook.paused_at = now
        hook.paused_because = PausedBecause.GONE if gone else PausedBecause.FAILING
        note(session, SYSTEM, hook, "paused", now=now)
        jobs.enqueue(session, "webhooks.tell", {"webhook": hook.id}, now=now)
    session.flush()


def hook_by_id(session: Session, webhook_id: int) -> HookFacts:
    """One hook, for letters. Raises NotFound: it is gone."""
    row = session.get(Webhook, webhook_id)
    if row is None:
        raise NotFound
    return next(
        each
        for each in hooks_of(session, SYSTEM, row.organization_id)
        if each.public_id == row.public_id
    )
