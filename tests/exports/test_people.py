"""One person's no stops what holds their rows, at every step between the snapshot and the copy."""

from datetime import timedelta

import pyarrow.compute as pc
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.bookings.models import Booking
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer
from mutuali.core.errors import Conflict
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.models import ExportPart
from mutuali.exports.rules.lineage import PERSONS, Kind, fingerprints
from mutuali.exports.service import datasets
from mutuali.exports.service.built import LineWitness
from mutuali.exports.service.snapshot import Snapshot, take
from mutuali.jobs.jobs import HANDLERS_KEY
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from tests.exports.stored import (
    KEY,
    Network,
    built,
    export_row,
    is_in,
    prepared,
    says_yes,
    shared_year,
    signed,
    work_through,
)
from tests.factories import World


def network(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)


def takes_back(session: Session, net: Network, actor: Actor) -> None:
    now = utc_now()
    consent.answer_own(session, actor, net.people_notice_id, Answer.WITHDRAWN, now=now)


def snapshot(session: Session, net: Network, *, days: int = 0) -> Snapshot:
    return take(
        session,
        net.dataset,
        purpose=net.purpose,
        recipient_id=net.table.partner_id,
        settings=ReleaseSettings(),
        now=utc_now() + timedelta(days=days),
    )


def test_the_rows_of_who_took_back_their_yes_are_not_read_and_a_colleagues_are(
    session: Session,
) -> None:
    net = network(session)
    person, organization = net.managers[0], net.organizations[0]
    colleague = World(session, utc_now()).member(organization)
    now = utc_now()
    consent.answer_own(session, colleague, net.people_notice_id, Answer.GIVEN, now=now)
    own = session.scalars(
        sa.select(Booking.id).where(Booking.requested_by == person.person_id).order_by(Booking.id)
    ).all()
    session.execute(
        sa.update(Booking).where(Booking.id.in_(own[:5])).values(requested_by=colleague.person_id)
    )
    before = snapshot(session, net)
    takes_back(session, net, person)
    after = snapshot(session, net)

    def borrowed(of: Snapshot) -> int:
        count = pc.sum(pc.equal(of.loans["borrower"], organization))
        return int(count.as_py() or 0)

    assert borrowed(before) == len(own)
    assert borrowed(after) == 5
    assert before.loans.num_rows - after.loans.num_rows == len(own) - 5
    assert before.people - after.people == {person.person_id}
    assert before.consenting == after.consenting


def test_no_row_of_a_known_person_is_read_once_every_yes_has_ended(session: Session) -> None:
    net = network(session)
    assert snapshot(session, net).loans.num_rows > 0
    assert snapshot(session, net, days=366 * 2 + 1).people == frozenset()


def test_a_persons_no_during_the_build_makes_it_build_again_without_them(
    app: Flask, session: Session
) -> None:
    net = network(session)
    public_id = prepared(session, net)
    staged = app.extensions[HANDLERS_KEY]["exports.build"]
    job = session.scalars(sa.select(Job).where(Job.kind == "exports.build")).one()
    now = utc_now()
    with app.app_context():
        found = staged.read(session, job.arguments, now)
        session.rollback()
        result = staged.compute(found)
        takes_back(session, net, net.managers[0])
        session.commit()
        with pytest.raises(Conflict, match=r"export.consent_changed"):
            staged.write(session, job.arguments, result, utc_now())
        session.rollback()
    work_through(app)
    row = export_row(session, public_id)
    assert row.state == "in_review"
    assert is_in(session, row, Kind.PERSON, net.managers[1].person_id or 0)
    assert not is_in(session, row, Kind.PERSON, net.managers[0].person_id or 0)


def test_a_persons_no_during_the_review_stops_the_signature(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    takes_back(session, net, net.managers[0])
    session.commit()
    with pytest.raises(Conflict, match=r"export.consent_left"):
        says_yes(session, net.table.steward, row)


def test_a_bundle_stays_closed_when_one_person_in_it_took_back_their_yes(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))
    service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    takes_back(session, net, net.managers[0])
    with pytest.raises(Conflict, match=r"export.consent_withdrawn"):
        service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())


def test_a_no_of_somebody_who_is_not_in_it_closes_nothing(app: Flask, session: Session) -> None:
    net = network(session)
    bystander = World(session, utc_now()).member(net.organizations[0])
    now = utc_now()
    consent.answer_own(session, bystander, net.people_notice_id, Answer.GIVEN, now=now)
    row = signed(session, net, built(app, session, net))
    takes_back(session, net, bystander)
    service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())


def test_who_asked_in_one_season_stands_behind_that_season_only(
    app: Flask, session: Session
) -> None:
    """Else one person's no would silence every period of everybody."""
    net = network(session)
    colleague = World(session, utc_now()).member(net.organizations[1])
    consent.answer_own(session, colleague, net.people_notice_id, Answer.GIVEN, now=utc_now())
    theirs = session.scalars(
        sa.select(Booking)
        .where(Booking.borrower_id == net.organizations[1], Booking.state == "closed")
        .order_by(Booking.starts_at)
    ).first()
    assert theirs is not None
    theirs.requested_by = colleague.person_id
    day = local(theirs.starts_at).date()
    session.commit()
    row = built(app, session, net)
    mark = fingerprints(KEY, Kind.PERSON, [colleague.person_id or 0])[colleague.person_id or 0]
    parts = session.scalars(sa.select(ExportPart).where(ExportPart.export_id == row.id)).all()
    assert len({part.period for part in parts}) > 2
    of_the_day = {f"{day.year}-H{(day.month + 5) // 6}", f"{day.year}-Q{(day.month + 2) // 3}"}
    of_the_day |= {str(day.year)}
    for part in parts:
        assert (mark in part.behind[PERSONS]) is (part.period in of_the_day), part.period


def test_who_asked_for_no_loan_that_left_is_in_no_file_of_loans(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.LOANS, now=now, loans=900)
    row = built(app, session, net)
    work = snapshot(session, net)
    assert row.report is not None
    assert row.report["rows_released"] > 0
    made = datasets.make(work, service.Before(KEY))
    (table,) = made.tables
    assert isinstance(table.witness, LineWitness)
    people = table.parts.column("person").to_pylist()
    told = {people[place] for place in table.witness.rows}
    for manager in net.managers:
        assert manager.person_id is not None
        assert is_in(session, row, Kind.PERSON, manager.person_id) is (manager.person_id in told)
    gone = next(place for place in range(len(people)) if place not in set(table.witness.rows))
    alone = World(session, now).member(net.organizations[2])
    consent.answer_own(session, alone, net.people_notice_id, Answer.GIVEN, now=now)
    left_out = session.get_one(Booking, table.parts.column("booking")[gone].as_py())
    left_out.requested_by = alone.person_id
    session.commit()
    again = built(app, session, net)
    assert alone.person_id is not None
    assert alone.person_id in snapshot(session, net).people
    assert not is_in(session, again, Kind.PERSON, alone.person_id)
