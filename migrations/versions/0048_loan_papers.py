"""The papers of a loan: its exact text, who signed, what was paid; listings ask for a deposit."""

import sqlalchemy as sa
from alembic import op

from mutuali.loans.guard import FIXED, STATEMENTS

revision = "0048_loan_papers"
down_revision = "0047_messages"

_DEPOSIT = "deposit_cents INTEGER DEFAULT '0' NOT NULL"


def upgrade() -> None:
    op.execute(
        f"ALTER TABLE listing ADD COLUMN {_DEPOSIT}"
        " CONSTRAINT ck_listing_deposit CHECK (deposit_cents >= 0)"
    )
    op.execute(f"ALTER TABLE booking ADD COLUMN {_DEPOSIT}")
    op.add_column("booking", sa.Column("agreement_sha256", sa.String(64)))
    op.create_table(
        "loan_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("english_sha256", sa.String(64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_loan_agreement_version")),
        _key("loan_agreement", "booking_id", "booking"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_agreement")),
        sa.UniqueConstraint(
            "booking_id", "version", name=op.f("uq_loan_agreement_booking_id_version")
        ),
    )
    op.create_table(
        "loan_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        _side("loan_signature"),
        _key("loan_signature", "agreement_id", "loan_agreement"),
        _key("loan_signature", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_signature")),
        sa.UniqueConstraint(
            "agreement_id", "side", name=op.f("uq_loan_signature_agreement_id_side")
        ),
    )
    op.create_table(
        "loan_english",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("after_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        _side("loan_english"),
        _key("loan_english", "booking_id", "booking"),
        _key("loan_english", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_english")),
        sa.UniqueConstraint("booking_id", "side", name=op.f("uq_loan_english_booking_id_side")),
    )
    op.create_table(
        "loan_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(8), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("noted_by", sa.Integer()),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "kind IN ('price', 'deposit', 'deposit_back')", name=op.f("ck_loan_payment_kind")
        ),
        sa.CheckConstraint(
            "means IN ('cash', 'cheque', 'transfer', 'other')",
            name=op.f("ck_loan_payment_means"),
        ),
        sa.CheckConstraint("cents > 0", name=op.f("ck_loan_payment_cents")),
        _key("loan_payment", "booking_id", "booking"),
        _key("loan_payment", "noted_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_payment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loan_payment_public_id")),
    )
    for table, column in (
        ("loan_signature", "person_id"),
        ("loan_english", "person_id"),
        ("loan_payment", "booking_id"),
        ("loan_payment", "noted_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for table in ("loan_payment", "loan_english", "loan_signature", "loan_agreement"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FIXED}()")
    op.drop_column("booking", "agreement_sha256")
    op.execute("ALTER TABLE booking DROP COLUMN deposit_cents")
    op.execute("ALTER TABLE listing DROP COLUMN deposit_cents")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _side(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("side IN ('lender', 'borrower')", name=op.f(f"ck_{table}_side"))
