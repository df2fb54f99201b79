"""Who waits for units of a listing over a span; searches that people keep."""

import sqlalchemy as sa
from alembic import op

revision = "0056_waiting"
down_revision = "0055_instead_of"

_PURPOSES = (
    "'food_delivery', 'food_rescue', 'cooking', 'storage', 'event', 'harvest', 'replacement',"
    " 'other'"
)


def upgrade() -> None:
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("units > 0", name=op.f("ck_waiting_entry_units")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_waiting_entry_span")),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'passed')", name=op.f("ck_waiting_entry_state")
        ),
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name=op.f("ck_waiting_entry_purpose")),
        sa.CheckConstraint(
            "(state = 'asked') = (asked_until IS NOT NULL)", name=op.f("ck_waiting_entry_asked")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_waiting_entry_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"],
            ["organization.id"],
            name=op.f("fk_waiting_entry_borrower_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_waiting_entry_public_id")),
    )
    op.create_index("ix_waiting_entry_listing", "waiting_entry", ["listing_id", "starts_at"])
    op.create_index(op.f("ix_waiting_entry_borrower_id"), "waiting_entry", ["borrower_id"])
    op.create_index(op.f("ix_waiting_entry_starts_at"), "waiting_entry", ["starts_at"])
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("radius_km", sa.Integer(), nullable=True),
        sa.Column("refrigerated", sa.Boolean(), nullable=False),
        sa.Column("driver_included", sa.Boolean(), nullable=False),
        sa.Column("free_of_charge", sa.Boolean(), nullable=False),
        sa.Column("payload_kg", sa.Integer(), nullable=False),
        sa.Column("permits", sa.JSON(), nullable=False),
        sa.Column("pace", sa.String(10), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("fresh", sa.JSON(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_saved_search_units")),
        sa.CheckConstraint(
            "(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_saved_search_dates")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_saved_search_span")),
        sa.CheckConstraint(
            "pace IN ('at_once', 'daily', 'weekly')", name=op.f("ck_saved_search_pace")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_search_public_id")),
    )
    op.create_index(op.f("ix_saved_search_person_id"), "saved_search", ["person_id"])
    op.create_index(op.f("ix_saved_search_look_at"), "saved_search", ["look_at"])


def downgrade() -> None:
    op.drop_table("saved_search")
    op.drop_table("waiting_entry")
