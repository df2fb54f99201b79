"""A consumer whose process is killed while a program has its request open loses nothing."""

import signal
import subprocess
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.jobs.models import Job
from tests.consuming import consumer, wait_for
from tests.trips.made import Shared
from tests.webhooks.made import Program, documented
from tests.webhooks.test_sending import SECRET, add, program, sent, truck, try_out

__all__ = ["program", "truck"]

#: What a process of its own has to know to reach the program of a test.
_REACHES = """
from tests.webhooks.made import Program, send_to
send_to(app, Program({port}))
"""


def test_what_was_being_sent_is_sent_again_under_its_id_when_the_lease_of_the_dead_is_over(
    app: Flask, session: Session, database_url: str, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    (torn,) = try_out(session, truck.giver, hook)
    program.statuses = [None]
    _killed_at_request(app, database_url, program, 1)
    assert _states(session, truck, hook) == ["waiting"]

    _work(app, database_url, program)
    assert program.ids == [torn]  # whoever holds the lease could still be at it
    assert _states(session, truck, hook) == ["waiting"]

    _end_leases(session)
    _work(app, database_url, program)
    assert program.ids == [torn, torn]
    (known,) = sent(session, truck.giver, hook)
    assert (known.state.value, known.attempts) == ("delivered", 1)
    before, again = program.heard
    assert before.body == again.body
    verify = documented()
    assert all(verify(SECRET, each.headers, each.body) for each in (before, again))


def test_what_came_before_is_not_told_again_and_what_waits_behind_comes_after(
    app: Flask, session: Session, database_url: str, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    first, torn, last = try_out(session, truck.giver, hook, times=3)
    program.statuses = [204, None]
    _killed_at_request(app, database_url, program, 2)
    assert program.ids == [first, torn]
    assert _states(session, truck, hook) == ["delivered", "waiting", "waiting"]

    # What waits behind has jobs of its own: they begin with the oldest, whoever was at it.
    _work(app, database_url, program)
    assert program.ids == [first, torn, torn, last]
    assert _states(session, truck, hook) == ["delivered"] * 3

    _end_leases(session)
    _work(app, database_url, program)
    assert len(program.heard) == 4  # the job of the dead has nothing left to do
    assert {each.attempts for each in sent(session, truck.giver, hook)} == {1}


def _killed_at_request(app: Flask, database_url: str, program: Program, count: int) -> None:
    """A consumer that is dead before its request of that number is answered; the answer is given
    after that, to nobody."""
    process = _consumer(app, database_url, program)
    try:
        wait_for(lambda: len(program.heard) == count)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    program.let_go.set()


def _consumer(app: Flask, database_url: str, program: Program) -> "subprocess.Popen[bytes]":
    return consumer(app, database_url, _REACHES.format(port=program.port))


def _work(app: Flask, database_url: str, program: Program) -> None:
    """Another consumer, to the end of what is due."""
    assert _consumer(app, database_url, program).wait(timeout=90) == 0


def _end_leases(session: Session) -> None:
    """The time that the dead one had is over."""
    over = datetime.now(UTC) - timedelta(seconds=1)
    query = sa.update(Job).where(Job.state == "running").values(lease_until=over)
    assert session.execute(query).rowcount == 1  # type: ignore[attr-defined]
    session.commit()


def _states(session: Session, truck: Shared, hook: str) -> list[str]:
    return [each.state.value for each in sent(session, truck.giver, hook)]
