"""Places are found by the cell of the public grid they lie in."""

import sqlalchemy as sa
from alembic import op

from mutuali.core.places import Point, cell_of

revision = "0041_grid"
down_revision = "0040_policies"

_SITE = sa.table(
    "site",
    *(sa.column(name) for name in ("id", "latitude", "longitude", "grid_row", "grid_column")),
)


def upgrade() -> None:
    for name in ("grid_row", "grid_column"):
        op.execute(f"ALTER TABLE site ADD COLUMN {name} INTEGER DEFAULT 0 NOT NULL")
    places = op.get_bind().execute(sa.select(_SITE.c.id, _SITE.c.latitude, _SITE.c.longitude))
    for id_, latitude, longitude in places.all():
        row, column = cell_of(Point(latitude, longitude))
        op.execute(
            _SITE.update().where(_SITE.c.id == id_).values(grid_row=row, grid_column=column)
        )


def downgrade() -> None:
    for name in ("grid_row", "grid_column"):
        op.execute(f"ALTER TABLE site DROP COLUMN {name}")
