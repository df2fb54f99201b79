"""From a file that was found somewhere to the copy, and the person, it came from."""

import csv
import io
import random
import zipfile

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.audit.models import AuditEvent
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.marks import ROW, is_of, unmarked
from mutuali.web.clock import utc_now
from mutuali.web.secrets import mark_key
from tests.exports.stored import Network, built, shared_year, signed
from tests.factories import World


def loans_of(app: Flask, row: Export) -> bytes:
    """The table that left, as a leak would show it."""
    key = row.file_key or row.staged_key or ""
    data = service.get(app.config["SETTINGS"].files_url, key)
    return zipfile.ZipFile(io.BytesIO(data)).read("loans.csv")


def hand_in(client: FlaskClient, text: str | bytes) -> str:
    """What the page says of a file."""
    content = text.encode() if isinstance(text, str) else text
    form = {"file": (io.BytesIO(content), "trouve.csv")}
    return client.post("/intendance/fuites", data=form, content_type="multipart/form-data").text


def network(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.LOANS, now=now)


def test_a_leaked_sample_of_rows_names_the_export_and_who_took_it(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))
    other = signed(session, net, built(app, session, net))
    row_id, row_address = row.id, f"/exportations/{row.public_id}"
    other_address = f"/exportations/{other.public_id}"
    ours, others = loans_of(app, row), loans_of(app, other)
    with app.app_context():
        key = mark_key(row.public_id)
    analyst, steward = app.test_client(), app.test_client()
    World(session).sign_in(analyst, net.table.analyst)
    World(session).sign_in(steward, net.table.steward)
    analyst.post(f"{row_address}/telecharger", follow_redirects=True).get_data()
    rows = list(csv.DictReader(io.StringIO(ours.decode())))
    assert all(is_of(key, each[ROW]) for each in rows)
    lines = [io.BytesIO(each).readlines() for each in (ours, others)]
    assert ours != others
    assert list(unmarked(lines[0])) == list(unmarked(lines[1])), "only the marks differ"

    sample = random.Random(3).sample(lines[0][1:], 5)
    shown = hand_in(steward, b"".join([lines[0][0], *sample]))
    assert "5 sur 6" in shown
    assert f'href="{row_address}"' in shown
    assert f'href="{other_address}"' not in shown
    assert "Téléchargée par Ana Lyse" in shown
    traced = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "export.traced")).one()
    assert (traced.subject_id, traced.facts) == (row_id, {"lines": 6, "found": 5})

    session.rollback()  # SQLite lets others write again
    assert "Aucune copie reconnue" in hand_in(steward, b"".join(unmarked(lines[0])))
    assert "Aucune copie reconnue" in hand_in(steward, "a;b\n1;é\n".encode("latin-1"))
    assert 'id="champ-file-erreur"' in hand_in(steward, "")
    assert 'id="champ-file-erreur"' in hand_in(steward, b"PK\x03\x04\x00\x00")
    assert "ne vous est pas ouverte" in hand_in(analyst, ours)
