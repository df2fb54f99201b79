"""What every use case of agreements reads and writes the same way."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import Agreement, AgreementAnalyst, AgreementParty
from mutuali.agreements.rules import (
    AgreementDraft,
    Dataset,
    Instrument,
    Liability,
    Measure,
    Named,
    NamedInText,
    OnWithdrawal,
    Party,
    Promises,
    Regime,
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
from mutuali.core.permissions import Actor, Permission, may, reach_of, require
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations

Coded = TypeVar("Coded", bound=StrEnum)


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


def promises_of(row: Agreement) -> Promises:
    """What the parties promise besides."""
    return Promises(**{each.name: getattr(row, each.name) for each in fields(Promises)})


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


def require_side(actor: Actor, row: Agreement, side: Side) -> None:
    """Let the actor act for one side, or raise Forbidden."""
    if side is Side.OPERATOR:
        require(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR)
    else:
        require(actor, Permission.AGREEMENT_SIGN_AS_PARTNER, over=row.partner_id)


def organization_of(row: Agreement, side: Side) -> int:
    """The organization that a side stands for."""
    return row.operator_id if side is Side.OPERATOR else row.partner_id


def named_rows(session: Session, id_: int) -> list[AgreementAnalyst]:
    """Whom an agreement names, in a fixed order."""
    return list(
        session.scalars(
            select(AgreementAnalyst)
            .where(AgreementAnalyst.agreement_id == id_)
            .order_by(AgreementAnalyst.person_id)
        )
    )


def parties_of(session: Session, row: Agreement) -> dict[Side, Party]:
    """Both sides as they were written down; an empty legal name means the organization's."""
    found = session.scalars(select(AgreementParty).where(AgreementParty.agreement_id == row.id))
    written = {
        Side(each.side): Party(
            each.legal_name, Regime(each.regime), each.place, each.contact, each.in_charge
        )
        for each in found
    }
    return {side: written.get(side, Party()) for side in Side}


def terms_of(session: Session, row: Agreement) -> Terms:
    """The values that the text of the agreement says."""
    named = named_rows(session, row.id)
    people = accounts.people(session, frozenset(each.person_id for each in named))
    names = organizations.organizations(session, frozenset({row.operator_id, row.partner_id}))
    parties = parties_of(session, row)

    def party(side: Side, organization_id: int) -> Party:
        written = parties[side]
        return replace(written, legal_name=written.legal_name or names[organization_id].name)

    amended = session.get(Agreement, row.amends_id) if row.amends_id else None
    return Terms(
        number=row.number,
        is_internal=row.operator_id == row.partner_id,
        operator=party(Side.OPERATOR, row.operator_id),
        partner=party(Side.PARTNER, row.partner_id),
        purposes=split(Purpose, row.purposes),
        datasets=split(Dataset, row.datasets),
        analysts=tuple(
            NamedInText(
                f"{people[each.person_id].name} ({people[each.person_id].email})",
                each.why,
                each.starts_on,
                each.ends_on,
            )
            for each in named
        ),
        intended_use=row.intended_use,
        restrictions=split(Restriction, row.restrictions),
        liability=Liability(row.liability),
        warranties=split(Warranty, row.warranties),
        starts_on=local(row.starts_at).date(),
        ends_on=(local(row.ends_at) - timedelta(days=1)).date(),
        settings=settings_of(row),
        instrument=Instrument(row.instrument),
        assessment_ref=row.assessment_ref,
        ethics_ref=row.ethics_ref,
        outside_quebec=row.outside_quebec,
        kept_at=row.kept_at,
        measures=split(Measure, row.measures),
        benefit=row.benefit,
        outputs=row.outputs,
        attribution=row.attribution,
        promises=promises_of(row),
        amends=amended.number if amended else "",
    )


def stored_draft(session: Session, row: Agreement) -> AgreementDraft:
    """The stored terms as somebody would answer them."""
    terms = terms_of(session, row)
    named = named_rows(session, row.id)
    people = accounts.people(session, frozenset(each.person_id for each in named))
    parties = parties_of(session, row)
    shared = {each.name for each in fields(AgreementDraft)} & {each.name for each in fields(Terms)}
    values = {name: getattr(terms, name) for name in shared}
    return AgreementDraft(
        **values
        | {
            "analysts": tuple(
                Named(people[each.person_id].email, each.why, each.starts_on, each.ends_on)
                for each in named
            ),
            "operator": parties[Side.OPERATOR],
            "partner": parties[Side.PARTNER],
        }
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
