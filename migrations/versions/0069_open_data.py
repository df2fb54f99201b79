"""A purpose of its own for what everybody may read; which release a promotion is asked of."""

import sqlalchemy as sa
from alembic import op

from mutuali.consent.guard import STATEMENTS

revision = "0069_open_data"
down_revision = "0068_own_data"

_PURPOSES = ("network_statistics", "sharing_study", "mobility_planning", "named_publicly")


def upgrade() -> None:
    _let((*_PURPOSES, "open_data"))
    with op.batch_alter_table("export") as batch:
        batch.add_column(sa.Column("promotes_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_export_promotes_id_export"), "export", ["promotes_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("export") as batch:
        batch.drop_constraint(op.f("fk_export_promotes_id_export"), type_="foreignkey")
        batch.drop_column("promotes_id")
    _let(_PURPOSES)


def _let(purposes: tuple[str, ...]) -> None:
    condition = f"purpose IN ({', '.join(map(repr, purposes))})"
    for table in ("notice", "export", "ladder_step"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_purpose"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_purpose"), condition)
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":  # The new table came without the guards of the old one.
        for statement in STATEMENTS[dialect]:
            if " ON notice\n" in statement:
                op.execute(sa.text(statement))
