"""Receipts: what a subject takes along of an event, and whether what is held still counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent.models import ConsentEvent, Notice
from mutuali.consent.rules import (
    Claim,
    Event,
    Happened,
    Named,
    ReceiptFacts,
    Standing,
    Subject,
    standing,
)
from mutuali.consent.service.answers import own_id
from mutuali.consent.service.records import facts_of, id_column, said_in
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who answers for the data here, and at which address of the web."""

    base_url: str
    name: str
    contact: str


def receipt_facts(
    session: Session,
    actor: Actor,
    organization_id: int | None,
    notice_public_id: str,
    number: int,
    *,
    issuer: Issuer,
) -> ReceiptFacts:
    """What the receipt of one event says: of the organization, or of the actor when None.

    Raises:
        Forbidden: the actor may not read it.
        NotFound: nothing of that number happened under that notice.
    """
    if organization_id is None:
        subject, id_ = Subject.PERSON, own_id(actor)
        subject_id = accounts.people(session, frozenset({id_}))[id_].public_id
    else:
        require(actor, Permission.CONSENT_READ, over=organization_id)
        subject, id_ = Subject.ORGANIZATION, organization_id
        subject_id = organizations.organization(session, id_).public_id
    notice = _notice(session, subject, notice_public_id)
    if notice is None:
        raise NotFound
    rows = _events(session, subject, notice.id, id_)
    if not 1 <= number <= len(rows):
        raise NotFound
    [facts] = facts_of(session, [notice])
    recipient = organizations.organization(session, facts.recipient_id)
    sites = organizations.sites_of(session, facts.recipient_id)
    region = "Québec, Canada"
    return ReceiptFacts(
        base_url=issuer.base_url,
        subject=subject,
        subject_id=subject_id,
        purpose=facts.purpose,
        notice_id=facts.public_id,
        notice_version=facts.version,
        notice_hash=facts.hash,
        notice_published_at=facts.published_at,
        lasts_months=facts.lasts_months,
        operator=Named(issuer.base_url, issuer.name, region, issuer.contact),
        recipient=Named(
            f"urn:mutuali:organization:{recipient.public_id}",
            recipient.name,
            f"{sites[0].address}, {region}" if sites else region,
            recipient.phone or f"{issuer.base_url}/confidentialite",
        ),
        events=[Happened(Event(row.event), row.at, row.until) for row in rows[:number]],
    )


def standing_of(session: Session, claim: Claim, *, now: datetime) -> Standing | None:
    """What the subject of a genuine receipt counts for now; None when we hold no such event."""
    notice = _notice(session, claim.subject, claim.notice_id)
    id_ = _subject_id(session, claim)
    if notice is None or id_ is None:
        return None
    rows = _events(session, claim.subject, notice.id, id_)
    if not 1 <= claim.number <= len(rows) or rows[claim.number - 1].event != claim.event:
        return None
    if not facts_of(session, [notice])[0].is_current:
        return Standing.UNANSWERED
    return standing(notice.id, said_in(rows[-1]), now)


def _notice(session: Session, subject: Subject, public_id: str) -> Notice | None:
    return session.scalars(
        select(Notice).where(Notice.public_id == public_id, Notice.subject == subject)
    ).one_or_none()


def _subject_id(session: Session, claim: Claim) -> int | None:
    if claim.subject is Subject.PERSON:
        return accounts.id_of(session, claim.subject_id)
    try:
        return organizations.by_public_id(session, claim.subject_id).id
    except NotFound:
        return None


def _events(session: Session, subject: Subject, notice_id: int, id_: int) -> list[ConsentEvent]:
    return list(
        session.scalars(
            select(ConsentEvent)
            .where(ConsentEvent.notice_id == notice_id, id_column(subject) == id_)
            .order_by(ConsentEvent.id)
        )
    )
