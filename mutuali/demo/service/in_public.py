"""Vehicles of the made-up network that their lenders show to everybody."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Permission, may
from mutuali.demo.service.people import actor_of, member_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.mobility import service as mobility
from mutuali.mobility.rules import Description, Propulsion, Shape

_SAID = (
    Description(Shape.TRUCK, Propulsion.COMBUSTION_DIESEL, 450),
    Description(Shape.VAN, Propulsion.COMBUSTION, 500),
    Description(Shape.VAN, Propulsion.ELECTRIC, 180),
)


def show_vehicles(session: Session, *, now: datetime) -> None:
    """Three lenders say yes for a vehicle each, not the one whose manager one can sign in as: the
    question stays open there."""
    own = actor_of(session, "gestion").memberships
    said, asked = list(_SAID), set(own)
    for listing in equipment.published(session, kind=Kind.VEHICLE):
        if not said or listing.lender_id in asked or listing.is_kit:
            continue
        person = member_of(session, listing.lender_id)
        if may(person, Permission.CONSENT_ANSWER, over=listing.lender_id):
            asked.add(listing.lender_id)
            mobility.say_yes(session, person, listing.public_id, said.pop(0), now=now)
