"""Three more datasets can be asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0015_datasets"
down_revision = "0014_named_publicly"

_BEFORE = "dataset IN ('equipment-use', 'loans')"
_AFTER = (
    "dataset IN ('equipment-use', 'loans', 'unmet-demand', 'lending-flows', "
    "'organizations-capacity')"
)


def upgrade() -> None:
    _set(20, 30, _AFTER)


def downgrade() -> None:
    _set(30, 20, _BEFORE)


def _set(length: int, new_length: int, check: str) -> None:
    with op.batch_alter_table("export") as batch:
        batch.drop_constraint(op.f("ck_export_dataset"), type_="check")
        batch.alter_column(
            "dataset",
            existing_type=sa.String(length=length),
            type_=sa.String(length=new_length),
            existing_nullable=False,
        )
        batch.create_check_constraint(op.f("ck_export_dataset"), check)
