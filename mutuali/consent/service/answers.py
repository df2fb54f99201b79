"""Answers: saying yes or no, taking it back, and who has said yes."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import (
    PURPOSES_OF,
    Answer,
    Event,
    Purpose,
    Standing,
    Subject,
    is_asked,
    standing,
    until_of,
)
from mutuali.consent.service.asking import asked_event, record_ended
from mutuali.consent.service.notices import is_person_asked
from mutuali.consent.service.records import (
    facts_of,
    last_said,
    newest_of,
    organization_or_none,
    receives,
    yes_in_force,
)
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Capacity


def consenting(
    session: Session, purpose: Purpose, recipient_id: int, *, now: datetime
) -> frozenset[int]:
    """The organizations whose yes to this purpose and recipient is in force.

    Empty when there is no notice, when the recipient may receive nothing, and without anybody who
    left the network meanwhile. Of an organization that is one person, what is said is personal: it
    needs their own yes too, where people are asked.
    """
    yes = _consenting(session, Subject.ORGANIZATION, purpose, recipient_id, now)
    alone = organizations.sole_operators(session)
    if yes.isdisjoint(alone) or purpose not in PURPOSES_OF[Subject.PERSON]:
        return yes
    people = consenting_people(session, purpose, recipient_id, now=now)
    return frozenset(
        id_ for id_ in yes if id_ not in alone or (alone[id_] and alone[id_] <= people)
    )


def consenting_people(
    session: Session, purpose: Purpose, recipient_id: int, *, now: datetime
) -> frozenset[int]:
    """The people whose yes to this purpose and recipient is in force; as :func:`consenting`."""
    return _consenting(session, Subject.PERSON, purpose, recipient_id, now)


def _consenting(
    session: Session, subject: Subject, purpose: Purpose, recipient_id: int, now: datetime
) -> frozenset[int]:
    notice = newest_of(session, subject, purpose, recipient_id)
    if notice is None or not receives(organization_or_none(session, recipient_id)):
        return frozenset()
    return yes_in_force(session, subject, [notice.id], now)[notice.id]


def hold_still(session: Session, purpose: Purpose, recipient_id: int, *, now: datetime) -> datetime:
    """Let nobody answer about this purpose and recipient before the transaction ends.

    Gives the moment as of which to ask who says yes: ``now``, or the last answer if that came
    later, since the caller's clock was read before the wait for it.
    """
    notices = session.scalars(
        select(Notice.id)
        .where(Notice.purpose == purpose, Notice.recipient_id == recipient_id)
        .order_by(Notice.id)
        .with_for_update(read=True)
    ).all()
    last = session.scalar(
        select(func.max(ConsentEvent.at)).where(ConsentEvent.notice_id.in_(notices))
    )
    return now if last is None else max(now, last)


def answer(
    session: Session,
    actor: Actor,
    organization_id: int,
    notice_public_id: str,
    answer: Answer,
    *,
    now: datetime,
) -> None:
    """Say yes, say no, or take a yes back for an organization; a no after a yes in force is kept
    as a withdrawal.

    Raises:
        Forbidden: the actor does not manage the organization.
        NotFound: no such notice to organizations.
        Refused: the organization is not one that is asked; or it says yes without taking part, or
            through somebody who has not said by what right.
        Conflict: a newer notice stands in its place, or there is no yes to take back.
    """
    require(actor, Permission.CONSENT_ANSWER, over=organization_id)
    found = organizations.organization(session, organization_id)
    notice = _notice_in_turn(session, Subject.ORGANIZATION, notice_public_id)
    if not is_asked(found.kind, found.state):
        raise Refused("consent.not_asked")
    capacity = None
    if answer is Answer.GIVEN:
        capacity = _right_to_say_yes(session, actor, organization_id, now)
    event = _answer(session, actor, notice, organization_id, answer, now, capacity)
    audit.record(
        session,
        actor,
        f"consent.{event}",
        "organization",
        organization_id,
        now=now,
        facts={"notice": notice.id, "hash": notice.hash},
    )


def answer_own(
    session: Session, actor: Actor, notice_public_id: str, answer: Answer, *, now: datetime
) -> None:
    """As :func:`answer`, for oneself. The log keeps that one answered, not what: a steward may be
    somebody's employer.

    Raises:
        Forbidden: nobody is signed in, or a program may not answer for its person.
        NotFound: no such notice to people.
        Refused: no row can be about this person.
        Conflict: a newer notice stands in its place, or there is no yes to take back.
    """
    person_id = own_id(actor)
    notice = _notice_in_turn(session, Subject.PERSON, notice_public_id)
    if not is_person_asked(session, person_id):
        raise Refused("consent.person_not_asked")
    _answer(session, actor, notice, person_id, answer, now)
    facts = {"notice": notice.id, "hash": notice.hash}
    audit.record(session, actor, "consent.answered", "person", person_id, now=now, facts=facts)


def own_id(actor: Actor) -> int:
    """The person who acts for themselves; a program needs the right to.

    Raises:
        Forbidden: nobody is signed in, or the program lacks it.
    """
    is_allowed = actor.scopes is None or Permission.CONSENT_OWN.value in actor.scopes
    if actor.person_id is None or not is_allowed:
        raise Forbidden(permission=Permission.CONSENT_OWN.value)
    return actor.person_id


def withdraw(
    session: Session, actor: Actor, organization_id: int, notice_public_id: str, *, now: datetime
) -> None:
    """Take a yes back; as :func:`answer` otherwise."""
    answer(session, actor, organization_id, notice_public_id, Answer.WITHDRAWN, now=now)


def _notice_in_turn(session: Session, subject: Subject, public_id: str) -> Notice:
    """The notice, in turn: two managers who answer at once each see what the other said."""
    row = session.scalars(
        select(Notice)
        .where(Notice.public_id == public_id, Notice.subject == subject)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _right_to_say_yes(
    session: Session, actor: Actor, organization_id: int, now: datetime
) -> Capacity:
    capacity = organizations.signatory(session, organization_id, actor.person_id or 0)
    reasons = []
    if not organizations.participates(session, organization_id, now=now):
        reasons.append(Reason("consent.no_participation"))
    if capacity is None:
        reasons.append(Reason("consent.no_capacity"))
    if capacity is None or reasons:
        raise Refused.because(reasons)
    return capacity


def _answer(
    session: Session,
    actor: Actor,
    notice: Notice,
    id_: int,
    answer: Answer,
    now: datetime,
    capacity: Capacity | None = None,
) -> Event:
    if not facts_of(session, [notice])[0].is_current:
        raise Conflict("consent.notice_replaced")
    subject = Subject(notice.subject)
    last = last_said(session, subject, id_)
    given = standing(notice.id, last.get(notice.id), now) is Standing.GIVEN
    if answer is Answer.WITHDRAWN and not given:
        raise Conflict("consent.nothing_to_withdraw")
    if answer is Answer.REFUSED and given:
        answer = Answer.WITHDRAWN
    if notice.id not in last:  # They read it before any letter told them.
        session.add(asked_event(session, notice, id_, now=now))
        session.flush()
    row = ConsentEvent(
        organization_id=id_ if subject is Subject.ORGANIZATION else None,
        person_id=id_ if subject is Subject.PERSON else None,
        notice_id=notice.id,
        event=answer.value,
        at=now,
        until=until_of(now, notice.lasts_months) if answer is Answer.GIVEN else None,
        said_by=actor.person_id,
        capacity=capacity,
    )
    session.add(row)
    session.flush()
    if answer is Answer.WITHDRAWN:
        record_ended(session, row, now=now)
    return Event(answer.value)
