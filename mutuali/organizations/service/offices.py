"""Who answers for personal information at the operator: naming, ending, looking."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations.models import OfficeHolder
from mutuali.organizations.rules import Office, OfficeDraft, office_objections


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Somebody who answers, or answered; without a delegation it is the highest authority."""

    id: int
    office: Office
    name: str
    title: str
    contact: str
    delegated_on: date | None
    delegation: str
    competence: str
    is_external: bool
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offices:
    """Who answers now; with nobody named in charge, the highest authority is by law (s. 3.1)."""

    person_in_charge: OfficeFacts | None
    substitute: OfficeFacts | None
    qualified_person: OfficeFacts | None


def offices(session: Session) -> Offices:
    """Who answers now."""
    rows = session.scalars(select(OfficeHolder).where(OfficeHolder.ended_at.is_(None)))
    held = {row.office: _facts(row) for row in rows}
    return Offices(*(held.get(office.value) for office in Office))


def past_offices(session: Session) -> list[OfficeFacts]:
    """Who answered before, latest first."""
    rows = session.scalars(
        select(OfficeHolder)
        .where(OfficeHolder.ended_at.is_not(None))
        .order_by(OfficeHolder.ended_at.desc(), OfficeHolder.id.desc())
    )
    return [_facts(row) for row in rows]


def name_officer(session: Session, actor: Actor, draft: OfficeDraft, *, now: datetime) -> int:
    """Name somebody; whoever held the office before is kept in its history.

    Raises:
        Forbidden: the actor may not.
        Refused: a delegation without date or reference, a qualified person without competence.
    """
    require(actor, Permission.OFFICE_NAME)
    objections = office_objections(draft, local(now).date())
    if objections:
        raise Refused.because(objections)
    before = _current(session, draft.office)
    if before is not None:
        before.ended_at = now
        session.flush()
    row = OfficeHolder(
        office=draft.office,
        name=draft.name,
        title=draft.title,
        contact=draft.contact,
        delegated_on=draft.delegated_on,
        delegation=draft.delegation,
        competence=draft.competence if draft.office is Office.QUALIFIED_PERSON else "",
        is_external=draft.is_external,
        since=now,
    )
    session.add(row)
    session.flush()
    facts = {"office": draft.office.value, "delegated": draft.delegated_on is not None}
    audit.record(session, actor, "office.named", "office_holder", row.id, now=now, facts=facts)
    return row.id


def end_office(session: Session, actor: Actor, office: Office, *, now: datetime) -> None:
    """Leave an office empty; the highest authority is in charge again at once.

    Raises:
        Forbidden: the actor may not.
        Conflict: nobody holds it.
    """
    require(actor, Permission.OFFICE_NAME)
    row = _current(session, office)
    if row is None:
        raise Conflict("office.vacant")
    row.ended_at = now
    facts = {"office": office.value}
    audit.record(session, actor, "office.ended", "office_holder", row.id, now=now, facts=facts)


def _current(session: Session, office: Office) -> OfficeHolder | None:
    return session.scalars(
        select(OfficeHolder)
        .where(OfficeHolder.office == office, OfficeHolder.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()


def _facts(row: OfficeHolder) -> OfficeFacts:
    return OfficeFacts(
        row.id,
        Office(row.office),
        row.name,
        row.title,
        row.contact,
        row.delegated_on,
        row.delegation,
        row.competence,
        row.is_external,
        row.since,
        row.ended_at,
    )
