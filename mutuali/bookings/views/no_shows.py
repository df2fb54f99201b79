"""Doors of a lender whom nobody came to: release a booking, or say that somebody came after all."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.views.pages import booking_again, bp
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import see_other


@bp.post("/reservations/<public_id>/absence")
@door(Permission.BOOKING_READ, again=booking_again)
def note_no_show(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Nobody came."""
    service.note_no_show(session, actor, public_id, now=utc_now())
    flash(_("C’est noté\u00a0: les unités sont libres. L’autre organisme est averti."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.post("/reservations/<public_id>/absence/reprendre")
@door(Permission.BOOKING_READ, again=booking_again)
def undo_no_show(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Somebody came after all."""
    service.undo_no_show(session, actor, public_id, now=utc_now())
    flash(_("La réservation tient de nouveau. Notez maintenant la prise en charge."), "success")
    return see_other(f"/reservations/{public_id}")
