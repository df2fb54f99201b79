"""Being called: somebody wants a question explained by a person, and a person does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.consent.models import CallRequest, Notice
from mutuali.consent.rules import Subject, is_asked
from mutuali.consent.service.answers import own_id
from mutuali.consent.service.notices import is_person_asked
from mutuali.consent.service.records import NoticeFacts, facts_of
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import Count
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Somebody who waits for a call; whether they answered is not in it."""

    public_id: str
    notice: NoticeFacts
    person_name: str
    phone: str
    at: datetime


def ask_call(
    session: Session,
    actor: Actor,
    organization_id: int | None,
    notice_public_id: str,
    phone: str,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Ask to be called about a question: to the organization, or to oneself when None.

    Raises:
        Forbidden: the question is not the actor's to read.
        NotFound: no such notice.
        Refused: it does not ask them.
        Conflict: their call about it is still to come.
    """
    person_id = own_id(actor)
    subject = Subject.PERSON if organization_id is None else Subject.ORGANIZATION
    if organization_id is not None:
        require(actor, Permission.CONSENT_READ, over=organization_id)
        found = organizations.organization(session, organization_id)
        if not is_asked(found.kind, found.state):
            raise Refused("consent.not_asked")
    elif not is_person_asked(session, person_id):
        raise Refused("consent.person_not_asked")
    notice = session.scalars(
        select(Notice).where(Notice.public_id == notice_public_id, Notice.subject == subject)
    ).one_or_none()
    if notice is None:
        raise NotFound
    waiting = session.scalar(
        select(CallRequest.id).where(
            CallRequest.person_id == person_id,
            CallRequest.notice_id == notice.id,
            CallRequest.closed_at.is_(None),
        )
    )
    if waiting is not None:
        raise Conflict("call.already_asked")
    row = CallRequest(
        public_id=public_id,
        notice_id=notice.id,
        person_id=person_id,
        phone=phone,
        created_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"notice": notice.id}
    audit.record(session, actor, "call.asked", "call_request", row.id, now=now, facts=facts)


def open_calls(session: Session, actor: Actor) -> Sequence[CallFacts]:
    """Who waits for a call, the longest first.

    Raises:
        Forbidden: the actor does not help the network.
    """
    require(actor, Permission.CALL_ANSWER)
    rows = session.scalars(
        select(CallRequest).where(CallRequest.closed_at.is_(None)).order_by(CallRequest.id)
    ).all()
    notices = session.scalars(
        select(Notice).where(Notice.id.in_({row.notice_id for row in rows}))
    ).all()
    facts = {each.id: each for each in facts_of(session, notices)}
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    return [
        CallFacts(
            row.public_id,
            facts[row.notice_id],
            people[row.person_id].name,
            row.phone,
            row.created_at,
        )
        for row in rows
    ]


def close_call(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """The call took place; the number that was left is forgotten.

    Raises:
        Forbidden: the actor does not help the network.
        NotFound: no such call waits.
    """
    require(actor, Permission.CALL_ANSWER)
    row = session.scalars(
        select(CallRequest)
        .where(CallRequest.public_id == public_id, CallRequest.closed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    row.phone, row.closed_at, row.closed_by = "", now, actor.person_id
    audit.record(session, actor, "call.closed", "call_request", row.id, now=now)


def correct_phone(
    session: Session, actor: Actor, person_id: int, phone: str, *, request_id: int, now: datetime
) -> None:
    """Correct the number that somebody left for calls still to come; the caller says whether the
    actor may."""
    waiting = session.scalars(
        select(CallRequest).where(
            CallRequest.person_id == person_id, CallRequest.closed_at.is_(None)
        )
    )
    for row in waiting:
        row.phone = phone
    session.flush()
    facts = {"column": "call_request.phone", "request": request_id}
    audit.record(session, actor, "person.corrected", "person", person_id, now=now, facts=facts)


def count_open_calls(actor: Actor) -> Count:
    """How many people wait for a call of this actor."""
    if not may(actor, Permission.CALL_ANSWER):
        return None
    return select(func.count(CallRequest.id)).where(CallRequest.closed_at.is_(None))
