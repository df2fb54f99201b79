"""Requests of persons: asking, the clock, the answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.consent import service as consent
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import Count
from mutuali.governance.models import PersonRequest
from mutuali.governance.rules import (
    REMINDERS,
    Answer,
    Field,
    Identity,
    RequestKind,
    answer_objections,
    due_on,
)
from mutuali.governance.service.tombstones import erase
from mutuali.jobs import service as jobs


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request and what became of it; ``who`` is a name, or the reference of a file."""

    public_id: str
    person_id: int | None
    who: str
    email: str
    kind: RequestKind
    words: str
    field: Field | None
    value: str
    received_at: datetime
    due_on: date
    identity: Identity | None
    answer: Answer | None
    answer_words: str
    provision: str
    answered_at: datetime | None

    def is_deemed_refused(self, today: date) -> bool:
        """Whether the day passed without an answer (s. 32)."""
        return self.answer is None and today > self.due_on


#: Who corrects what, in the feature that keeps it.
_CORRECTS: dict[Field, Callable[..., None]] = {
    Field.EMAIL: accounts.correct_email,
    Field.PHONE: consent.correct_phone,
}


def ask(
    session: Session,
    actor: Actor,
    kind: RequestKind,
    words: str,
    *,
    field: Field | None = None,
    value: str = "",
    public_id: str,
    now: datetime,
) -> None:
    """Ask something about what is kept of oneself; the thirty days start.

    A correction may name the ``field`` and its right ``value``; ``words`` then say what proves it.

    Raises:
        Forbidden: a visitor.
        Refused: it does not say what is to be corrected or no longer shown.
        Conflict: the same was asked and waits for its answer.
    """
    own_id(actor)
    if kind in {RequestKind.RECTIFICATION, RequestKind.CESSATION} and not words:
        raise Refused(Reason("request.words_unsaid", {}, "words"))
    waiting = session.scalar(
        select(PersonRequest.id).where(
            PersonRequest.person_id == actor.person_id,
            PersonRequest.kind == kind,
            PersonRequest.answer.is_(None),
        )
    )
    if waiting is not None:
        raise Conflict("request.waits_already")
    row = PersonRequest(
        public_id=public_id,
        person_id=actor.person_id,
        kind=kind,
        words=words,
        field=field or "",
        value=value,
        received_at=now,
        due_on=due_on(local(now).date()),
        identity=Identity.ACCOUNT,
    )
    _keep(session, actor, row, now=now)


def note_request(
    session: Session,
    actor: Actor,
    kind: RequestKind,
    reference: str,
    words: str,
    *,
    received_on: date,
    public_id: str,
    now: datetime,
) -> None:
    """Note a request that came by another way, from somebody who may have no account.

    Raises:
        Forbidden: the actor keeps no registers.
        Refused: it would have come in the future.
    """
    require(actor, Permission.REGISTER_KEEP)
    if received_on > local(now).date():
        raise Refused(Reason("request.to_come", {}, "received_on"))
    row = PersonRequest(
        public_id=public_id,
        reference=reference,
        kind=kind,
        words=words,
        received_at=now,
        due_on=due_on(received_on),
    )
    _keep(session, actor, row, now=now)


