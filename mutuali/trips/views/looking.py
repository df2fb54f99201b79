"""Looking for a trip, looking at one, joining it, answering those who ask."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.trips import service
from mutuali.trips.rules import PlaceState
from mutuali.trips.schemas import TripPlaceSchema, TripSearchSchema
from mutuali.trips.views.blueprint import bp
from mutuali.web.api import acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id


@bp.get("/trajets")
@door(Permission.AVAILABILITY_READ)
def open_trips(session: Session, actor: Actor) -> ResponseReturnValue:
    """The trips that can be joined now."""
    error: DomainError | None = None
    try:
        wanted = load_query(TripSearchSchema())
    except DomainError as refusal:
        wanted, error = service.TripSearch(), refusal
    return page(
        "trips/trips.html",
        found=service.open_trips(session, actor, wanted, now=utc_now()),
        typed=request.args,
        errors=errors_by_field(error),
    )


@bp.get("/trajets/les-notres")
@door(Permission.BOOKING_READ)
def our_trips(session: Session, actor: Actor) -> ResponseReturnValue:
    """The trips that one's organization offers, and its places on others."""
    organization_id = acting_for(actor, "")
    found = service.our_trips(session, actor, organization_id, now=utc_now())
    return page(
        "trips/ours.html",
        offered=[each for each in found if each.organization_id == organization_id],
        joined=[
            (each, place)
            for each in found
            for place in each.places
            if place.organization_id == organization_id
        ],
    )


@bp.get("/trajets/<public_id>")
@door(Permission.AVAILABILITY_READ)
def trip(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One trip: its legs, the room left, a place to ask for or to answer."""
    return _trip_page(session, actor, public_id)


def _trip_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "trips/trip.html",
        trip=service.trip(session, actor, public_id, now=utc_now()),
        typed=request.form,
        errors=errors_by_field(error),
    )


@bp.post("/trajets/<public_id>/places")
@door(Permission.BOOKING_REQUEST, parse=lambda: load_form(TripPlaceSchema()), again=_trip_page)
def ask_place(
    session: Session, actor: Actor, draft: service.PlaceDraft, public_id: str
) -> ResponseReturnValue:
    """Ask for a place for one's organization."""
    state = service.ask_place(
        session,
        actor,
        acting_for(actor, ""),
        public_id,
        draft,
        public_id=new_public_id(),
        now=utc_now(),
    )
    if state is PlaceState.ACCEPTED:
        flash(_("La place est à vous. Le téléphone de l’autre organisme est plus bas."), "success")
    else:
        flash(_("C’est demandé. Sans réponse à temps, c’est non\u00a0: on vous écrit."), "success")
    return see_other(f"/trajets/{public_id}#places")


_ANSWERS = {
    "accepter": service.accept_place,
    "refuser": service.decline_place,
}


@bp.post("/trajets/<public_id>/places/<place_id>/<any(accepter, refuser):answer>")
@door(Permission.BOOKING_CARRY_OUT, again=lambda *a, place_id, answer, **k: _trip_page(*a, **k))
def answer_place(
    session: Session, actor: Actor, public_id: str, place_id: str, answer: str
) -> ResponseReturnValue:
    """Say yes or no to a place."""
    _ANSWERS[answer](session, actor, place_id, now=utc_now())
    flash(_("C’est répondu. L’autre organisme reçoit un courriel."), "success")
    return see_other(f"/trajets/{public_id}#places")


@bp.post("/trajets/<public_id>/places/<place_id>/rendre")
@door(Permission.BOOKING_REQUEST, again=lambda *a, place_id, **k: _trip_page(*a, **k))
def withdraw_place(
    session: Session, actor: Actor, public_id: str, place_id: str
) -> ResponseReturnValue:
    """Give a place back."""
    service.withdraw_place(session, actor, place_id, now=utc_now())
    flash(_("La place est rendue. L’organisme qui offre reçoit un courriel."), "success")
    return see_other(f"/trajets/{public_id}#places")
