"""What people are about to ask for, all at once."""

import sqlalchemy as sa
from alembic import op

revision = "0038_cart"
down_revision = "0037_condition_reports"


def upgrade() -> None:
    op.create_table(
        "cart_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_cart_line_units")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_cart_line_span")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_cart_line_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_cart_line_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_line")),
    )
    op.create_index("ix_cart_line_person_id", "cart_line", ["person_id"])


def downgrade() -> None:
    op.drop_table("cart_line")
