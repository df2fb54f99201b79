"""The public page says how much without saying who."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.exports import service as exports
from mutuali.exports.models import Export
from mutuali.exports.rules.seasons import complete_quarters
from mutuali.transparency import service
from tests.agreements.made import in_force, set_table
from tests.audit.made import head_signed, new_blind
from tests.consent.made import Table, published
from tests.exports.stored import ANSWERS, assessed, in_charge
from tests.factories import World

NOW = datetime.now(UTC)
QUARTER = complete_quarters(NOW, 1)[0].period


def people_who_answered(
    session: Session, world: World, notice: str, answers: list[Answer]
) -> list[Actor]:
    """One organization for each answer, given in the last complete quarter."""
    managers = []
    for number, answer in enumerate(answers):
        manager = world.member(world.organization(f"Secret numéro {number}")[0])
        at = QUARTER.start + timedelta(days=20)
        consent.answer(session, manager, _own(manager), notice, answer, now=at)
        managers.append(manager)
    return managers


def _own(manager: Actor) -> int:
    return manager.organization_id or 0


def test_before_anything_happened_the_page_says_so(client: FlaskClient) -> None:
    answer = client.get("/transparence?lang=fr")
    assert answer.status_code == 200
    assert "Rien n’est encore sorti." in answer.text
    assert "On n’a encore rien demandé aux organismes." in answer.text
    assert "Nothing has left yet." in client.get("/transparence?lang=en").text


@pytest.mark.parametrize(("yes", "said"), [(3, "moins de 5"), (5, "de 5 à 9")])
def test_how_many_said_yes_is_a_band_and_nobody_is_named(
    world: World, session: Session, client: FlaskClient, yes: int, said: str
) -> None:
    table = set_table(world)
    asking = Table(table.steward, table.partner_id)
    notice = published(session, asking, now=QUARTER.start + timedelta(days=1))
    managers = people_who_answered(session, world, notice, [Answer.GIVEN] * yes)
    consent.withdraw(
        session, managers[0], _own(managers[0]), notice, now=QUARTER.end + timedelta(hours=1)
    )
    session.commit()
    text = client.get("/transparence?lang=fr").text
    assert f'<td data-label="Ont dit oui">{said}</td>' in text
    assert "La Cantine" in text
    assert "Secret" not in text
    assert not re.search(rf">\s*{yes}\s*<", text)


def test_a_withdrawal_is_said_by_quarter_and_under_five_as_a_band(
    world: World, session: Session
) -> None:
    table = set_table(world)
    notice = published(
        session, Table(table.steward, table.partner_id), now=QUARTER.start + timedelta(days=1)
    )
    for manager in people_who_answered(session, world, notice, [Answer.GIVEN] * 6):
        when = QUARTER.end - timedelta(days=1)
        consent.withdraw(session, manager, _own(manager), notice, now=when)
    account = service.public_account(session, now=NOW)
    assert [band for _quarter, band in account.withdrawn] == [(0, 4), (0, 4), (0, 4), (5, 9)]
    assert account.reach[0].yes == (0, 4)


def test_what_left_is_listed_by_dataset_recipient_purpose_and_month(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = NOW
    table = set_table(world)
    today = local(NOW).date()
    agreement = in_force(
        session, table, now=NOW, starts_on=today, ends_on=today + timedelta(days=300)
    )
    in_charge(session, now=NOW)
    assessed(session, table.steward, Dataset.EQUIPMENT_USE, now=NOW)
    request = exports.DataRequest(
        agreement,
        Dataset.EQUIPMENT_USE,
        Purpose.NETWORK_STATISTICS,
        "Une question confidentielle?",
        ANSWERS,
    )
    exports.request_export(session, table.analyst, request, public_id="x" * 22, now=NOW)
    session.flush()
    row = session.query(Export).one()
    session.commit()
    assert "Rien n’est encore sorti." in client.get("/transparence?lang=fr").text
    exports.prepare(session, table.steward, row.public_id, hosted_outside=False, now=NOW)
    row.state, row.file_sha256, row.file_bytes, row.file_key = "ready", "a" * 64, 9, "k"
    row.report, row.released_at = {}, datetime(2026, 5, 20, tzinfo=UTC)
    row.signed_by = table.steward.person_id
    session.commit()
    text = client.get("/transparence?lang=fr").text
    assert "Rien n’est encore sorti." not in text
    assert "mai 2026" in text
    assert "La Cantine" in text
    assert "confidentielle" not in text
    assert "Ana Lyse" not in text


def test_the_head_of_yesterday_is_there_to_be_kept_and_today_is_not(
    app: Flask, world: World, session: Session, client: FlaskClient
) -> None:
    world.organization()
    session.flush()
    audit.seal_events(session, new_blind=new_blind, now=NOW - timedelta(days=1))
    head_signed(app, session, now=NOW)
    yesterday = audit.verify(session, now=NOW).head
    world.organization()
    session.flush()
    audit.seal_events(session, new_blind=new_blind, now=NOW)
    session.commit()
    text = client.get("/transparence?lang=fr").text
    assert yesterday in text
    assert audit.verify(session, now=NOW).head not in text
