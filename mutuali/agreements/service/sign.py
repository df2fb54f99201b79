"""Accept the exact text, for one side; end an agreement, from either."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementAcceptance
from mutuali.agreements.rules import AgreementState, Side, Step, next_state
from mutuali.agreements.service.records import get_known, leave_trace, tell
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.permissions import Actor, Permission, require


def accept(
    session: Session, actor: Actor, public_id: str, side: Side, hash_: str, *, now: datetime
) -> AgreementState:
    """Accept, for ``side``, the text whose hash the actor was shown; both yeses put it in force.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not accept for that side.
        Conflict: the text is another by now (``agreement.text_changed``), the side has accepted
            already, or there is nothing to accept any more.
        Refused: the term is over, or the same person accepted for the other side.
    """
    row = get_known(session, actor, public_id, lock=True)
    _require_side(actor, row, side)
    if actor.person_id is None:
        raise Forbidden
    if hash_ != row.hash:
        raise Conflict("agreement.text_changed")
    effect = next_state(AgreementState(row.state), Step.TAKE_EFFECT)
    if row.ends_at <= now:
        raise Refused("agreement.term_over")
    given = session.scalars(
        select(AgreementAcceptance).where(AgreementAcceptance.agreement_id == row.id)
    ).all()
    if any(each.side == side for each in given):
        raise Conflict("agreement.already_accepted")
    if any(each.person_id == actor.person_id for each in given):
        raise Refused("agreement.same_person")
    session.add(
        AgreementAcceptance(
            agreement_id=row.id, side=side, person_id=actor.person_id, hash=hash_, at=now
        )
    )
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "accepted", now=now, side=side.value)
    if not given:
        tell(session, row, "accepted", now=now, by=side)
        return AgreementState(row.state)
    row.state = effect
    row.in_force_at = now
    session.flush()
    leave_trace(session, actor, row, "put_in_force", now=now)
    tell(session, row, "in_force", now=now, by=side)
    return effect


def end(session: Session, actor: Actor, public_id: str, side: Side, *, now: datetime) -> None:
    """End an agreement at once, for ``side``; one that was only proposed is refused so.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not act for that side.
        Conflict: it is a draft, or ended already.
    """
    row = get_known(session, actor, public_id, lock=True)
    _require_side(actor, row, side)
    row.state = next_state(AgreementState(row.state), Step.END)
    row.ended_at, row.ended_side = now, side
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "ended", now=now, side=side.value)
    tell(session, row, "ended", now=now, by=side)


def _require_side(actor: Actor, row: Agreement, side: Side) -> None:
    if side is Side.OPERATOR:
        require(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR)
    else:
        require(actor, Permission.AGREEMENT_SIGN_AS_PARTNER, over=row.partner_id)
