"""What every use case of messages reads and writes the same way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.loans.rules import Side
from mutuali.messages.models import MessageBlock, MessageThread, ThreadReader


@dataclass(frozen=True, slots=True)
class About:
    """What a thread is about, and between whom: a listing and who asks, or a booking."""

    lender_id: int
    borrower_id: int
    listing_id: int | None = None
    booking_id: int | None = None


def side_of(actor: Actor, permission: Permission, lender_id: int, borrower_id: int) -> Side | None:
    """For whom of the two the actor reads or writes; the organization they act for comes first.

    None: for neither. Nobody reads for an organization they do not belong to, whatever their role
    over the network.
    """
    sides = {
        id_: side
        for id_, side in ((lender_id, Side.LENDER), (borrower_id, Side.BORROWER))
        if id_ in actor.memberships and may(actor, permission, over=id_)
    }
    chosen = sides.get(actor.organization_id or 0)
    return chosen or next(iter(sides.values()), None)


def read_thread(
    session: Session, actor: Actor, public_id: str, permission: Permission
) -> tuple[MessageThread, Side]:
    """A thread and for whom the actor reads or writes there. Raises NotFound."""
    row = session.scalars(
        select(MessageThread).where(MessageThread.public_id == public_id)
    ).one_or_none()
    side = side_of(actor, permission, row.lender_id, row.borrower_id) if row is not None else None
    if row is None or side is None:
        raise NotFound
    return row, side


def thread_about(session: Session, about: About) -> MessageThread | None:
    """The thread of two organizations about a listing, or about a booking, if there is one."""
    if about.booking_id is not None:
        where = MessageThread.booking_id == about.booking_id
    else:
        where = (MessageThread.listing_id == about.listing_id) & (
            MessageThread.borrower_id == about.borrower_id
        )
    return session.scalars(select(MessageThread).where(where)).one_or_none()


def begin_thread(
    session: Session, about: About, side: Side, *, public_id: str, now: datetime
) -> MessageThread:
    """The thread about something, begun if there is none; two who begin at once begin one."""
    found = thread_about(session, about)
    if found is not None:
        return found
    row = MessageThread(
        public_id=public_id,
        listing_id=about.listing_id,
        booking_id=about.booking_id,
        lender_id=about.lender_id,
        borrower_id=about.borrower_id,
        created_at=now,
        last_side=side,
        last_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        twin = thread_about(session, about)
        if twin is None:
            raise
        return twin
    return row


def lock_thread(session: Session, thread_id: int) -> MessageThread:
    """The thread's row, which is the place in the queue: numbers of messages follow one another."""
    return session.get_one(
        MessageThread, thread_id, with_for_update={"key_share": True}, populate_existing=True
    )


def organization_of(thread: MessageThread | About, side: Side) -> int:
    """The organization on that side."""
    return thread.lender_id if side is Side.LENDER else thread.borrower_id


def reader_of(session: Session, thread_id: int, person_id: int) -> ThreadReader:
    """How far a person knows a thread; the caller holds the thread's row."""
    row = session.get(ThreadReader, (thread_id, person_id))
    if row is None:
        row = ThreadReader(thread_id=thread_id, person_id=person_id)
        session.add(row)
        session.flush()
    return row


def blocks(session: Session, organization_id: int, blocked_id: int) -> bool:
    """Whether an organization wants no messages from another."""
    return session.get(MessageBlock, (organization_id, blocked_id)) is not None
