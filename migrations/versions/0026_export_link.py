"""Links to a bundle: for a few minutes, for one person in one login."""

import sqlalchemy as sa
from alembic import op

revision = "0026_export_link"
down_revision = "0025_agreements_whole"


def upgrade() -> None:
    op.create_table(
        "export_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_link_export_id_export")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_export_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_link")),
    )
    op.create_index(op.f("ix_export_link_export_id"), "export_link", ["export_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_export_link_export_id"), table_name="export_link")
    op.drop_table("export_link")
