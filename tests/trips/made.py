"""A truck that somebody borrows, and the trip it makes for others."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver
from mutuali.trips import service
from mutuali.trips.rules import Load, PlaceState, Ride, Stop
from mutuali.web.secrets import new_public_id
from tests.factories import World

ROUTE = ("saint-laurent", "villeray-saint-michel-parc-extension", "rosemont-la-petite-patrie")
ROUTE_OF_FOUR = (*ROUTE, "mercier-hochelaga-maisonneuve")
HOUR = timedelta(hours=1)


@dataclass
class Shared:
    """A booked truck, whoever lends and borrows it, and the trip it makes."""

    world: World
    booking: Booking
    giver: Actor
    taker: Actor
    stops: tuple[Stop, ...]
    room: Load
    id: str = ""
    start: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.stops[0].at

    @property
    def session(self) -> Session:
        return self.world.session

    def capacity(self, **said: Any) -> service.Capacity:
        values: dict[str, Any] = {"room": self.room, "join_by": self.start - HOUR}
        return service.Capacity(**{**values, **said})

    def offer(self, *, by: Actor | None = None, now: datetime | None = None, **said: Any) -> str:
        self.id = new_public_id()
        service.offer_trip(
            self.session,
            by or self.taker,
            self.booking.public_id,
            self.stops,
            self.capacity(**said),
            public_id=self.id,
            now=now or self.world.now,
        )
        return self.id

    def ask(
        self,
        who: Actor,
        start: int = 0,
        end: int = 1,
        pallets: int = 1,
        kg: int = 100,
        *,
        now: datetime | None = None,
        **said: str,
    ) -> tuple[str, PlaceState]:
        id_ = new_public_id()
        state = service.ask_place(
            self.session,
            who,
            who.organization_id or 0,
            self.id,
            service.PlaceDraft(Ride(start, end, Load(pallets, kg)), **said),
            public_id=id_,
            now=now or self.world.now,
        )
        return id_, state

    def accept(self, place: str, *, now: datetime | None = None) -> None:
        service.accept_place(self.session, self.taker, place, now=now or self.world.now)

    def seen(self, who: Actor, *, now: datetime | None = None) -> service.TripFacts:
        return service.trip(self.session, who, self.id, now=now or self.world.now)


def shared(
    world: World,
    *,
    room: Load = Load(4, 800),  # noqa: B008 - frozen
    route: tuple[str, ...] = ROUTE_OF_FOUR,
    from_: datetime | None = None,
    **listing: Any,
) -> Shared:
    """A truck approved at once, borrowed for eight hours from tomorrow; no trip is offered yet."""
    lender = world.organization("La Corbeille")
    giver, taker = world.member(lender[0]), world.member(world.organization("Moisson Nord")[0])
    start = from_ or world.now + timedelta(days=2)
    values = {"approver": Approver.NOBODY, "refrigerated": True}
    booking = world.booking(
        world.listing(lender, **{**values, **listing}),
        Period(start, start + 8 * HOUR),
        borrower=taker,
    )
    stops = tuple(Stop(borough, start + (n + 1) * HOUR) for n, borough in enumerate(route))
    return Shared(world, booking, giver, taker, stops, room)


def joiner(world: World, name: str = "") -> Actor:
    """Somebody of another organization."""
    return world.member(world.organization(name)[0])
