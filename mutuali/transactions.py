"""How a transaction begins and ends on each engine, and when a pooled connection is tried."""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

#: Execution option that a reading transaction carries, so that SQLite does not queue it.
READS_ONLY = "mutuali_reads_only"


def begin(session: Session, *, reads: bool) -> None:
    """Begin a transaction; one that only ``reads`` cannot write on PostgreSQL, and on SQLite does
    not queue behind writers."""
    session.connection(execution_options={READS_ONLY: reads, "postgresql_readonly": reads})


def end(session: Session, *, reads: bool) -> None:
    """End it well; one that only ``reads`` leaves nothing behind.

    A rollback would make psycopg forget every statement that the connection has prepared, so that
    each page had all of its statements planned anew; there was nothing to write in the first place.
    """
    if reads and session.get_bind().dialect.name == "sqlite":
        session.rollback()
    else:
        session.commit()


def own_the_begin(engine: Engine) -> None:
    """Make SQLite transactions start when we say and, when they write, take their turn first.

    A deferred BEGIN that reads and then writes fails with "database is locked" as soon as another
    writer came between (302 of 800 in a measured race); BEGIN IMMEDIATE queues instead.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=20000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reads_only = connection.get_execution_options().get(READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


#: How long a pooled connection may rest before it is tried; the server may have gone meanwhile.
_RESTED = 5.0


def try_rested_connections(engine: Engine) -> None:
    """Ping a connection that has rested before it is used, not at each of a busy minute's uses."""

    @event.listens_for(engine, "checkin")
    def _rests(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < _RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error
