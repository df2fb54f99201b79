"""What mishaps add to the page of a booking, and to what is to do."""

from datetime import datetime

from flask import render_template
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import CONFIRMED
from mutuali.core.permissions import Actor
from mutuali.mishaps import service
from mutuali.web.language import language


def mishaps_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """What went wrong with a booking, and a way to report it."""
    facts = bookings.booking(session, actor, booking, now=now)
    found = service.mishaps_of_booking(session, actor, facts.id)
    may_report = facts.may_carry_out and facts.state in CONFIRMED
    if not found and not may_report:
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template(
            "mishaps/_booking.html",
            booking=facts,
            found=found,
            may_report=may_report,
            lang=language(),
        )
    )


def open_words(count: int) -> str:
    """How many are open, as a line of what is to do."""
    return ngettext("%(num)d incident de prêt ouvert", "%(num)d incidents de prêt ouverts", count)
