"""Tables of equipment."""

import sqlalchemy as sa
from alembic import op

revision = "0006_equipment"
down_revision = "0005_organizations"


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("title_fr", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("description_fr", sa.String(length=4000), nullable=False),
        sa.Column("description_en", sa.String(length=4000), nullable=False),
        sa.Column("conditions_fr", sa.String(length=4000), nullable=False),
        sa.Column("conditions_en", sa.String(length=4000), nullable=False),
        sa.Column("refrigerated", sa.Boolean(), nullable=False),
        sa.Column("driver_included", sa.Boolean(), nullable=False),
        sa.Column("payload_kg", sa.Integer(), nullable=True),
        sa.Column("temperature_low", sa.Integer(), nullable=True),
        sa.Column("temperature_high", sa.Integer(), nullable=True),
        sa.Column("permits", sa.JSON(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("price_per", sa.String(length=5), nullable=False),
        sa.Column("approver", sa.String(length=12), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("shortest_minutes", sa.Integer(), nullable=False),
        sa.Column("longest_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("turnaround_minutes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_ref", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "approver IN ('nobody', 'lender', 'coordinator')", name=op.f("ck_listing_approver")
        ),
        sa.CheckConstraint(
            "kind IN ('kitchen', 'vehicle', 'cold_storage', 'dry_storage', 'cooking', 'preparation', 'refrigeration', 'heavy_equipment', 'surplus', 'peoples_time', 'subcontracting', 'other')",
            name=op.f("ck_listing_kind"),
        ),
        sa.CheckConstraint(
            "price_per IN ('hour', 'day', 'loan')", name=op.f("ck_listing_price_per")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'withdrawn')", name=op.f("ck_listing_state")
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_listing_price")),
        sa.CheckConstraint("shortest_minutes <= longest_minutes", name=op.f("ck_listing_longest")),
        sa.CheckConstraint("shortest_minutes > 0", name=op.f("ck_listing_shortest")),
        sa.CheckConstraint("units BETWEEN 1 AND 10000", name=op.f("ck_listing_units")),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["organization.id"], name=op.f("fk_listing_lender_id_organization")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_listing_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listing_public_id")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_listing_source_source_ref")),
    )
    op.create_index("ix_listing_found", "listing", ["state", "kind"], unique=False)
    op.create_index(op.f("ix_listing_lender_id"), "listing", ["lender_id"], unique=False)
    op.create_index(op.f("ix_listing_site_id"), "listing", ["site_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closure_span")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_closure_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_listing", "closure", ["listing_id", "ends_at"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt_fr", sa.String(length=200), nullable=False),
        sa.Column("alt_en", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_photo_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_photo_public_id")),
    )
    op.create_index(op.f("ix_photo_listing_id"), "photo", ["listing_id"], unique=False)
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_weekly_hours_span")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_weekly_hours_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(
        op.f("ix_weekly_hours_listing_id"), "weekly_hours", ["listing_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_weekly_hours_listing_id"), table_name="weekly_hours")
    op.drop_table("weekly_hours")
    op.drop_index(op.f("ix_photo_listing_id"), table_name="photo")
    op.drop_table("photo")
    op.drop_index("ix_closure_listing", table_name="closure")
    op.drop_table("closure")
    op.drop_index(op.f("ix_listing_site_id"), table_name="listing")
    op.drop_index(op.f("ix_listing_lender_id"), table_name="listing")
    op.drop_index("ix_listing_found", table_name="listing")
    op.drop_table("listing")
