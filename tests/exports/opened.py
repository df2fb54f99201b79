"""A release to a partner that is made open: the agreement, the yeses, the promotion."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Instrument, OnWithdrawal
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose, Subject
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.promotion import WAIT
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.agreements.made import in_force
from tests.exports.stored import ANSWERS, KEY, Network, export_row, work_through


def open_agreement(session: Session, net: Network, *, now: datetime) -> Network:
    """The same network, its open agreement and the questions to everybody; all said yes."""
    agreement_id = in_force(
        session,
        net.table,
        now=now,
        datasets=(net.dataset,),
        purposes=(Purpose.OPEN_DATA,),
        instrument=Instrument.OPEN,
        starts_on=now.date() - timedelta(days=1),
        ends_on=now.date() + timedelta(days=300),
        on_withdrawal=OnWithdrawal.REPLACE,
    )
    asked = {}
    for subject in Subject:
        asked[subject] = new_public_id()
        draft = consent.default_draft(
            session, Purpose.OPEN_DATA, net.table.partner_id, subject=subject
        )
        consent.publish_notice(session, net.table.steward, draft, public_id=asked[subject], now=now)
    for id_, manager in zip(net.organizations, net.managers, strict=True):
        about = (asked[Subject.ORGANIZATION], Answer.GIVEN)
        consent.answer(session, manager, id_, *about, now=now)
        consent.answer_own(session, manager, asked[Subject.PERSON], Answer.GIVEN, now=now)
    session.commit()
    return replace(net, agreement_id=agreement_id, notice_id=asked[Subject.ORGANIZATION])


def proposal(net: Network, source: Export) -> service.DataRequest:
    """The request that ``source`` be open."""
    return service.DataRequest(
        net.agreement_id,
        net.dataset,
        Purpose.OPEN_DATA,
        "Qui prête quoi, pour tout le monde?",
        ANSWERS,
        promotes=source.public_id,
    )


def announced(app: Flask, session: Session, net: Network, source: Export) -> Export:
    """The promotion of ``source``, built and announced."""
    public_id = new_public_id()
    service.request_export(
        session, net.table.analyst, proposal(net, source), public_id=public_id, now=utc_now()
    )
    service.prepare(session, net.table.steward, public_id, hosted_outside=False, now=utc_now())
    session.commit()
    work_through(app)
    return export_row(session, public_id)


def opened(session: Session, net: Network, row: Export) -> Export:
    """The announced promotion two weeks later, signed by two."""
    assert row.ended_at is not None
    for person, at in (
        (net.table.steward, row.ended_at),
        (net.table.other_steward, row.ended_at + WAIT),
    ):
        service.sign(
            session, person, row.public_id, key=KEY, hosted_outside=False, remarks_read=True, now=at
        )
    # What comes next reads the clock of today: the two weeks are over by it.
    row.released_at = utc_now()
    session.commit()
    return export_row(session, row.public_id)
