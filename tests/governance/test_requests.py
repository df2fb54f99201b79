"""Persons ask, the clock runs, answers come; erasing leaves the chain and the figures standing."""

import io
import json
import zipfile
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.audit import service as audit
from mutuali.audit.models import AuditEvent
from mutuali.bookings.models import Booking
from mutuali.core.errors import Conflict, DomainError, Forbidden, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.governance import service
from mutuali.governance.models import PersonRequest, Tombstone
from mutuali.governance.rules import AT_ONCE, GIVEN, Answer, Field, Identity, RequestKind, is_told
from mutuali.inventory.rules import About, entries
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.jobs.models import Job
from mutuali.organizations.models import Membership
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span
from tests.how_many import how_many

KEY = b"a key of tests"


def asks(
    session: Session,
    actor: Actor,
    kind: RequestKind,
    words: str = "",
    day: float = 0,
    **correction: Any,
) -> str:
    public_id = new_public_id()
    service.ask(session, actor, kind, words, public_id=public_id, now=at(day), **correction)
    return public_id


def answers(
    session: Session,
    steward: Actor,
    public_id: str,
    answer: Answer = Answer.GRANTED,
    words: str = "",
    day: float = 1,
    provision: str = "",
) -> None:
    service.answer_request(
        session,
        steward,
        public_id,
        Identity.ACCOUNT,
        answer,
        words,
        provision=provision,
        tombstone_key=KEY,
        now=at(day),
    )


