"""Listings with the same weekly hours share their rows, so that a search reads a few weeks."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from mutuali.equipment.rules import OpenHours, week_key

revision = "0063_shared_weeks"
down_revision = "0062_folded_words"

_LISTING = sa.table("listing", sa.column("id"), sa.column("week"))
_SPAN = ("weekday", "opens", "closes")
_OWN = sa.table("weekly_hours", *(sa.column(name) for name in ("listing_id", *_SPAN)))
_SHARED = sa.table("weekly_hours", *(sa.column(name) for name in ("week", *_SPAN)))


def upgrade() -> None:
    op.add_column("listing", sa.Column("week", sa.String(32)))
    connection = op.get_bind()
    spans: defaultdict[int, list[OpenHours]] = defaultdict(list)
    for listing_id, *span in connection.execute(sa.select(*_OWN.c)):
        spans[listing_id].append(OpenHours(*span))
    op.drop_table("weekly_hours")
    _create(
        sa.Column("week", sa.String(32), primary_key=True),
        sa.Column("weekday", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("opens", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("closes", sa.Integer(), nullable=False),
    )
    weeks = {week_key(hours): hours for hours in spans.values()}
    rows = [
        {"week": key, "weekday": each.weekday, "opens": each.opens, "closes": each.closes}
        for key, hours in weeks.items()
        for each in hours
    ]
    if not rows:
        return
    connection.execute(_SHARED.insert(), rows)
    connection.execute(
        _LISTING.update()
        .where(_LISTING.c.id == sa.bindparam("one"))
        .values(week=sa.bindparam("key")),
        [{"one": listing_id, "key": week_key(hours)} for listing_id, hours in spans.items()],
    )


def downgrade() -> None:
    connection = op.get_bind()
    found = connection.execute(
        sa.select(_LISTING.c.id, *(_SHARED.c[name] for name in _SPAN)).join_from(
            _LISTING, _SHARED, _SHARED.c.week == _LISTING.c.week
        )
    )
    rows = [dict(zip(("listing_id", *_SPAN), row, strict=True)) for row in found]
    op.drop_table("weekly_hours")
    _create(
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "listing_id",
            sa.Integer(),
            sa.ForeignKey("listing.id", name=op.f("fk_weekly_hours_listing_id_listing")),
            nullable=False,
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _SPAN),
    )
    op.create_index(op.f("ix_weekly_hours_listing_id"), "weekly_hours", ["listing_id"])
    if rows:
        connection.execute(_OWN.insert(), rows)
    op.drop_column("listing", "week")


def _create(*columns: sa.Column[object]) -> None:
    op.create_table(
        "weekly_hours",
        *columns,
        sa.CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440", name=op.f("ck_weekly_hours_span")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
    )
