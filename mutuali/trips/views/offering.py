"""Offering the room left in a vehicle, changing the offer, calling it off."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.trips import service
from mutuali.trips.rules import MOST_STOPS, Stop
from mutuali.trips.schemas import TripChangeFormSchema, TripFormSchema
from mutuali.trips.views.blueprint import bp
from mutuali.trips.views.shown import typed_clock
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_data, load_form
from mutuali.web.secrets import new_public_id


@bp.get("/reservations/<public_id>/trajet")
@door(Permission.BOOKING_CARRY_OUT)
def offer_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The form: which boroughs and when, how much room, until when one may ask."""
    return _offer_page(session, actor, public_id)


def _offer_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    facts = bookings.booking(session, actor, public_id, now=utc_now())
    if error is None and not service.can_offer(session, actor, facts):
        raise NotFound
    return page(
        "trips/offer.html",
        booking=facts,
        typed=request.form,
        start=typed_clock(facts.period.start),
        end=typed_clock(facts.period.end),
        most=MOST_STOPS,
        errors=errors_by_field(error),
    )


def typed_stops(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of the route up to the last one in which something is typed."""
    rows = [
        {name: form[key] for name in ("borough", "at") if form.get(key := f"stops.{n}.{name}")}
        for n in range(MOST_STOPS)
    ]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _typed_trip() -> Any:
    names = [name for name in ("pallets", "kg", "join_by", "note") if request.form.get(name)]
    return load_data(
        TripFormSchema(),
        {
            **{name: request.form[name] for name in names},
            "at_once": "at_once" in request.form,
            "stops": typed_stops(request.form),
        },
    )


@bp.post("/reservations/<public_id>/trajet")
@door(Permission.BOOKING_CARRY_OUT, parse=_typed_trip, again=_offer_page)
def offer_trip(
    session: Session,
    actor: Actor,
    form: tuple[Sequence[Stop], service.Capacity],
    public_id: str,
) -> ResponseReturnValue:
    """Offer the room left in a booking's vehicle."""
    stops, capacity = form
    trip = new_public_id()
    service.offer_trip(session, actor, public_id, stops, capacity, public_id=trip, now=utc_now())
    flash(_("C’est offert. Les autres organismes voient ce trajet."), "success")
    return see_other(f"/trajets/{trip}")


@bp.get("/trajets/<public_id>/modifier")
@door(Permission.BOOKING_CARRY_OUT)
def change_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What a trip offers, to be said anew."""
    return _change_page(session, actor, public_id)


def _change_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.trip(session, actor, public_id, now=utc_now())
    if not found.is_ours:
        raise NotFound
    offered = found.offered
    said = {
        "pallets": offered.room.pallets,
        "kg": offered.room.kg,
        "join_by": typed_clock(offered.join_by),
        "note": offered.note,
        "at_once": offered.at_once,
    }
    return page(
        "trips/change.html",
        trip=found,
        typed=request.form if error else said,
        errors=errors_by_field(error),
    )


@bp.post("/trajets/<public_id>/modifier")
@door(
    Permission.BOOKING_CARRY_OUT,
    parse=lambda: load_form(TripChangeFormSchema()),
    again=_change_page,
)
def change_trip(
    session: Session, actor: Actor, capacity: service.Capacity, public_id: str
) -> ResponseReturnValue:
    """Say anew what a trip offers."""
    service.change_trip(session, actor, public_id, capacity, now=utc_now())
    flash(_("C’est changé."), "success")
    return see_other(f"/trajets/{public_id}")


@bp.post("/trajets/<public_id>/annuler")
@door(Permission.BOOKING_CARRY_OUT)
def cancel_trip(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Call a trip off."""
    service.cancel_trip(session, actor, public_id, now=utc_now())
    flash(
        _("Le trajet est annulé. Tous ceux qui y avaient une place reçoivent un courriel."),
        "success",
    )
    return see_other(f"/trajets/{public_id}")
