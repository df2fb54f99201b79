"""Who answers for personal information: named, replaced, ended, published."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.permissions import Role
from mutuali.organizations import service
from mutuali.organizations.models import OfficeHolder
from mutuali.organizations.rules import Office, OfficeDraft, office_objections
from tests.factories import NOW, World, at

IN_CHARGE = OfficeDraft(
    Office.PERSON_IN_CHARGE, "Rose Laliberté", "Directrice", "vie-privee@exemple.org"
)
TODAY = date(2026, 3, 3)


def codes(draft: OfficeDraft) -> list[str]:
    return [each.code for each in office_objections(draft, TODAY)]


def test_the_highest_authority_needs_no_writing_and_a_delegate_needs_all_of_it() -> None:
    def delegated(on: date | None, reference: str) -> list[str]:
        return codes(
            OfficeDraft(Office.PERSON_IN_CHARGE, "A", "B", "c@d.ca", on, delegation=reference)
        )

    assert codes(IN_CHARGE) == []
    assert delegated(TODAY, "CA-12") == []
    assert delegated(TODAY, "") == ["office.delegation_unsaid"]
    assert delegated(None, "CA-12") == ["office.delegation_undated"]
    assert delegated(date(2026, 3, 4), "CA-12") == ["office.delegation_to_come"]


def test_a_substitute_is_delegated_and_a_qualified_person_says_why_they_are_one() -> None:
    assert codes(OfficeDraft(Office.SUBSTITUTE, "A", "B", "c@d.ca")) == [
        "office.delegation_unsaid",
        "office.delegation_undated",
    ]
    assert codes(OfficeDraft(Office.QUALIFIED_PERSON, "A", "B", "c@d.ca")) == [
        "office.competence_unsaid"
    ]


def test_a_new_holder_ends_the_one_before_and_the_history_stays(
    session: Session, world: World
) -> None:
    administrator = world.person(role=Role.ADMINISTRATOR)
    assert service.offices(session) == service.Offices(None, None, None)
    service.name_officer(session, administrator, IN_CHARGE, now=NOW)
    second = OfficeDraft(Office.PERSON_IN_CHARGE, "Théo", "Adjoint", "a@b.ca", TODAY, "CA-12")
    service.name_officer(session, administrator, second, now=at(1))

    held = service.offices(session).person_in_charge
    assert held is not None
    assert (held.title, held.delegation, held.since) == ("Adjoint", "CA-12", at(1))
    [past] = service.past_offices(session)
    assert (past.title, past.since, past.ended_at) == ("Directrice", NOW, at(1))
    service.end_office(session, administrator, Office.PERSON_IN_CHARGE, now=at(2))
    assert service.offices(session).person_in_charge is None
    with pytest.raises(Conflict):
        service.end_office(session, administrator, Office.PERSON_IN_CHARGE, now=at(2))
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_kind == "office_holder").order_by(AuditEvent.id)
    ).all()
    assert [event.name for event in events] == ["office.named", "office.named", "office.ended"]
    assert not any("Théo" in str(event.facts) or "a@b.ca" in str(event.facts) for event in events)


def test_nobody_but_an_administrator_names_anybody(session: Session, world: World) -> None:
    for role in (Role.STEWARD, Role.COORDINATOR, Role.ANALYST):
        with pytest.raises(Forbidden):
            service.name_officer(session, world.person(role=role), IN_CHARGE, now=NOW)
    with pytest.raises(Refused):
        service.name_officer(
            session,
            world.person(role=Role.ADMINISTRATOR),
            OfficeDraft(Office.SUBSTITUTE, "A", "B", "c@d.ca"),
            now=NOW,
        )
    assert session.scalars(select(OfficeHolder)).all() == []


def test_the_database_refuses_two_people_in_charge_at_once(session: Session, world: World) -> None:
    service.name_officer(session, world.person(role=Role.ADMINISTRATOR), IN_CHARGE, now=NOW)
    session.add(
        OfficeHolder(office="person_in_charge", name="B", title="B", contact="b@b.ca", since=NOW)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_title_and_contact_are_published_and_the_name_is_not(
    client: FlaskClient, world: World, session: Session
) -> None:
    assert "La plus haute autorité de Réseau d’essai" in client.get("/confidentialite").text
    world.sign_in(client, world.person(role=Role.ADMINISTRATOR))
    form = {
        "office": "person_in_charge",
        "name": "Rose Laliberté",
        "title": "Directrice générale",
        "contact": "rose@exemple.org",
        "delegation": "CA-12",
    }
    refused = client.post("/intendance/responsables", data=form)
    assert refused.status_code == 422
    assert "Donnez la date de l’écrit qui délègue." in refused.text
    assert "Rose Laliberté" in refused.text
    form["delegated_on"] = "2026-01-12"
    assert client.post("/intendance/responsables", data=form).status_code == 303
    assert "Rose Laliberté" in client.get("/intendance/responsables").text
    public = client.get("/confidentialite").text
    assert "Directrice générale" in public
    assert "rose@exemple.org" in public
    assert "Laliberté" not in public
    [told] = client.get("/api/v1/offices").get_json()
    assert (told["office"], told["title"]) == ("person_in_charge", "Directrice générale")
    assert "Laliberté" not in str(told)
    assert client.post("/intendance/responsables/person_in_charge/fin").status_code == 303
    assert client.get("/api/v1/offices").json == []
