"""How migrations run: on the application's own engine, one transaction per migration."""

from alembic import context
from flask import current_app

from mutuali.storage import Base

config = context.config


def run_migrations() -> None:
    """Bring the database to the asked revision."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
