"""What happened, told to the hooks of the organizations that it concerns: ids and states only."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Step
from mutuali.core.permissions import SYSTEM
from mutuali.equipment import service as equipment
from mutuali.storage import is_one_of
from mutuali.trips import service as trips
from mutuali.webhooks.models import Webhook
from mutuali.webhooks.rules import About
from mutuali.webhooks.service.records import put_in


def booking_stepped(
    session: Session,
    booking_id: int,
    step: Step,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """A booking took a step: told to both parties."""
    hooks = _hooks(session, About.BOOKING)
    if not hooks:
        return
    facts = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    data = {
        "booking": facts.public_id,
        "listing": facts.listing.public_id,
        "step": step.value,
        "state": facts.state.value,
    }
    parties = {facts.lender.id: "lender", facts.borrower.id: "borrower"}
    for hook in hooks:
        if hook.organization_id in parties:
            told = {**data, "as": parties[hook.organization_id]}
            put_in(session, hook, f"booking.{step.value}", told, public_id=new_public_id(), now=now)


def trip_changed(
    session: Session,
    trip_id: int,
    name: str,
    place_id: int | None,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """A trip, or a place on one, became another: told to who offers it and who has the place."""
    if not _hooks(session, About.TRIP):
        return
    found = trips.trip_by_id(session, trip_id, now=now)
    data: dict[str, Any] = {"trip": found.public_id, "state": found.state.value}
    concerned = {found.organization_id}
    if place_id is not None:
        letter = trips.place_letter(session, place_id, now=now)
        data |= {"place": letter.place.public_id, "place_state": letter.place.state.value}
        concerned.add(letter.place.organization_id)
    tell(session, About.TRIP, f"trip.{name}", concerned, data, new_public_id=new_public_id, now=now)


def outage_changed(
    session: Session,
    listing_id: int,
    outage: str,
    name: str,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Units went out of service or work again: told to who lends them."""
    facts = equipment.listings(session, [listing_id]).get(listing_id)
    if facts is not None:
        data = {"outage": outage, "listing": facts.public_id, "state": name}
        tell(
            session,
            About.OUTAGE,
            f"outage.{name}",
            {facts.lender_id},
            data,
            new_public_id=new_public_id,
            now=now,
        )


def condition_said(
    session: Session,
    booking_id: int,
    name: str,
    direction: str,
    side: str,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """One side said, or confirmed, in what state a thing is: told to both."""
    facts = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    data = {
        "booking": facts.public_id,
        "direction": direction,
        "side": side,
        "state": facts.state.value,
        "disputed": facts.disputed_at is not None,
    }
    tell(
        session,
        About.REPORT,
        f"report.{name}",
        {facts.lender.id, facts.borrower.id},
        data,
        new_public_id=new_public_id,
        now=now,
    )


def tell(
    session: Session,
    about: About,
    event: str,
    concerned: Collection[int],
    data: Mapping[str, Any],
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Have something told to the hooks of ``concerned`` that chose it."""
    for hook in _hooks(session, about, concerned):
        put_in(session, hook, event, data, public_id=new_public_id(), now=now)


def _hooks(
    session: Session, about: About, concerned: Collection[int] | None = None
) -> list[Webhook]:
    query = select(Webhook).order_by(Webhook.id)
    if concerned is not None:
        query = query.where(is_one_of(Webhook.organization_id, concerned))
    return [hook for hook in session.scalars(query) if about in hook.events]
