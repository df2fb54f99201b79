"""Tables of exports."""

import sqlalchemy as sa
from alembic import op

revision = "0010_exports"
down_revision = "0009_consent"


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=1000), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consenting", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("withheld_because", sa.String(length=60), nullable=True),
        sa.Column("file_key", sa.String(length=80), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("file_bytes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "dataset IN ('equipment-use', 'loans')", name=op.f("ck_export_dataset")
        ),
        sa.CheckConstraint(
            "purpose IN ('network_statistics', 'sharing_study', 'mobility_planning')",
            name=op.f("ck_export_purpose"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'declined', 'building', 'ready', 'withheld', 'expired')",
            name=op.f("ck_export_state"),
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR file_key IS NOT NULL", name=op.f("ck_export_ready")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> requested_by", name=op.f("ck_export_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_export_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_export_requested_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_export_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_public_id")),
    )
    op.create_index(op.f("ix_export_agreement_id"), "export", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_export_requested_by"), "export", ["requested_by"], unique=False)
    op.create_index("ix_export_state", "export", ["state", "expires_at"], unique=False)
    op.create_table(
        "export_download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_download_export_id_export")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_export_download_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_download")),
    )
    op.create_index(
        op.f("ix_export_download_export_id"), "export_download", ["export_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("export_download")
    op.drop_table("export")
