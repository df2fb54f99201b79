"""What a steward decides of a request: let it be built, or say no; never on their own request."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.exports.rules.life import ExportStep
from mutuali.exports.rules.opinions import opinions_needed
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.ground import stand
from mutuali.exports.service.opinions import forget_bundle
from mutuali.exports.service.records import decidable, give_reason, is_row_level, move
from mutuali.jobs import service as jobs


def prepare(
    session: Session, actor: Actor, public_id: str, *, hosted_outside: bool, now: datetime
) -> None:
    """Let the bundle be built, or built again; nothing leaves by it, and opinions are void.

    Raises:
        NotFound, Forbidden: the actor may not know of it, or not decide it.
        Conflict: it waits no longer, or what the law asks for first is missing; all of it.
    """
    row = decidable(session, actor, public_id, now=now)
    stand(session, row, hosted_outside=hosted_outside, now=now)
    row.decided_by, row.decided_at = actor.person_id, now
    row.opinions_needed = opinions_needed(Regime(row.regime), row_level=is_row_level(row))
    forget_bundle(session, row, now=now)
    move(session, actor, row, ExportStep.PREPARE, now=now)
    jobs.enqueue(session, "exports.build", {"export": row.id}, now=now)


def decline(session: Session, actor: Actor, public_id: str, note: str, *, now: datetime) -> None:
    """Say no, with a reason that the analyst reads.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    row = decidable(session, actor, public_id, now=now)
    give_reason(row, note)
    row.decided_by, row.decided_at = actor.person_id, now
    forget_bundle(session, row, now=now)
    move(session, actor, row, ExportStep.DECLINE, now=now)
