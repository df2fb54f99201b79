"""What every use case of consent reads the same way."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import (
    Event,
    Purpose,
    Said,
    Standing,
    Subject,
    exact_text,
    is_asked,
    may_receive,
    standing,
)
from mutuali.counts import When
from mutuali.organizations import service as organizations
from mutuali.organizations.service import OrganizationFacts
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A published notice; ``is_current`` says whether answers under it count."""

    id: int
    public_id: str
    subject: Subject
    purpose: Purpose
    recipient_id: int
    recipient_name: str
    version: int
    text_fr: str
    text_en: str
    hash: str
    lasts_months: int
    published_at: datetime
    is_current: bool

    @property
    def exact_text(self) -> str:
        """Both languages as one text: the bytes that the hash covers."""
        return exact_text(self.text_fr, self.text_en)


def newest(session: Session) -> list[Notice]:
    """The newest version for each subject, recipient and purpose; who receives may have left."""
    kind = (Notice.subject, Notice.purpose, Notice.recipient_id)
    highest = select(*kind, func.max(Notice.version).label("version")).group_by(*kind).subquery()
    rows = session.scalars(
        select(Notice).join(
            highest,
            (Notice.subject == highest.c.subject)
            & (Notice.purpose == highest.c.purpose)
            & (Notice.recipient_id == highest.c.recipient_id)
            & (Notice.version == highest.c.version),
        )
    )
    purposes, subjects = list(Purpose), list(Subject)
    return sorted(
        rows,
        key=lambda row: (
            row.recipient_id,
            purposes.index(Purpose(row.purpose)),
            subjects.index(Subject(row.subject)),
        ),
    )


def unsettled(subject: Subject, ids: Set[int], now: When) -> Select[int]:
    """How many pairs of a newest notice and one of ``ids`` have no answer in force: at least as
    many as wait for one, since some of them may not be asked, or by a recipient who left."""
    return unsettled_of(subject, is_one_of(id_column(subject), ids), len(ids), now)


def unsettled_of(
    subject: Subject, theirs: ColumnElement[bool], how_many: int, now: When
) -> Select[int]:
    """:func:`unsettled` for ``how_many`` subjects whose events are ``theirs``."""
    column, later, newer = id_column(subject), aliased(ConsentEvent), aliased(Notice)
    is_newest = ~exists().where(
        newer.subject == Notice.subject,
        newer.purpose == Notice.purpose,
        newer.recipient_id == Notice.recipient_id,
        newer.version > Notice.version,
    )
    asked = select(func.count(Notice.id)).where(Notice.subject == subject, is_newest)
    settled = (
        select(func.count(ConsentEvent.id))
        .join(Notice, Notice.id == ConsentEvent.notice_id)
        .where(
            theirs,
            is_newest,
            ConsentEvent.event.not_in((Event.ASKED, Event.RE_ASKED)),
            or_(ConsentEvent.until.is_(None), ConsentEvent.until > now),
            ~exists().where(
                later.notice_id == ConsentEvent.notice_id,
                getattr(later, column.key) == column,
                later.id > ConsentEvent.id,
            ),
        )
    )
    return select(how_many * asked.scalar_subquery() - settled.scalar_subquery())


def newest_of(
    session: Session, subject: Subject, purpose: Purpose, recipient_id: int
) -> Notice | None:
    """The newest version of one notice, whether or not its recipient may still receive."""
    return session.scalars(
        select(Notice)
        .where(
            Notice.subject == subject,
            Notice.purpose == purpose,
            Notice.recipient_id == recipient_id,
        )
        .order_by(Notice.version.desc())
        .limit(1)
    ).one_or_none()


def facts_of(session: Session, rows: Iterable[Notice]) -> list[NoticeFacts]:
    """The facts of each notice."""
    rows = list(rows)
    named = organizations.organizations(session, frozenset(row.recipient_id for row in rows))
    newest_ids = {row.id for row in newest(session)}
    return [
        NoticeFacts(
            id=row.id,
            public_id=row.public_id,
            subject=Subject(row.subject),
            purpose=Purpose(row.purpose),
            recipient_id=row.recipient_id,
            recipient_name=named[row.recipient_id].name,
            version=row.version,
            text_fr=row.text_fr,
            text_en=row.text_en,
            hash=row.hash,
            lasts_months=row.lasts_months,
            published_at=row.published_at,
            is_current=row.id in newest_ids and receives(named[row.recipient_id]),
        )
        for row in rows
    ]


def id_column(subject: Subject) -> InstrumentedAttribute[int | None]:
    """The column that says whom of this kind an event is about."""
    if subject is Subject.ORGANIZATION:
        return ConsentEvent.organization_id
    return ConsentEvent.person_id


def yes_in_force(
    session: Session, subject: Subject, notice_ids: list[int], now: datetime
) -> dict[int, frozenset[int]]:
    """Notice id -> the subjects whose latest event until ``now`` is a yes in force.

    Without the organizations that are none of those asked any more, or no longer take part.
    """
    column = id_column(subject)
    latest = (
        select(func.max(ConsentEvent.id))
        .where(ConsentEvent.notice_id.in_(notice_ids), column.is_not(None), ConsentEvent.at <= now)
        .group_by(ConsentEvent.notice_id, column)
    )
    rows = session.execute(
        select(column, ConsentEvent.notice_id, ConsentEvent.at, ConsentEvent.until).where(
            ConsentEvent.id.in_(latest), ConsentEvent.event == Event.GIVEN
        )
    ).all()
    given = [
        (id_, notice_id)
        for id_, notice_id, at, until in rows
        if id_ is not None
        and standing(notice_id, Said(notice_id, Event.GIVEN, at, until), now) is Standing.GIVEN
    ]
    if subject is Subject.ORGANIZATION:
        found = organizations.organizations(session, frozenset(id_ for id_, _ in given))
        takes_part = organizations.participating(session, frozenset(found), now=now)
        given = [
            (id_, notice_id)
            for id_, notice_id in given
            if is_asked(found[id_].kind, found[id_].state) and id_ in takes_part
        ]
    yes: dict[int, set[int]] = {id_: set() for id_ in notice_ids}
    for id_, notice_id in given:
        yes[notice_id].add(id_)
    return {id_: frozenset(ids) for id_, ids in yes.items()}


def last_said(session: Session, subject: Subject, id_: int) -> dict[int, Said]:
    """Notice id -> the latest event between it and one subject, of whatever version."""
    return last_said_by(session, subject, {id_})[id_]


def last_said_by(session: Session, subject: Subject, ids: Set[int]) -> dict[int, dict[int, Said]]:
    """:func:`last_said` of each of ``ids``."""
    column = id_column(subject)
    said: dict[int, dict[int, Said]] = {id_: {} for id_ in ids}
    rows = session.execute(
        select(column, ConsentEvent).where(is_one_of(column, ids)).order_by(ConsentEvent.id)
    )
    for id_, row in rows:
        if id_ is not None:
            said[id_][row.notice_id] = said_in(row)
    return said


def said_in(row: ConsentEvent) -> Said:
    """What an event holds."""
    return Said(row.notice_id, Event(row.event), row.at, row.until)


def organization_or_none(session: Session, organization_id: int) -> OrganizationFacts | None:
    """The organization, if there is one."""
    return organizations.organizations(session, frozenset({organization_id})).get(organization_id)


def receives(found: OrganizationFacts | None) -> bool:
    """Whether this may be the recipient of a notice."""
    return found is not None and may_receive(found.kind, found.state)
