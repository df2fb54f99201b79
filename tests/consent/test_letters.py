"""Letters of consent: told once, reminded once, and only while the question waits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import Answer, Subject
from mutuali.core.permissions import Actor, Role
from mutuali.jobs.models import Job
from tests.accounts.test_views import link_in, mails
from tests.consent.made import Table, published, set_table
from tests.factories import World


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


@pytest.fixture
def person(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0], Role.MEMBER)


def weeks_pass(session: Session) -> None:
    """What was handed in for later is due."""
    session.execute(
        update(Job)
        .where(Job.kind.startswith("consent."), Job.state == "waiting")
        .values(due_at=now() - timedelta(minutes=1))
    )
    session.commit()


def test_a_person_is_told_and_reminded_once_without_a_word_on_their_employer(
    app: Flask, session: Session, table: Table, person: Actor, tmp_path: Path
) -> None:
    published(session, table, subject=Subject.PERSON, now=now())
    session.commit()
    [(_, subject, body)] = mails(app, tmp_path)
    assert subject == "Une question vous attend"
    assert link_in(body) == "/compte/consentements"
    assert "Votre organisme ne voit pas votre réponse" in body
    assert "La Corbeille" not in body
    weeks_pass(session)
    [_, (_, _, reminder)] = mails(app, tmp_path)
    assert "C’est le seul rappel" in reminder
    weeks_pass(session)
    assert len(mails(app, tmp_path)) == 2


@pytest.mark.parametrize("answer", [Answer.GIVEN, Answer.REFUSED])
def test_who_answered_is_not_reminded(
    app: Flask, session: Session, table: Table, person: Actor, tmp_path: Path, answer: Answer
) -> None:
    notice = published(session, table, subject=Subject.PERSON, now=now())
    session.commit()
    assert len(mails(app, tmp_path)) == 1
    service.answer_own(session, person, notice, answer, now=now())
    weeks_pass(session)
    assert len(mails(app, tmp_path)) == 1


def test_a_yes_that_ended_is_told_once(
    app: Flask, session: Session, table: Table, person: Actor, tmp_path: Path
) -> None:
    long_ago = now() - timedelta(days=40)
    notice = published(session, table, subject=Subject.PERSON, months=1, now=long_ago)
    service.answer_own(session, person, notice, Answer.GIVEN, now=long_ago)
    session.commit()
    for _ in range(2):
        service.tick(session, now=now())
        session.commit()
    told = [body for _, _, body in mails(app, tmp_path)]
    assert [("a pris fin" in body) for body in told] == [True]
    why = session.scalars(select(Job.kind).where(Job.kind == "consent.ended")).all()
    assert len(why) == 1
