"""Proposals that wait for an answer, as the pages of their bookings show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.models import Booking, Proposal
from mutuali.bookings.rules import UNDECIDED, ProposalKind, ProposalState, State
from mutuali.core.errors import Conflict
from mutuali.core.period import Period
from mutuali.counts import When
from mutuali.equipment.service import ListingFacts
from mutuali.storage import is_one_of

_RUNNING = (State.APPROVED, State.ON_LOAN)


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """What is proposed: ``units`` of ``listing`` over ``period`` for ``price_cents`` in all.

    ``first_yes_by`` is who said the first yes to a longer loan, where two persons have to.
    """

    public_id: str
    kind: ProposalKind
    listing: ListingFacts
    units: int
    period: Period
    price_cents: int
    word: str
    made_by_name: str
    answer_by: datetime
    first_yes_by: int | None
    first_yes_name: str


def is_waiting(now: When) -> ColumnElement[bool]:
    """What makes a proposal answerable, in a question that joins its booking: it is open, its time
    runs, and the booking still stands where such a thing is proposed."""
    fits = or_(
        and_(Proposal.kind == ProposalKind.OTHER, Booking.state.in_(UNDECIDED)),
        and_(Proposal.kind == ProposalKind.LONGER, Booking.state.in_(_RUNNING)),
    )
    return and_(Proposal.state == ProposalState.OPEN, Proposal.answer_by > now, fits)


def waiting_rows(
    session: Session, booking_ids: Iterable[int], now: datetime
) -> dict[int, Proposal]:
    """The proposal of each booking that has one to answer, by the booking's id."""
    rows = session.scalars(
        select(Proposal)
        .join(Booking, Booking.id == Proposal.booking_id)
        .where(is_one_of(Proposal.booking_id, booking_ids), is_waiting(now))
        .execution_options(populate_existing=True)
    )
    return {row.booking_id: row for row in rows}


def waiting_proposal(
    session: Session, booking: Booking, kind: ProposalKind, now: datetime
) -> Proposal:
    """The proposal of that kind that a booking has to answer; the caller has its turn.

    Raises:
        Conflict: there is none any more.
    """
    row = waiting_rows(session, [booking.id], now).get(booking.id)
    if row is None or ProposalKind(row.kind) is not kind:
        raise Conflict("proposal.over")
    return row


def replace_open(session: Session, booking_id: int, now: datetime) -> None:
    """End what is open: something else comes in its place."""
    session.execute(
        update(Proposal)
        .where(Proposal.booking_id == booking_id, Proposal.state == ProposalState.OPEN)
        .values(state=ProposalState.REPLACED, ended_at=now)
    )


def proposal_facts(
    session: Session, rows: Sequence[Proposal], listings: dict[int, ListingFacts]
) -> dict[int, ProposalFacts]:
    """Proposals as they are shown, by the id of their booking."""
    if not rows:
        return {}
    people = accounts.names(
        session, {id_ for row in rows for id_ in (row.made_by, row.first_yes_by) if id_}
    )
    return {
        row.booking_id: ProposalFacts(
            row.public_id,
            ProposalKind(row.kind),
            listings[row.listing_id],
            row.units,
            Period(row.starts_at, row.ends_at),
            row.price_cents,
            row.word,
            people.get(row.made_by or 0, ""),
            row.answer_by,
            row.first_yes_by,
            people.get(row.first_yes_by or 0, ""),
        )
        for row in rows
    }