def codes(caught: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


@pytest.fixture
def steward(world: World) -> Actor:
    return world.person(role=Role.STEWARD)


def test_a_request_has_thirty_days_reminders_and_then_counts_as_refused(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    asks(session, person, RequestKind.ACCESS)
    [found] = service.mine(session, person)
    assert (found.due_on - NOW.date()).days == 30
    assert how_many(service.count_open, session, steward, NOW) == 1
    assert how_many(service.count_open, session, person, NOW) == 0
    reminded = [service.remind(session, now=at(day)) for day in (1, 19, 20, 21, 28, 29, 40)]
    assert reminded == [0, 0, 1, 0, 1, 0, 0]
    assert not found.is_deemed_refused(found.due_on)
    assert found.is_deemed_refused(found.due_on + timedelta(days=1))
    told = session.scalar(select(func.count()).where(Job.kind == "governance.remind"))
    assert told == 3  # at once, ten days before, two days before


def test_the_same_is_not_asked_twice_and_some_things_need_words(
    session: Session, world: World
) -> None:
    person = world.person()
    asks(session, person, RequestKind.ERASURE)
    with pytest.raises(Conflict) as caught:
        asks(session, person, RequestKind.ERASURE)
    assert codes(caught) == ["request.waits_already"]
    for kind in (RequestKind.RECTIFICATION, RequestKind.CESSATION):
        with pytest.raises(Refused):
            asks(session, person, kind)
    asks(session, person, RequestKind.RECTIFICATION, "Mon nom s’écrit Zoé.")
    with pytest.raises(Forbidden):
        asks(session, Actor(), RequestKind.ACCESS)


def test_only_stewards_answer_and_never_themselves(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    public_id = asks(session, person, RequestKind.ACCESS)
    for other in (person, world.person(role=Role.ANALYST), world.person(role=Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            answers(session, other, public_id, words="Voici.")
        with pytest.raises(Forbidden):
            service.requests(session, other)
    with pytest.raises(Refused) as caught:
        answers(session, steward, public_id, Answer.REFUSED)
    assert codes(caught) == ["request.answer_unsaid", "request.provision_unsaid"]
    answers(session, steward, public_id, words="Une copie est partie.")
    with pytest.raises(Conflict) as again:
        answers(session, steward, public_id, words="Une copie est partie.")
    assert codes(again) == ["request.answered_before"]
    own = asks(session, steward, RequestKind.ACCESS)
    with pytest.raises(Conflict) as mine:
        answers(session, steward, own, words="Voici.")
    assert codes(mine) == ["request.own"]
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.name == "request.answered"))
    assert event.facts == {"kind": "access", "answer": "granted", "identity": "account"}


def test_erasing_takes_name_address_words_and_access_and_leaves_chain_and_loans(
    session: Session, world: World, steward: Actor
) -> None:
    organization_id, _site = world.organization()
    world.member(organization_id)
    person = world.member(organization_id, Role.MEMBER)
    booking = world.booking(world.listing(), span(2), borrower=person)
    booking.note = "Appelez Zoé au 514 555-0199"
    session.flush()
    loans = session.scalar(select(func.count(Booking.id)))
    audit.seal_events(session, new_blind=new_public_id, now=NOW)
    answers(session, steward, asks(session, person, RequestKind.ERASURE))

    row = session.get_one(Person, person.person_id)
    session.refresh(row)
    session.refresh(booking)
    assert (row.name, row.password_hash, row.confirmed_at) == ("Personne effacée", "", None)
    assert row.email == f"{row.id}@efface.invalid"
    assert booking.note == ""
    assert session.get(Membership, (organization_id, person.person_id)) is None
    assert session.scalar(select(func.count(Booking.id))) == loans
    [tombstone] = session.scalars(select(Tombstone))
    assert tombstone.fingerprint == service.fingerprint_of(KEY, row.public_id)
    while audit.seal_events(session, new_blind=new_public_id, now=NOW):
        pass
    assert audit.verify(session, now=NOW).broken_at is None
    [found] = service.requests(session, steward)
    assert (found.who, found.words) == ("Personne effacée", "")


def test_the_last_manager_is_not_erased_under_an_organization(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.member(world.organization()[0])
    public_id = asks(session, person, RequestKind.ERASURE)
    with pytest.raises(Refused) as caught:
        answers(session, steward, public_id)
    assert codes(caught) == ["member.last_manager"]


def test_a_request_by_letter_is_noted_with_the_day_it_came(
    session: Session, steward: Actor, world: World
) -> None:
    with pytest.raises(Refused):
        service.note_request(
            session,
            steward,
            RequestKind.ACCESS,
            "L-12",
            "",
            received_on=at(1).date(),
            public_id=new_public_id(),
            now=NOW,
        )
    service.note_request(
        session,
        steward,
        RequestKind.ACCESS,
        "L-12",
        "",
        received_on=at(-5).date(),
        public_id=new_public_id(),
        now=NOW,
    )
    [found] = service.requests(session, steward)
    assert (found.who, (found.due_on - NOW.date()).days) == ("L-12", 25)
    answers(session, steward, found.public_id, words="Rien n’est gardé.")


def test_what_i_take_along_is_mine_and_nobody_elses(
    client: FlaskClient, session: Session, world: World
) -> None:
    organization_id, _site = world.organization("La Corbeille")
    other = world.member(organization_id)
    person = world.member(organization_id, Role.MEMBER)
    for actor, words in ((person, "Pour midi"), (other, "Secret de l’autre")):
        booking = world.booking(world.listing(), span(2), borrower=actor)
        booking.note = words
    world.sign_in(client, person)
    email = session.get_one(Person, person.person_id).email
    theirs = session.get_one(Person, other.person_id).email
    session.rollback()

    answer = client.get("/compte/mes-donnees.json")
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(answer.text)["tables"]
    assert told["person"] == [{"email": email, "name": told["person"][0]["name"], "language": "fr"}]
    assert [row["note"] for row in told["booking"]] == ["Pour midi"]
    everything = client.get("/compte/mes-donnees.json?tout").text
    for text in (answer.text, everything):
        assert theirs not in text
        assert "Secret" not in text
        assert "_hash" not in text
        assert '_id"' not in text
    assert "created_at" in everything
    packed = zipfile.ZipFile(io.BytesIO(client.get("/compte/mes-donnees.zip").data))
    assert email in packed.read("person.csv").decode()
    assert {"person.csv", "booking.csv"} <= set(packed.namelist())


def test_a_cell_that_would_run_as_a_formula_is_kept_as_text() -> None:
    told = {"booking": [{"note": "=SUM(A1)", "units": 2}]}
    packed = zipfile.ZipFile(io.BytesIO(service.as_csv(told)))
    assert "'=SUM(A1)" in packed.read("booking.csv").decode()


def test_asking_and_answering_on_the_pages(
    app: Flask, client: FlaskClient, session: Session, world: World
) -> None:
    person = world.person(name="Zoé Roy")
    world.sign_in(client, person)
    assert client.post("/compte/mes-donnees", data={"kind": "rectification"}).status_code == 422
    form = {"kind": "rectification", "words": "Mon nom s’écrit Zoë."}
    assert client.post("/compte/mes-donnees", data=form).status_code == 303
    assert "Réponse d’ici le" in client.get("/compte/mes-donnees").text

    desk = app.test_client()
    world.sign_in(desk, world.person(role=Role.STEWARD))
    assert "1 demande d’une personne" in desk.get("/a-faire").text
    assert "Zoé Roy" in desk.get("/intendance/registres/demandes").text
    public_id = session.scalars(select(PersonRequest.public_id)).one()
    session.rollback()
    path = f"/intendance/registres/demandes/{public_id}"
    assert "Mon nom s’écrit Zoë." in desk.get(path).text
    refused = desk.post(path, data={"identity": "account", "answer": "refused"})
    assert refused.status_code == 422
    assert "la loi demande des motifs" in refused.text
    done = {"identity": "account", "answer": "granted", "answer_words": "C’est corrigé."}
    assert desk.post(path, data=done).status_code == 303
    assert "C’est corrigé." in client.get("/compte/mes-donnees").text


#: What a person finds about themselves in their own file, and who they asked with it.
ABOUT_ME = {
    *("person", "network_role", "api_token", "login", "one_time_link", "second_factor"),
    *("membership", "delegation", "signatory", "consent_event", "call_request"),
}


def test_everything_collected_about_a_person_is_corrected_at_once_or_on_request() -> None:
    collected = {
        f"{each.table}.{each.column}"
        for each in entries()
        if each.table in ABOUT_ME and each.about is About.PERSON and is_told(each, everything=False)
    }
    assert collected == set(AT_ONCE) | {field.value for field in Field} | GIVEN


def test_a_correction_that_is_granted_is_made_where_the_value_is_kept(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    public_id = asks(
        session,
        person,
        RequestKind.RECTIFICATION,
        "Je réponds de cette adresse.",
        field=Field.EMAIL,
        value="Zoe@Exemple.org",
    )
    answers(session, steward, public_id)
    row = session.get_one(Person, person.person_id)
    assert row.email == "zoe@exemple.org"
    [found] = service.mine(session, person)
    assert (found.answer, found.value) == (Answer.GRANTED, "")
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.name == "person.corrected"))
    request = session.scalars(select(PersonRequest.id)).one()
    assert event.facts == {"column": "person.email", "request": request}
    assert event.person_id == steward.person_id


def test_a_correction_never_takes_the_address_of_somebody_else(
    session: Session, world: World, steward: Actor
) -> None:
    other = world.person(email="anne@exemple.org")
    person = world.person()
    public_id = asks(
        session,
        person,
        RequestKind.RECTIFICATION,
        "C’est moi.",
        field=Field.EMAIL,
        value="ANNE@exemple.org",
    )
    with pytest.raises(Refused) as caught:
        answers(session, steward, public_id)
    assert codes(caught) == ["account.email_taken"]
    assert session.get_one(Person, other.person_id).email == "anne@exemple.org"


def test_a_refused_correction_changes_nothing_and_says_the_law_and_the_way_to_appeal(
    app: Flask, client: FlaskClient, session: Session, world: World, steward: Actor
) -> None:
    person = world.person(email="avant@exemple.org")
    public_id = asks(
        session,
        person,
        RequestKind.RECTIFICATION,
        "Sans preuve.",
        field=Field.EMAIL,
        value="apres@exemple.org",
    )
    with pytest.raises(Refused) as caught:
        answers(session, steward, public_id, Answer.REFUSED, "Le courriel est exact.")
    assert codes(caught) == ["request.provision_unsaid"]
    answers(
        session,
        steward,
        public_id,
        Answer.REFUSED,
        "Le courriel est exact.",
        provision="P-39.1, art. 28",
    )
    assert session.get_one(Person, person.person_id).email == "avant@exemple.org"
    world.sign_in(client, person)
    shown = client.get("/compte/mes-donnees").text
    assert "P-39.1, art. 28" in shown
    assert "Commission d’accès à l’information" in shown
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    letters = [message_from_bytes(path.read_bytes()) for path in folder.iterdir()]
    bodies = [bytes(each.get_payload(decode=True)).decode() for each in letters]
    assert any("Le refus s’appuie sur" in body and "art. 28" in body for body in bodies)


def test_one_corrects_ones_name_at_once_and_asks_for_the_rest_on_the_page(
    app: Flask, client: FlaskClient, session: Session, world: World
) -> None:
    person = world.person(name="Zoe Roy", email="avant@exemple.org")
    world.sign_in(client, person)
    assert client.post("/compte/nom", data={"own_name": ""}).status_code == 422
    assert client.post("/compte/nom", data={"own_name": "Zoé Roy"}).status_code == 303
    assert "Zoé Roy" in client.get("/compte").text
    wrong = {"field": "person.email", "value": "pas un courriel", "proof": "Ma carte"}
    answer = client.post("/compte/mes-donnees/corriger", data=wrong)
    assert answer.status_code == 422
    right = {**wrong, "value": "apres@exemple.org"}
    assert client.post("/compte/mes-donnees/corriger", data=right).status_code == 303

    desk = app.test_client()
    world.sign_in(desk, world.person(role=Role.STEWARD))
    public_id = session.scalars(select(PersonRequest.public_id)).one()
    session.rollback()
    path = f"/intendance/registres/demandes/{public_id}"
    shown = desk.get(path).text
    assert "apres@exemple.org" in shown
    assert "Ma carte" in shown
    done = {"identity": "account", "answer": "granted"}
    assert desk.post(path, data=done).status_code == 303
    assert "apres@exemple.org" in client.get("/compte").text
    told = session.scalars(select(Job.arguments).where(Job.kind == "governance.tell_moved")).one()
    assert told["to"] == "avant@exemple.org"
