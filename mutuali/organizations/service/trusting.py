"""Whom a lender trusts: their requests need no answer where a listing says so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Refused
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations.models import TrustedBorrower
from mutuali.organizations.service.look import organizations
from mutuali.organizations.service.records import OrganizationFacts, get_row


@dataclass(frozen=True, slots=True)
class Trusted:
    """An organization that a lender trusts, and since when."""

    organization: OrganizationFacts
    since: datetime


def trust(
    session: Session, actor: Actor, organization_id: int, borrower_id: int, *, now: datetime
) -> None:
    """Trust an organization from now on; once more changes nothing.

    Raises:
        Forbidden.
        NotFound: no such organization.
        Refused: it is one's own, or it is not accepted.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    get_row(session, organization_id, lock=True)
    if borrower_id == organization_id:
        raise Refused("organization.own_trust")
    borrower = organizations(session, frozenset({borrower_id})).get(borrower_id)
    if borrower is None:
        raise NotFound
    if not borrower.accepted:
        raise Refused("organization.trust_unaccepted")
    if trusts(session, organization_id, borrower_id):
        return
    session.add(
        TrustedBorrower(organization_id=organization_id, borrower_id=borrower_id, since=now)
    )
    session.flush()
    _record(session, actor, "trust.given", organization_id, borrower_id, now)


def end_trust(
    session: Session, actor: Actor, organization_id: int, borrower_id: int, *, now: datetime
) -> None:
    """Trust it no more; what was approved stays.

    Raises:
        Forbidden.
        NotFound: it was not trusted.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    gone = session.execute(
        delete(TrustedBorrower)
        .where(
            TrustedBorrower.organization_id == organization_id,
            TrustedBorrower.borrower_id == borrower_id,
        )
        .returning(TrustedBorrower.borrower_id)
    ).one_or_none()
    if gone is None:
        raise NotFound
    _record(session, actor, "trust.ended", organization_id, borrower_id, now)


def trusted_by(session: Session, actor: Actor, organization_id: int) -> list[Trusted]:
    """Whom an organization trusts, by name. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    since = dict(
        session.execute(
            select(TrustedBorrower.borrower_id, TrustedBorrower.since).where(
                TrustedBorrower.organization_id == organization_id
            )
        ).all()
    )
    found = organizations(session, frozenset(since)).values()
    return [Trusted(each, since[each.id]) for each in sorted(found, key=lambda each: each.name)]


def trusts(session: Session, organization_id: int, borrower_id: int) -> bool:
    """Whether a lender trusts a borrower."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    TrustedBorrower.organization_id == organization_id,
                    TrustedBorrower.borrower_id == borrower_id,
                )
            )
        )
    )


def _record(
    session: Session,
    actor: Actor,
    name: str,
    organization_id: int,
    borrower_id: int,
    now: datetime,
) -> None:
    facts = {"borrower": borrower_id}
    audit.record(session, actor, name, "organization", organization_id, now=now, facts=facts)
