"""Addresses of programs, and what is told to them."""

import sqlalchemy as sa
from alembic import op

revision = "0059_webhooks"
down_revision = "0058_trips"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text()),
        sa.Column("former_until", sa.DateTime(timezone=True)),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("paused_because", sa.String(8)),
        sa.CheckConstraint(
            "paused_because IN ('by_hand', 'failing', 'gone')",
            name=op.f("ck_webhook_paused_because"),
        ),
        sa.CheckConstraint(
            "(paused_at IS NULL) = (paused_because IS NULL)", name=op.f("ck_webhook_paused")
        ),
        sa.CheckConstraint(
            "(former_secret IS NULL) = (former_until IS NULL)", name=op.f("ck_webhook_former")
        ),
        _key("webhook", "organization_id", "organization"),
        _key("webhook", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhook_public_id")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer()),
        sa.Column("problem", sa.JSON()),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state")
        ),
        _key("webhook_delivery", "webhook_id", "webhook"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("public_id", name=op.f("uq_webhook_delivery_public_id")),
    )
    for table, column in (
        ("webhook", "organization_id"),
        ("webhook", "person_id"),
        ("webhook_delivery", "created_at"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index(
        "ix_webhook_delivery_next", "webhook_delivery", ["webhook_id", "state", "id"]
    )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
