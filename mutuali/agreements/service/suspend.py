"""Stop an agreement at once, and take it up again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementSuspension
from mutuali.agreements.rules import AgreementState, Cause, Side, Step, next_state
from mutuali.agreements.service.records import get_known, leave_trace, require_side, tell
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import Actor

#: What the law makes somebody suspend for; the operator lifts it.
OF_LAW = frozenset({Cause.BREACH, Cause.FAILED_MEASURE, Cause.INCIDENT})


def suspend(
    session: Session, actor: Actor, public_id: str, side: Side, reason: str, *, now: datetime
) -> None:
    """Suspend an agreement at once, for ``side``, which alone lifts it.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not act for that side.
        Conflict: it is not in force, or this side has suspended it already.
        Refused: no reason is given.
    """
    row = get_known(session, actor, public_id, lock=True)
    require_side(actor, row, side)
    if any(each.side == side for each in _open(session, row) if each.cause == Cause.PARTY):
        raise Conflict("agreement.already_suspended")
    suspend_row(session, actor, row, Cause.PARTY, reason, side=side, now=now)


def suspend_by_law(
    session: Session, actor: Actor, id_: int, cause: Cause, reason: str, *, now: datetime
) -> None:
    """Suspend an agreement for a breach, a failed measure or an incident: for other features.

    One that is not in force stays as it is: nothing leaves under it anyway.

    Raises:
        NotFound: there is none.
        ValueError: the cause is not one of the law.
    """
    if cause not in OF_LAW:
        raise ValueError(f"{cause} is no cause of law")
    row = session.get(Agreement, id_, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}:
        suspend_row(session, actor, row, cause, reason, side=None, now=now)


def lift(session: Session, actor: Actor, public_id: str, side: Side, *, now: datetime) -> None:
    """Lift what ``side`` suspended; the operator lifts what the law did as well.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not act for that side.
        Conflict: nothing of it is this side's to lift.
    """
    row = get_known(session, actor, public_id, lock=True)
    require_side(actor, row, side)
    still = _open(session, row)
    theirs = [
        each
        for each in still
        if (each.cause == Cause.PARTY and each.side == side)
        or (each.cause in OF_LAW and side is Side.OPERATOR)
    ]
    if not theirs:
        raise Conflict("agreement.not_yours_to_lift")
    for each in theirs:
        each.lifted_at, each.lifted_by = now, actor.person_id
    row.version += 1
    session.flush()
    if len(theirs) == len(still):
        row.state = next_state(AgreementState(row.state), Step.RESUME)
        session.flush()
    leave_trace(session, actor, row, "lifted", now=now, side=side.value)
    tell(session, row, "lifted", now=now, by=side)


def suspend_row(
    session: Session,
    actor: Actor,
    row: Agreement,
    cause: Cause,
    reason: str,
    *,
    side: Side | None,
    now: datetime,
) -> None:
    """Write a suspension down and stop the agreement, which the caller has locked.

    Raises:
        Conflict: it is not in force nor suspended.
        Refused: no reason is given.
    """
    if not reason.strip():
        raise Refused(Reason("field.missing", {}, "reason"))
    if row.state != AgreementState.SUSPENDED:
        row.state = next_state(AgreementState(row.state), Step.SUSPEND)
    session.add(
        AgreementSuspension(
            agreement_id=row.id,
            cause=cause,
            side=side,
            reason=reason,
            person_id=actor.person_id,
            at=now,
        )
    )
    row.version += 1
    session.flush()
    who = side.value if side else ""
    leave_trace(session, actor, row, "suspended", now=now, cause=cause.value, side=who)
    tell(session, row, "suspended", now=now, by=side)


def _open(session: Session, row: Agreement) -> list[AgreementSuspension]:
    return list(
        session.scalars(
            select(AgreementSuspension).where(
                AgreementSuspension.agreement_id == row.id,
                AgreementSuspension.lifted_at.is_(None),
            )
        )
    )
