"""Bookings that nobody came for are released after a time that the listing sets."""

import sqlalchemy as sa
from alembic import op

revision = "0053_no_shows"
down_revision = "0052_documents"

_AWAITED = sa.text("state = 'approved' AND no_show_hours IS NOT NULL")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE listing ADD COLUMN no_show_hours INTEGER"
        " CONSTRAINT ck_listing_no_show CHECK (no_show_hours > 0)"
    )
    op.execute("ALTER TABLE booking ADD COLUMN no_show_hours INTEGER")
    op.create_index(
        "ix_booking_awaited",
        "booking",
        ["starts_at"],
        postgresql_where=_AWAITED,
        sqlite_where=_AWAITED,
    )


def downgrade() -> None:
    op.drop_index("ix_booking_awaited", table_name="booking")
    op.execute("ALTER TABLE booking DROP COLUMN no_show_hours")
    op.execute("ALTER TABLE listing DROP COLUMN no_show_hours")
