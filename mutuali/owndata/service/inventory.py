"""The inventory of what an organization holds: look, take from a template, add, change, remove."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Refused, StaleVersion
from mutuali.core.permissions import Actor, Permission, require
from mutuali.owndata.models import OwnHolding
from mutuali.owndata.rules import (
    MOST_HOLDINGS,
    TEMPLATES,
    Everyday,
    HoldingDraft,
    from_template,
    holding_objections,
)
from mutuali.owndata.service.records import HoldingFacts, columns_of, facts_of, own_row, rows_of


def holdings(session: Session, actor: Actor, organization_id: int) -> list[HoldingFacts]:
    """All that an organization holds. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    return [facts_of(row) for row in rows_of(session, organization_id)]


def holding(session: Session, actor: Actor, organization_id: int, public_id: str) -> HoldingFacts:
    """One of them. Raises Forbidden, NotFound."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    row = session.scalars(
        select(OwnHolding).where(
            OwnHolding.public_id == public_id, OwnHolding.organization_id == organization_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return facts_of(row)


def not_taken(held: Sequence[HoldingFacts]) -> list[Everyday]:
    """The everyday holdings that are not among those."""
    taken = {each.draft.template for each in held}
    return [each for each in TEMPLATES if each not in taken]


def take(
    session: Session,
    actor: Actor,
    organization_id: int,
    template: Everyday,
    *,
    public_id: str,
    now: datetime,
) -> str:
    """Note an everyday holding with the answers of its template; returns its public id.

    Taken before, it stays as it is.

    Raises:
        Forbidden: the actor does not manage it. Conflict: there are too many.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    before = _taken(session, organization_id, template)
    if before is not None:
        return before
    draft = from_template(template, TEMPLATES[template])
    try:
        with session.begin_nested():
            return add(session, actor, organization_id, draft, public_id=public_id, now=now)
    except IntegrityError:
        twin = _taken(session, organization_id, template)
        if twin is None:
            raise
        return twin


def add(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: HoldingDraft,
    *,
    public_id: str,
    now: datetime,
) -> str:
    """Note something that an organization holds; returns its public id.

    Raises:
        Forbidden: the actor does not manage it. Refused: something is not said.
        Conflict: there are too many, or the template is taken.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    _check(draft)
    held = rows_of(session, organization_id)
    if len(held) >= MOST_HOLDINGS:
        raise Conflict("holding.too_many", max=MOST_HOLDINGS)
    if draft.template is not None and draft.template in {row.template for row in held}:
        raise Conflict("holding.taken")
    row = OwnHolding(
        public_id=public_id,
        organization_id=organization_id,
        template=draft.template,
        created_at=now,
        looked_at=now,
        **columns_of(draft),
    )
    session.add(row)
    session.flush()
    _note(session, actor, row, "added", now)
    return public_id


def change(
    session: Session,
    actor: Actor,
    organization_id: int,
    public_id: str,
    draft: HoldingDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> None:
    """Say anew what is held; its template stays. ``version`` is the one the caller read.

    Raises:
        Forbidden, NotFound; Refused: something is not said.
        StaleVersion: somebody changed it meanwhile.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = own_row(session, organization_id, public_id)
    if version is not None and version != row.version:
        raise StaleVersion
    _check(draft)
    for name, value in columns_of(draft).items():
        setattr(row, name, value)
    row.looked_at = now
    row.version += 1
    session.flush()
    _note(session, actor, row, "changed", now)


def remove(
    session: Session, actor: Actor, organization_id: int, public_id: str, *, now: datetime
) -> None:
    """It is held no more. Raises Forbidden, NotFound."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = own_row(session, organization_id, public_id)
    _note(session, actor, row, "removed", now)
    session.delete(row)
    session.flush()


def still_true(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> int:
    """All of it was looked at and is so; returns how many. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    rows = rows_of(session, organization_id)
    for row in rows:
        row.looked_at = now
    session.flush()
    facts = {"count": len(rows)}
    audit.record(
        session, actor, "holdings.looked_at", "organization", organization_id, now=now, facts=facts
    )
    return len(rows)


def _taken(session: Session, organization_id: int, template: Everyday) -> str | None:
    return session.scalar(
        select(OwnHolding.public_id).where(
            OwnHolding.organization_id == organization_id, OwnHolding.template == template
        )
    )


def _check(draft: HoldingDraft) -> None:
    objections = holding_objections(draft)
    if objections:
        raise Refused.because(objections)


def _note(session: Session, actor: Actor, row: OwnHolding, name: str, now: datetime) -> None:
    facts = {"organization": row.organization_id, "template": row.template}
    audit.record(session, actor, f"holding.{name}", "own_holding", row.id, now=now, facts=facts)
