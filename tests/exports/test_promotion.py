"""From a partner to everybody: only what was given before, with yeses to exactly that, announced
for two weeks, signed by two."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Refused
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.opinions import Outcome
from mutuali.exports.rules.promotion import WAIT, Source, objections, opens_from, promotable
from mutuali.exports.rules.regimes import Regime, lawful
from mutuali.jobs.models import Job
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.opened import announced, open_agreement, opened
from tests.exports.stored import (
    ANSWERS,
    KEY,
    Network,
    built,
    export_row,
    shared_year,
    signed,
    work_through,
)
from tests.factories import NOW, World

USE = Source(Dataset.EQUIPMENT_USE, Regime.NAMED_RECIPIENT, ExportState.READY, NOW)


@pytest.mark.parametrize(
    ("source", "may"),
    [
        (USE, True),
        (Source(Dataset.LENDING_FLOWS, Regime.OWN_STUDY, ExportState.EXPIRED, NOW), True),
        (Source(Dataset.LOANS, Regime.NAMED_RECIPIENT, ExportState.READY, NOW), False),
        (Source(Dataset.ORGANIZATIONS_CAPACITY, Regime.OPEN, ExportState.READY, NOW), False),
        (Source(Dataset.EQUIPMENT_USE, Regime.OPEN, ExportState.READY, NOW), False),
        (Source(Dataset.EQUIPMENT_USE, Regime.NAMED_RECIPIENT, ExportState.IN_REVIEW, None), False),
        (Source(Dataset.EQUIPMENT_USE, Regime.NAMED_RECIPIENT, ExportState.RECALLED, NOW), False),
    ],
)
def test_only_an_anonymized_release_that_was_not_called_back_may_be_open(
    source: Source, may: bool
) -> None:
    assert promotable(source) is may
    refused = [each.code for each in objections(source.dataset, Regime.OPEN, source)]
    assert refused == ([] if may else ["export.nothing_to_promote"])


def test_sums_are_open_by_promotion_only_and_names_without_one() -> None:
    assert [each.code for each in objections(Dataset.EQUIPMENT_USE, Regime.OPEN, None)] == [
        "export.only_promoted"
    ]
    assert not list(objections(Dataset.ORGANIZATIONS_CAPACITY, Regime.OPEN, None))
    assert not list(objections(Dataset.EQUIPMENT_USE, Regime.NAMED_RECIPIENT, None))
    assert [each.code for each in objections(Dataset.UNMET_DEMAND, Regime.OPEN, USE)] == [
        "export.nothing_to_promote"
    ]


def test_a_yes_to_a_partner_opens_nothing_and_a_yes_to_all_gives_a_partner_nothing() -> None:
    for dataset in (Dataset.EQUIPMENT_USE, Dataset.UNMET_DEMAND, Dataset.LENDING_FLOWS):
        assert lawful(dataset, Regime.OPEN, Purpose.OPEN_DATA)
        assert not lawful(dataset, Regime.NAMED_RECIPIENT, Purpose.OPEN_DATA)
        assert not lawful(dataset, Regime.OPEN, Purpose.NETWORK_STATISTICS)
        assert not lawful(dataset, Regime.OPEN, Purpose.NAMED_PUBLICLY)
    assert not lawful(Dataset.LOANS, Regime.OPEN, Purpose.OPEN_DATA)
    assert opens_from(NOW) - NOW == WAIT


@pytest.fixture
def net(session: Session) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)


@pytest.fixture
def given(app: Flask, session: Session, net: Network) -> Export:
    return signed(session, net, built(app, session, net))


def test_it_cannot_be_asked_without_what_a_partner_was_given(
    session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    plain = service.DataRequest(
        public.agreement_id, net.dataset, Purpose.OPEN_DATA, "Pour tous?", ANSWERS
    )
    strange = service.DataRequest(
        public.agreement_id, net.dataset, Purpose.OPEN_DATA, "Pour tous?", ANSWERS, "inconnue"
    )
    for request, code in (
        (plain, "export.only_promoted"),
        (strange, "export.nothing_to_promote"),
    ):
        with pytest.raises(Refused) as refused:
            service.request_export(
                session, net.table.analyst, request, public_id=new_public_id(), now=utc_now()
            )
        assert [(each.code, each.field) for each in refused.value.reasons] == [(code, "promotes")]


def test_the_last_signature_waits_two_weeks_whatever_the_first_says(
    app: Flask, session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    row = announced(app, session, public, given)
    assert row.state == ExportState.IN_REVIEW
    assert row.opinions_needed == 2
    assert row.promotes_id == given.id
    assert row.ended_at is not None
    first, last = net.table.steward, net.table.other_steward

    def sign_as(person: Actor, at: datetime) -> Outcome:
        id_ = row.public_id
        return service.sign(
            session, person, id_, key=KEY, hosted_outside=False, remarks_read=True, now=at
        )

    assert sign_as(first, row.ended_at) is Outcome.WAIT
    with pytest.raises(Conflict) as early:
        sign_as(last, row.ended_at + WAIT - timedelta(seconds=1))
    assert early.value.reasons[0].code == "export.announced"
    assert not service.versions(session, key=KEY, now=utc_now())
    assert sign_as(last, row.ended_at + WAIT) is Outcome.SIGN
    assert row.state == ExportState.READY
    assert row.regime == Regime.OPEN


def test_without_the_second_signature_it_lapses_and_nothing_is_open(
    app: Flask, session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    row = announced(app, session, public, given)
    service.sign(
        session,
        net.table.steward,
        row.public_id,
        key=KEY,
        hosted_outside=False,
        remarks_read=True,
        now=utc_now(),
    )
    later = row.expires_at + timedelta(seconds=1)
    service.expire_lapsed(session, now=later)
    assert row.state == ExportState.EXPIRED
    assert service.versions(session, key=KEY, now=later) == []
    assert service.announced(session, now=later) == []


def test_whoever_said_yes_is_told_before_and_may_leave_and_is_then_not_in_it(
    app: Flask, session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    row = announced(app, session, public, given)
    told = [
        each.arguments["reader"]
        for each in session.scalars(sa.select(Job).where(Job.kind == "exports.announce"))
        if "reader" in each.arguments
    ]
    assert set(told) == {manager.person_id for manager in net.managers}
    assert [each.dataset for each in service.announced(session, now=utc_now())] == [net.dataset]
    built_at, before = row.ended_at, row.file_sha256

    gone = net.managers[0]
    consent.withdraw(session, gone, net.organizations[0], public.notice_id, now=utc_now())
    session.commit()
    work_through(app)
    row = export_row(session, row.public_id)
    # Built anew without them, or withheld where the figures would tell that they left.
    assert (row.state, row.file_sha256) != (ExportState.IN_REVIEW, before)
    assert built_at is not None
    assert row.ended_at is not None
    assert row.ended_at > built_at, "the two weeks begin again"


def test_repeating_what_is_open_is_announced_and_signed_by_two_again(
    app: Flask, session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    row = opened(session, public, announced(app, session, public, given))
    again = new_public_id()
    service.repeat(
        session,
        net.table.analyst,
        row.public_id,
        new_id=again,
        hosted_outside=False,
        now=utc_now(),
    )
    session.commit()
    work_through(app)
    second = export_row(session, again)
    assert second.promotes_id == given.id
    assert (second.state, second.opinions_needed) == (ExportState.IN_REVIEW, 2)


def test_a_version_that_somebody_left_is_told_as_withdrawn_and_handed_out_no_more(
    app: Flask, session: Session, net: Network, given: Export
) -> None:
    public = open_agreement(session, net, now=utc_now())
    row = opened(session, public, announced(app, session, public, given))
    (version,) = service.versions(session, key=KEY, now=utc_now())
    assert (version.number, version.offer) == (1, service.Offer.OFFERED)
    consent.withdraw(
        session, net.managers[0], net.organizations[0], public.notice_id, now=utc_now()
    )
    session.commit()
    (version,) = service.versions(session, key=KEY, now=utc_now())
    assert (version.offer, version.file) == (service.Offer.WITHDRAWN, None)
    with pytest.raises(Conflict) as refused:
        service.take_version(session, row.public_id, key=KEY, now=utc_now())
    assert refused.value.reasons[0].code == "publication.withdrawn"
    session.commit()
    work_through(app)
    session.expire_all()
    (version,) = service.versions(session, key=KEY, now=utc_now())
    assert version.ended_at is not None
