"""The log keeps what was done, and anybody who changes it is found."""

import json
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mutuali.audit import service
from mutuali.audit.models import AuditEvent, AuditHead, AuditSeal
from mutuali.audit.rules import Fault
from mutuali.audit.service import chain
from mutuali.core.errors import Forbidden
from mutuali.core.period import local_midnight
from mutuali.core.permissions import Role
from tests.audit.made import (
    head_signed,
    new_blind,
    recorded,
    sealed,
    sealed_as_before,
    without_guards,
)
from tests.factories import NOW, World

DAY = date(2026, 3, 3)


def test_every_event_is_sealed_and_the_chain_holds(session: Session) -> None:
    recorded(session, 5)
    assert service.seal_events(session, new_blind=new_blind, now=NOW) == 5
    recorded(session, 2)

    verdict = service.verify(session, now=NOW + timedelta(seconds=9))

    assert (verdict.sealed, verdict.broken_at, verdict.unsealed) == (5, None, 2)
    assert verdict.oldest_unsealed == timedelta(seconds=9)


_CHANGES = {
    "audit_event": "name = 'autre'",
    "audit_seal": "hash = 'autre'",
    "audit_head": "seal = 'autre'",
}


@pytest.mark.parametrize("table", _CHANGES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_lets_nobody_change_the_log(
    app: Flask, session: Session, table: str, deed: str
) -> None:
    sealed(session, 2, now=NOW - timedelta(days=1))
    head_signed(app, session, now=NOW)
    column = _CHANGES[table]

    with pytest.raises(DatabaseError, match="audit_is_append_only"):
        session.execute(sa.text(deed.format(table, column)))


def test_a_changed_event_is_named_as_the_first_broken_link(session: Session) -> None:
    recorded(session, 6)
    service.seal_events(session, new_blind=new_blind, now=NOW)
    without_guards(session)
    third = session.scalar(sa.select(AuditSeal.event_id).where(AuditSeal.sequence == 3))
    session.execute(sa.update(AuditEvent).where(AuditEvent.id == third).values(name="essai.autre"))
    session.expire_all()

    verdict = service.verify(session, now=NOW)

    assert (verdict.sealed, verdict.broken_at) == (2, 3)


def test_a_link_taken_out_is_found(session: Session) -> None:
    recorded(session, 4)
    service.seal_events(session, new_blind=new_blind, now=NOW)
    without_guards(session)
    session.execute(sa.delete(AuditSeal).where(AuditSeal.sequence == 2))
    session.expire_all()

    assert service.verify(session, now=NOW).broken_at == 2


def test_the_command_tells_a_whole_log_from_a_changed_one(app: Flask, session: Session) -> None:
    recorded(session, 3)
    service.seal_events(session, new_blind=new_blind, now=NOW)
    session.commit()
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])
    without_guards(session)
    session.execute(sa.update(AuditEvent).values(facts={"autre": 1}))
    session.commit()
    changed = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert (whole.exit_code, changed.exit_code) == (0, 1)
    assert "3 links hold" in whole.output
    assert "link 1 does not hold" in changed.output


def test_old_links_hold_and_new_ones_follow_them(session: Session) -> None:
    sealed_as_before(session, 3)
    sealed(session, 2)
    assert (service.verify(session, now=NOW).sealed, _layouts(session)) == (5, [1, 1, 1, 2, 2])
    without_guards(session)
    session.execute(sa.update(AuditEvent).where(AuditEvent.subject_id == 1).values(facts={}))
    session.expire_all()
    assert service.verify(session, now=NOW).broken_at == 2


def _layouts(session: Session) -> list[int]:
    return list(session.scalars(sa.select(AuditSeal.layout).order_by(AuditSeal.sequence)))


def test_an_old_layout_cannot_come_back(session: Session) -> None:
    sealed(session, 3)
    without_guards(session)
    second = session.scalars(sa.select(AuditSeal).where(AuditSeal.sequence == 2)).one()
    second.layout = 1
    session.flush()
    assert service.verify(session, now=NOW).fault is Fault.LAYOUT


def test_the_head_of_a_day_is_its_last_seal_signed_once(app: Flask, session: Session) -> None:
    evening, night = local_midnight(DAY) - timedelta(minutes=5), local_midnight(DAY)
    head_signed(app, session, now=evening)
    assert service.heads(session, now=evening).last is None  # nothing was sealed yet
    sealed(session, 3, now=evening)
    sealed(session, 2, now=night)
    head_signed(app, session, now=night + timedelta(minutes=1))
    first = service.head_of_day(session, DAY - timedelta(days=1))
    head_signed(app, session, now=night + timedelta(hours=1))
    head_signed(app, session, now=night + timedelta(days=1))
    known = service.heads(session, now=night + timedelta(days=1))
    assert known.signed[0] == first
    assert [(head.day, head.count) for head in known.signed] == [
        (DAY - timedelta(days=1), 3),
        (DAY, 5),
    ]
    assert known.missing == []
    assert service.head_of_day(session, DAY + timedelta(days=1)) is None


