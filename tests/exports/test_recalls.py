"""A yes ends: what happens to what already left, and what the one who ended it sees."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal
from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import local
from mutuali.exports import service
from mutuali.exports.models import Export, ExportRecall, RecallNotice
from mutuali.exports.rules.lineage import Kind
from mutuali.exports.rules.recalls import Answer, CopyState
from mutuali.exports.service.recalls import Attestation
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from tests.exports.stored import (
    KEY,
    Network,
    built,
    export_row,
    is_in,
    shared_year,
    signed,
    work_through,
)
from tests.factories import World


def network(session: Session, on_withdrawal: OnWithdrawal = OnWithdrawal.DESTROY) -> Network:
    now = utc_now()
    return shared_year(
        session,
        World(session, now),
        Dataset.EQUIPMENT_USE,
        now=now,
        on_withdrawal=on_withdrawal,
    )


def taken(app: Flask, session: Session, net: Network) -> Export:
    """An export that its analyst downloaded."""
    row = signed(session, net, built(app, session, net))
    service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    session.commit()
    return row


def somebody_withdraws(app: Flask, session: Session, net: Network) -> None:
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    work_through(app)
    session.expire_all()


def state_for(session: Session, net: Network, number: int = 0) -> CopyState:
    (copy,) = service.copies_of_organization(
        session, net.managers[number], net.organizations[number], key=KEY, now=utc_now()
    )
    return copy.state


def attestation_of(session: Session, net: Network) -> str:
    person_id = net.table.analyst.person_id
    return session.scalars(
        sa.select(RecallNotice.public_id).where(RecallNotice.person_id == person_id)
    ).one()


def test_a_withdrawal_revokes_notifies_and_waits_for_an_attestation(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = taken(app, session, net)
    assert state_for(session, net) is CopyState.STANDING

    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    assert state_for(session, net) is CopyState.REVOKED  # at once, before any job
    with pytest.raises(Conflict, match=r"export.consent_withdrawn"):
        service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    session.commit()
    work_through(app)

    row = export_row(session, row.public_id)
    assert (row.state, row.file_key) == ("recalled", None)
    assert state_for(session, net) is CopyState.NOTIFIED
    asked = {each.person_id for each in service.notices(session, export_id=row.id, now=utc_now())}
    assert asked == {net.table.analyst.person_id, net.table.manager.person_id}
    for actor in (net.table.analyst, net.table.manager):
        (notice,) = service.notices(session, person_id=actor.person_id, now=utc_now())
        given = Attestation(Answer.DESTROYED, "Ana Lyse")
        service.attest(session, actor, notice.public_id, given, now=utc_now())
    assert state_for(session, net) is CopyState.ATTESTED
    events = session.scalars(sa.select(AuditEvent.name)).all()
    assert events.count("export.attested") == 2
    assert "export.recall" in events


def test_the_same_end_twice_recalls_once(app: Flask, session: Session) -> None:
    net = network(session)
    taken(app, session, net)
    somebody_withdraws(app, session, net)
    before = session.scalar(sa.select(sa.func.count(AuditEvent.id)))

    service.follow_up(session, key=KEY, now=utc_now())
    session.commit()
    work_through(app)

    assert session.scalar(sa.select(sa.func.count(AuditEvent.id))) == before
    assert session.scalar(sa.select(sa.func.count(RecallNotice.id))) == 2


def test_nobody_holds_a_copy_and_nobody_is_asked(app: Flask, session: Session) -> None:
    net = network(session)
    signed(session, net, built(app, session, net))
    somebody_withdraws(app, session, net)

    assert state_for(session, net) is CopyState.REVOKED
    assert session.scalars(sa.select(RecallNotice)).all() == []


def test_an_agreement_that_stops_the_future_only_leaves_copies_until_their_day(
    app: Flask, session: Session
) -> None:
    net = network(session, OnWithdrawal.STOP)
    row = taken(app, session, net)
    somebody_withdraws(app, session, net)

    assert export_row(session, row.public_id).state == "expired"
    assert state_for(session, net) is CopyState.STOPPED
    assert session.scalars(sa.select(RecallNotice)).all() == []
    with pytest.raises(Conflict, match=r"export.not_ready"):
        service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())


def test_a_copy_is_called_back_after_its_download_time_too(app: Flask, session: Session) -> None:
    net = network(session)
    row = taken(app, session, net)
    row.expires_at = utc_now()
    session.commit()
    service.expire_lapsed(session, now=utc_now())
    session.commit()
    somebody_withdraws(app, session, net)

    assert export_row(session, row.public_id).state == "recalled"
    assert state_for(session, net) is CopyState.NOTIFIED


def test_during_the_review_it_is_built_again_without_them_by_itself(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = built(app, session, net)
    before = row.file_sha256
    assert is_in(session, row, Kind.ORGANIZATION, net.organizations[0])
    somebody_withdraws(app, session, net)

    row = export_row(session, row.public_id)
    assert row.state == "in_review"
    assert row.file_sha256 != before
    assert not is_in(session, row, Kind.ORGANIZATION, net.organizations[0])
    assert is_in(session, row, Kind.ORGANIZATION, net.organizations[1])


def test_silence_is_reminded_of_before_the_day_and_escalated_after_it_once_each(
    app: Flask, session: Session
) -> None:
    net = network(session)
    taken(app, session, net)
    somebody_withdraws(app, session, net)
    due_at = session.scalars(sa.select(ExportRecall.due_at)).one()

    def told(days: int) -> list[str]:
        service.follow_up(session, key=KEY, now=due_at + timedelta(days=days))
        session.flush()
        jobs = session.scalars(sa.select(Job).where(Job.kind == "exports.recalled"))
        return sorted(job.arguments["why"] for job in jobs if "reader" not in job.arguments)

    assert told(-9) == ["opened"]
    assert told(-6) == told(-5) == ["opened", "remind"]
    assert told(1) == told(2) == ["escalate", "opened", "remind"]


def test_an_attestation_is_given_once_under_a_name_by_who_was_asked(
    app: Flask, session: Session
) -> None:
    net = network(session)
    taken(app, session, net)
    somebody_withdraws(app, session, net)
    mine = attestation_of(session, net)
    never = Attestation(Answer.NEVER_DOWNLOADED, "Ana Lyse")

    for actor in (net.table.steward, net.table.manager):
        with pytest.raises(NotFound):
            service.attest(session, actor, mine, never, now=utc_now())
    nameless = Attestation(Answer.DESTROYED, " ")
    with pytest.raises(Refused, match=r"attestation.name_missing"):
        service.attest(session, net.table.analyst, mine, nameless, now=utc_now())
    cannot = Attestation(Answer.CANNOT, "Ana Lyse")
    service.attest(session, net.table.analyst, mine, cannot, now=utc_now())
    assert state_for(session, net) is CopyState.CANNOT
    service.attest(session, net.table.analyst, mine, never, now=utc_now())
    with pytest.raises(Conflict, match=r"attestation.given"):
        service.attest(session, net.table.analyst, mine, cannot, now=utc_now())


def test_a_program_that_asks_hears_the_same_day_as_the_people(app: Flask, session: Session) -> None:
    net = network(session)
    row = taken(app, session, net)
    assert service.copy_facts(session, row.public_id, now=utc_now()).asks is service.Asked.KEEP
    somebody_withdraws(app, session, net)

    told = service.copy_facts(session, row.public_id, now=utc_now())
    due_at = session.scalars(sa.select(ExportRecall.due_at)).one()
    assert (told.asks, told.act_by) == (service.Asked.DESTROY, local(due_at).date())


def test_a_second_export_of_the_same_periods_says_them_as_they_were_said(
    app: Flask, session: Session
) -> None:
    net = network(session)
    first = signed(session, net, built(app, session, net))
    second = built(app, session, net)

    assert first.report is not None
    assert second.report is not None
    assert {each["follow"] for each in first.report["periods"]} == {"build"}
    assert {each["follow"] for each in second.report["periods"]} == {"copy"}
    assert first.report["tables"] == second.report["tables"]


def test_after_one_left_the_closed_periods_they_are_in_are_left_out(
    app: Flask, session: Session
) -> None:
    net = network(session)
    signed(session, net, built(app, session, net))
    somebody_withdraws(app, session, net)
    again = built(app, session, net)

    assert (again.state, again.withheld_because) == ("withheld", "privacy.all_suppressed")


def test_what_another_export_overtook_is_not_signed_before_it_is_compared_again(
    app: Flask, session: Session
) -> None:
    net = network(session)
    slow = built(app, session, net)
    signed(session, net, built(app, session, net))

    with pytest.raises(Conflict, match=r"export.others_left"):
        signed(session, net, slow)
    service.prepare(session, net.table.steward, slow.public_id, hosted_outside=False, now=utc_now())
    session.commit()
    work_through(app)
    signed(session, net, export_row(session, slow.public_id))


def test_records_stay_when_bundles_go(app: Flask, session: Session) -> None:
    net = network(session)
    taken(app, session, net)
    kept = service.kept_keys(session)
    somebody_withdraws(app, session, net)

    assert {key for key in kept if key.endswith(".record")} == service.kept_keys(session)
