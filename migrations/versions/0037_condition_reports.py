"""What both parties say of a thing when it changes hands, and what they disagree about."""

import sqlalchemy as sa
from alembic import op

revision = "0037_condition_reports"
down_revision = "0036_series"


def upgrade() -> None:
    op.add_column("booking", sa.Column("disputed_at", sa.DateTime(timezone=True)))
    op.create_table(
        "condition_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("temperature", sa.Integer()),
        sa.Column("temperature_low", sa.Integer()),
        sa.Column("temperature_high", sa.Integer()),
        sa.Column("cleaned", sa.Boolean(), nullable=False),
        sa.Column("odometer_km", sa.Integer()),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_name", sa.String(120)),
        sa.Column("agreed_by", sa.Integer()),
        sa.CheckConstraint(
            "direction IN ('out', 'back')", name=op.f("ck_condition_report_direction")
        ),
        sa.CheckConstraint("side IN ('lender', 'borrower')", name=op.f("ck_condition_report_side")),
        sa.CheckConstraint("odometer_km >= 0", name=op.f("ck_condition_report_odometer")),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (agreed_name IS NULL)",
            name=op.f("ck_condition_report_agreed"),
        ),
        _key("condition_report", "booking_id", "booking"),
        _key("condition_report", "person_id", "person"),
        _key("condition_report", "agreed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_condition_report_public_id")),
        sa.UniqueConstraint(
            "booking_id",
            "direction",
            "side",
            name=op.f("uq_condition_report_booking_id_direction_side"),
        ),
    )
    op.create_table(
        "condition_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        _key("condition_photo", "report_id", "condition_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_photo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_condition_photo_public_id")),
    )
    op.create_table(
        "condition_dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("difference", sa.String(1000), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settlement", sa.String(1000), nullable=False),
        sa.Column("settlement_side", sa.String(8)),
        sa.Column("settlement_by", sa.Integer()),
        sa.Column("settled_as", sa.String(12)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "direction IN ('out', 'back')", name=op.f("ck_condition_dispute_direction")
        ),
        sa.CheckConstraint(
            "side IN ('lender', 'borrower')", name=op.f("ck_condition_dispute_side")
        ),
        sa.CheckConstraint(
            "settlement_side IN ('lender', 'borrower')",
            name=op.f("ck_condition_dispute_settlement_side"),
        ),
        sa.CheckConstraint(
            "settled_as IN ('both', 'coordination')", name=op.f("ck_condition_dispute_settled_as")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_as IS NULL)", name=op.f("ck_condition_dispute_settled")
        ),
        _key("condition_dispute", "booking_id", "booking"),
        _key("condition_dispute", "person_id", "person"),
        _key("condition_dispute", "settlement_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_dispute")),
        sa.UniqueConstraint(
            "booking_id", "direction", name=op.f("uq_condition_dispute_booking_id_direction")
        ),
    )
    for table, column in (
        ("condition_report", "person_id"),
        ("condition_report", "agreed_by"),
        ("condition_report", "noted_at"),
        ("condition_photo", "report_id"),
        ("condition_dispute", "person_id"),
        ("condition_dispute", "settlement_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("condition_dispute", "condition_photo", "condition_report"):
        op.drop_table(table)
    op.drop_column("booking", "disputed_at")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
