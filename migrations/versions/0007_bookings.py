"""Tables of bookings."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import BEFORE_OUTAGES, CAPACITY, UNITS_BOOKED, UNITS_OUT
from mutuali.bookings.models import OCCUPIES

revision = "0007_bookings"
down_revision = "0006_equipment"


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occupied_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turnaround_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_history", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_ref", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('food_delivery', 'food_rescue', 'cooking', 'storage', 'event', 'harvest', 'replacement', 'other')",
            name=op.f("ck_booking_purpose"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'held', 'approved', 'on_loan', 'returned', 'closed', 'declined', 'cancelled', 'expired')",
            name=op.f("ck_booking_state"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_span")),
        sa.CheckConstraint("starts_at < occupied_until", name=op.f("ck_booking_occupied")),
        sa.CheckConstraint("units > 0", name=op.f("ck_booking_units")),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["organization.id"], name=op.f("fk_booking_borrower_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["organization.id"], name=op.f("fk_booking_lender_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_booking_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_booking_requested_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("public_id", name=op.f("uq_booking_public_id")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_booking_source_source_ref")),
    )
    op.create_index("ix_booking_borrower", "booking", ["borrower_id", "state"], unique=False)
    op.create_index("ix_booking_lender", "booking", ["lender_id", "state"], unique=False)
    op.create_index(
        "ix_booking_listing_until", "booking", ["listing_id", "occupied_until"], unique=False
    )
    op.create_index(
        "ix_booking_undecided",
        "booking",
        ["decide_by"],
        unique=False,
        postgresql_where=sa.text("state IN ('requested', 'held')"),
        sqlite_where=sa.text("state IN ('requested', 'held')"),
    )
    op.create_table(
        "booking_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("temperature", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step IN ('request', 'approve', 'decline', 'cancel', 'expire', 'hand_over', 'take_back', 'close')",
            name=op.f("ck_booking_step_step"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_step_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_step_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_step")),
    )
    op.create_index(
        op.f("ix_booking_step_booking_id"), "booking_step", ["booking_id"], unique=False
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(
            "CREATE INDEX ix_booking_listing_span ON booking USING gist"
            " (int8range(listing_id::bigint, listing_id::bigint, '[]'),"
            f" tstzrange(starts_at, occupied_until)) WHERE {OCCUPIES}"
        )
        op.execute(
            "CREATE INDEX ix_booking_span ON booking USING gist"
            f" (tstzrange(starts_at, occupied_until)) WHERE {OCCUPIES}"
        )
    for statement in BEFORE_OUTAGES[dialect]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in (CAPACITY, UNITS_OUT, UNITS_BOOKED):
            op.execute(f"DROP FUNCTION {name}() CASCADE")
    else:
        op.execute(f"DROP TRIGGER {UNITS_BOOKED}")
    op.drop_index(op.f("ix_booking_step_booking_id"), table_name="booking_step")
    op.drop_table("booking_step")
    op.drop_index(
        "ix_booking_undecided",
        table_name="booking",
        postgresql_where=sa.text("state IN ('requested', 'held')"),
        sqlite_where=sa.text("state IN ('requested', 'held')"),
    )
    op.drop_index("ix_booking_listing_until", table_name="booking")
    op.drop_index("ix_booking_lender", table_name="booking")
    op.drop_index("ix_booking_borrower", table_name="booking")
    op.drop_table("booking")
