"""A loan between two organizations, and what they say of the thing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from mutuali.loans import service
from mutuali.loans.rules import Checked, Condition, Direction, Side
from mutuali.web.secrets import new_public_id
from tests.factories import World, at


@dataclass
class Loan:
    """A booking that nobody had to decide, its two parties and the coordination."""

    session: Session
    booking: Booking
    giver: Actor
    taker: Actor
    coordinator: Actor

    @property
    def id(self) -> str:
        return self.booking.public_id

    def good(self, **said: Any) -> Condition:
        """A report in which all is well."""
        facts = bookings.booking(self.session, self.giver, self.id, now=at(0))
        seen = service.seen_of(facts.listing)
        well = Condition(
            items=tuple(Checked(item, True) for item in seen.items),
            signed_by="Zoé Partie",
            temperature=30 if seen.bounds else None,
        )
        return replace(well, **said)

    def write(
        self,
        actor: Actor,
        direction: Direction,
        condition: Condition | None = None,
        *,
        side: Side | None = None,
        differs: str = "",
        units: Collection[str] = (),
        now: datetime,
    ) -> bool:
        return service.write_report(
            self.session,
            actor,
            self.id,
            direction,
            condition or self.good(),
            side=side,
            differs=differs,
            units=units,
            public_id=new_public_id(),
            now=now,
        )

    def passage(
        self, direction: Direction, *, now: datetime, actor: Actor | None = None
    ) -> service.Passage:
        actor = actor or self.giver
        facts = bookings.booking(self.session, actor, self.id, now=now)
        return service.passage(self.session, actor, facts, direction, now=now)


def loan(
    world: World,
    *,
    hours: float = 4,
    of: int = 1,
    units: int = 1,
    from_: datetime | None = None,
    **listing: Any,
) -> Loan:
    """A booking of ``units`` of ``of``, two hours after NOW unless it starts at another time."""
    start = from_ or at(0, 2)
    lender = world.organization("La Corbeille")
    values = {"approver": Approver.NOBODY, "longest_minutes": 60 * 24 * 30, "units": of}
    public_id = world.listing(lender, **(values | listing))
    taker = world.member(world.organization("Cuisine Midi")[0])
    period = Period(start, start + timedelta(hours=hours))
    booked = world.booking(public_id, period, borrower=taker, units=units)
    return Loan(
        world.session,
        booked,
        world.member(lender[0]),
        taker,
        world.person(role=Role.COORDINATOR),
    )


def without(condition: Condition, index: int, word: str) -> Condition:
    """The same report with something wrong with one thing."""
    items = list(condition.items)
    items[index] = Checked(items[index].item, False, word)
    return replace(condition, items=tuple(items))
