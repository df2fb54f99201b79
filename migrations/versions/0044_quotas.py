"""How much each borrower may have within a week or a month."""

import sqlalchemy as sa
from alembic import op

revision = "0044_quotas"
down_revision = "0043_drivers"


def upgrade() -> None:
    op.create_table(
        "quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("per", sa.String(length=5), nullable=False),
        sa.Column("counts", sa.String(length=10), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("per IN ('week', 'month')", name=op.f("ck_quota_per")),
        sa.CheckConstraint("counts IN ('bookings', 'unit_hours')", name=op.f("ck_quota_counts")),
        sa.CheckConstraint("most BETWEEN 1 AND 10000", name=op.f("ck_quota_most")),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["organization.id"], name=op.f("fk_quota_lender_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_quota_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
        sa.UniqueConstraint(
            "listing_id", "per", "counts", name=op.f("uq_quota_listing_id_per_counts")
        ),
    )
    op.create_index(op.f("ix_quota_lender_id"), "quota", ["lender_id"])
    of_all = sa.text("listing_id IS NULL")
    op.create_index(
        "uq_quota_of_all",
        "quota",
        ["lender_id", "per", "counts"],
        unique=True,
        sqlite_where=of_all,
        postgresql_where=of_all,
    )


def downgrade() -> None:
    op.drop_table("quota")
