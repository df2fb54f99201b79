"""Which booking was taken instead of which."""

from alembic import op

revision = "0055_instead_of"
down_revision = "0054_demands"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE booking ADD COLUMN instead_of_id INTEGER"
        " CONSTRAINT fk_booking_instead_of_id_booking REFERENCES booking (id)"
    )
    op.create_index("ix_booking_instead_of_id", "booking", ["instead_of_id"])


def downgrade() -> None:
    op.drop_index("ix_booking_instead_of_id", table_name="booking")
    op.execute("ALTER TABLE booking DROP COLUMN instead_of_id")
