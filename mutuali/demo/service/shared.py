"""Trucks of the made-up network that take others along."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Purpose, State
from mutuali.core.errors import DomainError
from mutuali.core.period import Period, instant_at, local
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.demo.service.people import actor_of, member_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind
from mutuali.trips import service as trips
from mutuali.trips.rules import Load, Ride, Stop

#: Who can sign in borrows the first and has a place on the second.
_ROUTES = (
    (
        ("saint-laurent", "villeray-saint-michel-parc-extension", "mercier-hochelaga-maisonneuve"),
        Load(6, 1800),
        "On part de l’entrepôt avec la tournée du matin. Le hayon lève 1 000 kg.",
        False,
    ),
    (
        ("lachine", "le-sud-ouest", "ville-marie", "le-plateau-mont-royal"),
        Load(3, 900),
        "Camion de la récolte: caisses propres seulement.",
        True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Made:
    public_id: str
    new_public_id: Callable[[], str]
    now: datetime


def share_trips(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """Two borrowed trucks offer the room that is left; some of it is taken, some asked for."""
    giver, taker = (actor_of(session, name) for name in ("gestion", "membre"))
    known = {giver.organization_id, taker.organization_id}
    others = [
        member_of(session, each.id)
        for each in organizations.accepted_organizations(session)
        if each.id not in known and each.kind is OrganizationKind.FOOD_BANK
    ]
    for who, route in zip((taker, others[0]), _ROUTES, strict=True):
        made = _offer(session, who, *route, known, new_public_id=new_public_id, now=now)
        if made is None:
            continue
        if who is taker:
            first = _ask(session, made, others[1], Ride(0, 2, Load(2, 500)))
            trips.accept_place(session, taker, first, now=now)
            _ask(session, made, others[2], Ride(1, 2, Load(1, 250)))
        else:
            _ask(session, made, giver, Ride(0, 3, Load(1, 300)))


def _offer(
    session: Session,
    who: Actor,
    route: Sequence[str],
    room: Load,
    note: str,
    at_once: bool,
    besides: Collection[int | None],
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> _Made | None:
    booked = _truck(session, who, besides, new_public_id=new_public_id, now=now)
    if booked is None:
        return None
    booking, start = booked
    stops = [
        Stop(borough, start + timedelta(minutes=30 + 45 * n)) for n, borough in enumerate(route)
    ]
    capacity = trips.Capacity(room, start - timedelta(hours=2), at_once, note)
    made = _Made(new_public_id(), new_public_id, now)
    trips.offer_trip(session, who, booking, stops, capacity, public_id=made.public_id, now=now)
    return made


def _truck(
    session: Session,
    who: Actor,
    besides: Collection[int | None],
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> tuple[str, datetime] | None:
    """A truck that ``who`` borrows for a morning soon, of a lender ``besides`` those named, and
    from when; None: all are out."""
    lenders = [
        each.id for each in organizations.accepted_organizations(session) if each.id not in besides
    ]
    trucks = [
        each
        for lender_id in lenders
        for each in equipment.listings_of(session, SYSTEM, lender_id)
        if each.draft.kind is Kind.VEHICLE
        and each.draft.refrigerated
        and not each.draft.two_decide
        and each.lender_id != who.organization_id
    ]
    for truck in trucks:
        for days in range(2, 9):
            day = local(now + timedelta(days=days)).date()
            if day.weekday() > 4:
                continue
            start = instant_at(day, time(9))
            draft = bookings.BookingDraft(
                truck.public_id,
                1,
                Period(start, start + timedelta(hours=4)),
                Purpose.FOOD_DELIVERY,
            )
            try:
                with session.begin_nested():
                    row = bookings.request_booking(
                        session,
                        who,
                        who.organization_id or 0,
                        draft,
                        public_id=new_public_id(),
                        now=now,
                    )
                    if row.state != State.APPROVED:
                        bookings.approve(session, SYSTEM, row.public_id, now=now)
            except DomainError:
                continue
            return row.public_id, start
    return None


def _ask(session: Session, made: _Made, who: Actor, ride: Ride) -> str:
    place = made.new_public_id()
    draft = trips.PlaceDraft(ride, "Porte de la cour", "Quai de livraison")
    trips.ask_place(
        session,
        who,
        who.organization_id or 0,
        made.public_id,
        draft,
        public_id=place,
        now=made.now,
    )
    return place
