"""What a steward decides: build it, let it out, send it back; never on their own request."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import is_in_force
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.exports.models import Export
from mutuali.exports.rules.life import DECIDE_WITHIN, DOWNLOAD_WITHIN, ExportStep
from mutuali.exports.service.records import decidable, move
from mutuali.jobs import service as jobs


def prepare(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Let the bundle be built, or built again; nothing leaves by it.

    Raises:
        NotFound, Forbidden: the actor may not know of it, or not decide it.
        Conflict: it waits no longer, or the agreement is not in force.
    """
    row = decidable(session, actor, public_id, now=now)
    if not is_in_force(agreements.agreement_by_id(session, row.agreement_id, now=now), now):
        raise Conflict("export.agreement_over")
    row.decided_by, row.decided_at = actor.person_id, now
    _forget_bundle(row)
    move(session, actor, row, ExportStep.PREPARE, now=now)
    jobs.enqueue(session, "exports.build", {"export": row.id}, now=now)


def sign(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Let the bundle that was reviewed out; what it rests on is looked at once more.

    Raises:
        NotFound, Forbidden: the actor may not know of it, or not decide it.
        Conflict: it waits no longer, the agreement is not in force, or somebody in the bundle
            took back their yes.
    """
    row = decidable(session, actor, public_id, now=now)
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    if not is_in_force(agreement, now):
        raise Conflict("export.agreement_over")
    yes = consent.consenting(session, Purpose(row.purpose), agreement.partner_id, now=now)
    if not yes.issuperset(row.consenting):
        raise Conflict("export.consent_left")
    row.signed_by, row.released_at = actor.person_id, now
    row.expires_at = min(now + DOWNLOAD_WITHIN, agreement.ends_at)
    row.file_key, row.staged_key = row.staged_key, None
    move(session, actor, row, ExportStep.SIGN, now=now)


def send_back(session: Session, actor: Actor, public_id: str, note: str, *, now: datetime) -> None:
    """Return a built bundle with a reason; it is forgotten, and the request waits again.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    row = decidable(session, actor, public_id, now=now)
    _give_reason(row, note)
    _forget_bundle(row)
    row.expires_at = now + DECIDE_WITHIN
    move(session, actor, row, ExportStep.RETURN, now=now)


def decline(session: Session, actor: Actor, public_id: str, note: str, *, now: datetime) -> None:
    """Say no, with a reason that the analyst reads.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    row = decidable(session, actor, public_id, now=now)
    _give_reason(row, note)
    row.decided_by, row.decided_at = actor.person_id, now
    _forget_bundle(row)
    move(session, actor, row, ExportStep.DECLINE, now=now)


def _give_reason(row: Export, note: str) -> None:
    if not note.strip():
        raise Refused(Reason("export.reason_missing", {}, "note"))
    row.decision_note = note


def _forget_bundle(row: Export) -> None:
    """What was built counts no more; the sweep takes the file that no row names."""
    row.staged_key = row.file_sha256 = row.file_bytes = row.report = row.period = None
    row.consenting = []
