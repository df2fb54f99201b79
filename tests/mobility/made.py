"""Vehicles to show, made by the services."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.mobility import service
from mutuali.mobility.rules import Description, Propulsion, Shape
from mutuali.mobility.rules.gbfs import Vehicle
from tests.factories import NOW, World

KEY = b"a key of a test: thirty-two bytes"
TRUCK = Description(Shape.TRUCK, Propulsion.COMBUSTION_DIESEL, 350)
BIKE = Description(Shape.CARGO_BIKE, Propulsion.HUMAN)


def shown(world: World, said: Description = TRUCK, **listing: object) -> tuple[Actor, str]:
    """A vehicle whose lender said yes: (its manager, the public id of its listing)."""
    lender = world.organization()
    manager = world.member(lender[0])
    public_id = world.listing(lender, **listing)
    service.say_yes(world.session, manager, public_id, said, now=world.now)
    return manager, public_id


def seen(session: Session, now: datetime = NOW) -> list[Vehicle]:
    """What everybody sees at ``now``."""
    return service.vehicles(session, key=KEY, now=now)
