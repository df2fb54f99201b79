"""The guard of capacity counts a sum before it counts a peak, and takes a turn once."""

import sqlalchemy as sa
from alembic import op

from mutuali.bookings.guard import BEFORE_OUTAGES, CAPACITY

revision = "0012_guard_sums"
down_revision = "0011_bookings_out"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        function = BEFORE_OUTAGES[dialect][0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        op.execute(sa.text(function.replace(":", "\\:")))
        return
    for statement in BEFORE_OUTAGES[dialect]:
        for name in (f"{CAPACITY}_insert", f"{CAPACITY}_update"):
            if statement.startswith(f"CREATE TRIGGER {name} "):
                op.execute(f"DROP TRIGGER {name}")
                op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Nothing to undo: the guard refuses the same as before."""
