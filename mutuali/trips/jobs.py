"""E-mails of trips: what became of a place; and what a step of a booking means for its trip."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.places import borough_name
from mutuali.organizations import service as organizations
from mutuali.trips import service
from mutuali.trips.rules import Deed
from mutuali.web.mail import Letters, address
from mutuali.web.words import label

#: What the organization that offers has to know; all else is told to the one on board.
_TELLS_OFFERER = frozenset({Deed.ASKED, Deed.JOINED, Deed.WITHDRAWN})


def stepped(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A booking took a step: its trip is called off where it no longer carries it."""
    service.follow_booking(session, arguments["booking"], now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of the side that has to know; both, when somebody has a place at once."""
    deed = Deed(arguments["deed"])
    told = service.place_letter(session, arguments["place"], now=now)
    found: set[int] = set()
    if deed in _TELLS_OFFERER:
        found |= set(organizations.member_ids(session, told.trip.organization_id))
    if deed not in _TELLS_OFFERER or deed is Deed.JOINED:
        found |= set(organizations.member_ids(session, told.place.organization_id))
    return accounts.people(session, frozenset(found)).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What happened to a place; addresses and telephone numbers stay on the page."""
    deed = Deed(arguments["deed"])
    told = service.place_letter(session, arguments["place"], now=now)
    stops, ride = told.trip.stops, told.place.ride
    what = label("trips.deed", deed.value)
    start, end = borough_name(stops[ride.start].borough), borough_name(stops[ride.end].borough)
    body = render_template(
        "trips/mail/place.txt",
        person=person,
        deed=deed,
        what=what,
        trip=told.trip,
        place=told.place,
        start=start,
        end=end,
        at=stops[ride.start].at,
        link=address(f"/trajets/{told.trip.public_id}"),
    )
    subject = _("%(what)s\u00a0: %(start)s → %(end)s", what=what, start=start, end=end)
    return subject, body


HANDLERS = {"trips.stepped": stepped, "trips.tell": Letters(readers, letter)}
