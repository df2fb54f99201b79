"""What reviews add to the pages of a booking and of a listing."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.permissions import Actor, Permission, may
from mutuali.reviews import service
from mutuali.reviews.views.shown import FUNCTIONS


def next_review(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """Before a decision, the borrower's record; after a return, a way to say how it went."""
    facts = bookings.booking(session, actor, booking, now=now)
    if facts.may_decide:
        record = service.borrower_record(session, actor, booking, now=now)
        return _rendered("reviews/_record.html", booking=facts, record=record)
    found = service.of_loan(session, actor, facts, now=now)
    if found.own is not None or not found.may_write:
        return None
    return _rendered("reviews/_next.html", booking=facts, found=found)


def booking_reviews(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """What one's side said of a loan, and what the other side said once it is published."""
    found = service.of_booking(session, actor, booking, now=now)
    if found.own is None and found.theirs is None:
        return None
    return _rendered("reviews/_booking.html", id=booking, found=found, now=now)


def listing_reviews(session: Session, actor: Actor, listing: str, now: datetime) -> Markup | None:
    """What borrowers said of a thing; who said what is for the network, as loans are."""
    found = service.of_listing(session, actor, listing, now=now)
    if not found.count:
        return None
    knows = not actor.is_visitor and may(actor, Permission.AVAILABILITY_READ)
    return _rendered("reviews/_listing.html", found=found, knows=knows)


def _rendered(template: str, **context: object) -> Markup:
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template(template, **FUNCTIONS, **context))  # noqa: S704
