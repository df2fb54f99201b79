"""Starting: what may be served before this process has looked through the database."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from mutuali.serve import was_open_before
from tests.conftest import settings


def test_a_demo_that_the_newest_migration_made_is_served_at_once(
    database_url: str, tmp_path: Path
) -> None:
    opened_before = replace(settings(database_url, tmp_path), mode="demo")
    assert was_open_before(opened_before)


def test_a_demo_of_an_earlier_version_waits_for_its_migrations(
    database_url: str, tmp_path: Path
) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001_jobs'"))
    engine.dispose()
    assert not was_open_before(replace(settings(database_url, tmp_path), mode="demo"))


def test_a_demo_without_a_database_waits_until_it_is_made(tmp_path: Path) -> None:
    missing = settings(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path)
    assert not was_open_before(replace(missing, mode="demo"))


@pytest.mark.parametrize("mode", ["production", "test"])
def test_what_is_no_demo_is_looked_through_before_it_is_served(
    database_url: str, tmp_path: Path, mode: str
) -> None:
    assert not was_open_before(replace(settings(database_url, tmp_path), mode=mode))
