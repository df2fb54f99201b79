"""Asking for data, and deciding: never the same person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import ALLOWED, Dataset, is_in_force
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, require
from mutuali.exports.models import Export
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.life import DECIDE_WITHIN, ExportState, ExportStep
from mutuali.exports.service.records import ExportFacts, facts_of, move, row_of, sees
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What an analyst asks for: under which agreement, for what, to answer which question."""

    agreement_id: str
    dataset: Dataset
    purpose: Purpose
    question: str


def request_export(
    session: Session, actor: Actor, asked: DataRequest, *, public_id: str, now: datetime
) -> int:
    """Ask for a dataset under an agreement that names the actor.

    Raises:
        Forbidden: no analyst.
        Refused: no agreement in force names them, or it does not cover the dataset or purpose.
    """
    require(actor, Permission.EXPORT_REQUEST)
    if actor.person_id is None:
        raise Forbidden
    under = next(
        (
            each
            for each in agreements.in_force_for(session, actor.person_id, now=now)
            if each.public_id == asked.agreement_id
        ),
        None,
    )
    if under is None:
        raise Refused(Reason("export.no_agreement", {}, "agreement_id"))
    reasons = []
    if asked.dataset not in under.datasets or asked.dataset not in CATALOGUE:
        reasons.append(Reason("export.dataset_not_agreed", {}, "dataset"))
    if asked.purpose not in under.purposes or asked.purpose not in ALLOWED[asked.dataset]:
        reasons.append(Reason("export.purpose_not_agreed", {}, "purpose"))
    if reasons:
        raise Refused.because(reasons)
    row = Export(
        public_id=public_id,
        agreement_id=under.id,
        dataset=asked.dataset,
        purpose=asked.purpose,
        question=asked.question,
        state=ExportState.REQUESTED,
        requested_by=actor.person_id,
        created_at=now,
        expires_at=now + DECIDE_WITHIN,
    )
    session.add(row)
    session.flush()
    facts = {"agreement": under.id, "dataset": row.dataset, "purpose": row.purpose}
    audit.record(session, actor, "export.requested", "export", row.id, now=now, facts=facts)
    jobs.enqueue(session, "exports.tell", {"export": row.id, "step": "request"}, now=now)
    return row.id


def approve(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Let the bundle be built; what the build measures has the last word.

    Raises:
        NotFound, Forbidden: the actor may not know of it, or not decide it.
        Conflict: it waits no longer, or the agreement is not in force.
    """
    row = _decidable(session, actor, public_id, now=now)
    if not is_in_force(agreements.agreement_by_id(session, row.agreement_id, now=now), now):
        raise Conflict("export.agreement_over")
    row.decided_by, row.decided_at = actor.person_id, now
    move(session, actor, row, ExportStep.APPROVE, now=now)
    jobs.enqueue(session, "exports.build", {"export": row.id}, now=now)


def decline(session: Session, actor: Actor, public_id: str, note: str, *, now: datetime) -> None:
    """Say no, with a reason that the analyst reads.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    row = _decidable(session, actor, public_id, now=now)
    if not note.strip():
        raise Refused(Reason("export.reason_missing", {}, "note"))
    row.decided_by, row.decided_at, row.decision_note = actor.person_id, now, note
    move(session, actor, row, ExportStep.DECLINE, now=now)


def export(session: Session, actor: Actor, public_id: str, *, now: datetime) -> ExportFacts:
    """One export. Raises NotFound for who may not know of it."""
    row = row_of(session, public_id)
    if not sees(actor, row):
        raise NotFound
    return facts_of(session, [row], now=now)[0]


def export_by_id(session: Session, export_id: int, *, now: datetime) -> ExportFacts:
    """One export, for jobs. Raises NotFound."""
    row = session.get(Export, export_id)
    if row is None:
        raise NotFound
    return facts_of(session, [row], now=now)[0]


def exports(session: Session, actor: Actor, *, now: datetime) -> list[ExportFacts]:
    """What the actor asked for, or everything for a steward; newest first.

    Raises:
        Forbidden: neither analyst nor steward.
    """
    require(actor, Permission.EXPORT_READ)
    query = select(Export).order_by(Export.created_at.desc(), Export.id.desc()).limit(200)
    if not may(actor, Permission.EXPORT_DECIDE):
        query = query.where(Export.requested_by == (actor.person_id or 0))
    return facts_of(session, session.scalars(query), now=now)


def released(session: Session, *, now: datetime) -> list[ExportFacts]:
    """Every export that was let out, newest first; for the public page."""
    rows = session.scalars(
        select(Export)
        .where(Export.file_sha256.is_not(None))
        .order_by(Export.ended_at.desc())
        .limit(200)
    )
    return facts_of(session, rows, now=now)


def count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    """How many data requests wait for this steward's decision."""
    if not may(actor, Permission.EXPORT_DECIDE):
        return 0
    return session.scalars(
        select(func.count(Export.id)).where(
            Export.state == ExportState.REQUESTED,
            Export.expires_at > now,
            Export.requested_by != (actor.person_id or 0),
        )
    ).one()


def expire_lapsed(session: Session, *, now: datetime) -> list[str]:
    """Close requests and bundles whose time ran out; the keys of the files to forget."""
    rows = session.scalars(
        select(Export)
        .where(
            Export.state.in_((ExportState.REQUESTED, ExportState.READY)), Export.expires_at <= now
        )
        .with_for_update(skip_locked=True)
        .limit(100)
    ).all()
    keys = [row.file_key for row in rows if row.file_key is not None]
    for row in rows:
        move(session, SYSTEM, row, ExportStep.EXPIRE, now=now)
        row.file_key = None
    return keys


def _decidable(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Export:
    row = row_of(session, public_id, lock=True)
    if not sees(actor, row):
        raise NotFound
    require(actor, Permission.EXPORT_DECIDE)
    if actor.person_id is None or row.requested_by == actor.person_id:
        raise Forbidden("export.own_request")
    if row.state == ExportState.REQUESTED and row.expires_at <= now:
        raise Conflict("export.no_such_step")
    return row
