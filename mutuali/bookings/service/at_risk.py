"""Which promised bookings may come to nothing, and why: worked out anew each time it is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, text, true
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.models import IS_OUT, OCCUPIES, Booking
from mutuali.bookings.rules import Hold, Risk, State, Want, is_overdue, risks
from mutuali.bookings.service.lent_broken import loans_of_broken
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, reach_of
from mutuali.counts import NOW, AtMost, Count
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Outage
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A booking that may come to nothing."""

    booking: BookingFacts
    risk: Risk


def bookings_at_risk(session: Session, actor: Actor, *, now: datetime) -> list[AtRisk]:
    """Those that this person may know of, by first start."""
    found = risks_of(session, None, now=now)
    rows = session.scalars(
        select(Booking)
        .where(is_one_of(Booking.id, found), _is_known_to(actor))
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    facts = read_facts(session, actor, rows, now=now)
    return [AtRisk(each, found[each.id]) for each in facts]


def count_at_risk(actor: Actor) -> Count:
    """How many of them there are."""
    late = aliased(Booking)
    overdue = select(late.listing_id).where(text(IS_OUT), late.ends_at < NOW)
    troubled = overdue.union_all(equipment.out_of_service(NOW))
    promised = select(func.count(Booking.id)).where(
        text(OCCUPIES),
        Booking.state == State.APPROVED,
        Booking.ends_at > NOW,
        Booking.listing_id.in_(troubled),
        _is_known_to(actor),
    )
    return AtMost(promised, _count_at_risk)


def _count_at_risk(session: Session, actor: Actor, now: datetime) -> int:
    found = risks_of(session, None, now=now)
    query = select(func.count(Booking.id))
    return session.scalar(query.where(is_one_of(Booking.id, found), _is_known_to(actor))) or 0


def risk_of(session: Session, facts: BookingFacts, *, now: datetime) -> Risk | None:
    """Why a booking may come to nothing; None when nothing stands against it."""
    if facts.state is not State.APPROVED or facts.period.end <= now:
        return None
    listing_ids = {facts.listing.id}
    if facts.listing.is_kit:
        listing_ids |= {each.listing.id for each in equipment.kit_parts(session, facts.listing.id)}
    return risks_of(session, listing_ids, now=now).get(facts.id)


def risks_of(
    session: Session,
    listing_ids: Collection[int] | None,
    *,
    now: datetime,
    up_to: str | None = None,
    with_it: bool = True,
) -> dict[int, Risk]:
    """Why each booking of these listings (None: of all) that may come to nothing does, by its id.

    A kit is at risk with any of its parts. A request that only holds its units promises nothing
    yet, and takes nothing from what is promised; what was promised after ``now`` does not count.
    ``up_to`` an outage: as if those noted later were not, nor that one unless ``with_it``.
    """
    outages = equipment.outages_of(session, listing_ids, now=now, up_to=up_to, with_it=with_it)
    troubled = set(outages) | _with_overdue(session, listing_ids, now)
    if not troubled:
        return {}
    listings = equipment.listings(session, sorted(troubled))
    rows = session.execute(
        select(
            func.coalesce(Booking.whole_id, Booking.id).label("id"),
            Booking.id.label("row_id"),
            *(Booking.listing_id, Booking.units, Booking.state),
            *(Booking.starts_at, Booking.ends_at, Booking.occupied_until),
        )
        .where(
            text(OCCUPIES),
            is_one_of(Booking.listing_id, troubled),
            Booking.state != State.HELD,
            or_(Booking.occupied_until > now, Booking.state == State.ON_LOAN),
            func.coalesce(Booking.decided_at, Booking.created_at) <= now,
        )
        .order_by(Booking.created_at, Booking.id)
    ).all()
    found: dict[int, Risk] = {}
    loans = loans_of_broken(session, outages)
    for listing_id in sorted(troubled):
        gone: list[Hold] = []
        overdue: list[Hold] = []
        wants: list[Want] = []
        held: dict[int, Hold] = {}
        for row in rows:
            if row.listing_id != listing_id:
                continue
            span = Period(row.starts_at, row.occupied_until)
            if State(row.state) is State.APPROVED:
                if row.ends_at > now:
                    wants.append(Want(row.id, row.units, span))
                continue
            held[row.row_id] = Hold(row.units, span)
            late = is_overdue(State(row.state), row.ends_at, now)
            (overdue if late else gone).append(held[row.row_id])
        broken = {each.public_id: _outage(each, wants, now) for each in outages.get(listing_id, [])}
        lent = [
            (outage, held[loans[id_]]) for id_, outage in broken.items() if loans.get(id_) in held
        ]
        units = listings[listing_id].draft.units
        said = risks(units, list(broken.values()), gone, overdue, wants, now=now, lent=lent)
        for id_, risk in said.items():
            found[id_] = Risk.DEFECT if Risk.DEFECT in {risk, found.get(id_)} else risk
    return found


def _outage(facts: equipment.OutageFacts, wants: list[Want], now: datetime) -> Outage:
    """An outage as the rules take it; one without an end lasts as long as anything is promised."""
    last = max([now, facts.starts_at, *(each.span.end for each in wants)])
    ends_at = facts.ends_at or last
    start = min(facts.starts_at, ends_at)
    return Outage(facts.units, Period(start, max(ends_at, start)))


def _with_overdue(session: Session, listing_ids: Collection[int] | None, now: datetime) -> set[int]:
    among: ColumnElement[bool] = true()
    if listing_ids is not None:
        among = is_one_of(Booking.listing_id, listing_ids)
    query = select(Booking.listing_id).where(text(IS_OUT), Booking.ends_at < now, among)
    return set(session.scalars(query.distinct()))


def _is_known_to(actor: Actor) -> ColumnElement[bool]:
    reach = reach_of(actor, Permission.BOOKING_READ)
    if reach is None:
        return true()
    return or_(Booking.lender_id.in_(reach), Booking.borrower_id.in_(reach))
