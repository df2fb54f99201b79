"""Secret addresses at which agendas read bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0045_calendar_feeds"
down_revision = "0044_quotas"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'organization', 'listing')", name=op.f("ck_calendar_feed_kind")
        ),
        sa.CheckConstraint(
            "(person_id IS NOT NULL) = (kind = 'person')", name=op.f("ck_calendar_feed_person")
        ),
        sa.CheckConstraint(
            "(listing_id IS NOT NULL) = (kind = 'listing')", name=op.f("ck_calendar_feed_listing")
        ),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_calendar_feed_language")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_calendar_feed_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_calendar_feed_listing_id_listing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index("ix_calendar_feed_person_id", "calendar_feed", ["person_id"])
    op.create_index("ix_calendar_feed_organization_id", "calendar_feed", ["organization_id"])


def downgrade() -> None:
    op.drop_table("calendar_feed")
