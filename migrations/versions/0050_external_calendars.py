"""Agendas of others whose busy time closes listings; closures say which agenda they come from."""

import sqlalchemy as sa
from alembic import op

revision = "0050_external_calendars"
down_revision = "0049_proposals"


def upgrade() -> None:
    op.create_table(
        "external_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_external_calendar_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_external_calendar_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_calendar")),
        sa.UniqueConstraint("public_id", name=op.f("uq_external_calendar_public_id")),
    )
    op.create_index(
        "ix_external_calendar_organization_id", "external_calendar", ["organization_id"]
    )
    op.add_column("closure", sa.Column("source", sa.String(22), nullable=True))
    op.create_index("ix_closure_source", "closure", ["source"])


def downgrade() -> None:
    op.execute("DELETE FROM closure WHERE source IS NOT NULL")
    op.drop_index("ix_closure_source", table_name="closure")
    with op.batch_alter_table("closure") as batch:
        batch.drop_column("source")
    op.drop_table("external_calendar")
