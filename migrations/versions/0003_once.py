"""Tables of once."""

import sqlalchemy as sa
from alembic import op

revision = "0003_once"
down_revision = "0002_audit"


def upgrade() -> None:
    op.create_table(
        "answer_once",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.String(length=2000), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answer_once")),
    )
    op.create_index(op.f("ix_answer_once_created_at"), "answer_once", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_answer_once_created_at"), table_name="answer_once")
    op.drop_table("answer_once")
