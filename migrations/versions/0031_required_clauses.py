"""No agreement is proposed without the clauses that the law asks for, whatever code path writes."""

import sqlalchemy as sa
from alembic import op

from mutuali.agreements.guard import RULES, in_dialect

revision = "0031_required_clauses"
down_revision = "0030_corrections"


def upgrade() -> None:
    """A database that begins today got the whole guard when its agreements became whole."""
    dialect = op.get_bind().dialect.name
    rule = next(each for each in RULES if each.name == "agreement_required")
    if dialect == "postgresql":
        op.execute(f"DROP TRIGGER IF EXISTS {rule.name} ON {rule.table}")
        op.execute(f"DROP FUNCTION IF EXISTS {rule.name}()")
    else:
        op.execute(f"DROP TRIGGER IF EXISTS {rule.name}")
    for statement in in_dialect(rule, dialect):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """It goes with the rest of the guard."""
