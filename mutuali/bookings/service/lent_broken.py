"""What is broken and out with a loan at once counts once, up to when the later of the two ends.

A loan and an outage that have the same units both count them; so a hold of fewer than no units
stands beside them for as long as both last (``rules: counted_twice``). The database says the same
(``bookings/guard.py``). Which loan has the units of an outage: the last one that its named unit
went out with, until it comes back, its turnaround included; without a name, the one that it was
reported with.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from mutuali.bookings.models import LENT, Booking, BookingUnit
from mutuali.bookings.rules import State
from mutuali.equipment import service as equipment
from mutuali.storage import UtcDateTime, is_one_of, table_of


def loans_of_broken(session: Session, listing_ids: Collection[int]) -> dict[str, int]:
    """The row of the loan that has the units of an outage, by the public id of the outage; none
    for an outage whose units are at home."""
    both = _Both()
    query = select(both.outage.c.public_id, both.loan.c.id).select_from(both.together)
    rows = session.execute(query.where(is_one_of(both.outage.c.listing_id, listing_ids)))
    return {row.public_id: row.id for row in rows}


def counted_twice() -> Subquery:
    """``listing_id, units, starts_at, until`` of what counts twice at ``:now``, the units below
    zero; overdue loans last until ``:back_by``."""
    both = _Both()
    loan, outage = both.loan.c, both.outage.c
    now, back_by = (bindparam(name, type_=UtcDateTime()) for name in ("now", "back_by"))
    is_out = loan.state == literal_column(f"'{State.ON_LOAN.value}'")
    late = and_(is_out, loan.ends_at < now, loan.occupied_until < back_by)
    back: ColumnElement[datetime] = case((late, back_by), else_=loan.occupied_until)
    start = case((outage.starts_at > loan.starts_at, outage.starts_at), else_=loan.starts_at)
    # Named once, used often: psycopg reads a text of over 4,096 characters anew each time.
    columns = (outage.listing_id, outage.units, start.label("starts_at"), outage.ends_at)
    each = select(*columns, back.label("back")).select_from(both.together).subquery("each").c
    until = case((each.ends_at < each.back, each.ends_at), else_=each.back)
    return (
        select(each.listing_id, (-each.units).label("units"), each.starts_at, until.label("until"))
        .where(each.starts_at < until)
        .subquery("twice")
    )


class _Both:
    """Outages, each with the row of the loan that has its units."""

    def __init__(self) -> None:
        self.outage = equipment.broken_units()
        self.loan = table_of(Booking).alias("loan")
        names = table_of(BookingUnit)
        named, each = names.alias("named"), names.alias("each_name")
        of_unit = each.c.unit_id == self.outage.c.unit_id
        last: Select[Any] = select(func.max(each.c.id)).where(of_unit)
        came_along = or_(
            self.outage.c.loan_id.is_not(None),
            named.c.back_at.is_(None),
            named.c.back_at == self.loan.c.returned_at,
        )
        has_it = and_(
            self.loan.c.id == func.coalesce(self.outage.c.loan_id, named.c.booking_id),
            self.loan.c.listing_id == self.outage.c.listing_id,
            self.loan.c.state.in_([literal_column(f"'{state.value}'") for state in LENT]),
            came_along,
        )
        self.together: FromClause = self.outage.outerjoin(
            named, named.c.id == last.scalar_subquery()
        ).join(self.loan, has_it)
