"""Shared trips, the boroughs they pass, the places on them, and their guard."""

import sqlalchemy as sa
from alembic import op

from mutuali.trips.guard import CALLED_OFF, CAPACITY, SHRINKS, STATEMENTS

revision = "0058_trips"
down_revision = "0057_mishaps"


def upgrade() -> None:
    op.create_table(
        "trip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("because", sa.String(12)),
        sa.Column("pallets", sa.Integer(), nullable=False),
        sa.Column("kg", sa.Integer(), nullable=False),
        sa.Column("departs_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("join_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("offered_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'cancelled')", name=op.f("ck_trip_state")),
        sa.CheckConstraint("because IN ('organization', 'booking')", name=op.f("ck_trip_because")),
        sa.CheckConstraint("pallets BETWEEN 0 AND 60", name=op.f("ck_trip_pallets")),
        sa.CheckConstraint("kg BETWEEN 0 AND 40000", name=op.f("ck_trip_kg")),
        sa.CheckConstraint("pallets + kg > 0", name=op.f("ck_trip_offered")),
        sa.CheckConstraint("departs_at < arrives_at", name=op.f("ck_trip_span")),
        _key("trip", "booking_id", "booking"),
        _key("trip", "listing_id", "listing"),
        _key("trip", "organization_id", "organization"),
        _key("trip", "offered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip")),
        sa.UniqueConstraint("public_id", name=op.f("uq_trip_public_id")),
    )
    op.create_table(
        "trip_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("borough", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("trip_stop", "trip_id", "trip"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_stop")),
        sa.UniqueConstraint("trip_id", "position", name=op.f("uq_trip_stop_trip_id_position")),
    )
    op.create_table(
        "trip_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("trip_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("from_stop", sa.Integer(), nullable=False),
        sa.Column("to_stop", sa.Integer(), nullable=False),
        sa.Column("pallets", sa.Integer(), nullable=False),
        sa.Column("kg", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("load_at", sa.String(200), nullable=False),
        sa.Column("unload_at", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("asked_by", sa.Integer()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'withdrawn', 'expired', 'cancelled')",
            name=op.f("ck_trip_place_state"),
        ),
        sa.CheckConstraint(
            "0 <= from_stop AND from_stop < to_stop", name=op.f("ck_trip_place_leg")
        ),
        sa.CheckConstraint(
            "pallets >= 0 AND kg >= 0 AND pallets + kg > 0", name=op.f("ck_trip_place_load")
        ),
        _key("trip_place", "trip_id", "trip"),
        _key("trip_place", "organization_id", "organization"),
        _key("trip_place", "asked_by", "person"),
        _key("trip_place", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_place")),
        sa.UniqueConstraint("public_id", name=op.f("uq_trip_place_public_id")),
    )
    for table, column in (
        ("trip", "booking_id"),
        ("trip", "listing_id"),
        ("trip", "organization_id"),
        ("trip", "offered_by"),
        ("trip_place", "organization_id"),
        ("trip_place", "asked_by"),
        ("trip_place", "decided_by"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_trip_found", "trip", ["state", "join_by"])
    op.create_index("ix_trip_place_trip", "trip_place", ["trip_id", "state"])
    _where("ix_trip_open", "trip", "booking_id", "state = 'open'", unique=True)
    _where("ix_trip_place_asked", "trip_place", "answer_by", "state = 'asked'")
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for table in ("trip_place", "trip_stop", "trip"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in (CAPACITY, SHRINKS, CALLED_OFF):
            op.execute(f"DROP FUNCTION {function}()")


def _where(name: str, table: str, column: str, where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        [column],
        unique=unique,
        postgresql_where=condition,
        sqlite_where=condition,
    )


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
