"""When a yes ends: the future stops at once, copies are called back by clause, and their holders
attest. Nothing here asks who withdrew: an export either still stands on a yes of everybody in it,
or it does not. So each step may run twice and does nothing the second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.service import AgreementFacts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, require
from mutuali.counts import NOW, Count, When
from mutuali.exports.models import Export, ExportDownload, ExportRecall, RecallNotice
from mutuali.exports.rules.life import ExportState, ExportStep
from mutuali.exports.rules.recalls import (
    Answer,
    Consequence,
    Next,
    Recall,
    Told,
    consequence,
    due,
    heard,
    next_step,
    typed_name,
)
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.lineage import stands
from mutuali.exports.service.opinions import forget_bundle
from mutuali.exports.service.records import ExportFacts, facts_of, move
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations

#: No agreement lets a copy be kept longer after its release.
_LONGEST_KEPT = timedelta(days=1095)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What one person of a recipient is asked to attest, and what they answered."""

    public_id: str
    export: ExportFacts
    person_id: int
    notified_at: datetime
    due_at: datetime
    answer: Answer | None
    name: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """One export's recall as a steward follows it: what was asked of whom, what came back, what
    was done about silence, and how the person in charge, if one is named, heard of it."""

    opened_at: datetime
    due_at: datetime
    reminded_at: datetime | None
    escalated_at: datetime | None
    notices: tuple[NoticeFacts, ...]
    in_charge: organizations.OfficeFacts | None
    told: Told | None


@dataclass(frozen=True, slots=True)
class Attestation:
    """What somebody says of their copies, and their name as they typed it."""

    answer: Answer
    name: str


def follow_up(session: Session, *, key: bytes, now: datetime) -> None:
    """Hold every export that could still be in somebody's hands against the yeses of today."""
    rows = session.scalars(_within_reach(now)).all()
    found = {
        id_: agreements.agreement_by_id(session, id_, now=now)
        for id_ in {row.agreement_id for row in rows}
    }
    for row in rows:
        agreement = found[row.agreement_id]
        if not stands(session, row, agreement.partner_id, key=key, now=now):
            _follow_up(session, row, agreement, now=now)
    _wait_for_answers(session, now=now)


def _within_reach(now: datetime) -> Select[Export]:
    taken = exists().where(ExportDownload.export_id == Export.id)
    kept = Export.released_at > now - _LONGEST_KEPT
    return (
        select(Export)
        .where(
            or_(
                Export.state.in_((ExportState.IN_REVIEW, ExportState.READY)),
                (Export.state == ExportState.EXPIRED) & taken & kept,
            )
        )
        .order_by(Export.id)
        .with_for_update()
    )


def _follow_up(session: Session, row: Export, agreement: AgreementFacts, *, now: datetime) -> None:
    is_open = row.regime == Regime.OPEN
    what = consequence(ExportState(row.state), agreement.settings.on_withdrawal, is_open=is_open)
    if what is Consequence.REBUILD:
        forget_bundle(session, row, now=now)
        move(session, SYSTEM, row, ExportStep.PREPARE, now=now)
        jobs.enqueue(session, "exports.build", {"export": row.id}, now=now)
    elif what is Consequence.STOP:
        row.file_key, row.withheld_because = None, "export.consent_withdrawn"
        move(session, SYSTEM, row, ExportStep.EXPIRE, now=now)
    elif what is Consequence.RECALL:
        _recall(session, row, agreement, now=now)


def _recall(session: Session, row: Export, agreement: AgreementFacts, *, now: datetime) -> None:
    """Let every link die, and tell whoever may hold a copy."""
    row.file_key, row.recalled_at = None, now
    row.withheld_because = "export.consent_withdrawn"
    move(session, SYSTEM, row, ExportStep.RECALL, now=now)
    session.add(
        ExportRecall(
            export_id=row.id, opened_at=now, due_at=due(now, agreement.settings.days_to_act)
        )
    )
    session.flush()
    taken_by = session.scalars(
        select(ExportDownload.person_id).where(ExportDownload.export_id == row.id).distinct()
    ).all()
    if taken_by:
        managers = organizations.manager_ids(session, agreement.partner_id)
        jobs.enqueue(
            session,
            "exports.notify",
            {"export": row.id, "people": sorted({*taken_by, *managers})},
            now=now,
        )


def notify(
    session: Session, export_id: int, person_id: int, *, public_id: str, now: datetime
) -> bool:
    """Ask one person of a recipient to attest; False when they were asked already."""
    known = select(RecallNotice.id).where(
        RecallNotice.export_id == export_id, RecallNotice.person_id == person_id
    )
    if session.scalar(known) is not None:
        return False
    session.add(
        RecallNotice(public_id=public_id, export_id=export_id, person_id=person_id, notified_at=now)
    )
    session.flush()
    return True


def notices(
    session: Session, *, now: datetime, export_id: int | None = None, person_id: int | None = None
) -> list[NoticeFacts]:
    """What was asked about one export, or of one person; latest first."""
    query = select(RecallNotice).order_by(RecallNotice.id.desc()).limit(200)
    if export_id is not None:
        query = query.where(RecallNotice.export_id == export_id)
    if person_id is not None:
        query = query.where(RecallNotice.person_id == person_id)
    return _notices(session, session.scalars(query).all(), now=now)


