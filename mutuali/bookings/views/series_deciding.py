"""Doors of whoever decides a series: yes or no to all dates that wait, and taking it back."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings.schemas import ReasonSchema
from mutuali.bookings.service import Outcome
from mutuali.bookings.service import series as service
from mutuali.bookings.views.deciding import back
from mutuali.bookings.views.fairness import outcome_summary
from mutuali.bookings.views.pages import bp
from mutuali.bookings.views.series import series_again
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import see_other
from mutuali.web.parsing import load_form


@bp.post("/series/<public_id>/accepter")
@door(Permission.BOOKING_READ, again=series_again)
def approve_series(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Say yes to every date that waits."""
    _tell(service.decide_series(session, actor, public_id, accept=True, now=utc_now()))
    return see_other(back(f"/series/{public_id}"))


@bp.post("/series/<public_id>/refuser")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ReasonSchema()), again=series_again)
def decline_series(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say no to every date that waits, with a reason."""
    reason = form["reason"]
    _tell(
        service.decide_series(session, actor, public_id, accept=False, reason=reason, now=utc_now())
    )
    return see_other(back(f"/series/{public_id}"))


@bp.post("/series/<public_id>/annuler-la-decision")
@door(Permission.BOOKING_READ, again=series_again)
def undo_series(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take one's decision back."""
    service.undo_series(session, actor, public_id, now=utc_now())
    flash(_("La décision est annulée\u00a0: la demande attend de nouveau une réponse."), "success")
    return see_other(back(f"/series/{public_id}"))


def _tell(outcomes: Sequence[Outcome]) -> None:
    """How many dates were answered, and which no longer fit."""
    flash(_("Dates de la série\u00a0: %(summary)s.", summary=outcome_summary(outcomes)), "success")
    unfit = [local(each.booking.period.start).date() for each in outcomes if each.reasons]
    if unfit:
        flash(_("Ne passent plus\u00a0: %(dates)s.", dates=wording.several(unfit)), "warning")
