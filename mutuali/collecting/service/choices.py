"""Asking less, with a certificate of what was removed; asking again, with three answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, func, select, text, update
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.collecting.models import CollectionChoice
from mutuali.collecting.rules import (
    ASKED,
    RUNNING,
    Answers,
    Asked,
    Owner,
    Place,
    Question,
    objections,
    readers,
    wrong_answers,
)
from mutuali.collecting.service.dropped import uncollected
from mutuali.core.canonical import canonical
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, require
from mutuali.inventory.rules import Keep, Seen, Why, entry
from mutuali.jobs import service as jobs
from mutuali.storage import Base


@dataclass(frozen=True, slots=True)
class Signed:
    """Which key signed, and the signature in base64."""

    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """A decision; a certificate comes with its signature over its canonical JSON."""

    public_id: str
    question: Question
    collects: bool
    at: datetime
    answers: Answers | None
    certificate: dict[str, Any] | None
    signature: Signed | None


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """An optional question: whether it is asked, and what the inventory says of its answers."""

    question: Question
    is_asked: bool
    why: Why
    keeps: tuple[Keep, ...]
    seen: tuple[Seen, ...]
    datasets: tuple[Dataset, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """How many answers one column holds, of how many rows, given by how many."""

    table: str
    column: str
    rows: int
    filled: int
    owner: Owner
    owners: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What dropping a question would do now, and why it cannot be done, if so."""

    columns: tuple[Whose, ...]
    objections: tuple[Reason, ...]

    @property
    def filled(self) -> int:
        """How many answers would be lost."""
        return sum(each.filled for each in self.columns)


def questions(session: Session, actor: Actor) -> list[QuestionFacts]:
    """Every optional question. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    dropped = uncollected(session)
    return [_question(each, each not in dropped) for each in ASKED]


def question_facts(session: Session, actor: Actor, question: Question) -> QuestionFacts:
    """One optional question. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    return _question(question, question not in uncollected(session))


def effect_of(session: Session, actor: Actor, question: Question) -> Effect:
    """What dropping a question would do now; changes nothing. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    asked = ASKED[question]
    counted = tuple(_count(session, asked, place) for place in asked.places)
    running = sum(_running(session, asked, place) for place in asked.places)
    return Effect(counted, tuple(objections(readers(question), running)))


def ask_less(
    session: Session,
    actor: Actor,
    question: Question,
    *,
    sign: Callable[[bytes], Signed],
    public_id: str,
    now: datetime,
) -> ChoiceFacts:
    """Remove every answer to a question, certify it, and store none from now on.

    Writers of these tables wait until it is done: one that began before would store an answer
    after. What went out before, and copies of the database, keep theirs until their own end.

    Raises:
        Forbidden: the actor keeps no registers.
        Refused: a dataset is made of it, or loans that are under way hold answers; the software
            itself, which does it again after a restore, is not refused.
        Conflict: it is not asked any more.
    """
    require(actor, Permission.REGISTER_KEEP)
    asked = ASKED[question]
    if session.get_bind().dialect.name == "postgresql":
        tables = ", ".join(each.table for each in asked.places)
        session.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
    if question in uncollected(session):
        raise Conflict("collecting.asked_no_more")
    effect = effect_of(session, actor, question)
    # After a restore these answers were removed once already: no loan counts on them any more.
    if effect.objections and not actor.is_system:
        raise Refused.because(effect.objections)
    for place in asked.places:
        table = _table(place)
        empties = update(table).where(_says(table, asked, place))
        session.execute(empties.values({place.column: asked.nothing}))
    session.expire_all()
    certificate = {
        "schema": "mutuali/collect-less-certificate/1",
        "id": public_id,
        "question": question.value,
        "removed": [
            {"table": each.table, "column": each.column, "values": each.filled, "rows": each.rows}
            for each in effect.columns
        ],
        "at": now.isoformat(),
        "by": "person" if actor.person_id is not None else "job",
    }
    signed = sign(canonical(certificate))
    row = CollectionChoice(
        public_id=public_id,
        question=question,
        collects=False,
        at=now,
        person_id=actor.person_id,
        certificate=certificate,
        key_id=signed.key_id,
        signature=signed.value,
    )
    return _decided(session, actor, row, {"values": effect.filled}, now)


def ask_again(
    session: Session,
    actor: Actor,
    question: Question,
    answers: Answers,
    *,
    public_id: str,
    now: datetime,
) -> ChoiceFacts:
    """Ask a question again, from now on; what was removed does not come back.

    Raises:
        Forbidden: the actor keeps no registers.
        Refused: the answers say otherwise than what this software does.
        Conflict: it is asked already.
    """
    require(actor, Permission.REGISTER_KEEP)
    if question not in uncollected(session):
        raise Conflict("collecting.asked_already")
    if wrong := tuple(wrong_answers(ASKED[question], answers)):
        raise Refused.because(wrong)
    row = CollectionChoice(
        public_id=public_id,
        question=question,
        collects=True,
        at=now,
        person_id=actor.person_id,
        purpose=answers.purpose,
        keep=answers.keep,
        seen_by=answers.seen,
    )
    return _decided(session, actor, row, {}, now)


def choices(session: Session, actor: Actor) -> list[ChoiceFacts]:
    """Every decision, latest first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    rows = session.scalars(select(CollectionChoice).order_by(CollectionChoice.id.desc()))
    return [_facts(row) for row in rows]