def answer_request(
    session: Session,
    actor: Actor,
    public_id: str,
    identity: Identity,
    answer: Answer,
    words: str,
    *,
    provision: str = "",
    tombstone_key: bytes,
    now: datetime,
) -> None:
    """Answer; granting an erasure erases at once, granting a correction of a field corrects it.

    Raises:
        Forbidden, NotFound.
        Refused: a refusal without its reasons and its ``provision`` of law; an organization would
            lose its last manager; the value to correct to is somebody else's.
        Conflict: it was answered before, or somebody answers their own.
    """
    require(actor, Permission.REGISTER_KEEP)
    row = session.scalars(
        select(PersonRequest).where(PersonRequest.public_id == public_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.answer is not None:
        raise Conflict("request.answered_before")
    if row.person_id is not None and row.person_id == actor.person_id:
        raise Conflict("request.own")
    kind = RequestKind(row.kind)
    objections = answer_objections(kind, answer, words, provision, applies=bool(row.field))
    if objections:
        raise Refused.because(objections)
    row.identity, row.answer, row.answer_words = identity, answer, words
    row.provision = "" if answer is Answer.GRANTED else provision
    row.answered_at, row.answered_by = now, actor.person_id
    session.flush()
    facts = {"kind": kind.value, "answer": answer.value, "identity": identity.value}
    audit.record(session, actor, "request.answered", "person_request", row.id, now=now, facts=facts)
    if row.person_id is None:
        return
    if kind is RequestKind.ERASURE and answer is Answer.GRANTED:
        session.execute(
            update(PersonRequest)
            .where(PersonRequest.person_id == row.person_id)
            .values(words="", value="")
        )
        # Told to the address they had, before it goes.
        email = accounts.people(session, frozenset({row.person_id}))[row.person_id]
        told = {"request": row.id, "to": email.email, "language": email.language}
        jobs.enqueue(session, "governance.tell_erased", told, now=now)
        erase(session, actor, row.person_id, tombstone_key=tombstone_key, now=now)
        return
    if row.field and answer is Answer.GRANTED:
        field = Field(row.field)
        if field is Field.EMAIL:
            # The old address hears of it, in case somebody else asked.
            before = accounts.people(session, frozenset({row.person_id}))[row.person_id]
            told = {"request": row.id, "to": before.email, "language": before.language}
            jobs.enqueue(session, "governance.tell_moved", told, now=now)
        _CORRECTS[field](session, actor, row.person_id, row.value, request_id=row.id, now=now)
        row.value = ""
    jobs.enqueue(session, "governance.tell_answer", {"request": row.id}, now=now)


def own_id(actor: Actor) -> int:
    """The person who acts for themselves; a program needs the right to.

    Raises:
        Forbidden: nobody is signed in, or the program lacks it.
    """
    is_allowed = actor.scopes is None or Permission.DATA_OWN.value in actor.scopes
    if actor.person_id is None or not is_allowed:
        raise Forbidden(permission=Permission.DATA_OWN.value)
    return actor.person_id


def my_request(session: Session, actor: Actor, public_id: str) -> RequestFacts:
    """One request of the actor. Raises Forbidden, NotFound."""
    for found in mine(session, actor):
        if found.public_id == public_id:
            return found
    raise NotFound


def mine(session: Session, actor: Actor) -> list[RequestFacts]:
    """What the actor asked, latest first. Raises Forbidden for a visitor."""
    rows = session.scalars(
        select(PersonRequest)
        .where(PersonRequest.person_id == own_id(actor))
        .order_by(PersonRequest.id.desc())
    )
    return _facts(session, rows)


def requests(session: Session, actor: Actor) -> list[RequestFacts]:
    """Every request: those that wait first, the nearest day before the others.

    Raises:
        Forbidden: the actor keeps no registers.
    """
    require(actor, Permission.REGISTER_KEEP)
    rows = session.scalars(
        select(PersonRequest).order_by(
            PersonRequest.answer.is_not(None), PersonRequest.due_on, PersonRequest.id
        )
    )
    return _facts(session, rows)


def request_by_id(session: Session, request_id: int) -> RequestFacts:
    """One request, for telling somebody about it."""
    [facts] = _facts(session, [session.get_one(PersonRequest, request_id)])
    return facts


def request_by_public_id(session: Session, actor: Actor, public_id: str) -> RequestFacts:
    """One request. Raises Forbidden, NotFound."""
    for found in requests(session, actor):
        if found.public_id == public_id:
            return found
    raise NotFound


def count_open(actor: Actor) -> Count:
    """How many requests wait for those who keep the registers."""
    if not may(actor, Permission.REGISTER_KEEP):
        return None
    return select(func.count(PersonRequest.id)).where(PersonRequest.answer.is_(None))


def remind(session: Session, *, now: datetime) -> int:
    """Tell those who answer about requests whose day is near; returns how many were told of."""
    today = local(now).date()
    told = 0
    for row in session.scalars(select(PersonRequest).where(PersonRequest.answer.is_(None))):
        left = (row.due_on - today).days
        owed = sum(left <= days for days in REMINDERS)
        if row.reminders < owed:
            row.reminders = owed
            jobs.enqueue(session, "governance.remind", {"request": row.id}, now=now)
            told += 1
    return told


def _keep(session: Session, actor: Actor, row: PersonRequest, *, now: datetime) -> None:
    session.add(row)
    session.flush()
    facts = {"kind": str(row.kind), "due_on": row.due_on.isoformat()}
    audit.record(session, actor, "request.received", "person_request", row.id, now=now, facts=facts)
    jobs.enqueue(session, "governance.remind", {"request": row.id}, now=now)


def _facts(session: Session, rows: Iterable[PersonRequest]) -> list[RequestFacts]:
    rows = list(rows)
    people = accounts.people(
        session, frozenset(row.person_id for row in rows if row.person_id is not None)
    )
    found = []
    for row in rows:
        person = people.get(row.person_id or 0)
        found.append(
            RequestFacts(
                row.public_id,
                row.person_id,
                person.name if person else row.reference,
                person.email if person else "",
                RequestKind(row.kind),
                row.words,
                Field(row.field) if row.field else None,
                row.value,
                row.received_at,
                row.due_on,
                Identity(row.identity) if row.identity else None,
                Answer(row.answer) if row.answer else None,
                row.answer_words,
                row.provision,
                row.answered_at,
            )
        )
    return found
