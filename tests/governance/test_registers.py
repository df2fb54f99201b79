"""The registers are written from releases, by themselves, and only added to."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Role
from mutuali.exports.models import Export
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.governance import service
from mutuali.governance.models import AnonymizationEntry
from mutuali.governance.rules import Tier
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Office, OfficeDraft
from mutuali.web.clock import utc_now
from tests.exports.stored import Network, built, shared_year, signed
from tests.factories import World


@pytest.fixture
def net(app: Flask, session: Session) -> Network:
    """One release of a table of sums, with a qualified person named before."""
    now = utc_now()
    world = World(session, now)
    made = shared_year(session, world, Dataset.EQUIPMENT_USE, now=now)
    organizations.name_officer(
        session,
        world.person(role=Role.ADMINISTRATOR),
        OfficeDraft(
            Office.QUALIFIED_PERSON, "S. Tran", "Statisticienne", "s@t.ca", competence="Dix ans."
        ),
        now=now,
    )
    signed(session, made, built(app, session, made))
    return made


def test_a_release_writes_its_line_once_from_what_was_measured(
    session: Session, net: Network
) -> None:
    now = utc_now()
    assert service.write_entries(session, now=now) == 1
    assert service.write_entries(session, now=now) == 0
    [entry] = service.entries(session, net.table.steward)
    declared = CATALOGUE[Dataset.EQUIPMENT_USE]
    assert entry.told["information"] == {
        table.name: [column.name for column in table.columns] for table in declared.tables
    }
    assert entry.told["techniques"]["k"] == 5
    assert len(entry.told["sha256"]) == 64
    assert entry.supervisor_title == "Statisticienne"
    assert entry.tier is Tier.MEDIUM
    assert entry.next_analysis_on is not None
    assert (entry.next_analysis_on - entry.analysed_on).days == 182


@pytest.mark.parametrize("dataset", [Dataset.LOANS, Dataset.ORGANIZATIONS_CAPACITY])
def test_what_is_not_anonymized_is_communicated_and_never_stands_as_anonymized(
    app: Flask, session: Session, dataset: Dataset
) -> None:
    now = utc_now()
    made = shared_year(session, World(session, now), dataset, now=now)
    signed(session, made, built(app, session, made))
    assert service.write_entries(session, now=now) == 0
    assert service.entries(session, made.table.steward) == []
    assert [
        each.dataset for each in service.communications(session, made.table.steward, now=now)
    ] == [dataset]


def test_a_recall_adds_a_line_and_changes_none(session: Session, net: Network) -> None:
    now = utc_now()
    service.write_entries(session, now=now)
    before = session.scalars(select(AnonymizationEntry.told)).one()
    row = session.scalars(select(Export)).one()
    row.recalled_at = now
    session.flush()
    assert service.write_entries(session, now=now) == 1
    lines = session.scalars(select(AnonymizationEntry).order_by(AnonymizationEntry.id)).all()
    assert [line.what for line in lines] == ["released", "recalled"]
    assert lines[0].told == before
    assert lines[1].next_analysis_on is None


def test_communications_say_who_received_what_on_what_ground(
    session: Session, net: Network
) -> None:
    [told] = service.communications(session, net.table.steward, now=utc_now())
    assert told.recipient == "La Cantine"
    assert told.regime.value == "named_recipient"
    assert told.dataset is Dataset.EQUIPMENT_USE
    assert told.downloads == ()
    with pytest.raises(Forbidden):
        service.communications(session, net.table.analyst, now=utc_now())
    with pytest.raises(Forbidden):
        service.entries(session, net.table.manager)


def test_pages_and_files_show_the_same_lines(
    client: FlaskClient, session: Session, net: Network
) -> None:
    service.write_entries(session, now=utc_now())
    World(session).sign_in(client, net.table.steward)
    shown = client.get("/intendance/registres/anonymisation").text
    assert "Utilisation de l’équipement" in shown
    assert "Statisticienne" in shown
    for name in ("anonymisation", "communications"):
        assert "La Cantine" in client.get(f"/intendance/registres/{name}").text
        text = client.get(f"/intendance/registres/{name}.csv").text
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(lines) == 2
        assert len(lines[0]) == len(lines[1])
    paper = client.get("/intendance/registres/anonymisation.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data[:5] == b"%PDF-"
    assert "1 communication" in client.get("/intendance/registres").text
