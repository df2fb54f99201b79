"""A driver without an account: their link; and whom to call on the day, for those days only."""

import sqlalchemy as sa
from alembic import op

revision = "0043_drivers"
down_revision = "0042_own_decisions"


def upgrade() -> None:
    op.add_column(
        "condition_report",
        sa.Column("by_driver", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "day_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("keys", sa.String(500), nullable=False),
        sa.Column("set_by", sa.Integer()),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('lender', 'borrower')", name=op.f("ck_day_contact_side")),
        _key("day_contact", "booking_id", "booking"),
        _key("day_contact", "set_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_contact")),
        sa.UniqueConstraint("booking_id", "side", name=op.f("uq_day_contact_booking_id_side")),
    )
    op.create_table(
        "driver_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_by", sa.Integer()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        _key("driver_link", "booking_id", "booking"),
        _key("driver_link", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_driver_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_driver_link_token_hash")),
    )
    for table, column in (
        ("day_contact", "set_by"),
        ("driver_link", "booking_id"),
        ("driver_link", "made_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_table("driver_link")
    op.drop_table("day_contact")
    op.drop_column("condition_report", "by_driver")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
