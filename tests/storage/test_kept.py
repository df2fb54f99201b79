"""The one database that tests on PostgreSQL have in turn tells none of them of another."""

import psycopg
import pytest

from tests.engines import Kept, Postgres

_WRITES = """
INSERT INTO person
    (public_id, email, name, password_hash, language, notice_version, is_demo, created_at)
VALUES ('p', 'a@b.example', 'A', '', 'fr', '1', false, now())
"""


def _connected(postgres: Postgres, name: str) -> "psycopg.Connection[tuple[object, ...]]":
    url = postgres.url(name).replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True)


@pytest.fixture
def kept(postgres: Postgres, templates: dict[str, str]) -> Kept:
    return Kept(postgres, templates["postgresql"])


def test_rows_numbers_connections_and_the_name_go(postgres: Postgres, kept: Kept) -> None:
    first = kept.fresh()
    oid = "SELECT oid FROM pg_database WHERE datname = current_database()"
    with _connected(postgres, first) as connection:
        (made,) = connection.execute(oid).fetchone() or (None,)
        connection.execute(_WRITES)
        kept.empty()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    second = kept.fresh()
    assert second != first
    with _connected(postgres, second) as connection:
        assert connection.execute(oid).fetchone() == (made,)
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
        (number,) = connection.execute(f"{_WRITES} RETURNING id").fetchone() or (0,)
        assert number == 1
    kept.drop()


@pytest.mark.parametrize(
    "deed",
    [
        "ALTER TABLE person ADD COLUMN shoe integer",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "CREATE TABLE other (id integer)",
        "ANALYZE person",
        "UPDATE alembic_version SET version_num = '0001_jobs'",
    ],
)
def test_where_more_than_rows_was_changed_it_is_copied_again(
    postgres: Postgres, kept: Kept, deed: str
) -> None:
    with _connected(postgres, kept.fresh()) as connection:
        connection.execute(_WRITES)
        connection.execute(deed.encode())
    kept.empty()
    assert kept.name == ""
    with _connected(postgres, kept.fresh()) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
    kept.drop()
