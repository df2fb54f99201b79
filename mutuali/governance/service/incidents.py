"""Incidents: noting what is known, concluding, telling the Commission and the persons."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.governance.models import Incident
from mutuali.governance.rules import (
    IncidentDraft,
    Level,
    Notices,
    incident_objections,
    keep_until,
    notice_objections,
)


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A line of the register of incidents."""

    public_id: str
    number: str
    draft: IncidentDraft
    notices: Notices
    created_at: datetime
    keep_until: date

    @property
    def owes(self) -> tuple[str, ...]:
        """Whom the law says to tell and who was not told yet (s. 3.5)."""
        if not self.draft.serious:
            return ()
        told = self.notices
        return tuple(
            whom
            for whom, done in (
                ("commission", told.commission_on is not None),
                ("persons", told.persons_on is not None or told.public_notice),
            )
            if not done
        )


def record_incident(
    session: Session, actor: Actor, draft: IncidentDraft, *, public_id: str, now: datetime
) -> None:
    """Note an incident; no value of anybody's goes into it, nor into the log.

    Raises:
        Forbidden: the actor keeps no registers.
        Refused: one of the eight parts is missing.
    """
    require(actor, Permission.REGISTER_KEEP)
    _check(draft, now)
    row = Incident(
        public_id=public_id,
        **_columns(draft),
        created_at=now,
        keep_until=keep_until(draft.aware_on),
    )
    session.add(row)
    session.flush()
    _audit(session, actor, row, "incident.recorded", now=now)


def revise_incident(
    session: Session, actor: Actor, public_id: str, draft: IncidentDraft, *, now: datetime
) -> None:
    """Say what is known by now; the day of awareness stays, so that the clock does.

    Raises:
        Forbidden, NotFound, Refused.
    """
    row = _row(session, actor, public_id)
    _check(draft, now)
    for name, value in _columns(draft).items():
        if name != "aware_on":
            setattr(row, name, value)
    row.version += 1
    _audit(session, actor, row, "incident.revised", now=now)


def record_notices(
    session: Session, actor: Actor, public_id: str, notices: Notices, *, now: datetime
) -> None:
    """Note when the Commission and the persons were told.

    Raises:
        Forbidden, NotFound; Refused: a date that cannot be, a public notice without its reason.
    """
    row = _row(session, actor, public_id)
    objections = notice_objections(notices, row.aware_on, local(now).date())
    if objections:
        raise Refused.because(objections)
    for name, value in asdict(notices).items():
        setattr(row, name, value)
    row.version += 1
    _audit(session, actor, row, "incident.told", now=now)


def incidents(session: Session, actor: Actor) -> list[IncidentFacts]:
    """The register, latest awareness first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    rows = session.scalars(select(Incident).order_by(Incident.aware_on.desc(), Incident.id.desc()))
    return [_facts(row) for row in rows]


def incident(session: Session, actor: Actor, public_id: str) -> IncidentFacts:
    """One incident. Raises Forbidden, NotFound."""
    return _facts(_row(session, actor, public_id, to_write=False))


def _row(session: Session, actor: Actor, public_id: str, *, to_write: bool = True) -> Incident:
    require(actor, Permission.REGISTER_KEEP)
    found = select(Incident).where(Incident.public_id == public_id)
    row = session.scalars(found.with_for_update() if to_write else found).one_or_none()
    if row is None:
        raise NotFound
    return row


def _check(draft: IncidentDraft, now: datetime) -> None:
    objections = incident_objections(draft, local(now).date())
    if objections:
        raise Refused.because(objections)


def _columns(draft: IncidentDraft) -> dict[str, object]:
    return {each.name: getattr(draft, each.name) for each in fields(draft)}


def _audit(session: Session, actor: Actor, row: Incident, name: str, *, now: datetime) -> None:
    session.flush()
    facts = {"serious": row.serious, "version": row.version}
    audit.record(session, actor, name, "incident", row.id, now=now, facts=facts)


def _facts(row: Incident) -> IncidentFacts:
    values = {each.name: getattr(row, each.name) for each in fields(IncidentDraft)}
    for name in ("sensitivity", "consequences", "likelihood"):
        values[name] = Level(values[name])
    return IncidentFacts(
        row.public_id,
        f"I-{row.id}",
        IncidentDraft(**values),
        Notices(row.commission_on, row.persons_on, row.public_notice, row.public_because),
        row.created_at,
        row.keep_until,
    )
