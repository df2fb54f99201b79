"""With which loan the units of an outage are out: what is lent and broken counts once."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import BEFORE_LENT_AND_BROKEN, STATEMENTS, counting_anew

revision = "0061_lent_and_broken"
down_revision = "0060_searched_words"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE outage ADD COLUMN loan_id INTEGER"
        " CONSTRAINT fk_outage_loan_id_booking REFERENCES booking (id)"
    )
    _guard(STATEMENTS)


def downgrade() -> None:
    _guard(BEFORE_LENT_AND_BROKEN)
    op.execute("ALTER TABLE outage DROP COLUMN loan_id")


def _guard(statements: dict[str, tuple[str, ...]]) -> None:
    """The guards of what is booked and of what is out."""
    for statement in counting_anew(statements, op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", "\\:")))
