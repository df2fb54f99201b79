"""An index of the bookings that are out now."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.models import IS_OUT

revision = "0011_bookings_out"
down_revision = "0010_exports"


def upgrade() -> None:
    op.create_index(
        "ix_booking_out",
        "booking",
        ["listing_id"],
        postgresql_where=sa.text(IS_OUT),
        sqlite_where=sa.text(IS_OUT),
    )


def downgrade() -> None:
    op.drop_index("ix_booking_out", "booking")
