"""Words of saved searches."""

import sqlalchemy as sa
from alembic import op

revision = "0060_searched_words"
down_revision = "0059_webhooks"


def upgrade() -> None:
    op.add_column(
        "saved_search", sa.Column("words", sa.String(80), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("saved_search", "words")
