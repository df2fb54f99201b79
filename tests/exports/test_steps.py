"""The step of the ladder is chosen once a year, for each recipient, and kept."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.core.permissions import SYSTEM
from mutuali.exports import service
from mutuali.exports.models import LadderStep
from mutuali.exports.rules.ladder import Rung
from mutuali.web.clock import utc_now
from tests.exports.stored import Network, shared_year
from tests.factories import World


def rung(session: Session, net: Network) -> Rung:
    snapshot = service.take(
        session,
        net.dataset,
        purpose=net.purpose,
        recipient_id=net.table.partner_id,
        settings=ReleaseSettings(),
        now=utc_now(),
    )
    return snapshot.rung


def test_a_step_is_kept_for_its_year_whoever_joins_or_leaves(session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    service.climb(session, SYSTEM, now=now)
    assert rung(session, net) is Rung.SOME

    for id_, manager in list(zip(net.organizations, net.managers, strict=True))[:6]:
        consent.withdraw(session, manager, id_, net.notice_id, now=now)
    service.climb(session, SYSTEM, now=now)
    session.flush()

    assert rung(session, net) is Rung.SOME
    next_year = now + timedelta(days=366)
    service.climb(session, SYSTEM, now=next_year)
    steps = {(row.year, row.dataset): row.rung for row in session.scalars(sa.select(LadderStep))}
    assert steps[now.year, "equipment-use"] == "some"
    assert steps[next_year.year, "equipment-use"] == "few"


def test_without_a_chosen_step_it_is_what_the_yeses_of_today_make_it(session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now, saying_yes=14)
    assert rung(session, net) is Rung.FEW


def test_who_chose_which_step_and_when_is_in_the_log_without_a_count(session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    service.climb(session, net.table.steward, now=now)
    service.climb(session, net.table.steward, now=now)
    session.flush()

    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "ladder.chosen")).all()
    assert {event.facts["dataset"] for event in events} == {"equipment-use", "unmet-demand"}
    for event in events:
        assert (event.person_id, event.occurred_at) == (net.table.steward.person_id, now)
        assert set(event.facts) == {"year", "dataset", "purpose", "rung"}
    said = service.steps(session, now=now)
    assert [(each.dataset, each.rung) for each in said] == [
        (Dataset.EQUIPMENT_USE, Rung.SOME),
        (Dataset.UNMET_DEMAND, Rung.SOME),
    ]
