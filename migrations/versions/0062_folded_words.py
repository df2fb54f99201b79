"""What listings say is kept folded, so that accents make no difference to those who search."""

import sqlalchemy as sa
from alembic import op

from mutuali.core.folding import folded

revision = "0062_folded_words"
down_revision = "0061_lent_and_broken"

_SAID = ("title_fr", "title_en", "description_fr", "description_en")
_LISTING = sa.table("listing", *(sa.column(name) for name in ("id", "searched", *_SAID)))


def upgrade() -> None:
    op.add_column("listing", sa.Column("searched", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    said = connection.execute(sa.select(_LISTING.c.id, *(_LISTING.c[name] for name in _SAID)))
    fold = (
        _LISTING.update()
        .where(_LISTING.c.id == sa.bindparam("one"))
        .values(searched=sa.bindparam("words"))
    )
    rows = [{"one": id_, "words": folded("\n".join(texts))} for id_, *texts in said]
    if rows:
        connection.execute(fold, rows)


def downgrade() -> None:
    op.drop_column("listing", "searched")
