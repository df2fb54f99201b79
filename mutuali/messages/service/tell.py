"""Who has read what, and who has to be written to about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs
from mutuali.loans.rules import Side, other
from mutuali.messages.models import MessageThread, ThreadReader
from mutuali.messages.rules import Told, tell_at
from mutuali.messages.service.records import (
    lock_thread,
    organization_of,
    read_thread,
    reader_of,
)
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class Announced:
    """A thread with something new, for letters: who wrote to whom, and about what."""

    public_id: str
    writer: str
    listing: equipment.ListingFacts
    booking: bookings.BookingInBrief | None
    waiting: frozenset[int]


def mark_read(
    session: Session, actor: Actor, public_id: str, number: int, *, now: datetime
) -> None:
    """Note that the actor read a thread up to a message; reading it again changes nothing.

    Raises:
        NotFound: no thread of the actor's.
    """
    found, _side = read_thread(session, actor, public_id, Permission.MESSAGE_READ)
    row = lock_thread(session, found.id)
    reader = reader_of(session, row.id, actor.person_id or 0)
    number = min(number, row.last_number)
    if number > reader.read_number:
        reader.read_number, reader.read_at = number, now
        session.flush()


def announce(session: Session, thread_id: int, *, now: datetime) -> None:
    """Hand in a letter to each person of the other side who has not read the last message.

    At most one per thread and hour: who was written to a moment ago is looked at again once the
    hour is over.
    """
    if session.get(MessageThread, thread_id) is None:
        return
    row = lock_thread(session, thread_id)
    later: datetime | None = None
    for person_id in sorted(_waiting(session, row)):
        reader = reader_of(session, row.id, person_id)
        known = Told(reader.read_number, reader.told_number, reader.told_at)
        at = tell_at(row.last_number, known, now)
        if at is None:
            continue
        if at > now:
            later = at if later is None else min(later, at)
            continue
        reader.told_number, reader.told_at = row.last_number, now
        told = {"thread": row.id, "reader": person_id}
        jobs.enqueue(session, "messages.tell", told, now=now)
    session.flush()
    if later is not None:
        jobs.enqueue(session, "messages.announce", {"thread": row.id}, now=now, due_at=later)


def announced(session: Session, thread_id: int) -> Announced:
    """What a letter says of a thread; ``waiting`` are those who still have not read it.

    Raises:
        NotFound: it is gone.
    """
    row = session.get(MessageThread, thread_id)
    if row is None:
        raise NotFound
    booking = bookings.in_brief(session, [row.booking_id or 0]).get(row.booking_id or 0)
    listing_id = booking.listing_id if booking else row.listing_id or 0
    writer = organization_of(row, Side(row.last_side))
    waiting = {
        id_
        for id_ in _waiting(session, row)
        if (known := session.get(ThreadReader, (row.id, id_))) is None
        or known.read_number < row.last_number
    }
    return Announced(
        row.public_id,
        organizations.organization(session, writer).name,
        equipment.listings(session, [listing_id])[listing_id],
        booking,
        frozenset(waiting),
    )


def _waiting(session: Session, row: MessageThread) -> set[int]:
    """The people of the side that did not have the last word; not who is on both."""
    wrote = Side(row.last_side)
    theirs = organizations.member_ids(session, organization_of(row, other(wrote)))
    return {*theirs} - {*organizations.member_ids(session, organization_of(row, wrote))}
