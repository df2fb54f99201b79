"""A booking can have parts: those of a kit, and units that came back before the others."""

from alembic import op

revision = "0033_wholes"
down_revision = "0032_more_steps"

_COLUMNS = (
    "whole_id INTEGER CONSTRAINT fk_booking_whole_id_booking REFERENCES booking (id)",
    "whole_as VARCHAR(6) CONSTRAINT ck_booking_whole_as CHECK (whole_as IN ('kit', 'return'))"
    " CONSTRAINT ck_booking_whole CHECK ((whole_id IS NULL) = (whole_as IS NULL))",
    "units_returned INTEGER DEFAULT '0' NOT NULL"
    " CONSTRAINT ck_booking_units_returned CHECK (units_returned >= 0)",
    "basket VARCHAR(22)",
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE booking ADD COLUMN {column}")
    op.create_index("ix_booking_whole_id", "booking", ["whole_id"])
    op.create_index("ix_booking_basket", "booking", ["basket"])


def downgrade() -> None:
    op.drop_index("ix_booking_basket", table_name="booking")
    op.drop_index("ix_booking_whole_id", table_name="booking")
    for column in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE booking DROP COLUMN {column.split()[0]}")
