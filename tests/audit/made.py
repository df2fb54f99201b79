"""Logs to seal, sign, publish and tamper with."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.audit import service
from mutuali.audit.models import AuditEvent, AuditSeal
from mutuali.audit.rules import DIRECT, GENESIS, Deed, seal_of_content
from mutuali.core.permissions import SYSTEM
from mutuali.web.signing import sign
from tests.factories import NOW

_BLINDS = count(1)


def new_blind() -> str:
    """As many characters as a real one, and no two alike."""
    return f"{next(_BLINDS):022d}"


def recorded(session: Session, count: int, *, now: datetime = NOW) -> None:
    for number in range(count):
        facts = {"part": 0.1 * number, "mot": "é", "deux": [1, None]}
        service.record(session, SYSTEM, "essai.fait", "essai", number, now=now, facts=facts)
    session.flush()


def sealed(session: Session, count: int, *, now: datetime = NOW) -> None:
    """So many events, recorded and sealed."""
    recorded(session, count, now=now)
    assert service.seal_events(session, new_blind=new_blind, now=now) == count


def sealed_as_before(session: Session, count: int, *, now: datetime = NOW) -> None:
    """So many more events, and all there are sealed the way the first layout did."""
    recorded(session, count, now=now)
    previous = GENESIS
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    for number, event in enumerate(events, start=1):
        what = event.name, event.subject_kind, event.subject_id, event.facts
        deed = Deed(event.id, event.occurred_at, event.person_id, *what)
        previous = seal_of_content(previous, deed.content)
        session.add(
            AuditSeal(
                sequence=number, event_id=event.id, hash=previous, sealed_at=now, layout=DIRECT
            )
        )
    session.flush()


def head_signed(app: Flask, session: Session, *, now: datetime) -> None:
    """As the daily job does it."""
    with app.app_context():
        service.sign_head(session, sign=sign, now=now)


def without_guards(session: Session) -> None:
    """As somebody with the keys of the database would: take the triggers away."""
    for table in ("audit_event", "audit_seal", "audit_head"):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text(f"DROP TRIGGER {table}_append_only ON {table}"))
        else:
            for deed in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_{deed}"))


@dataclass(frozen=True)
class Files:
    """What somebody downloaded: a log, line by line, and the heads."""

    folder: Path
    log: list[dict[str, Any]]
    heads: dict[str, Any]

    def written(
        self, log: Sequence[dict[str, Any]] | None = None, heads: dict[str, Any] | None = None
    ) -> tuple[Path, Path]:
        """The files on disk, as they are or tampered with."""
        lines = self.log if log is None else log
        chain, journal = self.folder / "chaine.jsonl", self.folder / "journal.json"
        chain.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        journal.write_text(json.dumps(heads or self.heads), encoding="utf-8")
        return chain, journal


def downloaded(client: FlaskClient, folder: Path, address: str) -> Files:
    """What is published, and the log at ``address``."""
    log = client.get(address)
    heads = client.get("/transparence/journal.json")
    assert (log.status_code, heads.status_code) == (200, 200)
    return Files(folder, [json.loads(line) for line in log.text.splitlines()], heads.get_json())
