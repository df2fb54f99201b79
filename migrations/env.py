"""How migrations run: on the application's own engine, one transaction per migration."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app

from mutuali.storage import Base

config = context.config


def run_migrations() -> None:
    """Bring the database to the asked revision."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def _tables_may_be_rebuilt(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew; what points at its rows must not object meanwhile.

    Raises:
        RuntimeError: a row points at nothing afterwards.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    # Past SQLAlchemy, which would begin a transaction, in which SQLite ignores this.
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    yield
    driver.execute("PRAGMA foreign_keys=ON")
    if driver.execute("PRAGMA foreign_key_check").fetchone():
        raise RuntimeError("a migration left rows that point at nothing")


run_migrations()
