"""Named units, kits of several listings, and units that are out of service for a time."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import BEFORE_LENT_AND_BROKEN, BEFORE_OUTAGES, counting_anew

revision = "0034_units_and_kits"
down_revision = "0033_wholes"


def upgrade() -> None:
    op.add_column(
        "listing", sa.Column("is_kit", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("condition", sa.String(10), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("ck_unit_code")),
        sa.CheckConstraint(
            "condition IN ('good', 'worn', 'damaged')", name=op.f("ck_unit_condition")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_unit_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_public_id")),
        sa.UniqueConstraint("listing_id", "code", name=op.f("uq_unit_listing_id_code")),
    )
    op.create_table(
        "kit_part",
        sa.Column("kit_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("kit_id <> part_id", name=op.f("ck_kit_part_other")),
        sa.CheckConstraint("units BETWEEN 1 AND 10000", name=op.f("ck_kit_part_units")),
        sa.ForeignKeyConstraint(
            ["kit_id"], ["listing.id"], name=op.f("fk_kit_part_kit_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["listing.id"], name=op.f("fk_kit_part_part_id_listing")
        ),
        sa.PrimaryKeyConstraint("kit_id", "part_id", name=op.f("pk_kit_part")),
    )
    op.create_index("ix_kit_part_part_id", "kit_part", ["part_id"])
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_outage_units")),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_outage_span")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_outage_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_outage_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outage_public_id")),
    )
    op.create_index("ix_outage_listing", "outage", ["listing_id", "ends_at"])
    op.create_index("ix_outage_unit_id", "outage", ["unit_id"])
    op.create_table(
        "booking_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("out_at <= back_at", name=op.f("ck_booking_unit_span")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_unit_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
            name=op.f("fk_booking_unit_unit_id_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_unit")),
        sa.UniqueConstraint(
            "booking_id", "unit_id", name=op.f("uq_booking_unit_booking_id_unit_id")
        ),
    )
    op.create_index(
        "ix_booking_unit_out",
        "booking_unit",
        ["unit_id"],
        unique=True,
        postgresql_where=sa.text("back_at IS NULL"),
        sqlite_where=sa.text("back_at IS NULL"),
    )
    _guard(BEFORE_LENT_AND_BROKEN)


def downgrade() -> None:
    _guard(BEFORE_OUTAGES)
    for table in ("booking_unit", "outage", "kit_part", "unit"):
        op.drop_table(table)
    op.execute("ALTER TABLE listing DROP COLUMN is_kit")


def _guard(statements: dict[str, tuple[str, ...]]) -> None:
    """The guards of what is booked and of what is out, with or without what is broken."""
    for statement in counting_anew(statements, op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", "\\:")))
