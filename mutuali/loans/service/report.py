"""Writing what one sees when the thing changes hands, and answering what the other side saw."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment.service import EncodedPhoto
from mutuali.jobs import service as jobs
from mutuali.loans.models import ConditionDispute, ConditionPhoto, ConditionReport
from mutuali.loans.rules import (
    CONFIRM_WITHIN,
    MOST_REPORT_PHOTOS,
    Condition,
    Direction,
    Side,
    differences,
    objections,
    other,
)
from mutuali.loans.service.naming import check_all_back, choices_out, named
from mutuali.loans.service.records import (
    condition_of,
    parties_of,
    reports_of,
    seen_of,
    side_of,
    stored_items,
)

#: The state in which a report moves the booking, the one it moves it to, and since when that lasts.
_MOVES = {
    Direction.OUT: (State.APPROVED, State.ON_LOAN),
    Direction.BACK: (State.ON_LOAN, State.RETURNED),
}


def write_report(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    condition: Condition,
    *,
    side: Side | None = None,
    differs: str = "",
    units: Collection[str] = (),
    driver_link: int | None = None,
    public_id: str,
    now: datetime,
) -> bool:
    """Say in what state the thing is; the first report of a direction moves the booking.

    ``units`` are the things with names that change hands, as :func:`named` takes them;
    ``driver_link`` is the link of the driver who writes.

    The second one answers the first: where it does not say the same, or ``differs`` says in words
    what is different, the state is disputed. Sent twice, a report counts once: returns whether
    this was the first time.

    Raises:
        NotFound; Forbidden: the actor writes for neither party.
        Refused: something is missing; it could be either side's; too early to hand over.
        Conflict: the booking is not there yet or any more, this side said something else before,
            or the time to answer is over.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    side = side_of(actor, facts, side)
    reports = reports_of(session, facts.id, direction)
    own, theirs = reports.get(side), reports.get(other(side))
    if own is not None:
        if condition_of(own) == condition:
            return False
        raise Conflict("condition.already_written")
    _check(session, facts, direction, condition)
    if theirs is not None:
        _still_open(theirs, now)
    else:
        _first(session, actor, facts, direction, condition, units, now=now)
    seen = seen_of(facts.listing)
    row = ConditionReport(
        public_id=public_id,
        booking_id=facts.id,
        direction=direction,
        side=side,
        items=stored_items(condition),
        temperature=condition.temperature,
        temperature_low=seen.bounds.low if seen.bounds else None,
        temperature_high=seen.bounds.high if seen.bounds else None,
        cleaned=condition.cleaned,
        odometer_km=condition.odometer_km,
        note=condition.note,
        signed_by=condition.signed_by,
        person_id=actor.person_id,
        by_driver=driver_link is not None,
        noted_at=now,
    )
    session.add(row)
    session.flush()
    told: dict[str, object] = {
        "direction": direction.value,
        "side": side.value,
        "report": row.id,
    }
    if driver_link is not None:
        told["driver_link"] = driver_link
    audit.record(session, actor, "condition.reported", "booking", facts.id, now=now, facts=told)
    _hand_on(session, facts.id, "written", direction, side, now=now)
    if theirs is not None and (differs or differences(condition_of(theirs), condition)):
        _dispute(session, actor, facts, direction, side, differs, now=now)
    return True


