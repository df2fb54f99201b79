"""What organizations write to each other about listings and bookings, and its end by a rule."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from mutuali.governance import guard as registers
from mutuali.governance.rules import Rule

revision = "0047_messages"
down_revision = "0046_step_of_units"


def upgrade() -> None:
    op.create_table(
        "message_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("listing_id", sa.Integer()),
        sa.Column("booking_id", sa.Integer()),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_side", sa.String(8), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(listing_id IS NULL) != (booking_id IS NULL)", name=op.f("ck_message_thread_about")
        ),
        sa.CheckConstraint("lender_id != borrower_id", name=op.f("ck_message_thread_sides")),
        sa.CheckConstraint(
            "last_side IN ('lender', 'borrower')", name=op.f("ck_message_thread_last_side")
        ),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_message_thread_last_number")),
        _key("message_thread", "listing_id", "listing"),
        _key("message_thread", "booking_id", "booking"),
        _key("message_thread", "lender_id", "organization"),
        _key("message_thread", "borrower_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_thread")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_thread_public_id")),
        sa.UniqueConstraint(
            "listing_id", "borrower_id", name=op.f("uq_message_thread_listing_id_borrower_id")
        ),
        sa.UniqueConstraint("booking_id", name=op.f("uq_message_thread_booking_id")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("number > 0", name=op.f("ck_message_number")),
        sa.CheckConstraint("side IN ('lender', 'borrower')", name=op.f("ck_message_side")),
        _key("message", "thread_id", "message_thread"),
        _key("message", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_message_thread_id_number")),
    )
    op.create_table(
        "message_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('pdf', 'photo')", name=op.f("ck_message_file_kind")),
        _key("message_file", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_file_public_id")),
    )
    op.create_table(
        "thread_reader",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("told_number", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        _key("thread_reader", "thread_id", "message_thread"),
        _key("thread_reader", "person_id", "person"),
        sa.PrimaryKeyConstraint("thread_id", "person_id", name=op.f("pk_thread_reader")),
    )
    op.create_table(
        "message_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grounds", sa.String(10), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(10)),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decision_words", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "grounds IN ('hurtful', 'private', 'unrelated', 'other')",
            name=op.f("ck_message_report_grounds"),
        ),
        sa.CheckConstraint(
            "decision IN ('nothing', 'hide', 'warn')", name=op.f("ck_message_report_decision")
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_message_report_decided")
        ),
        _key("message_report", "message_id", "message"),
        _key("message_report", "person_id", "person"),
        _key("message_report", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_report_public_id")),
        sa.UniqueConstraint(
            "message_id", "person_id", name=op.f("uq_message_report_message_id_person_id")
        ),
    )
    op.create_table(
        "message_block",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("organization_id != blocked_id", name=op.f("ck_message_block_sides")),
        _key("message_block", "organization_id", "organization"),
        _key("message_block", "blocked_id", "organization"),
        _key("message_block", "person_id", "person"),
        sa.PrimaryKeyConstraint("organization_id", "blocked_id", name=op.f("pk_message_block")),
    )
    for table, column in (
        ("message_thread", "lender_id"),
        ("message_thread", "borrower_id"),
        ("message_thread", "last_at"),
        ("message", "person_id"),
        ("message_file", "message_id"),
        ("thread_reader", "person_id"),
        ("message_report", "person_id"),
        ("message_report", "decided_by"),
        ("message_block", "blocked_id"),
        ("message_block", "person_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _allow(Rule)


def downgrade() -> None:
    _allow(each for each in Rule if each is not Rule.TALK)
    for table in (
        *("message_block", "message_report", "thread_reader", "message_file", "message"),
        "message_thread",
    ):
        op.drop_table(table)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _allow(rules: Iterable[Rule]) -> None:
    """Which rules a certificate may name; certificates of others go with a downgrade."""
    dialect = op.get_bind().dialect.name
    statements = [each for each in registers.STATEMENTS[dialect] if " retention_run" in each]
    triggers = [each for each in statements if each.split()[1] == "TRIGGER"]
    for each in triggers:
        name = each.split()[2]
        op.execute(f"DROP TRIGGER {name}" + (" ON retention_run" if dialect != "sqlite" else ""))
    listed = ", ".join(repr(rule.value) for rule in rules)
    op.execute(sa.text(f"DELETE FROM retention_run WHERE rule NOT IN ({listed})"))
    with op.batch_alter_table("retention_run") as batch:
        batch.drop_constraint(op.f("ck_retention_run_rule"), type_="check")
        batch.create_check_constraint(op.f("ck_retention_run_rule"), f"rule IN ({listed})")
    for each in triggers:
        op.execute(sa.text(each.replace(":", "\\:")))
