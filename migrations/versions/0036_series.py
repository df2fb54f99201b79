"""What recurs: a series of dates, each with a booking of its own; and a booking's units change."""

import sqlalchemy as sa
from alembic import op

revision = "0036_series"
down_revision = "0035_days_that_differ"

_CHECK = "ck_booking_step_step"
_BEFORE = (
    "'request', 'approve', 'decline', 'cancel', 'expire', 'hand_over', 'take_back', 'close',"
    " 'propose', 'undo', 'extend', 'move', 'part_back', 'no_show', 'dispute'"
)
_PURPOSES = (
    "'food_delivery', 'food_rescue', 'cooking', 'storage', 'event', 'harvest', 'replacement',"
    " 'other'"
)


def upgrade() -> None:
    op.create_table(
        "booking_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(8000), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_booking_series_units")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_booking_series_span")),
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name=op.f("ck_booking_series_purpose")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_booking_series_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["lender_id"],
            ["organization.id"],
            name=op.f("fk_booking_series_lender_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"],
            ["organization.id"],
            name=op.f("fk_booking_series_borrower_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_booking_series_requested_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
        sa.UniqueConstraint("public_id", name=op.f("uq_booking_series_public_id")),
    )
    op.create_index("ix_booking_series_lender_id", "booking_series", ["lender_id"])
    op.create_index("ix_booking_series_borrower_id", "booking_series", ["borrower_id"])
    # In one go, the reference too: SQLite adds no constraint to a table that stands.
    op.execute(
        "ALTER TABLE booking ADD COLUMN series_id INTEGER"
        " CONSTRAINT fk_booking_series_id_booking_series REFERENCES booking_series (id)"
    )
    op.add_column("booking", sa.Column("series_date", sa.DateTime(), nullable=True))
    op.create_index("ix_booking_series", "booking", ["series_id", "series_date"], unique=True)
    _check(f"step IN ({_BEFORE}, 'units')")


def downgrade() -> None:
    op.execute("DELETE FROM booking_step WHERE step = 'units'")
    _check(f"step IN ({_BEFORE})")
    op.drop_index("ix_booking_series", table_name="booking")
    op.drop_column("booking", "series_date")
    op.execute("ALTER TABLE booking DROP COLUMN series_id")
    op.drop_table("booking_series")


def _check(condition: str) -> None:
    with op.batch_alter_table("booking_step") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
        batch.create_check_constraint(op.f(_CHECK), condition)
