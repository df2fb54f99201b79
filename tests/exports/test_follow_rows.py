"""A second file of loans is held against the first, whoever has it."""

import io
import json
import zipfile

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal
from mutuali.consent import service as consent
from mutuali.exports import service
from mutuali.exports.models import Export, ExportRecord
from mutuali.exports.service import datasets
from mutuali.privacy.releases.compare import compare
from mutuali.privacy.releases.record import ReleaseRecord
from mutuali.web.clock import utc_now
from tests.exports.stored import KEY, Network, built, shared_year, signed, work_through
from tests.factories import World


def network(session: Session) -> Network:
    now = utc_now()
    return shared_year(
        session,
        World(session, now),
        Dataset.LOANS,
        now=now,
        organizations=36,
        loans=2400,
        on_withdrawal=OnWithdrawal.STOP,
    )


def record_of(app: Flask, session: Session, row: Export) -> ReleaseRecord:
    """What is kept of an export for those that come after it."""
    key = session.scalars(
        sa.select(ExportRecord.file_key).where(ExportRecord.export_id == row.id)
    ).one()
    return ReleaseRecord.from_json(service.get(app.config["SETTINGS"].files_url, key).decode())


def made_alone(session: Session, net: Network) -> ReleaseRecord:
    """What a build that looks at nothing before would let out now."""
    export = service.export_by_id(
        session, session.scalars(sa.select(Export.id)).all()[0], now=utc_now()
    )
    snapshot = service.take(
        session,
        net.dataset,
        purpose=net.purpose,
        recipient_id=export.agreement.partner_id,
        settings=export.agreement.settings,
        now=utc_now(),
    )
    record = datasets.make(snapshot, service.Before(KEY)).record
    assert record is not None
    return ReleaseRecord.from_json(record.decode())


def test_a_second_file_does_not_tell_who_withdrew_in_between(app: Flask, session: Session) -> None:
    net = network(session)
    first = signed(session, net, built(app, session, net))
    assert first.report is not None
    assert first.report["findings"] == []
    earlier = record_of(app, session, first)
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    work_through(app)

    second = built(app, session, net)
    assert second.state == "in_review"
    assert not compare([earlier], made_alone(session, net)).passes
    assert compare([earlier], record_of(app, session, second)).passes
    assert second.report is not None
    assert {each["kind"] for each in second.report["findings"]} <= {
        "releases.hold_back",
        "releases.keep_out",
    }
    assert sum(each["rows"] for each in second.report["findings"]) > 0
    assert second.report["rows_released"] < first.report["rows_released"]
    # Why a row is missing is for who reviews it: in the bundle it would point at who left.
    with zipfile.ZipFile(
        io.BytesIO(service.get(app.config["SETTINGS"].files_url, str(second.staged_key)))
    ) as bundle:
        told = json.loads(bundle.read("report.json"))
    assert not told.keys() & {"findings", "held_back"}


def test_the_same_file_again_is_the_same_file(app: Flask, session: Session) -> None:
    net = network(session)
    first = signed(session, net, built(app, session, net))
    second = built(app, session, net)
    assert first.report is not None
    assert second.report is not None
    assert second.report["rows_released"] == first.report["rows_released"]
    assert second.report["findings"] == []
