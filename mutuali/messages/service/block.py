"""Wanting no messages from another organization, and wanting them again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, require
from mutuali.loans.rules import other
from mutuali.messages.models import MessageBlock
from mutuali.messages.service.look import own_of
from mutuali.messages.service.records import blocks, organization_of, read_thread
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """Who blocks whom, since when."""

    organization: organizations.OrganizationFacts
    blocked: organizations.OrganizationFacts
    since: datetime


def block(session: Session, actor: Actor, thread_public_id: str, *, now: datetime) -> None:
    """Want no more messages from the other side of a thread, in any thread; twice counts once.

    Bookings stay as they are.

    Raises:
        NotFound: no thread of the actor's.
    """
    row, side = read_thread(session, actor, thread_public_id, Permission.MESSAGE_WRITE)
    own, theirs = organization_of(row, side), organization_of(row, other(side))
    if blocks(session, own, theirs):
        return
    session.add(
        MessageBlock(
            organization_id=own, blocked_id=theirs, person_id=actor.person_id or 0, since=now
        )
    )
    session.flush()
    facts = {"blocked": theirs}
    audit.record(session, actor, "message.blocked", "organization", own, now=now, facts=facts)


def unblock(
    session: Session,
    actor: Actor,
    organization_public_id: str,
    blocked_public_id: str,
    *,
    now: datetime,
) -> None:
    """Get messages from an organization again.

    Raises:
        Forbidden: the actor does not write for the organization. NotFound: nothing is blocked.
    """
    own = organizations.by_public_id(session, organization_public_id).id
    require(actor, Permission.MESSAGE_WRITE, over=own)
    theirs = organizations.by_public_id(session, blocked_public_id).id
    row = session.get(MessageBlock, (own, theirs))
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    facts = {"blocked": theirs}
    audit.record(session, actor, "message.unblocked", "organization", own, now=now, facts=facts)


def blocked(session: Session, actor: Actor) -> list[BlockFacts]:
    """Whom the actor's organizations block, latest first."""
    rows = session.scalars(
        select(MessageBlock)
        .where(is_one_of(MessageBlock.organization_id, own_of(actor)))
        .order_by(MessageBlock.since.desc())
    ).all()
    known = organizations.organizations(
        session, frozenset(id_ for row in rows for id_ in (row.organization_id, row.blocked_id))
    )
    return [
        BlockFacts(known[row.organization_id], known[row.blocked_id], row.since) for row in rows
    ]
