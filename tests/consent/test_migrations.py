"""What was asked and answered before a migration is there after it, on both engines."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from mutuali.app import create_app
from mutuali.extensions import db
from tests.conftest import settings
from tests.engines import Postgres
from tests.factories import NOW


@pytest.fixture
def old(engine_name: str, postgres: Postgres, tmp_path: Path) -> Iterator[Flask]:
    """A database of before people were asked, with one notice and one yes."""
    if engine_name == "sqlite":
        url, drop = f"sqlite:///{tempfile.mkdtemp(dir=tmp_path)}/old.sqlite", ""
    else:
        drop = postgres.create("old")
        url = postgres.url(drop)
    app = create_app(settings(url, tmp_path / "mail"), TESTING=True)
    with app.app_context():
        upgrade(revision="0013_organization_version")
        with db.engine.begin() as connection:
            tables = sa.MetaData()
            tables.reflect(connection)
            for name, row in _STORED:
                connection.execute(tables.tables[name].insert().values(row))
        yield app
        db.session.remove()
        db.engine.dispose()
    if drop:
        postgres.drop(drop)


_STORED: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "person",
        {
            "id": 1,
            "public_id": "p",
            "email": "a@exemple.org",
            "name": "A",
            "password_hash": "",
            "language": "fr",
            "notice_version": "1",
            "is_demo": False,
            "created_at": NOW,
        },
    ),
    *(
        (
            "organization",
            {
                "id": id_,
                "public_id": f"o{id_}",
                "name": f"O{id_}",
                "kind": kind,
                "sector": "community",
                "languages": "fr",
                "phone": "",
                "state": "accepted",
                "created_at": NOW,
            },
        )
        for id_, kind in ((1, "food_bank"), (2, "partner"))
    ),
    (
        "notice",
        {
            "id": 1,
            "public_id": "n",
            "purpose": "sharing_study",
            "recipient_id": 2,
            "version": 1,
            "text_fr": "oui",
            "text_en": "yes",
            "hash": "hash",
            "lasts_months": 24,
            "published_at": NOW,
            "published_by": 1,
        },
    ),
    (
        "consent_event",
        {
            "organization_id": 1,
            "notice_id": 1,
            "answer": "given",
            "at": NOW,
            "until": NOW,
            "person_id": 1,
        },
    ),
)


def test_notices_and_answers_outlive_the_migration(old: Flask) -> None:
    upgrade()
    with Session(db.engine) as session:
        notice = session.execute(sa.text("SELECT purpose, hash FROM notice")).one()
        answers = session.execute(
            sa.text(
                "SELECT e.organization_id, n.public_id FROM consent_event e JOIN notice n "
                "ON n.id = e.notice_id"
            )
        ).all()
    assert tuple(notice) == ("sharing_study", "hash")
    assert [tuple(each) for each in answers] == [(1, "n")]
