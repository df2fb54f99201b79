"""What every use case of agreements reads and writes the same way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import Agreement, AgreementAcceptance, AgreementAnalyst
from mutuali.agreements.rules import (
    AgreementDraft,
    AgreementState,
    Dataset,
    Instrument,
    Liability,
    OnWithdrawal,
    ReleaseSettings,
    Restriction,
    Side,
    Terms,
    Warranty,
)
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.errors import NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may, reach_of
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations

Coded = TypeVar("Coded", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One side's yes to the text with this hash."""

    side: Side
    person_id: int
    person_name: str
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An agreement as other features and doors see it; texts and hash are empty in a draft."""

    id: int
    public_id: str
    number: str
    operator_id: int
    operator_name: str
    partner_id: int
    partner_name: str
    state: AgreementState
    purposes: tuple[Purpose, ...]
    datasets: tuple[Dataset, ...]
    analysts: tuple[int, ...]
    intended_use: str
    restrictions: tuple[Restriction, ...]
    liability: Liability
    warranties: tuple[Warranty, ...]
    instrument: Instrument
    outside_quebec: bool
    cai_sent_on: date | None
    settings: ReleaseSettings
    starts_at: datetime
    ends_at: datetime
    text_fr: str
    text_en: str
    hash: str
    acceptances: tuple[Acceptance, ...]
    created_at: datetime
    proposed_at: datetime | None
    in_force_at: datetime | None
    ended_at: datetime | None
    ended_side: Side | None
    version: int

    @property
    def k(self) -> int:
        """Behind every figure at least so many contributors on each side."""
        return self.settings.k

    @property
    def is_internal(self) -> bool:
        """Whether it is about the operator's own use."""
        return self.partner_id == self.operator_id

    def accepted_by(self, side: Side) -> Acceptance | None:
        """The yes of ``side``, if it was given to the text as it stands."""
        return next((each for each in self.acceptances if each.side is side), None)


def joined(terms: Iterable[StrEnum]) -> str:
    """Coded terms as their column holds them."""
    return ",".join(term.value for term in terms)


def split(kind: type[Coded], column: str) -> tuple[Coded, ...]:
    """The coded terms that a column holds."""
    return tuple(kind(value) for value in column.split(",") if value)


def settings_of(row: Agreement) -> ReleaseSettings:
    """The settings of a release that the columns of an agreement hold."""
    values = {each.name: getattr(row, each.name) for each in fields(ReleaseSettings)}
    return ReleaseSettings(**values | {"on_withdrawal": OnWithdrawal(row.on_withdrawal)})


def number_of(row: Agreement) -> str:
    """What people call it: the year it was written and its id."""
    return f"E-{local(row.created_at).year}-{row.id:02d}"


def may_know(actor: Actor) -> ColumnElement[bool] | None:
    """Which agreements ``actor`` may know of; None means all.

    Stewards know all. Managers of the partner, and the analysts it names, know an agreement once
    it has been proposed.
    """
    reach = reach_of(actor, Permission.AGREEMENT_READ)
    if reach is None:
        return None
    known: list[ColumnElement[bool]] = [Agreement.partner_id.in_(reach)]
    if may(actor, Permission.EXPORT_REQUEST):
        named = select(AgreementAnalyst.agreement_id).where(
            AgreementAnalyst.person_id == actor.person_id
        )
        known.append(Agreement.id.in_(named))
    return Agreement.proposed_at.is_not(None) & or_(*known)


