"""What messages add to the pages of a listing and of a booking."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, may
from mutuali.messages import service
from mutuali.messages.views.shown import FUNCTIONS


def listing_messages(session: Session, actor: Actor, listing: str, _now: datetime) -> Markup | None:
    """A way to ask the lender something, for members of another organization."""
    if actor.is_visitor or not may(actor, Permission.MESSAGE_WRITE):
        return None
    try:
        about = service.about_listing(session, actor, listing)
    except DomainError:
        return None
    return _rendered("messages/_listing.html", session, actor, about, f"/annonces/{listing}")


def booking_messages(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """What was written about a booking, and a way to write, for its two parties."""
    if not may(actor, Permission.MESSAGE_WRITE):
        return None
    try:
        about = service.about_booking(session, actor, booking, now=now)
    except DomainError:
        return None
    return _rendered("messages/_booking.html", session, actor, about, f"/reservations/{booking}")


def _rendered(
    template: str, session: Session, actor: Actor, about: service.About, address: str
) -> Markup:
    thread = service.find(session, actor, about)
    words = render_template(template, thread=thread, here=f"{address}/messages", **FUNCTIONS)
    # Rendered by the engine, which escapes what people wrote.
    return Markup(words)  # noqa: S704
