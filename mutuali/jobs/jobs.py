"""The consumer: claims jobs one after the other and carries them out."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.jobs import service
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.mail import Letter, Letters, send
from mutuali.web.secrets import new_public_id

#: What carries out one kind of job: ``handler(session, arguments, now)``; raising means "again".
Handler: TypeAlias = Callable[[Session, Mapping[str, Any], datetime], object]


@dataclass(frozen=True, slots=True)
class Staged:
    """Work that computes long and so never inside a transaction: others would queue behind it.

    ``read(session, arguments, now)`` takes what the work needs from one reading transaction,
    ``compute`` makes the result of it without a session, and ``write(session, arguments, result,
    now)`` looks again whether it still holds and records it, in the transaction that ends the job.
    """

    read: Callable[[Session, Mapping[str, Any], datetime], Any]
    compute: Callable[[Any], Any]
    write: Callable[[Session, Mapping[str, Any], Any, datetime], object]


#: What carries out a kind of job.
Way: TypeAlias = Handler | Staged | Letters[Any]

#: Keys under which ``app.extensions`` holds the handlers and the periods, by job kind.
HANDLERS_KEY = "mutuali_job_handlers"
PERIODS_KEY = "mutuali_job_periods"

_IDLE_SECONDS = 1.0


def forget_done(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Delete the rows of jobs that were done long ago."""
    service.forget_done(session, now=now)


#: The jobs of this feature itself.
HANDLERS: Mapping[str, Handler] = {"jobs.forget": forget_done}


def run_once(
    app: Flask, handlers: Mapping[str, Way], clock: Callable[[], datetime] = utc_now
) -> bool:
    """Carry out the oldest due job; whether there was one.

    The handler's writes and the end of the job are one transaction: a job whose handler failed, or
    has none, has changed nothing, says why in ``last_error`` and waits for its next attempt.
    """
    with app.app_context():
        with transaction() as session:
            job = service.claim(session, token=new_public_id(), now=clock())
        if job is None:
            return False
        try:
            handler = handlers.get(job.kind)
            if handler is None:
                raise LookupError(f"no handler for {job.kind}")
            _carry_out(handler, job, clock)
        except Exception as error:
            app.logger.exception("job %s (%s) failed", job.id, job.kind)
            with transaction() as session:
                service.give_back(session, job, f"{type(error).__name__}: {error}", now=clock())
        return True


def work_through(app: Flask, clock: Callable[[], datetime] = utc_now) -> None:
    """Carry out every job that is due by ``clock``."""
    while run_once(app, app.extensions[HANDLERS_KEY], clock):
        pass


def _carry_out(handler: Way, job: service.ClaimedJob, clock: Callable[[], datetime]) -> None:
    if isinstance(handler, Letters):
        handler = _as_work(handler, job)
    if not isinstance(handler, Staged):
        with transaction() as session:
            handler(session, job.arguments, clock())
            service.finish(session, job, now=clock())
        return
    with transaction(reads=True) as session:
        found = handler.read(session, job.arguments, clock())
    result = handler.compute(found)
    with transaction() as session:
        handler.write(session, job.arguments, result, clock())
        service.finish(session, job, now=clock())


def _as_work(letters: Letters[Any], job: service.ClaimedJob) -> Handler | Staged:
    """A job for each reader; of a job that has its reader: write, send, nothing to record."""
    if "reader" in job.arguments:
        return Staged(letters.letter, _send, lambda *_: None)

    def share_out(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
        for reader in sorted({reader.id for reader in letters.readers(session, arguments, now)}):
            service.enqueue(session, job.kind, {**arguments, "reader": reader}, now=now)

    return share_out


def _send(letter: Letter | None) -> None:
    if letter is not None:
        send(letter)


def hand_in_periodic(app: Flask, periods: Mapping[str, timedelta]) -> None:
    """Make sure that the current row of every periodic job exists."""
    with app.app_context():
        for kind, every in periods.items():
            try:
                with transaction() as session:
                    service.ensure_periodic(session, kind, every, now=utc_now())
            except IntegrityError:
                continue  # another consumer wrote the same row at this very moment


class Consumer(threading.Thread):
    """A thread that works through the jobs of ``app`` until stopped; it touches no signals."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="mutuali-consumer", daemon=True)
        self._app = app
        self._ended = threading.Event()

    def run(self) -> None:
        """Work while there is work, then look again every second."""
        while not self._ended.is_set():
            try:
                hand_in_periodic(self._app, self._app.extensions[PERIODS_KEY])
                while run_once(self._app, self._app.extensions[HANDLERS_KEY]):
                    if self._ended.is_set():
                        return
            except Exception:  # the database is away for a moment: the jobs wait in it
                self._app.logger.exception("the consumer could not reach its jobs")
            self._ended.wait(_IDLE_SECONDS)

    def stop(self, *, within: float = 20.0) -> None:
        """End after the job at hand; gives up waiting after ``within`` seconds (its lease ends)."""
        self._ended.set()
        if self.is_alive():
            self.join(within)
