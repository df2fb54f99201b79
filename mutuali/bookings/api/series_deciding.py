"""JSON doors of whoever decides a series: one answer to all dates that wait."""

from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from mutuali.bookings.api.deciding import AnsweredSchema, answered
from mutuali.bookings.api.series import bp
from mutuali.bookings.schemas import ReasonSchema
from mutuali.bookings.service import series as service
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now


def _answer(name: str, says: str, takes: type[Schema] | None = None) -> Any:
    return bp.operation(
        "POST",
        f"/series/<series_id>/{name}",
        Permission.BOOKING_READ,
        says,
        takes=takes,
        gives=AnsweredSchema,
        many=True,
    )


@_answer("approve", "Accepter toutes les dates d’une série")
def approve_series(session: Session, actor: Actor, series_id: str) -> list[dict[str, object]]:
    """Yes to every date that waits; one that no longer fits says why and waits on."""
    return answered(service.decide_series(session, actor, series_id, accept=True, now=utc_now()))


@_answer("decline", "Refuser toutes les dates d’une série", takes=ReasonSchema)
def decline_series(
    session: Session, actor: Actor, form: dict[str, Any], series_id: str
) -> list[dict[str, object]]:
    """No to every date that waits, with a reason."""
    outcomes = service.decide_series(
        session, actor, series_id, accept=False, reason=form["reason"], now=utc_now()
    )
    return answered(outcomes)


@_answer("undo", "Annuler sa décision sur une série")
def undo_series(session: Session, actor: Actor, series_id: str) -> list[dict[str, object]]:
    """Take back what one decided of it, within ten minutes, date by date."""
    return answered(service.undo_series(session, actor, series_id, now=utc_now()))
