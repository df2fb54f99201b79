"""The same export once more, in one click, and what differs from the last one that left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.exports.models import Export
from mutuali.exports.rules.again import Reviewed, Worse, worse
from mutuali.exports.rules.life import DECIDE_WITHIN, ExportState, ExportStep
from mutuali.exports.rules.opinions import opinions_needed
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.assessments import assessment_in_force
from mutuali.exports.service.ground import stand
from mutuali.exports.service.records import is_row_level, move, row_of
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured of the last release of the same product, and in what this one is worse."""

    released_at: datetime
    review: dict[str, Any]
    worse: tuple[Worse, ...]


def repeat(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    new_id: str,
    hosted_outside: bool,
    now: datetime,
) -> int:
    """Ask for the same once more, and let it be built at once: same dataset, agreement, purpose,
    regime and answers.

    Raises:
        NotFound: it is not the actor's. Forbidden: no agreement in force names them any more.
        Conflict: it never left, or what the law asks for first is missing; all of it.
    """
    require(actor, Permission.EXPORT_REQUEST)
    last = row_of(session, public_id)
    if actor.person_id is None or last.requested_by != actor.person_id:
        raise NotFound
    if last.released_at is None:
        raise Conflict("export.never_left")
    named = agreements.in_force_for(session, actor.person_id, now=now)
    if last.agreement_id not in {each.id for each in named}:
        raise Forbidden("export.not_named")
    row = Export(
        public_id=new_id,
        agreement_id=last.agreement_id,
        dataset=last.dataset,
        purpose=last.purpose,
        regime=last.regime,
        question=last.question,
        answers=last.answers,
        again_id=last.id,
        promotes_id=last.promotes_id,
        opinions_needed=opinions_needed(Regime(last.regime), row_level=is_row_level(last)),
        state=ExportState.REQUESTED,
        requested_by=actor.person_id,
        created_at=now,
        expires_at=now + DECIDE_WITHIN,
    )
    stand(session, row, hosted_outside=hosted_outside, now=now)
    session.add(row)
    session.flush()
    facts = {"agreement": row.agreement_id, "dataset": row.dataset, "again": last.id}
    audit.record(session, actor, "export.requested", "export", row.id, now=now, facts=facts)
    move(session, SYSTEM, row, ExportStep.PREPARE, now=now)
    jobs.enqueue(session, "exports.build", {"export": row.id}, now=now)
    return row.id


def last_release(session: Session, row: Export) -> Export | None:
    """The newest export of the same dataset, agreement and purpose that left before this one."""
    return session.scalars(
        select(Export)
        .where(
            Export.dataset == row.dataset,
            Export.agreement_id == row.agreement_id,
            Export.purpose == row.purpose,
            Export.released_at.is_not(None),
            Export.review.is_not(None),
            Export.id < row.id,
        )
        .order_by(Export.released_at.desc(), Export.id.desc())
        .limit(1)
    ).one_or_none()


def compared(session: Session, row: Export, *, now: datetime) -> Compared | None:
    """This export beside the last release of the same product; None where there is none."""
    last = last_release(session, row)
    if last is None or last.review is None or last.released_at is None or row.review is None:
        return None
    return Compared(last.released_at, last.review, worse_than_last(session, row, now=now))


def worse_than_last(session: Session, row: Export, *, now: datetime) -> tuple[Worse, ...]:
    """In what the built bundle is worse than the last that left of the same product."""
    last = last_release(session, row)
    before = Reviewed.of(last.review) if last is not None and last.review is not None else None
    holds = assessment_in_force(session, Dataset(row.dataset), outside=False, now=now) is not None
    return worse(before, Reviewed.of(row.review or {}), assessment_holds=holds)
