"""Asking for a booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    Ask,
    Hold,
    Purpose,
    State,
    Step,
    Use,
    WholeAs,
    decide_by,
    document_refusals,
    first_state,
    occupied,
    part_id,
    price_of,
    refusals,
)
from mutuali.bookings.service.lines import BookingLine
from mutuali.bookings.service.records import expire_lapsed_holds, read_booking
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.search import offer_instead
from mutuali.bookings.service.taken import Situation, read_offer_holds, read_situation
from mutuali.bookings.service.traces import leave_trace_of, remind_later
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer
from mutuali.organizations import service as organizations
from mutuali.storage import ask, table_of


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """What the borrower fills in: whole ``units`` (>= 1) over ``period``, and what for."""

    listing_public_id: str
    units: int
    period: Period
    purpose: Purpose
    meals: int | None = None
    note: str = ""
    #: Shared by what is asked for in one go.
    basket: str | None = None


def request_booking(
    session: Session,
    actor: Actor,
    borrower_id: int,
    draft: BookingDraft,
    *,
    public_id: str,
    now: datetime,
) -> Booking:
    """Ask for a booking; approved at once where nobody has to decide.

    Takes the listing's turn, writes off its lapsed holds, reads, asks the rules, writes.

    Raises:
        Forbidden: the actor does not act for the borrower.
        NotFound: no such listing.
        Refused: a rule says no, or the borrower is not accepted yet; all reasons at once.
        Conflict: only the units are missing; the reason says how many are free.
        Both carry the nearest spans that would pass.
    """
    request_line(session, actor, borrower_id, draft, public_id=public_id, now=now)
    return read_booking(session, public_id)


def request_line(
    session: Session,
    actor: Actor,
    borrower_id: int,
    draft: BookingDraft,
    *,
    public_id: str,
    now: datetime,
) -> BookingLine:
    """:func:`request_booking`, answered in a line without reading again what was just written."""
    require(actor, Permission.BOOKING_REQUEST, over=borrower_id)
    offer = equipment.take_turn_of(session, draft.listing_public_id, draft.period)
    if any(quota.of_all for quota in offer.quotas):
        equipment.queue_for_quotas(session, [offer.lender_id])
    span = occupied(draft.period, offer.turnaround)
    met = read_situation(session, offer, borrower_id, span, now=now)
    if met.lapsed or offer.parts:
        expire_lapsed_holds(session, offer, now=now)
    holds = read_offer_holds(session, offer, span, now=now) if offer.parts else met.holds
    asked = Ask(borrower_id, draft.units, draft.period)
    reasons = objections(asked, offer, holds, met, now=now)
    if reasons:
        refusal = refusal_for(reasons)
        offer_instead(session, refusal, offer.listing_id, asked, now=now)
        raise refusal
    trusted = lender_trusts(session, offer, borrower_id)
    written = request_row(
        actor, borrower_id, offer, draft, public_id=public_id, trusted=trusted, now=now
    )
    booking_id = ask(session, _WRITE, **written).scalar_one()
    if offer.parts:
        session.execute(insert(Booking), part_rows(offer, booking_id, written))
    leave_trace_of(session, actor, booking_id, Step.REQUEST, facts_of(written), now=now)
    if written["state"] == State.APPROVED:
        if met.rivals or offer.parts:
            knock_out(session, offer, {booking_id: span}, now=now)
    else:
        remind_later(session, booking_id, now, written["decide_by"])
    return requested_line(written, draft, met)


def objections(
    asked: Ask,
    offer: Offer,
    holds: Sequence[Hold],
    met: Situation,
    *,
    own: Sequence[Use] = (),
    now: datetime,
) -> tuple[Reason, ...]:
    """Every reason against a request that meets these holds; empty means yes.

    ``own`` are asked for in the same breath: they count for quotas as if they were written.
    """
    reasons = refusals(asked, offer, holds, uses=(*met.uses, *own), now=now)
    reasons += document_refusals(offer.demands, met.held, asked.period.end)
    if not met.borrower.accepted:
        reasons += (Reason("organization.not_accepted"),)
    return reasons


def refusal_for(reasons: Sequence[Reason]) -> Refused | Conflict:
    """What a request meets for these reasons: a conflict when only the units are missing."""
    only_units = {reason.code for reason in reasons} == {"booking.not_enough_units"}
    return (Conflict if only_units else Refused)(*reasons)


def request_row(
    actor: Actor,
    borrower_id: int,
    offer: Offer,
    draft: BookingDraft,
    *,
    public_id: str,
    trusted: bool,
    now: datetime,
) -> dict[str, Any]:
    """The row of a request that meets no refusal, column by column; ``trusted`` is what
    :func:`lender_trusts` says."""
    state = first_state(offer, trusted=trusted)
    undecided = state is not State.APPROVED
    return {
        "public_id": public_id,
        "listing_id": offer.listing_id,
        "lender_id": offer.lender_id,
        "borrower_id": borrower_id,
        "units": draft.units,
        "starts_at": draft.period.start,
        "ends_at": draft.period.end,
        "occupied_until": occupied(draft.period, offer.turnaround).end,
        "turnaround_minutes": int(offer.turnaround / timedelta(minutes=1)),
        "no_show_hours": offer.no_show_hours,
        "state": state.value,
        "decide_by": decide_by(offer, draft.period, now) if undecided else None,
        "decided_at": None if undecided else now,
        "purpose": draft.purpose.value,
        "meals": draft.meals,
        "note": draft.note,
        "price_cents": price_of(offer, draft.period, draft.units),
        "deposit_cents": offer.deposit_cents * draft.units,
        "requested_by": actor.person_id,
        "created_at": now,
        "version": 1,
        "is_history": False,
        "basket": draft.basket,
    }


def part_rows(offer: Offer, booking_id: int, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each part of a kit, occupying what the kit takes of it; the guard watches each."""
    return [
        {
            **whole,
            "public_id": part_id(whole["public_id"], n),
            "listing_id": part.listing_id,
            "units": part.needed * whole["units"],
            "meals": None,
            "note": "",
            "price_cents": 0,
            "deposit_cents": 0,
            "whole_id": booking_id,
            "whole_as": WholeAs.KIT,
        }
        for n, part in enumerate(offer.parts)
    ]


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log tells of a request."""
    return {"listing": row["listing_id"], "units": row["units"], "state": row["state"]}


def requested_line(row: Mapping[str, Any], draft: BookingDraft, met: Situation) -> BookingLine:
    """A request that was just written, as a line."""
    return BookingLine(
        public_id=row["public_id"],
        version=row["version"],
        listing=draft.listing_public_id,
        lender=met.lender.public_id,
        borrower=met.borrower.public_id,
        units=draft.units,
        period=draft.period,
        state=State(row["state"]),
        overdue=False,
        decide_by=row["decide_by"],
        purpose=draft.purpose,
        meals=draft.meals,
        note=draft.note,
        price_cents=row["price_cents"],
    )


def lender_trusts(session: Session, offer: Offer, borrower_id: int) -> bool:
    """Whether a request of the borrower needs nobody's yes because the lender trusts it."""
    if offer.two_decide or not offer.trusted_at_once:
        return False
    return organizations.trusts(session, offer.lender_id, borrower_id)


def is_trusted(session: Session, actor: Actor, listing: equipment.ListingFacts) -> bool:
    """:func:`lender_trusts` for the organization that the actor acts for, as a page asks."""
    draft = listing.draft
    if actor.organization_id is None or draft.two_decide or not draft.trusted_at_once:
        return False
    return organizations.trusts(session, listing.lender_id, actor.organization_id)


_WRITE = insert(table_of(Booking)).returning(table_of(Booking).c.id)
