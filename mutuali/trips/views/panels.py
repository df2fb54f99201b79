"""What trips add to the page of a booking."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.permissions import Actor
from mutuali.trips import service
from mutuali.trips.views.shown import FUNCTIONS


def trip_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """The trip that the vehicle makes for others, or a way to offer one."""
    facts = bookings.booking(session, actor, booking, now=now)
    found = service.trip_of_booking(session, actor, facts.id, now=now)
    if found is None and not service.can_offer(session, actor, facts):
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template("trips/_booking.html", id=booking, trip=found, **FUNCTIONS)
    )
