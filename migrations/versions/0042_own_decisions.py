"""What somebody decided minutes ago is found without reading all that ever happened."""

from alembic import op

revision = "0042_own_decisions"
down_revision = "0041_grid"


def upgrade() -> None:
    op.create_index("ix_booking_step_person", "booking_step", ["person_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_booking_step_person", table_name="booking_step")
