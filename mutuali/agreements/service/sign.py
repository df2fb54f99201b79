"""Accept the exact text, for one side; undertake to keep quiet; end an agreement, from either."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import Agreement, AgreementAcceptance, AgreementUndertaking
from mutuali.agreements.rules import (
    AgreementState,
    Cause,
    Instrument,
    Method,
    Side,
    Step,
    next_state,
)
from mutuali.agreements.service.facts import facts_of
from mutuali.agreements.service.records import (
    get_known,
    leave_trace,
    organization_of,
    require_side,
    tell,
)
from mutuali.agreements.service.suspend import suspend_row
from mutuali.core.errors import Conflict, Forbidden, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Capacity


def accept(
    session: Session,
    actor: Actor,
    public_id: str,
    side: Side,
    hash_: str,
    *,
    now: datetime,
) -> AgreementState:
    """Accept, for ``side``, the text whose hash the actor was shown; both yeses put it in force.

    Kept with it: by what right the person speaks for that side, as they said it there, and how they
    proved who they are. An amendment that takes effect ends what it amends at that very instant.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not accept for that side.
        Conflict: the text is another by now (``agreement.text_changed``), the side has accepted
            already, there is nothing to accept any more, or what it amends has ended.
        Refused: the term is over, the same person accepted for the other side, or they never said
            by what right they speak for this one (``agreement.no_capacity``).
    """
    row = get_known(session, actor, public_id, lock=True)
    require_side(actor, row, side)
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
    capacity = _right_to_sign(session, row, side, actor.person_id)
    method = Method.SECOND_FACTOR if actor.second_factor else Method.PASSWORD
    person = accounts.people(session, frozenset({actor.person_id}))[actor.person_id]
    session.add(
        AgreementAcceptance(
            agreement_id=row.id,
            side=side,
            person_id=actor.person_id,
            hash=hash_,
            at=now,
            name=person.name,
            capacity=capacity,
            method=method,
        )
    )
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "accepted", now=now, side=side.value, method=method.value)
    if not given:
        tell(session, row, "accepted", now=now, by=side)
        return AgreementState(row.state)
    if row.amends_id is not None:
        _supersede(session, actor, row, now=now)
    row.state = effect
    row.in_force_at = now
    session.flush()
    leave_trace(session, actor, row, "put_in_force", now=now)
    tell(session, row, "in_force", now=now, by=side)
    return effect


def _right_to_sign(session: Session, row: Agreement, side: Side, person_id: int) -> Capacity:
    id_ = organization_of(row, side)
    capacity = organizations.signatory(session, id_, person_id)
    if capacity is None:
        name = organizations.organization(session, id_).name
        raise Refused("agreement.no_capacity", name=name)
    return capacity


def _supersede(session: Session, actor: Actor, row: Agreement, *, now: datetime) -> None:
    """End what ``row`` amends; nobody may act on it between the two."""
    amended = session.get_one(Agreement, row.amends_id, with_for_update=True)
    if amended.state not in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}:
        raise Conflict("agreement.not_to_amend")
    amended.state = next_state(AgreementState(amended.state), Step.END)
    amended.ended_at = now
    amended.version += 1
    session.flush()
    leave_trace(session, actor, amended, "superseded", now=now, by=row.id)


def revoke(
    session: Session, actor: Actor, public_id: str, side: Side, reason: str, *, now: datetime
) -> None:
    """Take back the acceptance of ``side``: nothing leaves from this instant on.

    Only an amendment that both sides accept leads on from there.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not act for that side.
        Conflict: it is not in force nor suspended, or the acceptance was taken back already.
        Refused: no reason is given.
    """
    row = get_known(session, actor, public_id, lock=True)
    require_side(actor, row, side)
    given = session.get(AgreementAcceptance, (row.id, side.value))
    if given is None or given.revoked_at is not None:
        raise Conflict("agreement.no_such_step")
    suspend_row(session, actor, row, Cause.REVOKED, reason, side=side, now=now)
    given.revoked_at = now
    session.flush()


def undertake(session: Session, actor: Actor, public_id: str, hash_: str, *, now: datetime) -> None:
    """Promise, as a named person, to keep the data confidential; without it there is no access.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the agreement does not name them.
        Conflict: the text is another by now, it is a draft or has ended, or they signed already.
    """
    row = get_known(session, actor, public_id, lock=True)
    [facts] = facts_of(session, [row])
    named = facts.naming(actor.person_id)
    if named is None:
        raise Forbidden
    if facts.state in {AgreementState.DRAFT, AgreementState.ENDED}:
        raise Conflict("agreement.no_such_step")
    if hash_ != row.hash:
        raise Conflict("agreement.text_changed")
    if named.signed_at is not None:
        raise Conflict("agreement.already_undertaken")
    session.add(
        AgreementUndertaking(agreement_id=row.id, person_id=named.person_id, hash=hash_, at=now)
    )
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "undertaken", now=now, person=named.person_id)


def sent_to_cai(
    session: Session, actor: Actor, public_id: str, sent_on: date, *, now: datetime
) -> None:
    """Write down, once, when an agreement for research was sent to the Commission.

    Raises:
        Forbidden, NotFound.
        Conflict: it is not for research, nobody has accepted it yet, it has ended or it is written.
        Refused: the day is to come.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    row = get_known(session, actor, public_id, lock=True)
    bound = row.state in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}
    if row.instrument != Instrument.RESEARCH or not bound or row.cai_sent_on is not None:
        raise Conflict("agreement.no_such_step")
    if sent_on > local(now).date():
        raise Refused(Reason("agreement.sent_in_future", {}, "sent_on"))
    row.cai_sent_on = sent_on
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "sent_to_cai", now=now, sent_on=sent_on.isoformat())


def end(session: Session, actor: Actor, public_id: str, side: Side, *, now: datetime) -> None:
    """End an agreement at once, for ``side``; one that was only proposed is refused so.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor may not act for that side.
        Conflict: it is a draft, or ended already.
    """
    row = get_known(session, actor, public_id, lock=True)
    require_side(actor, row, side)
    row.state = next_state(AgreementState(row.state), Step.END)
    row.ended_at, row.ended_side = now, side
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "ended", now=now, side=side.value)
    tell(session, row, "ended", now=now, by=side)
