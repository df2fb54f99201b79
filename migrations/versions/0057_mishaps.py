"""What went wrong around loans."""

import sqlalchemy as sa
from alembic import op

revision = "0057_mishaps"
down_revision = "0056_waiting"

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "mishap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer()),
        sa.Column("borrower_id", sa.Integer()),
        sa.Column("reported_for", sa.Integer()),
        sa.Column("reported_by", sa.Integer()),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.Integer()),
        sa.Column("closed_word", sa.String(2000), nullable=False),
        sa.CheckConstraint(
            "kind IN ('damage', 'loss', 'accident', 'food_safety', 'other')",
            name=op.f("ck_mishap_kind"),
        ),
        sa.CheckConstraint(
            "severity IN ('minor', 'moderate', 'serious')", name=op.f("ck_mishap_severity")
        ),
        sa.CheckConstraint(
            "(booking_id IS NULL) = (borrower_id IS NULL)", name=op.f("ck_mishap_borrower")
        ),
        _key("mishap", "listing_id", "listing"),
        _key("mishap", "lender_id", "organization"),
        _key("mishap", "booking_id", "booking"),
        _key("mishap", "borrower_id", "organization"),
        _key("mishap", "reported_for", "organization"),
        _key("mishap", "reported_by", "person"),
        _key("mishap", "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mishap")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mishap_public_id")),
    )
    op.create_index(
        "ix_mishap_open",
        "mishap",
        ["lender_id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_table(
        "mishap_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mishap_id", sa.Integer(), nullable=False),
        sa.Column("said_for", sa.Integer()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        _key("mishap_entry", "mishap_id", "mishap"),
        _key("mishap_entry", "said_for", "organization"),
        _key("mishap_entry", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mishap_entry")),
    )
    op.create_table(
        "mishap_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("mishap_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        _key("mishap_photo", "mishap_id", "mishap"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mishap_photo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mishap_photo_public_id")),
    )
    for table, column in (
        ("mishap", "listing_id"),
        ("mishap", "booking_id"),
        ("mishap", "borrower_id"),
        ("mishap", "reported_by"),
        ("mishap", "closed_by"),
        ("mishap_entry", "mishap_id"),
        ("mishap_entry", "person_id"),
        ("mishap_photo", "mishap_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("mishap_photo", "mishap_entry", "mishap"):
        op.drop_table(table)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
