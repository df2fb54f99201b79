"""A request for a correction names the field and its right value; a refusal, its provision."""

import sqlalchemy as sa
from alembic import op

revision = "0030_corrections"
down_revision = "0029_retention"

_COLUMNS = (("field", 30), ("value", 254), ("provision", 120))


def upgrade() -> None:
    for name, length in _COLUMNS:
        op.add_column(
            "person_request",
            sa.Column(name, sa.String(length), nullable=False, server_default=""),
        )


def downgrade() -> None:
    for name, _length in _COLUMNS:
        op.drop_column("person_request", name)
