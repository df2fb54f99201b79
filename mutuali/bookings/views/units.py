"""What the camera finds on a label: which thing this is, and what can be done with it now."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.views.pages import bp
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page


@bp.get("/unites/<unit_id>")
@door(PUBLIC)
def unit(session: Session, actor: Actor, unit_id: str) -> ResponseReturnValue:
    """One thing: anybody learns whose it is; its parties, with which booking it is out."""
    facts = equipment.unit(session, unit_id)
    listing = equipment.listings(session, [facts.listing_id])[facts.listing_id]
    out_with = service.booking_out_with(session, facts.id)
    booking = None
    if out_with is not None and may(actor, Permission.BOOKING_READ):
        try:
            booking = service.booking_by_id(session, actor, out_with, now=utc_now())
        except NotFound:
            booking = None
    return page(
        "bookings/unit.html",
        unit=facts,
        listing=listing,
        booking=booking,
        may_edit=may(actor, Permission.LISTING_EDIT, over=listing.lender_id),
    )