def choice(session: Session, actor: Actor, public_id: str) -> ChoiceFacts:
    """One decision. Raises Forbidden, NotFound."""
    require(actor, Permission.REGISTER_KEEP)
    row = session.scalars(
        select(CollectionChoice).where(CollectionChoice.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _facts(row)


def _decided(
    session: Session, actor: Actor, row: CollectionChoice, counts: dict[str, int], now: datetime
) -> ChoiceFacts:
    session.add(row)
    session.flush()
    deed = "collecting.again" if row.collects else "collecting.less"
    facts = {"question": str(row.question), **counts}
    audit.record(session, actor, deed, "collection_choice", row.id, now=now, facts=facts)
    told = {"question": str(row.question), "collects": row.collects, "at": now.isoformat()}
    jobs.enqueue(session, "collecting.note", {"choice": row.public_id, **told}, now=now)
    return _facts(row)


def _question(question: Question, is_asked: bool) -> QuestionFacts:
    asked = ASKED[question]
    first = asked.places[0]
    return QuestionFacts(
        question,
        is_asked,
        entry(first.table, first.column).why,
        tuple(sorted(asked.keeps)),
        tuple(sorted(asked.seen)),
        readers(question),
    )


def _table(place: Place) -> Table:
    return Base.metadata.tables[place.table]


def _says(table: FromClause, asked: Asked, place: Place) -> ColumnElement[bool]:
    """That a row holds an answer."""
    column = table.c[place.column]
    return column.is_not(None) if asked.nothing is None else column != asked.nothing


def _count(session: Session, asked: Asked, place: Place) -> Whose:
    table = _table(place)
    says = _says(table, asked, place)
    by = table.c[place.by]
    rows, filled, owners = session.execute(
        select(
            func.count(),
            func.count().filter(says),
            func.count(by.distinct()).filter(says),
        ).select_from(table)
    ).one()
    return Whose(place.table, place.column, rows, filled, place.owner, owners)


def _running(session: Session, asked: Asked, place: Place) -> int:
    """How many answers loans that are under way count on."""
    if place.loan is None:
        return 0
    table, booking = _table(place), Base.metadata.tables["booking"]
    under_way = select(booking.c.id).where(
        booking.c.state.in_(RUNNING), booking.c.is_history.is_(False)
    )
    of_them = select(func.count()).where(
        _says(table, asked, place), table.c[place.loan].in_(under_way)
    )
    return session.scalar(of_them.select_from(table)) or 0


def _facts(row: CollectionChoice) -> ChoiceFacts:
    answers = (
        Answers(row.purpose, Keep(row.keep), Seen(row.seen_by))
        if row.keep and row.seen_by
        else None
    )
    signature = Signed(row.key_id, row.signature) if row.key_id and row.signature else None
    return ChoiceFacts(
        row.public_id,
        Question(row.question),
        row.collects,
        row.at,
        answers,
        row.certificate,
        signature,
    )
