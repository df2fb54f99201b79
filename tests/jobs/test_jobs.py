from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.jobs import service
from mutuali.jobs.jobs import (
    HANDLERS_KEY,
    PERIODS_KEY,
    Consumer,
    Staged,
    hand_in_periodic,
    run_once,
)
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from tests.factories import World


def jobs_of(session: Session) -> list[Job]:
    session.expire_all()
    return list(session.scalars(sa.select(Job).order_by(Job.id)))


def test_a_due_job_is_carried_out_once(app: Flask, session: Session) -> None:
    service.enqueue(session, "essai", {"n": 3}, now=utc_now())
    session.commit()
    seen = []

    def note(_session: Session, arguments: Mapping[str, Any], _now: datetime) -> None:
        seen.append(arguments["n"])

    assert run_once(app, {"essai": note})
    assert not run_once(app, {"essai": note})
    assert seen == [3]
    assert jobs_of(session)[0].state == "done"


def test_what_a_failed_handler_wrote_is_undone_and_the_job_waits(
    app: Flask, session: Session, world: World
) -> None:
    service.enqueue(session, "essai", {}, now=utc_now())
    session.commit()

    def fails(inner: Session, _arguments: Mapping[str, Any], _now: datetime) -> None:
        World(inner).person(email="jamais@exemple.org")
        raise ValueError("non")

    assert run_once(app, {"essai": fails})
    job = jobs_of(session)[0]
    assert (job.state, job.last_error) == ("waiting", "ValueError: non")
    assert job.due_at > utc_now()
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_a_job_without_a_handler_is_given_back(app: Flask, session: Session) -> None:
    service.enqueue(session, "inconnu", {}, now=utc_now())
    session.commit()
    assert run_once(app, {})
    assert jobs_of(session)[0].last_error == "LookupError: no handler for inconnu"


def test_periodic_rows_are_handed_in_once_per_period(app: Flask, session: Session) -> None:
    periods = {"essai": timedelta(days=1)}
    hand_in_periodic(app, periods)
    hand_in_periodic(app, periods)
    assert len(jobs_of(session)) == 1


def test_every_periodic_job_has_its_handler_and_runs(app: Flask, session: Session) -> None:
    periods, handlers = app.extensions[PERIODS_KEY], app.extensions[HANDLERS_KEY]
    assert set(periods) <= set(handlers)
    hand_in_periodic(app, periods)
    while run_once(app, handlers):
        pass
    assert {job.state for job in jobs_of(session)} == {"done"}


def test_rows_of_done_jobs_go_after_a_while(app: Flask, session: Session) -> None:
    now = utc_now()
    for kind, key, days in (("a", None, 31), ("b", None, 29), ("c", "c@1", 2), ("d", "d@1", 0)):
        ended = now - timedelta(days=days, hours=1)
        session.add(
            Job(
                kind=kind,
                arguments={},
                state="done",
                due_at=ended,
                created_at=ended,
                ended_at=ended,
                unique_key=key,
            )
        )
    session.flush()
    service.forget_done(session, now=now)
    assert [job.kind for job in jobs_of(session)] == ["b", "d"]


def test_the_consumer_works_and_stops(app: Flask, session: Session) -> None:
    service.enqueue(session, "jobs.forget", {}, now=utc_now())
    session.commit()
    consumer = Consumer(app)
    consumer.start()
    for _ in range(100):
        if jobs_of(session)[0].state == "done":
            break
        session.rollback()
        consumer.join(0.1)
    consumer.stop()
    assert not consumer.is_alive()
    assert jobs_of(session)[0].state == "done"


def test_long_work_computes_while_others_write(app: Flask, session: Session, world: World) -> None:
    service.enqueue(session, "longue", {"n": 3}, now=utc_now())
    session.commit()

    def compute(n: int) -> int:
        world.person(email="pendant@exemple.org")  # would wait for ever behind a writing job
        session.commit()
        return n * 2

    def write(inner: Session, _arguments: Mapping[str, Any], result: int, _now: datetime) -> None:
        World(inner).person(email=f"resultat{result}@exemple.org")

    staged = Staged(lambda _session, arguments, _now: arguments["n"], compute, write)
    assert run_once(app, {"longue": staged})

    assert jobs_of(session)[0].state == "done"
    assert set(session.scalars(sa.select(Person.email))) == {
        "pendant@exemple.org",
        "resultat6@exemple.org",
    }


def test_long_work_that_no_longer_holds_writes_nothing_and_waits(
    app: Flask, session: Session
) -> None:
    service.enqueue(session, "longue", {}, now=utc_now())
    session.commit()

    def write(inner: Session, _arguments: Mapping[str, Any], _result: int, _now: datetime) -> None:
        World(inner).person(email="jamais@exemple.org")
        raise LookupError("changed meanwhile")

    assert run_once(app, {"longue": Staged(lambda *_: 1, lambda n: n, write)})

    assert jobs_of(session)[0].last_error == "LookupError: changed meanwhile"
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0
