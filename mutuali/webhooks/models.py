"""Addresses of programs, and what was sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.storage import Base, PublicId, UtcDateTime, one_of
from mutuali.webhooks.rules import DeliveryState, PausedBecause


class Webhook(Base):
    """An address at which a program of an organization hears what happens."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(one_of("paused_because", PausedBecause), name="paused_because"),
        CheckConstraint("(paused_at IS NULL) = (paused_because IS NULL)", name="paused"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    host: Mapped[str] = mapped_column(String(253))
    #: Encrypted, as are the secrets: such an address may open a door of its own.
    sealed_address: Mapped[str] = mapped_column(Text)
    sealed_secret: Mapped[str] = mapped_column(Text)
    #: The secret before the last change, and until when it signs too.
    former_secret: Mapped[str | None] = mapped_column(Text)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What it is told of.
    events: Mapped[list[Any]] = mapped_column(JSON)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_because: Mapped[str | None] = mapped_column(String(8))


class WebhookDelivery(Base):
    """One thing that is told to one address, until it says that it has it."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(one_of("state", DeliveryState), name="state"),
        Index("ix_webhook_delivery_next", "webhook_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The ``webhook-id`` of every attempt: who hears it twice knows by it.
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event: Mapped[str] = mapped_column(String(40))
    #: The very text that is signed.
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(9))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the address last answered, or why there was no answer, as a refusal.
    status: Mapped[int | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
