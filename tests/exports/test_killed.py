"""A build whose process is killed at any moment leaves no partial file, and ends later."""

import hashlib
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from tests.consuming import consumer, wait_for
from tests.exports.stored import export_row, prepared, shared_year, signed, work_through
from tests.factories import World


@pytest.fixture
def files(app: Flask) -> Path:
    """Where bundles are kept."""
    return Path(app.config["SETTINGS"].files_url.removeprefix("file:"))


def claimed(session: Session, files: Path) -> bool:
    states = session.scalars(sa.select(Job.state).where(Job.kind == "exports.build")).all()
    return "running" in states


def kept(session: Session, files: Path) -> bool:
    return any(each.is_file() for each in (files / "exports").glob("*"))


def staged(session: Session, files: Path) -> bool:
    return session.scalars(sa.select(Export.state)).one() == "in_review"


@pytest.mark.parametrize(
    ("moment", "later"),
    [(claimed, 0.0), (claimed, 0.5), (kept, 0.0), (staged, 0.0)],
)
def test_killed_at_any_moment_it_leaves_nothing_half_done_and_ends_after_a_restart(
    app: Flask,
    session: Session,
    database_url: str,
    files: Path,
    moment: Callable[[Session, Path], bool],
    later: float,
) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    public_id = prepared(session, net)
    process = consumer(app, database_url)
    try:
        wait_for(lambda: _look(session, files, moment))
        time.sleep(later)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()

    row = export_row(session, public_id)
    assert row.state in ("building", "in_review")
    assert row.file_key is None
    for each in (files / "exports").glob("*.zip"):
        # Put whole or not at all: what lies under a name can be read to its end.
        assert service.get(app.config["SETTINGS"].files_url, f"exports/{each.name}")[-22:-18] == (
            b"PK\x05\x06"
        )
    session.execute(sa.update(Job).values(lease_until=utc_now() - timedelta(seconds=1)))
    session.commit()

    work_through(app)  # the lease of the dead one is over: another takes the job
    row = export_row(session, public_id)
    assert (row.state, row.withheld_because) == ("in_review", None)
    key = row.staged_key
    assert key is not None
    settings = app.config["SETTINGS"]
    keep = service.kept_keys(session)
    service.sweep(settings.files_url, "exports", keep=keep, before=utc_now() + timedelta(days=1))
    assert {f"exports/{each.name}" for each in (files / "exports").glob("*.zip")} == {key}
    data = service.get(settings.files_url, key)
    assert hashlib.sha256(data).hexdigest() == row.file_sha256
    assert signed(session, net, row).state == "ready"


def _look(session: Session, files: Path, moment: Callable[[Session, Path], bool]) -> bool:
    found = moment(session, files)
    session.rollback()  # on SQLite to look is to lock: the consumer has to get its turn
    return found