def get_known(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Agreement:
    """The agreement, if the actor may know that it exists; else NotFound."""
    query = select(Agreement).where(Agreement.public_id == public_id)
    condition = may_know(actor)
    if condition is not None:
        query = query.where(condition)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def analyst_ids(session: Session, agreement_id: int) -> tuple[int, ...]:
    """The people whom an agreement names, in the order they came to the network."""
    return tuple(
        session.scalars(
            select(AgreementAnalyst.person_id)
            .where(AgreementAnalyst.agreement_id == agreement_id)
            .order_by(AgreementAnalyst.person_id)
        )
    )


def terms_of(session: Session, row: Agreement) -> Terms:
    """The values that the text of the agreement says."""
    ids = analyst_ids(session, row.id)
    people = accounts.people(session, frozenset(ids))
    names = organizations.organizations(session, frozenset({row.operator_id, row.partner_id}))
    return Terms(
        number=number_of(row),
        operator_name=names[row.operator_id].name,
        partner_name=names[row.partner_id].name,
        is_internal=row.operator_id == row.partner_id,
        purposes=split(Purpose, row.purposes),
        datasets=split(Dataset, row.datasets),
        analysts=tuple(f"{people[id_].name} ({people[id_].email})" for id_ in ids),
        intended_use=row.intended_use,
        restrictions=split(Restriction, row.restrictions),
        liability=Liability(row.liability),
        warranties=split(Warranty, row.warranties),
        settings=settings_of(row),
        starts_on=local(row.starts_at).date(),
        ends_on=(local(row.ends_at) - timedelta(days=1)).date(),
    )


def stored_draft(session: Session, row: Agreement) -> AgreementDraft:
    """The stored terms as somebody would fill them in."""
    terms = terms_of(session, row)
    people = accounts.people(session, frozenset(analyst_ids(session, row.id)))
    return AgreementDraft(
        purposes=terms.purposes,
        datasets=terms.datasets,
        analysts=tuple(person.email for person in people.values()),
        intended_use=terms.intended_use,
        restrictions=terms.restrictions,
        liability=terms.liability,
        warranties=terms.warranties,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        instrument=Instrument(row.instrument),
        outside_quebec=row.outside_quebec,
        settings=terms.settings,
    )


def leave_trace(
    session: Session, actor: Actor, row: Agreement, deed: str, *, now: datetime, **facts: Any
) -> None:
    """The event of a deed, with the hash of the text it was about."""
    kept = {"state": row.state, "hash": row.hash, **facts}
    audit.record(session, actor, f"agreement.{deed}", "agreement", row.id, now=now, facts=kept)


def tell(
    session: Session, row: Agreement, what: str, *, now: datetime, by: Side | None = None
) -> None:
    """The job that tells those concerned."""
    arguments = {"agreement": row.id, "what": what, "by": by.value if by else ""}
    jobs.enqueue(session, "agreements.tell", arguments, now=now)


def facts_of(session: Session, rows: Sequence[Agreement]) -> list[AgreementFacts]:
    """The facts of each row, with the names around them, in a few queries for all."""
    ids = [row.id for row in rows]
    named: dict[int, list[int]] = {}
    for id_, person_id in session.execute(
        select(AgreementAnalyst.agreement_id, AgreementAnalyst.person_id)
        .where(AgreementAnalyst.agreement_id.in_(ids))
        .order_by(AgreementAnalyst.person_id)
    ):
        named.setdefault(id_, []).append(person_id)
    signed = session.scalars(
        select(AgreementAcceptance)
        .where(AgreementAcceptance.agreement_id.in_(ids))
        .order_by(AgreementAcceptance.at)
    ).all()
    people = accounts.people(session, frozenset(each.person_id for each in signed))
    accepted: dict[int, list[Acceptance]] = {}
    for each in signed:
        name = people[each.person_id].name
        accepted.setdefault(each.agreement_id, []).append(
            Acceptance(Side(each.side), each.person_id, name, each.hash, each.at)
        )
    names = {
        id_: found.name
        for id_, found in organizations.organizations(
            session, frozenset(id_ for row in rows for id_ in (row.operator_id, row.partner_id))
        ).items()
    }
    return [
        _facts(row, names, tuple(named.get(row.id, ())), tuple(accepted.get(row.id, ())))
        for row in rows
    ]


def _facts(
    row: Agreement,
    names: Mapping[int, str],
    analysts: tuple[int, ...],
    acceptances: tuple[Acceptance, ...],
) -> AgreementFacts:
    return AgreementFacts(
        id=row.id,
        public_id=row.public_id,
        number=number_of(row),
        operator_id=row.operator_id,
        operator_name=names[row.operator_id],
        partner_id=row.partner_id,
        partner_name=names[row.partner_id],
        state=AgreementState(row.state),
        purposes=split(Purpose, row.purposes),
        datasets=split(Dataset, row.datasets),
        analysts=analysts,
        intended_use=row.intended_use,
        restrictions=split(Restriction, row.restrictions),
        liability=Liability(row.liability),
        warranties=split(Warranty, row.warranties),
        instrument=Instrument(row.instrument),
        outside_quebec=row.outside_quebec,
        cai_sent_on=row.cai_sent_on,
        settings=settings_of(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        text_fr=row.text_fr,
        text_en=row.text_en,
        hash=row.hash,
        acceptances=acceptances,
        created_at=row.created_at,
        proposed_at=row.proposed_at,
        in_force_at=row.in_force_at,
        ended_at=row.ended_at,
        ended_side=Side(row.ended_side) if row.ended_side else None,
        version=row.version,
    )
