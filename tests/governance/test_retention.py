"""What is over is destroyed or detached, with a certificate; a restored backup forgets again."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mutuali.accounts.models import Login, OneTimeLink, Person
from mutuali.app import create_app
from mutuali.bookings.models import Booking, BookingStep
from mutuali.core.canonical import canonical
from mutuali.core.errors import Conflict, Forbidden
from mutuali.core.permissions import Actor, Role
from mutuali.extensions import db
from mutuali.governance import service
from mutuali.governance.guard import STATEMENTS
from mutuali.governance.models import RetentionRun, Tombstone
from mutuali.governance.rules import Answer, Identity, RequestKind, Rule
from mutuali.governance.views.ends import signed
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.web import signing
from mutuali.web.secrets import new_public_id, tombstone_key
from tests.conftest import settings
from tests.engines import Postgres
from tests.factories import NOW, World, at, span
from tests.guards import missing_guards

KEY = b"a key of tests"


def fake_sign(data: bytes) -> service.Signed:
    return service.Signed("0" * 16, str(len(data)))


def applies(session: Session, actor: Actor, rule: Rule, now: datetime = NOW) -> service.RunFacts:
    return service.apply_rule(
        session,
        actor,
        rule,
        sign=fake_sign,
        tombstone_key=KEY,
        public_id=new_public_id(),
        now=now,
    )


def runs_due(session: Session, now: datetime) -> list[Rule]:
    return service.run_due(
        session, sign=fake_sign, tombstone_key=KEY, new_public_id=new_public_id, now=now
    )


@pytest.fixture
def steward(world: World) -> Actor:
    return world.person(role=Role.STEWARD)


def test_a_dry_run_counts_and_changes_nothing(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    for days in (-40, -10):
        session.add(
            OneTimeLink(purpose="reset", person_id=person.person_id or 0, expires_at=at(days))
        )
    session.flush()
    assert service.count_due(session, steward, now=NOW)[Rule.LINKS] == 1
    assert session.scalar(sa.select(sa.func.count(OneTimeLink.id))) == 2
    with pytest.raises(Forbidden):
        service.count_due(session, world.person(role=Role.ANALYST), now=NOW)


def test_applying_a_rule_ends_what_is_over_and_certifies_in_bands(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    for days in (-40, -31, -10):
        session.add(
            OneTimeLink(purpose="reset", person_id=person.person_id or 0, expires_at=at(days))
        )
    session.flush()
    done = applies(session, steward, Rule.LINKS)
    assert session.scalar(sa.select(sa.func.count(OneTimeLink.id))) == 1
    assert done.certificate["how_many"] == {"from": 0, "to": 4}
    assert done.certificate["rule"] == "links"
    assert done.signature.value == str(len(canonical(done.certificate)))
    with pytest.raises(Conflict):
        applies(session, steward, Rule.LINKS)


def test_the_daily_job_only_repeats_what_somebody_started(
    session: Session, world: World, steward: Actor
) -> None:
    def old_link() -> None:
        session.add(
            OneTimeLink(purpose="reset", person_id=steward.person_id or 0, expires_at=at(-99))
        )
        session.flush()

    old_link()
    assert runs_due(session, NOW) == []
    applies(session, steward, Rule.LINKS)
    old_link()
    assert runs_due(session, at(1)) == [Rule.LINKS]
    assert runs_due(session, at(1)) == []
    by = session.scalars(sa.select(RetentionRun.person_id).order_by(RetentionRun.id)).all()
    assert by == [steward.person_id, None]


def test_old_loans_are_detached_from_people_and_stay_counted(
    session: Session, world: World, steward: Actor
) -> None:
    old = world.booking(world.listing(), span(1))
    young = world.booking(world.listing(), span(30))
    old.note = young.note = "Demandez Zoé"
    session.flush()
    later = at(2 + 3 * 365)
    done = applies(session, steward, Rule.LOAN_PEOPLE, later)
    session.expire_all()
    assert done.certificate["deed"] == "anonymize"
    assert (old.note, old.requested_by) == ("", None)
    assert young.note == "Demandez Zoé"
    assert young.requested_by is not None
    steps = session.scalars(sa.select(BookingStep).where(BookingStep.booking_id == old.id)).all()
    assert all(step.person_id is None and step.note == "" for step in steps)
    assert session.scalar(sa.select(sa.func.count(Booking.id))) == 2


def test_accounts_that_were_never_confirmed_are_erased(
    session: Session, world: World, steward: Actor
) -> None:
    person = world.person()
    session.get_one(Person, person.person_id).confirmed_at = None
    session.flush()
    applies(session, steward, Rule.UNCONFIRMED, at(31))
    assert session.get_one(Person, person.person_id).name == "Personne effacée"


def test_the_database_keeps_certificates_and_tombstones_as_they_are(
    session: Session, engine_name: str, steward: Actor
) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []
    session.add(Tombstone(fingerprint="f" * 64, at=NOW))
    session.commit()
    for deed in (sa.delete(Tombstone), sa.update(Tombstone).values(at=at(1))):
        with pytest.raises(DatabaseError, match="register_is_append_only"):
            session.execute(deed)
        session.rollback()


def test_a_signed_certificate_verifies_and_a_changed_one_does_not(
    app: Flask, session: Session, world: World, steward: Actor
) -> None:
    session.add(OneTimeLink(purpose="reset", person_id=steward.person_id or 0, expires_at=at(-99)))
    session.commit()
    client = app.test_client()
    world.sign_in(client, steward)
    shown = client.get("/intendance/registres/conservation").text
    assert "Appliquer la règle" in shown
    assert (
        client.post("/intendance/registres/conservation", data={"rule": "links"}).status_code == 303
    )
    run = session.scalars(sa.select(RetentionRun)).one()
    public_id = run.public_id
    session.rollback()
    told = client.get(f"/intendance/registres/conservation/{public_id}.json").get_json()
    signature = signing.Signature(told["key_id"], told["signature"])
    with app.app_context():
        assert signing.verifies(canonical(told["certificate"]), signature)
        told["certificate"]["rule"] = "logins"
        assert not signing.verifies(canonical(told["certificate"]), signature)


def _erase(session: Session, world: World, person: Actor, key: bytes) -> None:
    public_id = new_public_id()
    service.ask(session, person, RequestKind.ERASURE, "", public_id=public_id, now=NOW)
    service.answer_request(
        session,
        world.person(role=Role.STEWARD),
        public_id,
        Identity.ACCOUNT,
        Answer.GRANTED,
        "",
        tombstone_key=key,
        now=NOW,
    )
    session.commit()


def test_a_restored_backup_forgets_again_who_was_erased(
    app: Flask,
    session: Session,
    world: World,
    engine_name: str,
    database_url: str,
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    """The old copy of the database has neither the erasure nor its tombstone; the files do."""
    gone, stays = world.person(name="Zoé Partie"), world.person(name="Anne Reste")
    session.add(
        Login(
            token_hash="x" * 64,
            person_id=gone.person_id or 0,
            created_at=datetime.now(UTC),
            expires_at=datetime.now(UTC) + timedelta(days=9),
        )
    )
    session.add(OneTimeLink(purpose="reset", person_id=stays.person_id or 0, expires_at=at(-99)))
    session.commit()
    session.close()
    with app.app_context():
        db.engine.dispose()
    if engine_name == "sqlite":
        path = database_url.removeprefix("sqlite:///")
        with sa.create_engine(database_url).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(path, f"{path}.old")
        old_url = f"{database_url}.old"
    else:
        old = postgres.create("old", template=database_url.rsplit("/", 1)[1].split("?")[0])
        old_url = postgres.url(old)

    with app.app_context():
        key = tombstone_key()
    _erase(session, world, gone, key)
    applies(session, world.person(role=Role.STEWARD), Rule.LINKS)
    session.commit()
    session.close()
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass

    restored = create_app(settings(old_url, tmp_path / "mail"), TESTING=True)
    with restored.app_context(), Session(db.engine) as looking:
        assert looking.get_one(Person, gone.person_id).name == "Zoé Partie"
        assert looking.scalars(sa.select(Tombstone)).all() == []
        assert len(looking.scalars(sa.select(OneTimeLink)).all()) == 1
    said = restored.test_cli_runner().invoke(args=["governance", "reapply"])
    assert said.exit_code == 0, said.output
    assert "1 tombstones read, 1 people erased again" in said.output
    assert "rule links applied again" in said.output
    with restored.app_context(), Session(db.engine) as looking:
        assert looking.get_one(Person, gone.person_id).name == "Personne effacée"
        assert looking.get_one(Person, stays.person_id).name == "Anne Reste"
        assert looking.scalars(sa.select(Login.person_id)).all() == []
        assert len(looking.scalars(sa.select(Tombstone)).all()) == 1
        assert looking.scalars(sa.select(OneTimeLink)).all() == []
    again = restored.test_cli_runner().invoke(args=["governance", "reapply"])
    assert "0 people erased again" in again.output
    with restored.app_context():
        db.session.remove()
        db.engine.dispose()
    if engine_name == "postgresql":
        postgres.drop(old)


def test_another_instance_cannot_tell_who_a_tombstone_is_of(app: Flask) -> None:
    with app.app_context():
        own = service.fingerprint_of(tombstone_key(), "somebody")
    assert own != service.fingerprint_of(b"another key", "somebody")
    with app.app_context():
        assert signed(b"x").key_id