def test_a_day_on_which_no_head_was_signed_is_said_and_stays_without(
    app: Flask, session: Session
) -> None:
    sealed(session, 1, now=local_midnight(DAY))
    after_three_days = local_midnight(DAY + timedelta(days=3))
    head_signed(app, session, now=after_three_days)
    known = service.heads(session, now=after_three_days)
    assert [head.day for head in known.signed] == [DAY + timedelta(days=2)]
    assert known.missing == [DAY, DAY + timedelta(days=1)]
    session.commit()
    journal = app.test_client().get("/transparence/journal.json").get_json()
    assert journal["missing"][:2] == ["2026-03-03", "2026-03-04"]


def test_a_chain_that_disagrees_with_a_published_head_does_not_hold(
    app: Flask, session: Session
) -> None:
    sealed(session, 4)
    head_signed(app, session, now=NOW + timedelta(days=1))
    without_guards(session)
    last = session.scalars(sa.select(AuditSeal).where(AuditSeal.sequence == 4)).one()
    session.delete(last)
    session.flush()
    cut = service.verify(session, now=NOW)
    assert (cut.sealed, cut.broken_at, cut.fault) == (3, 4, Fault.CUT)
    service.seal_events(session, new_blind=new_blind, now=NOW)  # the fourth once more, another way
    anew = service.verify(session, now=NOW)
    assert (anew.sealed, anew.broken_at, anew.fault) == (3, 4, Fault.HEAD)


def test_the_command_reads_heads_and_says_days_without(app: Flask, session: Session) -> None:
    sealed(session, 2, now=local_midnight(DAY))
    head_signed(app, session, now=local_midnight(DAY + timedelta(days=2)))
    session.commit()
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])
    without_guards(session)
    session.execute(sa.update(AuditHead).values(signature="AAAA"))
    session.commit()
    forged = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (whole.exit_code, forged.exit_code) == (0, 1)
    assert "1 heads of days hold" in whole.output
    assert "days have no head, the last one" in whole.output
    assert "the head of 2026-03-04 is signed by no key of this instance" in forged.output


def test_reading_the_log_is_a_deed_and_so_in_the_log(
    session: Session, world: World, client: FlaskClient
) -> None:
    steward = world.person(role=Role.STEWARD)
    world.sign_in(client, steward)
    session.commit()
    assert client.get("/intendance/journal.jsonl").status_code == 200
    session.expire_all()
    read = session.query(AuditEvent).filter_by(name="audit.read").one()
    assert read.person_id == steward.person_id
    with pytest.raises(Forbidden):
        service.whole_lines(session, world.person(), after=0, up_to=9)
    with pytest.raises(Forbidden):
        service.read_log(session, world.person(role=Role.ANALYST), now=NOW)


def test_more_links_than_fit_in_a_batch_come_whole(
    app: Flask, session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_BATCH", 4)
    recorded(session, 10)
    while service.seal_events(session, new_blind=new_blind, now=NOW):
        pass
    head_signed(app, session, now=NOW + timedelta(days=1))
    sealed(session, 1, now=NOW + timedelta(days=1))
    session.commit()
    lines = client.get("/transparence/chaine.jsonl").text.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == list(range(1, 11))


def test_the_feed_says_every_head_and_is_read_by_any_reader(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    assert len(_feed(client)) > 4  # a feed of no entries is one too
    for day in range(2):
        sealed(session, 1, now=NOW + timedelta(days=day))
        head_signed(app, session, now=NOW + timedelta(days=day + 1))
    session.commit()
    feed = _feed(client)
    name = "{http://www.w3.org/2005/Atom}"
    said = [str(each.text) for each in feed.iterfind(f"{name}entry/{name}content")]
    heads = service.heads(session, now=NOW).signed
    assert len(said) == len(heads) == 2
    for head, text in zip(reversed(heads), said, strict=True):
        assert f"seal={head.seal} " in text
        assert f"signature={head.signature}" in text


def _feed(client: FlaskClient) -> ElementTree.Element:
    return ElementTree.fromstring(client.get("/transparence/journal.atom").data)  # noqa: S314
