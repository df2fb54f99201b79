"""Seals over the hash of an event, and the signed head of each day."""

import sqlalchemy as sa
from alembic import op

revision = "0018_audit_heads"
down_revision = "0017_release_settings"


def upgrade() -> None:
    # Not in a batch: on SQLite that would copy the table and drop its guards.
    op.add_column(
        "audit_seal", sa.Column("layout", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("audit_seal", sa.Column("blind", sa.String(length=22), nullable=True))
    op.create_table(
        "audit_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_head")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
            " ON audit_head EXECUTE FUNCTION audit_is_append_only()"
        )
    else:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_head_no_{deed.lower()} BEFORE {deed} ON audit_head"
                " BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END"
            )


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_column("audit_seal", "blind")
    op.drop_column("audit_seal", "layout")
