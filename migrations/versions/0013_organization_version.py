"""Count the edits of an organization, for ETags."""

import sqlalchemy as sa
from alembic import op

revision = "0013_organization_version"
down_revision = "0012_guard_sums"


def upgrade() -> None:
    op.add_column(
        "organization", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    op.drop_column("organization", "version")
