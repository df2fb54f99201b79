"""What every use case of loans reads the same way."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Forbidden, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment.service import ListingFacts
from mutuali.loans.models import ConditionDispute, ConditionReport
from mutuali.loans.rules import (
    Bounds,
    Checked,
    Condition,
    Direction,
    Item,
    Seen,
    Side,
    bounds,
    checklist,
    has_odometer,
)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photo of a report, without its bytes; ``width`` and ``height`` in pixels."""

    public_id: str
    width: int
    height: int
    added_at: datetime


def parties_of(actor: Actor, facts: BookingFacts) -> frozenset[Side]:
    """The sides of a booking that the actor belongs to and may carry it out for."""
    return frozenset(
        side
        for side, id_ in ((Side.LENDER, facts.lender.id), (Side.BORROWER, facts.borrower.id))
        if id_ in actor.memberships and may(actor, Permission.BOOKING_CARRY_OUT, over=id_)
    )


def is_between(actor: Actor, facts: BookingFacts) -> bool:
    """Whether the actor stands between the parties: the coordination, of neither."""
    stands = may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK, over=facts.lender.id)
    return stands and not {facts.lender.id, facts.borrower.id} & set(actor.memberships)


def sides_of(actor: Actor, facts: BookingFacts) -> frozenset[Side]:
    """The sides for which the actor may write: their own, or either for the coordination, which
    notes what it was told."""
    own = parties_of(actor, facts)
    if own or not is_between(actor, facts):
        return own
    carries = may(actor, Permission.BOOKING_CARRY_OUT, over=facts.lender.id)
    return frozenset(Side) if carries else frozenset()


def side_of(actor: Actor, facts: BookingFacts, named: Side | None) -> Side:
    """The side for which the actor writes; ``named`` matters where there is a choice.

    Raises:
        Forbidden: neither side's, or not the named one's.
        Refused: it could be either.
    """
    sides = sides_of(actor, facts)
    if not sides or (named is not None and named not in sides):
        raise Forbidden
    if named is None and len(sides) > 1:
        raise Refused(Reason("condition.side_missing", {}, "side"))
    return named or next(iter(sides))


def seen_of(listing: ListingFacts) -> Seen:
    """What a report about this listing has to say."""
    draft = listing.draft
    range_ = bounds(
        refrigerated=draft.refrigerated, low=draft.temperature_low, high=draft.temperature_high
    )
    cold = range_ is not None
    return Seen(checklist(draft.kind, cold=cold), range_, has_odometer(draft.kind))


def reports_of(
    session: Session, booking_id: int, direction: Direction
) -> dict[Side, ConditionReport]:
    """The reports of one direction, by side."""
    rows = session.scalars(
        select(ConditionReport).where(
            ConditionReport.booking_id == booking_id, ConditionReport.direction == direction
        )
    )
    found = {Side(row.side): row for row in rows}
    return {side: found[side] for side in Side if side in found}


def dispute_of(session: Session, booking_id: int, direction: Direction) -> ConditionDispute | None:
    """What the parties disagree about, or did."""
    return session.scalars(
        select(ConditionDispute).where(
            ConditionDispute.booking_id == booking_id, ConditionDispute.direction == direction
        )
    ).one_or_none()


def condition_of(row: ConditionReport) -> Condition:
    """What a stored report says."""
    return Condition(
        items=tuple(Checked(Item(each["item"]), each["ok"], each["word"]) for each in row.items),
        signed_by=row.signed_by,
        temperature=row.temperature,
        cleaned=row.cleaned,
        odometer_km=row.odometer_km,
        note=row.note,
    )


def bounds_of(row: ConditionReport) -> Bounds | None:
    """The temperatures that the listing had to keep when the report was written."""
    low, high = row.temperature_low, row.temperature_high
    return None if low is None and high is None else Bounds(low, high)


def stored_items(condition: Condition) -> list[dict[str, Any]]:
    """What was looked at, as the table holds it."""
    return [asdict(each) for each in condition.items]
