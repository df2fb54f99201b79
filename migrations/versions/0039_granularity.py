"""Loans of a listing can start and end so many minutes apart from midnight."""

from alembic import op

revision = "0039_granularity"
down_revision = "0038_cart"

_CHECK = "CHECK (granularity_minutes IN (15, 30, 60, 120, 240, 720, 1440))"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE listing ADD COLUMN granularity_minutes INTEGER"
        f" CONSTRAINT ck_listing_granularity {_CHECK}"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE listing DROP COLUMN granularity_minutes")
