"""Days that differ from the weekly hours; closures of all that a lender shares."""

import sqlalchemy as sa
from alembic import op

revision = "0035_days_that_differ"
down_revision = "0034_units_and_kits"

_ONE_OF_THE_TWO = "(listing_id IS NULL) <> (organization_id IS NULL)"


def upgrade() -> None:
    op.create_table(
        "hours_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.CheckConstraint(_ONE_OF_THE_TWO, name=op.f("ck_hours_exception_whose")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_hours_exception_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_hours_exception_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_exception")),
        sa.UniqueConstraint("listing_id", "day", name=op.f("uq_hours_exception_listing_id_day")),
        sa.UniqueConstraint(
            "organization_id", "day", name=op.f("uq_hours_exception_organization_id_day")
        ),
    )
    with op.batch_alter_table("closure") as batch:
        batch.add_column(sa.Column("organization_id", sa.Integer(), nullable=True))
        batch.alter_column("listing_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(
            op.f("fk_closure_organization_id_organization"),
            "organization",
            ["organization_id"],
            ["id"],
        )
        batch.create_check_constraint(op.f("ck_closure_whose"), _ONE_OF_THE_TWO)
    op.create_index("ix_closure_organization", "closure", ["organization_id", "ends_at"])


def downgrade() -> None:
    op.drop_index("ix_closure_organization", table_name="closure")
    op.execute("DELETE FROM closure WHERE listing_id IS NULL")
    with op.batch_alter_table("closure") as batch:
        batch.drop_constraint(op.f("ck_closure_whose"), type_="check")
        batch.drop_constraint(op.f("fk_closure_organization_id_organization"), type_="foreignkey")
        batch.alter_column("listing_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("organization_id")
    op.drop_table("hours_exception")
