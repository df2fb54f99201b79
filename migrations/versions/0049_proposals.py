"""Something else instead of what was asked for, and loans that last longer, until somebody answers."""

import sqlalchemy as sa
from alembic import op

revision = "0049_proposals"
down_revision = "0048_loan_papers"

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("from_listing_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=1000), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_yes_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('other', 'longer')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'expired', 'replaced')",
            name=op.f("ck_proposal_state"),
        ),
        sa.CheckConstraint("units > 0", name=op.f("ck_proposal_units")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_proposal_span")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_proposal_ended")),
        sa.CheckConstraint("first_yes_by <> answered_by", name=op.f("ck_proposal_two")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_proposal_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["from_listing_id"], ["listing.id"], name=op.f("fk_proposal_from_listing_id_listing")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_proposal_listing_id_listing")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_proposal_{column}_person")
            )
            for column in ("made_by", "first_yes_by", "answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_public_id")),
    )
    op.create_index("ix_proposal_booking_id", "proposal", ["booking_id"])
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["booking_id"],
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index(
        "ix_proposal_waiting",
        "proposal",
        ["answer_by"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("proposal")
