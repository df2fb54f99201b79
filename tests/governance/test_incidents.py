"""Incidents are noted whole, concluded by a person, and name nobody in the log."""

import csv
import io
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Forbidden, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.governance import service
from mutuali.governance.models import Incident
from mutuali.governance.rules import Level, Notices
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at
from tests.governance.test_rules import INCIDENT, TODAY

SERIOUS = replace(
    INCIDENT, sensitivity=Level.HIGH, consequences=Level.MEDIUM, likelihood=Level.HIGH, serious=True
)


@pytest.fixture
def steward(world: World) -> Actor:
    return world.person(role=Role.STEWARD)


def recorded(session: Session, actor: Actor, draft: object = SERIOUS) -> str:
    public_id = new_public_id()
    service.record_incident(session, actor, draft, public_id=public_id, now=NOW)  # type: ignore[arg-type]
    return public_id


def test_a_serious_incident_owes_two_notices_until_they_are_noted(
    session: Session, steward: Actor
) -> None:
    public_id = recorded(session, steward)
    assert service.incident(session, steward, public_id).owes == ("commission", "persons")
    service.record_notices(
        session, steward, public_id, Notices(TODAY, None, False, ""), now=at(0, 1)
    )
    assert service.incident(session, steward, public_id).owes == ("persons",)
    told = Notices(TODAY, None, True, "Les adresses sont inconnues.")
    service.record_notices(session, steward, public_id, told, now=at(0, 2))
    found = service.incident(session, steward, public_id)
    assert (found.owes, found.notices) == ((), told)
    assert found.keep_until.year == 2031
    slight = recorded(session, steward, INCIDENT)
    assert service.incident(session, steward, slight).owes == ()


def test_revising_keeps_the_day_it_was_known(session: Session, steward: Actor) -> None:
    public_id = recorded(session, steward)
    later = replace(SERIOUS, persons=40, aware_on=TODAY, measures="Mots de passe changés.")
    service.revise_incident(session, steward, public_id, later, now=at(1))
    found = service.incident(session, steward, public_id).draft
    assert (found.persons, found.measures) == (40, "Mots de passe changés.")
    assert found.aware_on == SERIOUS.aware_on


def test_the_log_says_that_and_not_what(session: Session, steward: Actor) -> None:
    recorded(session, steward)
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.name == "incident.recorded"))
    assert event.facts == {"serious": True, "version": 1}


def test_nobody_else_reads_or_writes_the_register(
    session: Session, world: World, steward: Actor
) -> None:
    public_id = recorded(session, steward)
    for role in (Role.ANALYST, Role.COORDINATOR, Role.ADMINISTRATOR):
        other = world.person(role=role)
        with pytest.raises(Forbidden):
            service.incidents(session, other)
        with pytest.raises(Forbidden):
            recorded(session, other)
        with pytest.raises(Forbidden):
            service.record_notices(
                session, other, public_id, Notices(None, None, False, ""), now=NOW
            )
    with pytest.raises(Refused):
        recorded(session, steward, replace(SERIOUS, information=""))
    assert len(session.scalars(select(Incident)).all()) == 1


def test_the_wizard_proposes_asks_why_otherwise_and_says_whom_to_tell(
    client: FlaskClient, world: World, session: Session, steward: Actor
) -> None:
    world.sign_in(client, steward)
    form = {
        "information": "Courriels de membres",
        "circumstances": "Un message à la mauvaise liste.",
        "started_on": "2026-03-01",
        "aware_on": "2026-03-02",
        "persons": "12",
        "sensitivity": "high",
        "consequences": "medium",
        "likelihood": "medium",
        "serious": "no",
    }
    refused = client.post("/intendance/registres/incidents", data=form)
    assert refused.status_code == 422
    assert "préjudice sérieux." in refused.text
    assert "Vous concluez autrement" in refused.text
    done = client.post("/intendance/registres/incidents", data=form | {"serious": "yes"})
    assert done.status_code == 303
    path = done.headers["Location"]
    assert "Avisez la Commission" in client.get(path).text
    told = {"commission_on": "2026-03-03", "persons_on": "2026-03-03"}
    assert client.post(f"{path}/avis", data=told).status_code == 303
    assert "Avisez la Commission" not in client.get(path).text
    assert "Sérieux, avisé" in client.get("/intendance/registres/incidents").text


def test_the_register_and_one_incident_are_files_with_the_eight_fields(
    client: FlaskClient, session: Session, world: World, steward: Actor
) -> None:
    serious = recorded(session, steward)
    told = Notices(TODAY, None, True, "Les adresses sont inconnues.")
    service.record_notices(session, steward, serious, told, now=NOW)
    recorded(session, steward, replace(INCIDENT, circumstances="=1+1"))
    world.sign_in(client, steward)
    answer = client.get("/intendance/registres/incidents.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    head, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert len(head) == 10  # a number, eight things, until when it is kept
    assert [len(line) for line in lines] == [10, 10]
    assert all(all(line) for line in lines)
    assert {line[-1] for line in lines} == {"2031-03-02"}
    [line] = [line for line in lines if "Avis public" in line[7]]
    assert "Commission avisée le" in line[7]
    assert any(line[2] == "'=1+1" for line in lines)
    for address in ("incidents.pdf", f"incidents/{serious}.pdf"):
        paper = client.get(f"/intendance/registres/{address}")
        assert paper.mimetype == "application/pdf"
        assert paper.data[:5] == b"%PDF-"
    shown = client.get(f"/intendance/registres/incidents/{serious}").text
    assert f"{serious}.pdf" in shown
    assert "Les adresses sont inconnues." in shown
