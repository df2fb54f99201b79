"""One more purpose: being named publicly."""

import sqlalchemy as sa
from alembic import op

from mutuali.consent.guard import STATEMENTS

revision = "0014_named_publicly"
down_revision = "0013_organization_version"

_BEFORE = "purpose IN ('network_statistics', 'sharing_study', 'mobility_planning')"
_AFTER = (
    "purpose IN ('network_statistics', 'sharing_study', 'mobility_planning', 'named_publicly')"
)


def upgrade() -> None:
    _check(_AFTER)


def downgrade() -> None:
    _check(_BEFORE)


def _check(condition: str) -> None:
    for table in ("notice", "export"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_purpose"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_purpose"), condition)
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":  # The new table came without the guards of the old one.
        for statement in STATEMENTS[dialect]:
            if " ON notice\n" in statement:
                op.execute(sa.text(statement))
