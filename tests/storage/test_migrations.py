"""What the migrations made is what the models say."""

import re
import warnings
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from mutuali.extensions import db
from mutuali.storage import Base


def _drift(connection: sa.Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    with warnings.catch_warnings():
        # Indexes on expressions cannot be read back; the plans of queries are tested instead.
        warnings.filterwarnings("ignore", ".*expression.*index.*")
        warnings.filterwarnings("ignore", "autogenerate skipping.*")
        return list(compare_metadata(context, Base.metadata))


def test_the_migrated_database_is_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert _drift(connection) == []


def _lists(checks: list[tuple[Any, Any]]) -> dict[str, set[str]]:
    """The values that each CHECK of a closed list lets in, by the name of the constraint."""
    found = {str(name): set(re.findall(r"'(\w+)'", str(text))) for name, text in checks}
    return {name: values for name, values in found.items() if values}


def test_each_closed_list_holds_in_the_database_what_the_models_say(app: Flask) -> None:
    """Which the comparison above does not look at: a later migration could take a value away."""
    with app.app_context(), db.engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in Base.metadata.sorted_tables:
            said = _lists(
                [
                    (each.name, each.sqltext)
                    for each in table.constraints
                    if isinstance(each, sa.CheckConstraint)
                ]
            )
            found = _lists(
                [(e["name"], e["sqltext"]) for e in inspector.get_check_constraints(table.name)]
            )
            assert {name: found.get(name) for name in said} == said, table.name
    assert "shorten" in _lists([("ck", "step IN ('undo', 'shorten')")])["ck"]


def test_a_column_without_a_migration_would_be_found(app: Flask) -> None:
    table = Base.metadata.tables["organization"]
    forgotten = sa.Column("forgotten", sa.Integer)
    table.append_column(forgotten)
    try:
        with app.app_context(), db.engine.connect() as connection:
            found = _drift(connection)
    finally:
        table._columns.remove(forgotten)
    assert [(each[0], each[3].name) for each in found] == [("add_column", "forgotten")]
