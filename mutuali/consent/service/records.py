"""What every use case of consent reads the same way."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import (
    Answer,
    Purpose,
    Said,
    Standing,
    exact_text,
    is_asked,
    may_receive,
    standing,
)
from mutuali.organizations import service as organizations
from mutuali.organizations.service import OrganizationFacts
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A published notice; ``is_current`` says whether answers under it count."""

    id: int
    public_id: str
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
    """The newest version for each recipient and purpose, whether or not it may still receive."""
    highest = (
        select(Notice.purpose, Notice.recipient_id, func.max(Notice.version).label("version"))
        .group_by(Notice.purpose, Notice.recipient_id)
        .subquery()
    )
    rows = session.scalars(
        select(Notice).join(
            highest,
            (Notice.purpose == highest.c.purpose)
            & (Notice.recipient_id == highest.c.recipient_id)
            & (Notice.version == highest.c.version),
        )
    )
    order = list(Purpose)
    return sorted(rows, key=lambda row: (row.recipient_id, order.index(Purpose(row.purpose))))


def newest_of(session: Session, purpose: Purpose, recipient_id: int) -> Notice | None:
    """The newest version of one notice, whether or not its recipient may still receive."""
    return session.scalars(
        select(Notice)
        .where(Notice.purpose == purpose, Notice.recipient_id == recipient_id)
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


def yes_in_force(
    session: Session, notice_ids: list[int], now: datetime
) -> dict[int, frozenset[int]]:
    """Notice id -> the organizations whose latest answer until ``now`` is a yes in force."""
    latest = (
        select(func.max(ConsentEvent.id))
        .where(ConsentEvent.notice_id.in_(notice_ids), ConsentEvent.at <= now)
        .group_by(ConsentEvent.notice_id, ConsentEvent.organization_id)
    )
    rows = session.scalars(select(ConsentEvent).where(ConsentEvent.id.in_(latest))).all()
    found = organizations.organizations(session, frozenset(row.organization_id for row in rows))
    yes: dict[int, set[int]] = {id_: set() for id_ in notice_ids}
    for row in rows:
        who = found[row.organization_id]
        in_force = standing(row.notice_id, said_in(row), now) is Standing.GIVEN
        if in_force and is_asked(who.kind, who.state):
            yes[row.notice_id].add(row.organization_id)
    return {id_: frozenset(ids) for id_, ids in yes.items()}


def last_said(session: Session, organization_id: int) -> dict[int, Said]:
    """Notice id -> what the organization last said under it, of whatever version."""
    return last_said_by(session, {organization_id})[organization_id]


def last_said_by(session: Session, organization_ids: Set[int]) -> dict[int, dict[int, Said]]:
    """:func:`last_said` of each organization."""
    said: dict[int, dict[int, Said]] = {id_: {} for id_ in organization_ids}
    rows = session.scalars(
        select(ConsentEvent)
        .where(is_one_of(ConsentEvent.organization_id, organization_ids))
        .order_by(ConsentEvent.id)
    )
    for row in rows:
        said[row.organization_id][row.notice_id] = said_in(row)
    return said


def said_in(row: ConsentEvent) -> Said:
    """The answer that an event holds."""
    return Said(row.notice_id, Answer(row.answer), row.at, row.until)


def organization_or_none(session: Session, organization_id: int) -> OrganizationFacts | None:
    """The organization, if there is one."""
    return organizations.organizations(session, frozenset({organization_id})).get(organization_id)


def receives(found: OrganizationFacts | None) -> bool:
    """Whether this may be the recipient of a notice."""
    return found is not None and may_receive(found.kind, found.state)
