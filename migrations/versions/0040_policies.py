"""Who decides: two persons, or nobody for whom the lender trusts; what a step led to, and why."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import TWO_YESES, YES_STATEMENTS

revision = "0040_policies"
down_revision = "0039_granularity"

_STEP = "ck_booking_step_step"
_BEFORE = (
    "'request', 'approve', 'decline', 'cancel', 'expire', 'hand_over', 'take_back', 'close',"
    " 'propose', 'undo', 'extend', 'move', 'part_back', 'no_show', 'dispute'"
)
_SINCE = "'first_yes', 'turn_down', 'lapse', 'ask_longer', 'not_longer', 'shorten'"
_STATES = (
    "'requested', 'held', 'approved', 'on_loan', 'returned', 'closed', 'declined', 'cancelled',"
    " 'expired'"
)
_COLUMNS = (
    f"state VARCHAR(10) CONSTRAINT ck_booking_step_state CHECK (state IN ({_STATES}))",
    "reason VARCHAR(40)",
    "cause_id INTEGER CONSTRAINT fk_booking_step_cause_id_booking REFERENCES booking (id)",
    "for_id INTEGER CONSTRAINT fk_booking_step_for_id_organization REFERENCES organization (id)",
)


def upgrade() -> None:
    for name in ("two_decide", "trusted_at_once"):
        flag = sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("listing", flag)
    _steps(f"step IN ({_BEFORE}, {_SINCE})")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE booking_step ADD COLUMN {column}")
    op.create_index(
        "ix_booking_step_cause",
        "booking_step",
        ["cause_id"],
        postgresql_where=sa.text("cause_id IS NOT NULL"),
        sqlite_where=sa.text("cause_id IS NOT NULL"),
    )
    op.create_table(
        "booking_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_approval_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_approval_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_approval")),
        sa.UniqueConstraint(
            "booking_id", "person_id", name=op.f("uq_booking_approval_booking_id_person_id")
        ),
    )
    op.create_index("ix_booking_approval_person_id", "booking_approval", ["person_id"])
    op.create_table(
        "trusted_borrower",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "organization_id <> borrower_id", name=op.f("ck_trusted_borrower_another")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_trusted_borrower_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"],
            ["organization.id"],
            name=op.f("fk_trusted_borrower_borrower_id_organization"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "borrower_id", name=op.f("pk_trusted_borrower")
        ),
    )
    op.create_index("ix_trusted_borrower_borrower_id", "trusted_borrower", ["borrower_id"])
    for statement in YES_STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TWO_YESES}() CASCADE")
    else:
        op.execute(f"DROP TRIGGER {TWO_YESES}")
    op.drop_table("trusted_borrower")
    op.drop_table("booking_approval")
    op.drop_index("ix_booking_step_cause", table_name="booking_step")
    columns = [column.split()[0] for column in reversed(_COLUMNS)]
    if op.get_bind().dialect.name == "postgresql":
        for column in columns:
            op.drop_column("booking_step", column)
    else:  # SQLite does not drop a column that a constraint of the table names.
        with op.batch_alter_table("booking_step") as batch:
            batch.drop_constraint(op.f("ck_booking_step_state"), type_="check")
            for column in columns:
                batch.drop_column(column)
    op.execute(f"DELETE FROM booking_step WHERE step IN ({_SINCE})")
    _steps(f"step IN ({_BEFORE})")
    for name in ("trusted_at_once", "two_decide"):
        op.execute(f"ALTER TABLE listing DROP COLUMN {name}")


def _steps(condition: str) -> None:
    with op.batch_alter_table("booking_step") as batch:
        batch.drop_constraint(op.f(_STEP), type_="check")
        batch.create_check_constraint(op.f(_STEP), condition)
