"""What both parties say of a loan once it is over."""

import sqlalchemy as sa
from alembic import op

revision = "0051_loan_reviews"
down_revision = "0050_external_calendars"


def upgrade() -> None:
    op.create_table(
        "loan_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("as_described", sa.Integer()),
        sa.Column("quality", sa.Integer()),
        sa.Column("respect", sa.Integer(), nullable=False),
        sa.Column("communication", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.Column("private_word", sa.String(500), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True)),
        sa.Column("word_seen_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("side IN ('lender', 'borrower')", name=op.f("ck_loan_review_side")),
        sa.CheckConstraint(
            "(side = 'borrower') = (as_described IS NOT NULL)"
            " AND (side = 'borrower') = (quality IS NOT NULL)",
            name=op.f("ck_loan_review_of_thing"),
        ),
        *(
            sa.CheckConstraint(f"{column} BETWEEN 1 AND 5", name=op.f(f"ck_loan_review_{column}"))
            for column in ("as_described", "quality", "respect", "communication")
        ),
        _key("loan_review", "booking_id", "booking"),
        _key("loan_review", "listing_id", "listing"),
        _key("loan_review", "author_id", "organization"),
        _key("loan_review", "about_id", "organization"),
        _key("loan_review", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loan_review_public_id")),
        sa.UniqueConstraint("booking_id", "side", name=op.f("uq_loan_review_booking_id_side")),
    )
    op.create_table(
        "loan_review_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(4)),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("verdict IN ('keep', 'hide')", name=op.f("ck_loan_review_report_verdict")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_loan_review_report_decided")
        ),
        _key("loan_review_report", "review_id", "loan_review"),
        _key("loan_review_report", "person_id", "person"),
        _key("loan_review_report", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_review_report")),
        sa.UniqueConstraint("review_id", name=op.f("uq_loan_review_report_review_id")),
    )
    op.create_index("ix_loan_review_about", "loan_review", ["about_id", "open_until"])
    op.create_index("ix_loan_review_listing", "loan_review", ["listing_id", "open_until"])
    for table, column in (
        ("loan_review", "author_id"),
        ("loan_review", "person_id"),
        ("loan_review_report", "person_id"),
        ("loan_review_report", "decided_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_table("loan_review_report")
    op.drop_table("loan_review")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
