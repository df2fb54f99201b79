"""A withdrawal in the middle of a signature, and a signature in the middle of a withdrawal: one
waits for the other, and sees what it did."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal
from mutuali.consent import service as consent
from mutuali.exports import service
from mutuali.jobs.jobs import HANDLERS_KEY
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from tests.consent.test_at_once import meanwhile
from tests.exports.stored import (
    KEY,
    Network,
    built,
    export_row,
    prepared,
    says_yes,
    shared_year,
    work_through,
)
from tests.factories import World


@pytest.fixture
def net(session: Session) -> Network:
    now = utc_now()
    made = shared_year(
        session,
        World(session, now),
        Dataset.EQUIPMENT_USE,
        now=now,
        organizations=18,
        on_withdrawal=OnWithdrawal.DESTROY,
    )
    session.commit()
    return made


def test_who_signs_waits_for_a_withdrawal_that_is_on_its_way(
    app: Flask, session: Session, net: Network, engine_name: str
) -> None:
    row = built(app, session, net)
    began = utc_now()  # the clock of the signature is read before it waits
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    ended = meanwhile(
        session,
        engine_name,
        lambda own: service.sign(
            own,
            net.table.steward,
            row.public_id,
            key=KEY,
            hosted_outside=False,
            remarks_read=True,
            now=began,
        ),
    )
    assert ended == ["export.consent_left"]
    assert export_row(session, row.public_id).state == "in_review"


def test_who_withdraws_waits_for_a_signature_and_what_it_let_out_is_recalled(
    app: Flask, session: Session, net: Network, engine_name: str
) -> None:
    row = built(app, session, net)
    says_yes(session, net.table.steward, row)
    ended = meanwhile(
        session,
        engine_name,
        lambda own: consent.withdraw(
            own, net.managers[0], net.organizations[0], net.notice_id, now=utc_now()
        ),
    )
    assert ended == ["done"]
    work_through(app)
    assert export_row(session, row.public_id).state == "recalled"


def test_a_build_that_ends_waits_for_a_withdrawal_and_begins_again(
    app: Flask, session: Session, net: Network, engine_name: str
) -> None:
    public_id = prepared(session, net)
    arguments = {"export": export_row(session, public_id).id}
    session.rollback()
    build = app.extensions[HANDLERS_KEY]["exports.build"]
    with app.app_context():
        with transaction(reads=True) as reading:
            work = build.read(reading, arguments, utc_now())
        result = build.compute(work)
    began = utc_now()
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    ended = meanwhile(session, engine_name, lambda own: build.write(own, arguments, result, began))
    assert ended == ["export.consent_changed"]
