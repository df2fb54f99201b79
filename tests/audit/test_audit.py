"""The log keeps what was done, and anybody who changes it is found."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mutuali.audit import service
from mutuali.audit.models import AuditEvent, AuditSeal
from mutuali.core.permissions import SYSTEM
from tests.factories import NOW


def recorded(session: Session, count: int) -> None:
    for number in range(count):
        service.record(session, SYSTEM, "essai.fait", "essai", number, now=NOW)
    session.flush()


def without_guards(session: Session) -> None:
    """As somebody with the keys of the database would: take the triggers away."""
    for table in ("audit_event", "audit_seal"):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text(f"DROP TRIGGER {table}_append_only ON {table}"))
        else:
            for deed in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_{deed}"))


def test_every_event_is_sealed_and_the_chain_holds(session: Session) -> None:
    recorded(session, 5)
    assert service.seal_events(session, now=NOW) == 5
    recorded(session, 2)

    verdict = service.verify(session, now=NOW + timedelta(seconds=9))

    assert (verdict.sealed, verdict.broken_at, verdict.unsealed) == (5, None, 2)
    assert verdict.oldest_unsealed == timedelta(seconds=9)


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_lets_nobody_change_the_log(session: Session, table: str, deed: str) -> None:
    recorded(session, 2)
    service.seal_events(session, now=NOW)
    column = "name = 'autre'" if table == "audit_event" else "hash = 'autre'"

    with pytest.raises(DatabaseError, match="audit_is_append_only"):
        session.execute(sa.text(deed.format(table, column)))


def test_a_changed_event_is_named_as_the_first_broken_link(session: Session) -> None:
    recorded(session, 6)
    service.seal_events(session, now=NOW)
    without_guards(session)
    third = session.scalar(sa.select(AuditSeal.event_id).where(AuditSeal.sequence == 3))
    session.execute(sa.update(AuditEvent).where(AuditEvent.id == third).values(name="essai.autre"))
    session.expire_all()

    verdict = service.verify(session, now=NOW)

    assert (verdict.sealed, verdict.broken_at) == (2, 3)


def test_a_link_taken_out_is_found(session: Session) -> None:
    recorded(session, 4)
    service.seal_events(session, now=NOW)
    without_guards(session)
    session.execute(sa.delete(AuditSeal).where(AuditSeal.sequence == 2))
    session.expire_all()

    assert service.verify(session, now=NOW).broken_at == 2


def test_the_command_tells_a_whole_log_from_a_changed_one(app: Flask, session: Session) -> None:
    recorded(session, 3)
    service.seal_events(session, now=NOW)
    session.commit()
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])
    without_guards(session)
    session.execute(sa.update(AuditEvent).values(facts={"autre": 1}))
    session.commit()
    changed = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert (whole.exit_code, changed.exit_code) == (0, 1)
    assert "3 links hold" in whole.output
    assert "link 1 does not hold" in changed.output