def confirm(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    name: str,
    *,
    now: datetime,
) -> None:
    """Say that what the other side wrote is right, signed with a typed name; twice counts once.

    Raises:
        NotFound: no such booking, or nothing to confirm.
        Forbidden: the actor is not of the side that has to answer.
        Conflict: that side wrote its own report, or the time to answer is over.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    reports = reports_of(session, facts.id, direction)
    if not reports:
        raise NotFound
    if len(reports) > 1:
        raise Conflict("condition.already_written")
    (row,) = reports.values()
    if other(Side(row.side)) not in parties_of(actor, facts):
        raise Forbidden
    if row.agreed_at is not None:
        return
    _still_open(row, now)
    row.agreed_at, row.agreed_name, row.agreed_by = now, name, actor.person_id
    session.flush()
    told = {"direction": direction.value, "report": row.id}
    audit.record(session, actor, "condition.confirmed", "booking", facts.id, now=now, facts=told)
    _hand_on(session, facts.id, "confirmed", direction, other(Side(row.side)), now=now)


def _hand_on(
    session: Session,
    booking_id: int,
    name: str,
    direction: Direction,
    side: Side,
    *,
    now: datetime,
) -> None:
    """What later features have to know."""
    told = {
        "booking": booking_id,
        "name": name,
        "direction": direction.value,
        "side": side.value,
    }
    jobs.enqueue(session, "loans.condition", told, now=now)


def add_photo(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    direction: Direction,
    photo: EncodedPhoto,
    *,
    side: Side | None = None,
    public_id: str,
    now: datetime,
) -> None:
    """Add a photo to one's own report, six at most, until the time to answer it is over.

    Raises:
        NotFound: no such booking, or no report of this side; Forbidden.
        Refused: six are there. Conflict: the time is over.
    """
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    row = reports_of(session, facts.id, direction).get(side_of(actor, facts, side))
    if row is None:
        raise NotFound
    _attach(session, row, photo, public_id=public_id, now=now)
    told = {"direction": direction.value, "report": row.id}
    audit.record(session, actor, "condition.photographed", "booking", facts.id, now=now, facts=told)


def _attach(
    session: Session,
    row: ConditionReport,
    photo: EncodedPhoto,
    *,
    public_id: str,
    now: datetime,
) -> None:
    if now >= row.noted_at + CONFIRM_WITHIN:
        raise Conflict("condition.too_late")
    # The report's row is the place in the queue: two photos at once do not both become the sixth.
    session.get_one(ConditionReport, row.id, with_for_update={"key_share": True})
    count = session.scalar(select(func.count()).where(ConditionPhoto.report_id == row.id)) or 0
    if count >= MOST_REPORT_PHOTOS:
        raise Refused(Reason("condition.too_many_photos", {"max": MOST_REPORT_PHOTOS}, "photos"))
    session.add(
        ConditionPhoto(
            public_id=public_id,
            report_id=row.id,
            added_at=now,
            width=photo.width,
            height=photo.height,
            large=photo.large,
            small=photo.small,
        )
    )
    session.flush()


def _check(
    session: Session, facts: BookingFacts, direction: Direction, condition: Condition
) -> None:
    """Raises Refused with everything that is missing or cannot be."""
    driven_from = None
    if direction is Direction.BACK:
        gone = reports_of(session, facts.id, Direction.OUT).values()
        driven_from = min(
            (row.odometer_km for row in gone if row.odometer_km is not None), default=None
        )
    reasons = objections(condition, seen_of(facts.listing), driven_from=driven_from)
    if reasons:
        raise Refused.because(reasons)


def _first(
    session: Session,
    actor: Actor,
    facts: BookingFacts,
    direction: Direction,
    condition: Condition,
    units: Collection[str],
    *,
    now: datetime,
) -> None:
    """Move the booking, unless somebody noted the same without a report a short while ago."""
    before, after = _MOVES[direction]
    if facts.state is before:
        act = bookings.take_back
        if direction is Direction.OUT:
            names = named(choices_out(session, facts.id), units)
            act = partial(bookings.hand_over, units=names)
        else:
            check_all_back(session, facts.id, units)
        cold = condition.temperature
        act(
            session,
            actor,
            facts.public_id,
            note=condition.note,
            temperature=None if cold is None else round(cold / 10),
            now=now,
        )
        return
    since = facts.handed_over_at if direction is Direction.OUT else facts.returned_at
    if facts.state is not after or since is None or now >= since + CONFIRM_WITHIN:
        raise Conflict("condition.not_now")


def _still_open(row: ConditionReport, now: datetime) -> None:
    if row.agreed_at is not None:
        raise Conflict("condition.already_confirmed")
    if now >= row.noted_at + CONFIRM_WITHIN:
        raise Conflict("condition.too_late")


def _dispute(
    session: Session,
    actor: Actor,
    facts: BookingFacts,
    direction: Direction,
    side: Side,
    words: str,
    *,
    now: datetime,
) -> None:
    session.add(
        ConditionDispute(
            booking_id=facts.id,
            direction=direction,
            side=side,
            difference=words,
            person_id=actor.person_id,
            disputed_at=now,
        )
    )
    session.flush()
    bookings.dispute(session, actor, facts.id, words, now=now)
