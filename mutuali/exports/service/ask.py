"""Asking for data, and what became of each request."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import ALLOWED, Dataset
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, require
from mutuali.counts import NOW, Count
from mutuali.exports.models import Export
from mutuali.exports.rules import promotion
from mutuali.exports.rules.answers import Answers, objections
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.life import DECIDE_WITHIN, ExportState, ExportStep
from mutuali.exports.rules.lineage import told_outside
from mutuali.exports.rules.opinions import opinions_needed
from mutuali.exports.rules.regimes import Regime, lawful, regime_of
from mutuali.exports.service.closed_store import record_keys
from mutuali.exports.service.records import WAITING, ExportFacts, facts_of, move, row_of, sees
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What an analyst asks for: under which agreement, for what, to answer which question; and
    what the law's written request asks. ``promotes`` is the release that is to be open."""

    agreement_id: str
    dataset: Dataset
    purpose: Purpose
    question: str
    answers: Answers
    promotes: str | None = None


def request_export(
    session: Session, actor: Actor, asked: DataRequest, *, public_id: str, now: datetime
) -> int:
    """Ask for a dataset under an agreement that names the actor.

    Raises:
        Forbidden: no analyst.
        Refused: no agreement in force names them, it does not cover the dataset or purpose, the
            dataset may not leave by the right that the agreement stands on, or what is to be open
            was not given to a partner first.
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
    reasons = list(objections(asked.answers))
    if asked.dataset not in under.datasets or asked.dataset not in CATALOGUE:
        reasons.append(Reason("export.dataset_not_agreed", {}, "dataset"))
    if asked.purpose not in under.purposes or asked.purpose not in ALLOWED[asked.dataset]:
        reasons.append(Reason("export.purpose_not_agreed", {}, "purpose"))
    regime = regime_of(under.instrument)
    if not reasons and not lawful(asked.dataset, regime, asked.purpose):
        reasons.append(Reason("export.not_by_this_right", {}, "dataset"))
    source = _source(session, actor, asked.promotes)
    reasons += promotion.objections(asked.dataset, regime, source and source[1])
    if reasons:
        raise Refused.because(reasons)
    row = Export(
        public_id=public_id,
        agreement_id=under.id,
        dataset=asked.dataset,
        purpose=asked.purpose,
        regime=regime,
        promotes_id=source[0] if source else None,
        question=asked.question,
        answers=asked.answers.to_dict(),
        opinions_needed=opinions_needed(regime, row_level=CATALOGUE[asked.dataset].row_level),
        state=ExportState.REQUESTED,
        requested_by=actor.person_id,
        created_at=now,
        expires_at=now + DECIDE_WITHIN,
    )
    session.add(row)
    session.flush()
    facts = {
        "agreement": under.id,
        "dataset": row.dataset,
        "purpose": row.purpose,
        "regime": row.regime,
    }
    if row.promotes_id is not None:
        facts["promotes"] = row.promotes_id
    audit.record(session, actor, "export.requested", "export", row.id, now=now, facts=facts)
    jobs.enqueue(session, "exports.tell", {"export": row.id, "step": "request"}, now=now)
    return row.id


def _source(
    session: Session, actor: Actor, public_id: str | None
) -> tuple[int, promotion.Source] | None:
    """The release that is to be made open, with its id; None where none is named.

    Raises:
        Refused: the actor knows of no such release.
    """
    if public_id is None:
        return None
    row = session.scalars(select(Export).where(Export.public_id == public_id)).one_or_none()
    if row is None or not sees(actor, row):
        raise Refused(Reason("export.nothing_to_promote", {}, "promotes"))
    return row.id, promotion.Source(
        Dataset(row.dataset), Regime(row.regime), ExportState(row.state), row.released_at
    )


def revise(
    session: Session, actor: Actor, public_id: str, answers: Answers, *, now: datetime
) -> None:
    """Answer anew while the request waits, after it was returned for instance.

    Raises:
        NotFound: it is not theirs. Conflict: it waits no longer. Refused: an answer is missing.
    """
    require(actor, Permission.EXPORT_REQUEST)
    row = row_of(session, public_id, lock=True)
    if row.requested_by != actor.person_id:
        raise NotFound
    if row.state != ExportState.REQUESTED or row.expires_at <= now:
        raise Conflict("export.no_such_step")
    if wrong := list(objections(answers)):
        raise Refused.because(wrong)
    row.answers, row.decision_note = answers.to_dict(), ""
    audit.record(
        session, actor, "export.revised", "export", row.id, now=now, facts={"state": row.state}
    )
    jobs.enqueue(session, "exports.tell", {"export": row.id, "step": "request"}, now=now)


def export(session: Session, actor: Actor, public_id: str, *, now: datetime) -> ExportFacts:
    """One export. Raises NotFound for who may not know of it."""
    row = row_of(session, public_id)
    if not sees(actor, row):
        raise NotFound
    return _shown_to(actor, facts_of(session, [row], now=now))[0]


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
    return _shown_to(actor, facts_of(session, session.scalars(query), now=now))


def released(session: Session, *, now: datetime) -> list[ExportFacts]:
    """Every export that was let out, newest first; for the public page."""
    rows = session.scalars(
        select(Export)
        .where(Export.released_at.is_not(None))
        .order_by(Export.released_at.desc(), Export.id.desc())
        .limit(200)
    )
    return facts_of(session, rows, now=now)


def count_waiting(actor: Actor) -> Count:
    """How many data requests and built bundles wait for this steward's decision."""
    if not may(actor, Permission.EXPORT_DECIDE):
        return None
    return select(func.count(Export.id)).where(
        Export.state.in_(WAITING),
        Export.expires_at > NOW,
        Export.requested_by != (actor.person_id or 0),
    )


def expire_lapsed(session: Session, *, now: datetime) -> None:
    """Close requests and bundles whose time ran out; the sweep takes their files."""
    rows = session.scalars(
        select(Export)
        .where(Export.state.in_((*WAITING, ExportState.READY)), Export.expires_at <= now)
        .with_for_update(skip_locked=True)
        .limit(100)
    ).all()
    for row in rows:
        row.staged_key = row.file_key = None
        move(session, SYSTEM, row, ExportStep.EXPIRE, now=now)


def kept_keys(session: Session) -> frozenset[str]:
    """The keys of the files that an export still names."""
    found = session.execute(
        select(Export.staged_key, Export.file_key).where(
            or_(Export.staged_key.is_not(None), Export.file_key.is_not(None))
        )
    )
    return frozenset(key for keys in found for key in keys if key is not None) | record_keys(
        session
    )


def _shown_to(actor: Actor, found: list[ExportFacts]) -> list[ExportFacts]:
    """What was measured is for who decides; for who asked, once somebody has signed, and never how
    it differs from what others were given."""
    if may(actor, Permission.EXPORT_DECIDE):
        return found
    return [
        replace(each, report=told_outside(each.report) if each.report else None)
        if each.released_at is not None
        else replace(each, report=None, checks=None, review=None, file_sha256=None, file_bytes=None)
        for each in found
    ]
