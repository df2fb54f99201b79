"""What is kept of hooks about an organization or a person, and its end."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of
from mutuali.webhooks.models import Webhook, WebhookDelivery


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: the hooks that they made."""
    return [held_rows(session, Webhook, Webhook.person_id == person_id)]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization: its hooks and what was sent to them."""
    own = Webhook.organization_id == organization_id
    return [
        held_rows(session, Webhook, own),
        held_rows(
            session,
            WebhookDelivery,
            WebhookDelivery.webhook_id.in_(select(Webhook.id).where(own)),
        ),
    ]


def forget_person(session: Session, person_id: int) -> None:
    """Take a person who is erased off the hooks that they made: those are their organization's."""
    session.execute(
        update(Webhook)
        .where(Webhook.person_id == person_id)
        .values(person_id=None)
        .execution_options(synchronize_session=False)
    )


def forget_deliveries(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy what was told before, whether it arrived or not; returns how many rows."""
    return forget_rows(session, WebhookDelivery, WebhookDelivery.created_at < before, dry=dry)


def forget_hooks(session: Session, organizations: Iterable[int], *, dry: bool) -> int:
    """Destroy the hooks of organizations that left; returns how many rows."""
    theirs = is_one_of(Webhook.organization_id, frozenset(organizations))
    told = WebhookDelivery.webhook_id.in_(select(Webhook.id).where(theirs))
    return forget_rows(session, WebhookDelivery, told, dry=dry) + forget_rows(
        session, Webhook, theirs, dry=dry
    )
