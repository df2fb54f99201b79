"""What every use case of exports reads and writes the same way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.exports.models import Export, ExportDownload
from mutuali.exports.rules.answers import Answers
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.life import ExportState, ExportStep, advance
from mutuali.exports.rules.regimes import Regime
from mutuali.jobs import service as jobs

#: Where somebody has to act before a day.
WAITING = (ExportState.REQUESTED, ExportState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """An export as its analyst and the stewards see it; an analyst reads what was measured, and
    the hash of the file, from the signature on."""

    id: int
    public_id: str
    agreement: agreements.AgreementFacts
    dataset: Dataset
    purpose: Purpose
    regime: Regime
    period: str | None
    question: str
    answers: Answers
    state: ExportState
    requested_by: int
    requested_by_name: str
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    decision_note: str
    ended_at: datetime | None
    opinions_needed: int
    signed_by: int | None
    released_at: datetime | None
    recalled_at: datetime | None
    again_id: int | None
    replaces_id: int | None
    promotes_id: int | None
    checks: list[dict[str, Any]] | None
    review: dict[str, Any] | None
    report: dict[str, Any] | None
    withheld_because: str | None
    file_sha256: str | None
    file_bytes: int | None
    downloads: tuple[datetime, ...]


def row_of(session: Session, public_id: str, *, lock: bool = False) -> Export:
    """One export by the id of its address. Raises NotFound."""
    query = select(Export).where(Export.public_id == public_id)
    if lock:  # and as it is once the wait is over, whatever was read of it before
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def sees(actor: Actor, row: Export) -> bool:
    """Whether the actor may know of the export: who asked for it, and stewards."""
    mine = actor.person_id is not None and row.requested_by == actor.person_id
    return may(actor, Permission.EXPORT_READ) and (mine or may(actor, Permission.EXPORT_DECIDE))


def decidable(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Export:
    """An export that the actor may decide, locked.

    Raises:
        NotFound, Forbidden: they may not know of it, may not decide, or asked for it themselves.
        Conflict: it waited too long.
    """
    row = row_of(session, public_id, lock=True)
    if not sees(actor, row):
        raise NotFound
    require(actor, Permission.EXPORT_DECIDE)
    if actor.person_id is None or row.requested_by == actor.person_id:
        raise Forbidden("export.own_request")
    if row.state in WAITING and row.expires_at <= now:
        raise Conflict("export.no_such_step")
    return row


def give_reason(row: Export, note: str, *, keep: bool = True) -> None:
    """Raises Refused when ``note`` gives none; else keeps it for who asked, unless told not."""
    if not note.strip():
        raise Refused(Reason("export.reason_missing", {}, "note"))
    if keep:
        row.decision_note = note


def is_row_level(row: Export) -> bool:
    """Whether its dataset holds a line per loan."""
    return CATALOGUE[Dataset(row.dataset)].row_level


def move(session: Session, actor: Actor, row: Export, step: ExportStep, *, now: datetime) -> None:
    """The next state, the event in the log and the job that tells people, together."""
    row.state = advance(ExportState(row.state), step)
    facts = {"agreement": row.agreement_id, "dataset": row.dataset, "state": row.state}
    if row.file_sha256 is not None:
        facts["sha256"] = row.file_sha256
    audit.record(session, actor, f"export.{step.value}", "export", row.id, now=now, facts=facts)
    jobs.enqueue(session, "exports.tell", {"export": row.id, "step": step.value}, now=now)


def facts_of(session: Session, rows: Iterable[Export], *, now: datetime) -> list[ExportFacts]:
    """The rows with their agreements, people and downloads, in the order given."""
    rows = list(rows)
    people = accounts.people(session, frozenset(row.requested_by for row in rows))
    found = {
        id_: agreements.agreement_by_id(session, id_, now=now)
        for id_ in {row.agreement_id for row in rows}
    }
    downloads: dict[int, list[datetime]] = {}
    for export_id, at in session.execute(
        select(ExportDownload.export_id, ExportDownload.at)
        .where(ExportDownload.export_id.in_([row.id for row in rows]))
        .order_by(ExportDownload.at)
    ):
        downloads.setdefault(export_id, []).append(at)
    return [
        ExportFacts(
            id=row.id,
            public_id=row.public_id,
            agreement=found[row.agreement_id],
            dataset=Dataset(row.dataset),
            purpose=Purpose(row.purpose),
            regime=Regime(row.regime),
            period=row.period,
            question=row.question,
            answers=Answers.from_dict(row.answers),
            state=ExportState(row.state),
            requested_by=row.requested_by,
            requested_by_name=people[row.requested_by].name,
            created_at=row.created_at,
            expires_at=row.expires_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            decision_note=row.decision_note,
            ended_at=row.ended_at,
            opinions_needed=row.opinions_needed,
            signed_by=row.signed_by,
            released_at=row.released_at,
            recalled_at=row.recalled_at,
            again_id=row.again_id,
            replaces_id=row.replaces_id,
            promotes_id=row.promotes_id,
            checks=row.checks,
            review=row.review,
            report=row.report,
            withheld_because=row.withheld_because,
            file_sha256=row.file_sha256,
            file_bytes=row.file_bytes,
            downloads=tuple(downloads.get(row.id, ())),
        )
        for row in rows
    ]
