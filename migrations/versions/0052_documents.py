"""What organizations show for themselves and their drivers."""

import sqlalchemy as sa
from alembic import op

revision = "0052_documents"
down_revision = "0051_loan_reviews"


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=120), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_type", sa.String(length=20), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.String(length=500), nullable=False),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('mapaq_permit', 'insurance', 'driving_licence', 'training')",
            name=op.f("ck_document_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('insurance', 'mapaq_permit') OR file IS NULL", name=op.f("ck_document_file")
        ),
        sa.CheckConstraint(
            "kind <> 'driving_licence' OR reference = ''", name=op.f("ck_document_reference")
        ),
        sa.CheckConstraint(
            "expires_on IS NOT NULL OR kind = 'training'", name=op.f("ck_document_expiry")
        ),
        sa.CheckConstraint(
            "(file IS NULL) = (file_type = '')", name=op.f("ck_document_file_type")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_document_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_document_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_document_added_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_document_checked_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_public_id")),
    )
    op.create_index(op.f("ix_document_organization_id"), "document", ["organization_id"])
    op.create_index(op.f("ix_document_person_id"), "document", ["person_id"])
    op.create_index(op.f("ix_document_expires_on"), "document", ["expires_on"])
    waiting = sa.text("checked_at IS NULL")
    op.create_index(
        "ix_document_waiting",
        "document",
        ["added_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("document")
