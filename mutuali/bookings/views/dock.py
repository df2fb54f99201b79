"""The phone pages at the loading dock: units go out, units come back."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.schemas import CheckedConditionSchema
from mutuali.bookings.views.pages import bp
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form


@bp.get("/reservations/<public_id>/prise-en-charge")
@door(Permission.BOOKING_READ)
def hand_over_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The phone page at the loading dock, going out."""
    return _condition_page(session, actor, public_id, going_out=True)


def _hand_over_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _condition_page(session, actor, public_id, going_out=True, error=error)


@bp.post("/reservations/<public_id>/prise-en-charge")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(CheckedConditionSchema()),
    again=_hand_over_again,
)
def hand_over(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """The units change hands."""
    service.hand_over(
        session,
        actor,
        public_id,
        note=form["note"],
        temperature=form["temperature"],
        now=utc_now(),
    )
    flash(_("La prise en charge est notée."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.get("/reservations/<public_id>/retour")
@door(Permission.BOOKING_READ)
def take_back_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The phone page at the loading dock, coming back."""
    return _condition_page(session, actor, public_id, going_out=False)


def _take_back_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _condition_page(session, actor, public_id, going_out=False, error=error)


@bp.post("/reservations/<public_id>/retour")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(CheckedConditionSchema()),
    again=_take_back_again,
)
def take_back(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """The units come back."""
    service.take_back(
        session,
        actor,
        public_id,
        note=form["note"],
        temperature=form["temperature"],
        now=utc_now(),
    )
    flash(_("Le retour est noté. Le prêteur vérifie, puis la réservation se termine."), "success")
    return see_other(f"/reservations/{public_id}")


def _condition_page(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    going_out: bool,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    facts = service.booking(session, actor, public_id, now=utc_now())
    if not facts.may_carry_out:
        raise NotFound
    return page(
        "bookings/condition.html",
        booking=facts,
        going_out=going_out,
        errors=errors_by_field(error),
        typed=request.form.to_dict(),
    )
