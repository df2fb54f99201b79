"""What a copy that left is to do now: for whoever holds it, with or without an account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.core.errors import NotFound
from mutuali.core.period import local
from mutuali.exports.models import Export
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.records import row_of


class Asked(StrEnum):
    """What is asked of every copy."""

    KEEP = "keep"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """Whether a copy may be kept, until which day, and since when it is called back.

    ``act_by`` is the day by which a copy that was called back is destroyed; ``replaced_by`` is the
    public id of the export that takes its place. What is open to all has no day: nobody can ask
    for it back.
    """

    asks: Asked
    destroy_by: date | None
    recalled_at: datetime | None
    act_by: date | None
    replaced_by: str | None


def copy_facts(session: Session, public_id: str, *, now: datetime) -> CopyFacts:
    """What is asked of the copies of an export; its id is known to who holds one.

    Raises:
        NotFound: no such export ever left.
    """
    row = row_of(session, public_id)
    if row.released_at is None or row.report is None:
        raise NotFound
    is_open = row.regime == Regime.OPEN
    destroy_by = None if is_open else date.fromisoformat(row.report["destroy_by"])
    act_by = None
    if row.recalled_at is not None:
        settings = agreements.agreement_by_id(session, row.agreement_id, now=now).settings
        act_by = local(row.recalled_at + timedelta(days=settings.days_to_act)).date()
    replaced_by = session.scalars(
        select(Export.public_id)
        .where(Export.replaces_id == row.id, Export.released_at.is_not(None))
        .order_by(Export.id.desc())
        .limit(1)
    ).one_or_none()
    over = row.recalled_at is not None or (
        destroy_by is not None and local(now).date() > destroy_by
    )
    return CopyFacts(
        Asked.DESTROY if over else Asked.KEEP, destroy_by, row.recalled_at, act_by, replaced_by
    )
