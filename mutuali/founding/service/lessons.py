"""Use cases of lessons learned."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.founding.models import LessonRow
from mutuali.founding.rules import (
    MOST_LESSONS,
    WORDS,
    Lesson,
    LessonDraft,
    as_plain,
    folded_names,
    lesson_objections,
    named_in,
    naming_objections,
)
from mutuali.organizations import service as organizations


def lessons(session: Session, own_name: str) -> list[Lesson]:
    """Every lesson, oldest first; those of this network under ``own_name``."""
    rows = session.scalars(select(LessonRow).order_by(LessonRow.written_on, LessonRow.public_id))
    return [_facts(row, own_name) for row in rows]


def shown_lessons(session: Session, own_name: str) -> list[Lesson]:
    """Those that leave: a lesson that has come to name somebody stays here."""
    names = names_here(session, own_name)
    return [
        each
        for each in lessons(session, own_name)
        if not named_in(" · ".join(as_plain(each).values()), names)
    ]


def own_ids(session: Session) -> frozenset[str]:
    """The ids of the lessons that this network wrote itself."""
    return frozenset(session.scalars(select(LessonRow.public_id).where(LessonRow.origin == "")))


def lesson(session: Session, actor: Actor, public_id: str) -> LessonDraft:
    """One of our own, to change it. Raises Forbidden, NotFound."""
    require(actor, Permission.NETWORK_SHARE)
    return _facts(_own(session, public_id), "").draft


def write_lesson(
    session: Session, actor: Actor, draft: LessonDraft, *, public_id: str, now: datetime
) -> None:
    """Keep a lesson of our own.

    Raises:
        Forbidden: the actor may not.
        Refused: something is missing, it names somebody, or there are a hundred already.
    """
    require(actor, Permission.NETWORK_SHARE)
    _check(session, draft)
    check_room(session, 1)
    row = add_row(session, Lesson(public_id, "", local(now).date(), draft))
    audit.record(session, actor, "lesson.written", "lesson", row.id, now=now)


def change_lesson(
    session: Session, actor: Actor, public_id: str, draft: LessonDraft, *, now: datetime
) -> None:
    """Say a lesson of our own otherwise. Raises Forbidden, NotFound, Refused."""
    require(actor, Permission.NETWORK_SHARE)
    row = _own(session, public_id)
    _check(session, draft)
    for name in WORDS:
        setattr(row, name, getattr(draft, name))
    audit.record(session, actor, "lesson.changed", "lesson", row.id, now=now)


def remove_lesson(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Take a lesson away, our own or another's; kits that are out keep it.

    Raises:
        Forbidden: the actor may not.
        NotFound: there is none.
    """
    require(actor, Permission.NETWORK_SHARE)
    row = _row(session, public_id)
    session.delete(row)
    audit.record(session, actor, "lesson.removed", "lesson", row.id, now=now)


def names_here(session: Session, own_name: str = "") -> Mapping[str, str]:
    """Everybody of this network by name: people, organizations, who holds an office. Not the
    operator, which signs what is handed on, nor the network's own name."""
    operator = organizations.operator_id(session)
    held = organizations.offices(session)
    names = [
        *accounts.every_name(session),
        *(name for id_, name in organizations.every_name(session).items() if id_ != operator),
        *(
            each.name
            for each in (held.person_in_charge, held.substitute, held.qualified_person)
            if each is not None
        ),
    ]
    ours = folded_names([own_name])
    return {key: name for key, name in folded_names(names).items() if key not in ours}


def check_room(session: Session, more: int) -> None:
    """A kit holds a hundred lessons at most. Raises Refused."""
    count = session.scalar(select(func.count(LessonRow.id))) or 0
    if count + more > MOST_LESSONS:
        raise Refused(Reason("lesson.too_many", {"most": MOST_LESSONS}))


def add_row(session: Session, found: Lesson) -> LessonRow:
    """Write a lesson; an empty origin is this network."""
    row = LessonRow(
        public_id=found.id,
        origin=found.origin,
        written_on=found.written_on,
        **{name: getattr(found.draft, name) for name in WORDS},
    )
    session.add(row)
    session.flush()
    return row


def _check(session: Session, draft: LessonDraft) -> None:
    objections = (*lesson_objections(draft), *naming_objections(draft, names_here(session)))
    if objections:
        raise Refused.because(objections)


def _own(session: Session, public_id: str) -> LessonRow:
    row = _row(session, public_id)
    if row.origin:
        raise NotFound
    return row


def _row(session: Session, public_id: str) -> LessonRow:
    row = session.scalars(select(LessonRow).where(LessonRow.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _facts(row: LessonRow, own_name: str) -> Lesson:
    draft = LessonDraft(**{name: getattr(row, name) for name in WORDS})
    return Lesson(row.public_id, row.origin or own_name, row.written_on, draft)
