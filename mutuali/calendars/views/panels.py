"""What calendars add to the page of a booking, and the file behind it."""

from datetime import datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.calendars import service
from mutuali.calendars.views.blueprint import bp
from mutuali.calendars.views.feeds import calendar_file
from mutuali.calendars.views.shown import event_of
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language


def agenda_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """A way to put this booking into one's own agenda."""
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template("calendars/_add.html", booking=booking))  # noqa: S704


@bp.get("/reservations/<public_id>/agenda.ics")
@door(Permission.BOOKING_READ)
def booking_file(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One booking as a file that agendas take in."""
    return booking_answer(session, actor, public_id)


def booking_answer(session: Session, actor: Actor, public_id: str) -> Response:
    """The same for pages and programs. Raises NotFound."""
    entry = bookings.agenda_entry(session, actor, public_id, now=utc_now())
    event = event_of(entry, language())
    answer = calendar_file(service.written([event], name="MutuAli", language=language()))
    answer.headers["Content-Disposition"] = 'attachment; filename="mutuali.ics"'
    return answer
