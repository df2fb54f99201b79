"""The one way out: page, API and file address all come through here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.models import ExportDownload
from mutuali.exports.rules.life import ExportState
from mutuali.exports.service.records import consents_hold, row_of, sees


@dataclass(frozen=True, slots=True)
class Handed:
    """Where the bundle is kept and what the file is called."""

    key: str
    filename: str
    sha256: str


def hand_over(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Handed:
    """Let a named analyst take a bundle, and record it.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor is not (or no longer) named in an agreement that is in force.
        Conflict: it is not ready, its time is over, or somebody in it took back their yes.
    """
    row = row_of(session, public_id, lock=True)
    if not sees(actor, row):
        raise NotFound
    require(actor, Permission.EXPORT_DOWNLOAD)
    if actor.person_id is None:
        raise Forbidden
    mine = {each.id: each for each in agreements.in_force_for(session, actor.person_id, now=now)}
    if row.agreement_id not in mine:
        raise Forbidden("export.not_named")
    if row.state != ExportState.READY or row.file_key is None or row.expires_at <= now:
        raise Conflict("export.not_ready")
    recipient_id = mine[row.agreement_id].partner_id
    if not consents_hold(session, row, recipient_id, now=now):
        raise Conflict("export.consent_withdrawn")
    session.add(ExportDownload(export_id=row.id, person_id=actor.person_id, at=now))
    audit.record(
        session,
        actor,
        "export.downloaded",
        "export",
        row.id,
        now=now,
        facts={"agreement": row.agreement_id, "sha256": row.file_sha256},
    )
    day = (row.released_at or now).date().isoformat()
    return Handed(row.file_key, f"mutuali-{row.dataset}-{day}.zip", row.file_sha256 or "")
