"""What a copy is to do is told to whoever holds one, and to nobody anything else."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import NotFound
from mutuali.core.period import local_midnight
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.stored import Network, built, shared_year, signed
from tests.factories import World


@pytest.fixture
def net(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)


@pytest.fixture
def left(app: Flask, session: Session, net: Network) -> Export:
    """An export that was signed."""
    return signed(session, net, built(app, session, net))


def test_a_copy_that_nobody_called_back_is_kept_until_its_day(
    session: Session, client: FlaskClient, left: Export
) -> None:
    answer = client.get(f"/exportations/{left.public_id}/retraits.json")
    assert answer.status_code == 200
    said = answer.get_json()
    assert left.report is not None
    assert (said["asks"], said["destroy_by"]) == ("keep", left.report["destroy_by"])
    assert (said["recalled_at"], said["replaced_by"]) == (None, None)
    day_after = local_midnight(date.fromisoformat(said["destroy_by"]) + timedelta(days=1))
    late = service.copy_facts(session, left.public_id, now=day_after)
    assert late.asks is service.Asked.DESTROY


def test_a_copy_that_was_called_back_says_by_when_and_what_takes_its_place(
    session: Session, client: FlaskClient, left: Export
) -> None:
    now = utc_now()
    left.state, left.file_key, left.recalled_at = "recalled", None, now
    other = Export(
        **{
            column.name: getattr(left, column.name)
            for column in Export.__table__.columns
            if column.name not in {"id", "public_id", "replaces_id", "recalled_at"}
        },
        public_id=new_public_id(),
        replaces_id=left.id,
    )
    session.add(other)
    session.commit()
    said = client.get(f"/exportations/{left.public_id}/retraits.json").get_json()
    assert said["asks"] == "destroy"
    assert said["act_by"] > said["recalled_at"][:10]
    assert said["replaced_by"].endswith(other.public_id)


def test_what_never_left_is_not_known(
    app: Flask, session: Session, client: FlaskClient, net: Network
) -> None:
    row = built(app, session, net)
    assert row.state == "in_review"
    assert client.get(f"/exportations/{row.public_id}/retraits.json").status_code == 404
    assert client.get(f"/exportations/{new_public_id()}/retraits.json").status_code == 404
    with pytest.raises(NotFound):
        service.copy_facts(session, row.public_id, now=utc_now())


def test_the_page_says_what_is_inside_and_until_when(
    session: Session, net: Network, client: FlaskClient, left: Export
) -> None:
    World(session).sign_in(client, net.table.analyst)
    session.commit()
    french = client.get(f"/exportations/{left.public_id}?lang=fr").text
    assert "Ce qu’il y a dedans" in french
    assert ".parquet</code>" in french
    assert "Aucun ne touche à ces copies." in french
    english = client.get(f"/exportations/{left.public_id}?lang=en").text
    assert "To be destroyed by" in english
    left.state, left.file_key, left.recalled_at = "recalled", None, utc_now()
    session.commit()
    assert "détruisez toute copie" in client.get(f"/exportations/{left.public_id}?lang=fr").text