def notice(session: Session, actor: Actor, public_id: str, *, now: datetime) -> NoticeFacts:
    """What the actor is asked to attest. Raises NotFound for everybody else."""
    return _notices(session, [_mine(session, actor, public_id)], now=now)[0]


def recall_of(
    session: Session, actor: Actor, public_id: str, *, now: datetime
) -> RecallFacts | None:
    """The recall of an export, oldest notice first; None where it was not called back.

    Raises:
        Forbidden: the actor decides no exports.
    """
    require(actor, Permission.EXPORT_DECIDE)
    row = session.scalars(
        select(ExportRecall)
        .join(Export, Export.id == ExportRecall.export_id)
        .where(Export.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    in_charge = organizations.offices(session).person_in_charge
    how = None
    if row.escalated_at is not None:
        contact, since = (in_charge.contact, in_charge.since) if in_charge else (None, None)
        how = heard(contact, since, row.escalated_at)
    return RecallFacts(
        row.opened_at,
        row.due_at,
        row.reminded_at,
        row.escalated_at,
        tuple(reversed(notices(session, export_id=row.export_id, now=now))),
        in_charge,
        how,
    )


def overdue(session: Session, actor: Actor, now: datetime) -> frozenset[int]:
    """The exports whose day has passed without the attestation of everybody who was notified; for
    stewards, empty for everybody else."""
    if not may(actor, Permission.EXPORT_DECIDE):
        return frozenset()
    return frozenset(session.scalars(_overdue(now)))


def _overdue(now: When) -> Select[int]:
    silent = exists().where(
        RecallNotice.export_id == ExportRecall.export_id, RecallNotice.answer.is_(None)
    )
    return select(ExportRecall.export_id).where(ExportRecall.due_at <= now, silent)


def count_overdue(actor: Actor) -> Count:
    """How many recalls wait for this steward, because somebody stayed silent."""
    if not may(actor, Permission.EXPORT_DECIDE):
        return None
    return _overdue(NOW).with_only_columns(func.count(ExportRecall.export_id))


def count_unattested(actor: Actor) -> Count:
    """How many recalls wait for what the actor says of their own copies."""
    return select(func.count(RecallNotice.id)).where(
        RecallNotice.person_id == (actor.person_id or 0), RecallNotice.answer.is_(None)
    )


def attest(
    session: Session, actor: Actor, public_id: str, given: Attestation, *, now: datetime
) -> None:
    """Say what became of one's copies, under one's typed name; an answer is given once, but who
    could not destroy a copy says so later.

    Raises:
        NotFound: the actor is not asked.
        Refused: no name.
        Conflict: it was answered.
    """
    row = _mine(session, actor, public_id, lock=True)
    if row.answer not in (None, Answer.CANNOT):
        raise Conflict("attestation.given")
    row.answer, row.name, row.answered_at = given.answer, typed_name(given.name), now
    facts = {"answer": given.answer.value}
    audit.record(session, actor, "export.attested", "export", row.export_id, now=now, facts=facts)


def _wait_for_answers(session: Session, *, now: datetime) -> None:
    """Remind before the day, escalate after it; each once."""
    waiting = exists().where(
        RecallNotice.export_id == ExportRecall.export_id, RecallNotice.answer.is_(None)
    )
    rows = session.scalars(
        select(ExportRecall)
        .where(waiting, ExportRecall.escalated_at.is_(None))
        .order_by(ExportRecall.export_id)
        .with_for_update()
    ).all()
    for row in rows:
        recall = Recall(row.opened_at, row.due_at, row.reminded_at, row.escalated_at)
        step = next_step(recall, now)
        if step is None:
            continue
        if step is Next.REMIND:
            row.reminded_at = now
        else:
            row.escalated_at = now
        why = {"export": row.export_id, "why": step.value}
        jobs.enqueue(session, "exports.recalled", why, now=now)
        name = f"export.recall_{step.value}"
        audit.record(session, SYSTEM, name, "export", row.export_id, now=now, facts={})


def _mine(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> RecallNotice:
    query = select(RecallNotice).where(RecallNotice.public_id == public_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None or actor.person_id is None or row.person_id != actor.person_id:
        raise NotFound
    return row


def _notices(session: Session, rows: Sequence[RecallNotice], *, now: datetime) -> list[NoticeFacts]:
    ids = {row.export_id for row in rows}
    found = session.scalars(select(Export).where(Export.id.in_(ids))).all()
    exports = {each.id: each for each in facts_of(session, found, now=now)}
    by = {
        each.export_id: each.due_at
        for each in session.scalars(select(ExportRecall).where(ExportRecall.export_id.in_(ids)))
    }
    return [
        NoticeFacts(
            public_id=row.public_id,
            export=exports[row.export_id],
            person_id=row.person_id,
            notified_at=row.notified_at,
            due_at=by[row.export_id],
            answer=Answer(row.answer) if row.answer else None,
            name=row.name,
            answered_at=row.answered_at,
        )
        for row in rows
    ]
