"""What every use case of mishaps reads the same way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from mutuali.core.errors import Forbidden, NotFound
from mutuali.core.permissions import Actor, Permission, may, reach_of
from mutuali.mishaps.models import Mishap
from mutuali.mishaps.rules import Kind, Severity


@dataclass(frozen=True, slots=True)
class MishapDraft:
    """What somebody says of what happened."""

    kind: Kind
    severity: Severity
    happened_at: datetime
    words: str


def read_mishap(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Mishap:
    """One mishap, if it is the actor's business.

    Raises:
        NotFound: there is none, or it is not.
    """
    query = select(Mishap).where(Mishap.public_id == public_id, known_to(actor))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def known_to(actor: Actor) -> ColumnElement[bool]:
    """The mishaps that somebody may read: those of their organizations, or of the network."""
    reach = reach_of(actor, Permission.BOOKING_READ)
    if reach is None:
        return true()
    return or_(Mishap.lender_id.in_(reach), Mishap.borrower_id.in_(reach))


def speaks_for(actor: Actor, lender_id: int, borrower_id: int | None) -> int | None:
    """For which of the two organizations the actor speaks; None: for the coordination.

    Raises:
        Forbidden: for nobody.
    """
    for id_ in (actor.organization_id, lender_id, borrower_id):
        ours = id_ in (lender_id, borrower_id) and id_ in actor.memberships
        if id_ is not None and ours and may(actor, Permission.BOOKING_CARRY_OUT, over=id_):
            return id_
    if may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK, over=lender_id):
        return None
    raise Forbidden


def may_close(actor: Actor, row: Mishap) -> bool:
    """Whether the actor can say that nothing more is to do: who reported it, or the
    coordination."""
    try:
        speaker = speaks_for(actor, row.lender_id, row.borrower_id)
    except Forbidden:
        return False
    return speaker is None or speaker == row.reported_for
