"""With which loan the units of an outage are out: what is lent and broken counts once."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import BEFORE_LENT_AND_BROKEN, CAPACITY, STATEMENTS, UNITS_OUT

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
    dialect = op.get_bind().dialect.name
    for statement in statements[dialect]:
        first = statement.split("(", 1)[0].split()
        name = first[2]
        if not name.startswith((CAPACITY, UNITS_OUT)):
            continue
        if dialect == "postgresql":
            if first[1] != "FUNCTION":
                continue
            statement = statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        else:
            op.execute(f"DROP TRIGGER {name}")
        op.execute(sa.text(statement.replace(":", "\\:")))
