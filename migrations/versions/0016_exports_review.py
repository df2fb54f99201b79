"""An export waits for a signature between its build and its release."""

import sqlalchemy as sa
from alembic import op

revision = "0016_exports_review"
down_revision = "0015_datasets"

_COLUMNS = (
    sa.Column("regime", sa.String(20), nullable=False, server_default="named_recipient"),
    sa.Column("period", sa.String(15), nullable=True),
    sa.Column("again_id", sa.Integer(), nullable=True),
    sa.Column("replaces_id", sa.Integer(), nullable=True),
    sa.Column("signed_by", sa.Integer(), nullable=True),
    sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("staged_key", sa.String(80), nullable=True),
)
_OLD_STATES = "'requested', 'declined', 'building', 'ready', 'withheld', 'expired'"
_NEW_STATES = (
    "'requested', 'declined', 'building', 'in_review', 'ready', 'withheld', 'expired', 'recalled'"
)


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        for column in _COLUMNS:
            export.add_column(column)
        export.drop_constraint(op.f("ck_export_state"), type_="check")
        export.drop_constraint(op.f("ck_export_ready"), type_="check")
    # What left before was decided and let out by one and the same person.
    op.execute(
        "UPDATE export SET signed_by = decided_by, released_at = ended_at"
        " WHERE file_sha256 IS NOT NULL"
    )
    with op.batch_alter_table("export") as export:
        export.alter_column("regime", server_default=None)
        export.create_check_constraint(op.f("ck_export_state"), f"state IN ({_NEW_STATES})")
        export.create_check_constraint(
            op.f("ck_export_regime"),
            "regime IN ('own_study', 'named_recipient', 'research', 'open')",
        )
        export.create_check_constraint(
            op.f("ck_export_ready"), "(state = 'ready') = (file_key IS NOT NULL)"
        )
        export.create_check_constraint(
            op.f("ck_export_staged"), "(state = 'in_review') = (staged_key IS NOT NULL)"
        )
        export.create_check_constraint(
            op.f("ck_export_signed"), "state <> 'ready' OR signed_by IS NOT NULL"
        )
        export.create_check_constraint(
            op.f("ck_export_signed_by_another"),
            "signed_by IS NULL OR signed_by <> requested_by",
        )
        for column, table in (
            ("again_id", "export"),
            ("replaces_id", "export"),
            ("signed_by", "person"),
        ):
            export.create_foreign_key(
                op.f(f"fk_export_{column}_{table}"), table, [column], ["id"]
            )


def downgrade() -> None:
    op.execute("UPDATE export SET state = 'expired' WHERE state IN ('in_review', 'recalled')")
    with op.batch_alter_table("export") as export:
        for name in ("state", "regime", "ready", "staged", "signed", "signed_by_another"):
            export.drop_constraint(op.f(f"ck_export_{name}"), type_="check")
        for column, table in (
            ("again_id", "export"),
            ("replaces_id", "export"),
            ("signed_by", "person"),
        ):
            export.drop_constraint(op.f(f"fk_export_{column}_{table}"), type_="foreignkey")
        for column in _COLUMNS:
            export.drop_column(column.name)
        export.create_check_constraint(op.f("ck_export_state"), f"state IN ({_OLD_STATES})")
        export.create_check_constraint(
            op.f("ck_export_ready"), "state <> 'ready' OR file_key IS NOT NULL"
        )
