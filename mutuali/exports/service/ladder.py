"""The step of the ladder: chosen once a year for each recipient, and kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import ALLOWED, Dataset
from mutuali.audit import service as audit
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.permissions import Actor
from mutuali.exports.models import LadderStep
from mutuali.exports.rules.ladder import ON_THE_LADDER, Rung, rung_for, year_of
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Which step holds this year for a recipient; never how many organizations said yes."""

    dataset: Dataset
    purpose: Purpose
    recipient_name: str
    rung: Rung


def climb(session: Session, actor: Actor, *, now: datetime) -> None:
    """Choose this year's step wherever there is a question to the network and none was chosen."""
    year = year_of(now)
    chosen = {
        (row.dataset, row.purpose, row.recipient_id)
        for row in session.scalars(select(LadderStep).where(LadderStep.year == year))
    }
    for notice in consent.current_notices(session):
        for dataset in sorted(ON_THE_LADDER):
            key = (dataset, notice.purpose, notice.recipient_id)
            if notice.purpose in ALLOWED[dataset] and key not in chosen:
                # Organizations and people are asked by a notice each.
                chosen.add(key)
                _choose(session, actor, dataset, notice, now=now)


def rung_of(
    session: Session, dataset: Dataset, purpose: Purpose, recipient_id: int, *, now: datetime
) -> Rung:
    """This year's step for a recipient; what it would be where none was chosen yet."""
    row = session.get(LadderStep, (year_of(now), dataset, purpose, recipient_id))
    if row is not None:
        return Rung(row.rung)
    return rung_for(_contributors(session, purpose, recipient_id, now=now))


def steps(session: Session, *, now: datetime) -> list[StepFacts]:
    """The steps that hold this year, for the public catalogue; by dataset and recipient."""
    rows = session.scalars(select(LadderStep).where(LadderStep.year == year_of(now))).all()
    named = organizations.organizations(session, frozenset(row.recipient_id for row in rows))
    found = [
        StepFacts(
            Dataset(row.dataset),
            Purpose(row.purpose),
            named[row.recipient_id].name,
            Rung(row.rung),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.dataset, each.recipient_name, each.purpose))


def _choose(
    session: Session,
    actor: Actor,
    dataset: Dataset,
    notice: consent.NoticeFacts,
    *,
    now: datetime,
) -> None:
    rung = rung_for(_contributors(session, notice.purpose, notice.recipient_id, now=now))
    year = year_of(now)
    session.add(
        LadderStep(
            year=year,
            dataset=dataset,
            purpose=notice.purpose,
            recipient_id=notice.recipient_id,
            rung=rung,
            chosen_at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        actor,
        "ladder.chosen",
        "organization",
        notice.recipient_id,
        now=now,
        facts={
            "year": year,
            "dataset": dataset.value,
            "purpose": notice.purpose.value,
            "rung": rung.value,
        },
    )


def _contributors(session: Session, purpose: Purpose, recipient_id: int, *, now: datetime) -> int:
    yes = consent.consenting(session, purpose, recipient_id, now=now)
    stands_for = organizations.contributors(session)
    return len({stands_for[id_] for id_ in yes})
