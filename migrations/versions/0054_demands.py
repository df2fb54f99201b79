"""What a listing asks a borrower to have, allergens that it handles, those that one avoids."""

import sqlalchemy as sa
from alembic import op

revision = "0054_demands"
down_revision = "0053_no_shows"

_COLUMNS = (("listing", "demands"), ("listing", "allergens"), ("organization", "avoids"))


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
