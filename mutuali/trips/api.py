"""JSON doors of trips: offer room in a vehicle, look for some, join, answer."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.trips import service
from mutuali.trips.rules import Because, Load, PlaceState, Stop, TripState
from mutuali.trips.schemas import TripChangeSchema, TripPlaceSchema, TripSchema, TripSearchSchema
from mutuali.web.api import ApiBlueprint, Given, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("trips_api", "Trajets partagés")


class TripStopDumpSchema(Schema):
    """A borough that the vehicle passes, and when."""

    borough = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class LoadSchema(Schema):
    """So many pallets and kilograms."""

    pallets = fields.Integer(required=True)
    kg = fields.Integer(required=True)


class TripPlaceDumpSchema(Schema):
    """A place; where exactly, and the telephone number of the other side, once it is accepted."""

    id = fields.String(required=True)
    organization = fields.String(required=True)
    from_stop = fields.Integer(required=True)
    to_stop = fields.Integer(required=True)
    pallets = fields.Integer(required=True)
    kg = fields.Integer(required=True)
    state = fields.Enum(PlaceState, by_value=True, required=True)
    note = fields.String(required=True)
    load_at = fields.String(required=True)
    unload_at = fields.String(required=True)
    phone = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    answer_by = fields.AwareDateTime(required=True)


class TripDumpSchema(Schema):
    """A trip; ``left`` has the room of each leg, from a stop to the next, and ``places`` those that
    you may know of."""

    id = fields.String(required=True)
    booking = fields.String(required=True, allow_none=True)
    organization = fields.String(required=True)
    state = fields.Enum(TripState, by_value=True, required=True)
    because = fields.Enum(Because, by_value=True, required=True, allow_none=True)
    cold = fields.Boolean(required=True)
    stops = fields.List(fields.Nested(TripStopDumpSchema), required=True)
    offered = fields.Nested(LoadSchema, required=True)
    left = fields.List(fields.Nested(LoadSchema), required=True)
    join_by = fields.AwareDateTime(required=True)
    at_once = fields.Boolean(required=True)
    note = fields.String(required=True)
    may_join = fields.Boolean(required=True)
    places = fields.List(fields.Nested(TripPlaceDumpSchema), required=True)


class TripPlaceMadeSchema(Schema):
    """The id of a place, and where it stands."""

    id = fields.String(required=True)
    state = fields.Enum(PlaceState, by_value=True, required=True)


@bp.operation(
    "GET",
    "/trips",
    Permission.AVAILABILITY_READ,
    "Chercher un trajet partagé",
    asks=TripSearchSchema,
    gives=TripDumpSchema,
    many=True,
)
def find(session: Session, actor: Actor, wanted: service.TripSearch) -> list[dict[str, Any]]:
    """The trips that can be joined now, earliest first; boroughs by slug or name."""
    return [_trip(each) for each in service.open_trips(session, actor, wanted, now=utc_now())]


@bp.operation(
    "GET",
    "/my-trips",
    Permission.BOOKING_READ,
    "Lire nos trajets et nos places",
    gives=TripDumpSchema,
    many=True,
)
def ours(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """The trips that your organization offers or has a place on, latest first."""
    organization_id = acting_for(actor, "organization")
    return [_trip(e) for e in service.our_trips(session, actor, organization_id, now=utc_now())]


@bp.operation(
    "GET",
    "/trips/<trip_id>",
    Permission.AVAILABILITY_READ,
    "Lire un trajet",
    gives=TripDumpSchema,
)
def one(session: Session, actor: Actor, trip_id: str) -> dict[str, Any]:
    """One trip, with the room left on each leg."""
    return _trip(service.trip(session, actor, trip_id, now=utc_now()))


@bp.operation(
    "POST",
    "/bookings/<booking_id>/trips",
    Permission.BOOKING_CARRY_OUT,
    "Offrir la place qui reste",
    takes=TripSchema,
    gives=TripDumpSchema,
    status=201,
)
def offer(
    session: Session, actor: Actor, form: tuple[Sequence[Stop], service.Capacity], booking_id: str
) -> Given:
    """Offer the room left in the vehicle of a confirmed booking, on a route within its time."""
    stops, capacity = form
    public_id = new_public_id()
    now = utc_now()
    service.offer_trip(session, actor, booking_id, stops, capacity, public_id=public_id, now=now)
    made = _trip(service.trip(session, actor, public_id, now=now))
    return Given(made, location=f"/api/v1/trips/{public_id}")


@bp.operation(
    "PUT",
    "/trips/<trip_id>",
    Permission.BOOKING_CARRY_OUT,
    "Changer ce qu’un trajet offre",
    takes=TripChangeSchema,
    gives=TripDumpSchema,
)
def change(
    session: Session, actor: Actor, capacity: service.Capacity, trip_id: str
) -> dict[str, Any]:
    """Say anew what a trip offers, never less than was accepted; its route stays."""
    service.change_trip(session, actor, trip_id, capacity, now=utc_now())
    return _trip(service.trip(session, actor, trip_id, now=utc_now()))


@bp.operation(
    "POST",
    "/trips/<trip_id>/cancel",
    Permission.BOOKING_CARRY_OUT,
    "Annuler un trajet",
    status=204,
)
def cancel(session: Session, actor: Actor, trip_id: str) -> None:
    """Call a trip off; everybody who asked or has a place is told."""
    service.cancel_trip(session, actor, trip_id, now=utc_now())


@bp.operation(
    "POST",
    "/trips/<trip_id>/places",
    Permission.BOOKING_REQUEST,
    "Demander une place",
    takes=TripPlaceSchema,
    gives=TripPlaceMadeSchema,
    status=201,
)
def join(session: Session, actor: Actor, draft: service.PlaceDraft, trip_id: str) -> dict[str, Any]:
    """Ask for a place for your organization; accepted at once where the trip says so."""
    public_id = new_public_id()
    state = service.ask_place(
        session,
        actor,
        acting_for(actor, "organization"),
        trip_id,
        draft,
        public_id=public_id,
        now=utc_now(),
    )
    return {"id": public_id, "state": state}


@bp.operation(
    "POST",
    "/places/<place_id>/accept",
    Permission.BOOKING_CARRY_OUT,
    "Accepter une place",
    status=204,
)
def accept(session: Session, actor: Actor, place_id: str) -> None:
    """Say yes to a place on a trip that your organization offers."""
    service.accept_place(session, actor, place_id, now=utc_now())


@bp.operation(
    "POST",
    "/places/<place_id>/decline",
    Permission.BOOKING_CARRY_OUT,
    "Refuser une place",
    status=204,
)
def decline(session: Session, actor: Actor, place_id: str) -> None:
    """Say no to a place on a trip that your organization offers."""
    service.decline_place(session, actor, place_id, now=utc_now())


@bp.operation(
    "POST",
    "/places/<place_id>/withdraw",
    Permission.BOOKING_REQUEST,
    "Rendre une place",
    status=204,
)
def withdraw(session: Session, actor: Actor, place_id: str) -> None:
    """Give a place of your organization back, asked for or accepted."""
    service.withdraw_place(session, actor, place_id, now=utc_now())


def _load(load: Load) -> dict[str, int]:
    return {"pallets": load.pallets, "kg": load.kg}


def _trip(trip: service.TripFacts) -> dict[str, Any]:
    offered = trip.offered
    return {
        "id": trip.public_id,
        "booking": trip.booking,
        "organization": trip.organization_name,
        "state": trip.state,
        "because": trip.because,
        "cold": trip.cold,
        "stops": [{"borough": each.borough, "at": each.at} for each in trip.stops],
        "offered": _load(offered.room),
        "left": [_load(each) for each in trip.left],
        "join_by": offered.join_by,
        "at_once": offered.at_once,
        "note": offered.note,
        "may_join": trip.may_join,
        "places": [_place(each) for each in trip.places],
    }


def _place(place: service.PlaceFacts) -> dict[str, Any]:
    return {
        "id": place.public_id,
        "organization": place.organization_name,
        "from_stop": place.ride.start,
        "to_stop": place.ride.end,
        **_load(place.ride.load),
        "state": place.state,
        "note": place.note,
        "load_at": place.load_at,
        "unload_at": place.unload_at,
        "phone": place.phone,
        "asked_at": place.asked_at,
        "answer_by": place.answer_by,
    }
