"""What lenders said of showing their vehicles to everybody."""

import sqlalchemy as sa
from alembic import op

from mutuali.mobility.guard import APPEND_ONLY, STATEMENTS

revision = "0071_mobility"
down_revision = "0070_less"

_SHAPES = "shape IN ('truck', 'van', 'car', 'cargo_bike', 'bike', 'other')"
_PROPULSIONS = (
    "propulsion IN ('human', 'electric_assist', 'electric', 'combustion', 'combustion_diesel', "
    "'hybrid', 'plug_in_hybrid')"
)


def upgrade() -> None:
    op.create_table(
        "vehicle_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("lender_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("shape", sa.String(10)),
        sa.Column("propulsion", sa.String(20)),
        sa.Column("range_km", sa.Integer()),
        sa.Column("said_by", sa.Integer()),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_vehicle_answer_answer")),
        sa.CheckConstraint(_SHAPES, name=op.f("ck_vehicle_answer_shape")),
        sa.CheckConstraint(_PROPULSIONS, name=op.f("ck_vehicle_answer_propulsion")),
        sa.CheckConstraint(
            "(answer = 'yes') = (until IS NOT NULL)", name=op.f("ck_vehicle_answer_until")
        ),
        sa.CheckConstraint(
            "(answer = 'yes') = (shape IS NOT NULL)", name=op.f("ck_vehicle_answer_said")
        ),
        sa.CheckConstraint(
            "(shape IS NULL) = (propulsion IS NULL)", name=op.f("ck_vehicle_answer_described")
        ),
        sa.CheckConstraint("range_km > 0", name=op.f("ck_vehicle_answer_range_km")),
        _key("listing_id", "listing"),
        _key("lender_id", "organization"),
        _key("said_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_answer")),
    )
    op.create_index("ix_vehicle_answer_listing_id", "vehicle_answer", ["listing_id", "id"])
    for column in ("lender_id", "said_by"):
        op.create_index(op.f(f"ix_vehicle_answer_{column}"), "vehicle_answer", [column])
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)


def _key(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_vehicle_answer_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def downgrade() -> None:
    op.drop_table("vehicle_answer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {APPEND_ONLY}()")
