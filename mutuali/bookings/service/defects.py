"""A defect notice: what is broken goes out of service, whoever of the two parties says so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings.rules import State
from mutuali.bookings.service.look import BookingFacts, in_turn
from mutuali.bookings.service.named_units import named_units, rows_going_out
from mutuali.core.errors import Conflict, Forbidden, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment

#: While the loan runs, and until the lender has looked at what came back.
_MAY_SAY = (State.ON_LOAN, State.RETURNED)


@dataclass(frozen=True, slots=True)
class DefectDraft:
    """What is broken of a loan: ``units`` of it, or the one of public id ``unit``; until when, if
    anybody knows. ``listing``: which part, of a kit."""

    units: int
    unit: str | None
    until: datetime | None
    words: str
    listing: str | None = None


def report_defect(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    draft: DefectDraft,
    *,
    public_id: str,
    now: datetime,
) -> equipment.OutageFacts:
    """Say that something of a loan is broken: it goes out of service from now on, and the lender
    puts it back.

    Raises:
        NotFound; Forbidden: the actor carries it out for neither party.
        Refused: more than went out, a thing that did not, or a time that is over.
        Conflict: it is not out, or the lender has looked already.
    """
    facts = in_turn(session, actor, booking_public_id, now=now)
    if not facts.may_carry_out:
        raise Forbidden
    if facts.state not in _MAY_SAY:
        raise Conflict("booking.no_such_step", state=facts.state.value, step="defect")
    listing_id, loan_id, most = _of_loan(session, facts, draft.listing)
    if draft.units > most:
        raise Refused(Reason("field.out_of_range", {"min": 1, "max": most}, "units"))
    if draft.unit and draft.unit not in {
        each.unit.public_id
        for each in named_units(session, facts.id)
        if each.unit.listing_id == listing_id
    }:
        raise Refused(Reason("field.not_a_choice", {}, "unit"))
    # A named unit says itself where it is; of units that came back in parts, nobody knows which.
    told = bool(draft.unit or facts.units_returned)
    outage = equipment.OutageDraft(
        draft.units, now, draft.until, draft.unit, draft.words, None if told else loan_id
    )
    return equipment.report_broken(session, actor, listing_id, outage, public_id=public_id, now=now)


def may_report_defect(facts: BookingFacts) -> bool:
    """Whether this person can say now that something of a loan is broken."""
    return facts.may_carry_out and facts.state in _MAY_SAY


def _of_loan(session: Session, facts: BookingFacts, part: str | None) -> tuple[int, int, int]:
    """The listing that the notice is about, the row of the loan that has units of it, and how many
    of them went out."""
    if not facts.listing.is_kit:
        return facts.listing.id, facts.id, facts.units + facts.units_returned
    rows = rows_going_out(session, facts.id)
    listings = equipment.listings(session, [row.listing_id for row in rows])
    for row in rows:
        if listings[row.listing_id].public_id == part:
            return row.listing_id, row.id, row.units
    raise Refused(Reason("field.not_a_choice", {}, "listing"))
