"""An agreement as other features and doors see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementAnalyst,
    AgreementSuspension,
    AgreementUndertaking,
)
from mutuali.agreements.rules import (
    AgreementState,
    Cause,
    Dataset,
    Instrument,
    Liability,
    Measure,
    Method,
    Promises,
    ReleaseSettings,
    Restriction,
    Side,
    Warranty,
)
from mutuali.agreements.service.records import promises_of, settings_of, split
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.organizations import service as organizations

Of = TypeVar("Of", AgreementAcceptance, AgreementAnalyst, AgreementUndertaking, AgreementSuspension)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One side's yes to the text with this hash; ``revoked_at`` when it was taken back."""

    side: Side
    person_id: int
    person_name: str
    capacity: str
    method: Method
    hash: str
    at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person who gets access; ``signed_at`` is their promise to keep the data confidential."""

    person_id: int
    why: str
    starts_on: date | None
    ends_on: date | None
    signed_at: datetime | None

    def has_access_on(self, day: date) -> bool:
        """Whether they signed, and ``day`` lies within their own dates."""
        return (
            self.signed_at is not None
            and (self.starts_on is None or self.starts_on <= day)
            and (self.ends_on is None or day <= self.ends_on)
        )


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time during which nothing leaves; ``side`` is who asked, None where the law did."""

    id: int
    cause: Cause
    side: Side | None
    reason: str
    at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """An agreement as other features and doors see it; texts and hash are empty in a draft."""

    id: int
    public_id: str
    number: str
    edition: int
    amends_id: int | None
    operator_id: int
    operator_name: str
    partner_id: int
    partner_name: str
    state: AgreementState
    purposes: tuple[Purpose, ...]
    datasets: tuple[Dataset, ...]
    named: tuple[NamedPerson, ...]
    intended_use: str
    benefit: str
    outputs: str
    restrictions: tuple[Restriction, ...]
    liability: Liability
    warranties: tuple[Warranty, ...]
    measures: tuple[Measure, ...]
    instrument: Instrument
    assessment_ref: str
    outside_quebec: bool
    cai_sent_on: date | None
    settings: ReleaseSettings
    promises: Promises
    starts_at: datetime
    ends_at: datetime
    text_fr: str
    text_en: str
    hash: str
    acceptances: tuple[Acceptance, ...]
    suspensions: tuple[Suspension, ...]
    created_at: datetime
    proposed_at: datetime | None
    in_force_at: datetime | None
    ended_at: datetime | None
    ended_side: Side | None
    answered: int
    version: int

    @property
    def k(self) -> int:
        """Behind every figure at least so many contributors on each side."""
        return self.settings.k

    @property
    def is_internal(self) -> bool:
        """Whether it is about the operator's own use."""
        return self.partner_id == self.operator_id

    @property
    def analysts(self) -> tuple[int, ...]:
        """The ids of the persons it names."""
        return tuple(each.person_id for each in self.named)

    @property
    def open_suspensions(self) -> tuple[Suspension, ...]:
        """Those that nobody has lifted."""
        return tuple(each for each in self.suspensions if each.lifted_at is None)

    def accepted_by(self, side: Side) -> Acceptance | None:
        """The yes of ``side``, if it was given to the text as it stands."""
        return next((each for each in self.acceptances if each.side is side), None)

    def naming(self, person_id: int | None) -> NamedPerson | None:
        """How it names a person, if it does."""
        return next((each for each in self.named if each.person_id == person_id), None)

    def gives_access(self, person_id: int, now: datetime) -> bool:
        """Whether it names the person for today and they signed; not whether it is in force."""
        named = self.naming(person_id)
        return named is not None and named.has_access_on(local(now).date())


def facts_of(session: Session, rows: Sequence[Agreement]) -> list[AgreementFacts]:
    """The facts of each row, with what is around them, in a few queries for all."""
    ids = [row.id for row in rows]
    signed = _around(session, AgreementUndertaking, ids, AgreementUndertaking.person_id)
    named = _around(session, AgreementAnalyst, ids, AgreementAnalyst.person_id)
    given = _around(session, AgreementAcceptance, ids, AgreementAcceptance.at)
    suspended = _around(session, AgreementSuspension, ids, AgreementSuspension.id)
    people = accounts.people(
        session, frozenset(each.person_id for found in given.values() for each in found)
    )
    names = {
        id_: found.name
        for id_, found in organizations.organizations(
            session, frozenset(id_ for row in rows for id_ in (row.operator_id, row.partner_id))
        ).items()
    }
    return [
        _facts(
            row,
            names,
            named=_named(named.get(row.id, ()), signed.get(row.id, ()), row.hash),
            acceptances=tuple(
                Acceptance(
                    Side(each.side),
                    each.person_id,
                    each.name or people[each.person_id].name,
                    each.capacity,
                    Method(each.method),
                    each.hash,
                    each.at,
                    each.revoked_at,
                )
                for each in given.get(row.id, ())
            ),
            suspensions=tuple(
                Suspension(
                    each.id,
                    Cause(each.cause),
                    Side(each.side) if each.side else None,
                    each.reason,
                    each.at,
                    each.lifted_at,
                )
                for each in suspended.get(row.id, ())
            ),
        )
        for row in rows
    ]


def _around(session: Session, kind: type[Of], ids: list[int], order: Any) -> dict[int, list[Of]]:
    found: dict[int, list[Of]] = {}
    for each in session.scalars(select(kind).where(kind.agreement_id.in_(ids)).order_by(order)):
        found.setdefault(each.agreement_id, []).append(each)
    return found


def _named(
    named: Iterable[AgreementAnalyst], signed: Iterable[AgreementUndertaking], hash_: str
) -> tuple[NamedPerson, ...]:
    at = {each.person_id: each.at for each in signed if each.hash == hash_}
    return tuple(
        NamedPerson(each.person_id, each.why, each.starts_on, each.ends_on, at.get(each.person_id))
        for each in named
    )


def _facts(
    row: Agreement,
    names: Mapping[int, str],
    *,
    named: tuple[NamedPerson, ...],
    acceptances: tuple[Acceptance, ...],
    suspensions: tuple[Suspension, ...],
) -> AgreementFacts:
    return AgreementFacts(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        edition=row.edition,
        amends_id=row.amends_id,
        operator_id=row.operator_id,
        operator_name=names[row.operator_id],
        partner_id=row.partner_id,
        partner_name=names[row.partner_id],
        state=AgreementState(row.state),
        purposes=split(Purpose, row.purposes),
        datasets=split(Dataset, row.datasets),
        named=named,
        intended_use=row.intended_use,
        benefit=row.benefit,
        outputs=row.outputs,
        restrictions=split(Restriction, row.restrictions),
        liability=Liability(row.liability),
        warranties=split(Warranty, row.warranties),
        measures=split(Measure, row.measures),
        instrument=Instrument(row.instrument),
        assessment_ref=row.assessment_ref,
        outside_quebec=row.outside_quebec,
        cai_sent_on=row.cai_sent_on,
        settings=settings_of(row),
        promises=promises_of(row),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        text_fr=row.text_fr,
        text_en=row.text_en,
        hash=row.hash,
        acceptances=acceptances,
        suspensions=suspensions,
        created_at=row.created_at,
        proposed_at=row.proposed_at,
        in_force_at=row.in_force_at,
        ended_at=row.ended_at,
        ended_side=Side(row.ended_side) if row.ended_side else None,
        answered=row.answered,
        version=row.version,
    )
