"""How much each borrower may have of one listing, or of all that a lender shares."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment.models import Quota as QuotaRow
from mutuali.equipment.rules import Counts, Per, Quota
from mutuali.equipment.service.closing import Scope, hold, record


def limit(session: Session, actor: Actor, scope: Scope, quota: Quota, *, now: datetime) -> None:
    """Let each borrower have at most so much from now on, whatever was said of that before;
    bookings promised before stay, and count.

    Raises:
        NotFound, Forbidden.
    """
    hold(session, actor, scope)
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    insert = dialect.insert(QuotaRow).values(
        lender_id=scope.lender_id,
        listing_id=scope.listing_id,
        per=quota.per,
        counts=quota.counts,
        most=quota.most,
    )
    of_all = scope.listing_id is None
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["lender_id" if of_all else "listing_id", "per", "counts"],
            index_where=QuotaRow.listing_id.is_(None) if of_all else None,
            set_={"most": quota.most},
        )
    )
    record(session, actor, scope, "limited", now)


def unlimit(session: Session, actor: Actor, quota_id: int, *, now: datetime) -> Scope:
    """Let go of a quota; returns whose it was. Raises NotFound."""
    row = session.get(QuotaRow, quota_id)
    if row is None or not may(actor, Permission.LISTING_EDIT, over=row.lender_id):
        raise NotFound
    scope = Scope(row.lender_id, row.listing_id)
    hold(session, actor, scope)
    session.delete(row)
    record(session, actor, scope, "unlimited", now)
    return scope


def quotas(session: Session, scope: Scope) -> list[tuple[int, Quota]]:
    """The quotas of just this scope, with their ids, in order."""
    rows = session.scalars(
        select(QuotaRow)
        .where(QuotaRow.lender_id == scope.lender_id, QuotaRow.listing_id == scope.listing_id)
        .order_by(QuotaRow.per, QuotaRow.counts)
    )
    of_all = scope.listing_id is None
    return [
        (row.id, Quota(Per(row.per), Counts(row.counts), row.most, of_all=of_all)) for row in rows
    ]
