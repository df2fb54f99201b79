"""Looking at messages: one's threads, one thread, how many wait, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, reach_of
from mutuali.counts import Count
from mutuali.equipment import service as equipment
from mutuali.loans.rules import Side, other
from mutuali.messages.models import (
    Message,
    MessageFile,
    MessageReport,
    MessageThread,
    ThreadReader,
)
from mutuali.messages.rules import FileKind
from mutuali.messages.service.records import (
    About,
    blocks,
    organization_of,
    read_thread,
    side_of,
    thread_about,
)
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of

#: How many threads, and how many messages of one, a page shows.
THREADS_PAGE_SIZE, MESSAGES_PAGE_SIZE = 20, 30
#: Characters of the last message that a list shows.
_EXCERPT = 140


class Which(StrEnum):
    """What a list of threads leaves out all else but."""

    UNREAD = "unread"
    LISTINGS = "listings"
    BOOKINGS = "bookings"


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A thread as one of its sides sees it: ``own`` organization, the ``other``, what it is about.

    ``listing`` is the booking's where it is about a booking; ``excerpt`` begins the last message.
    """

    public_id: str
    side: Side
    own: organizations.OrganizationFacts
    other: organizations.OrganizationFacts
    listing: equipment.ListingFacts
    booking: str | None
    period: Period | None
    last_number: int
    last_side: Side
    last_at: datetime
    excerpt: str
    unread: bool
    read_number: int

    @property
    def is_ours(self) -> bool:
        """Whether the last message is of one's own side."""
        return self.last_side is self.side


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of threads; ``page`` counts from 1 to ``pages``."""

    found: list[ThreadFacts]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a message, without its bytes; ``size`` in bytes."""

    public_id: str
    kind: FileKind
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message; one that is ``hidden`` has neither text nor files for anybody."""

    number: int
    side: Side
    organization_id: int
    organization: str
    person_id: int
    person: str
    text: str
    sent_at: datetime
    hidden: bool
    files: tuple[FileFacts, ...]


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Somebody of the other side who has read one's last message."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said in a thread, oldest first; ``earlier``: there are older messages than these.

    ``read_by`` says who of the other side read the last message, where it is one's own.
    """

    messages: list[MessageFacts]
    earlier: bool
    read_by: list[ReadBy]
    you_block: bool
    blocks_you: bool


def threads(
    session: Session, actor: Actor, *, which: Which | None = None, page: int = 1
) -> ThreadPage:
    """The threads of the actor's organizations, latest message first; a page beyond the last is
    the last."""
    own = own_of(actor)
    query = _of(own)
    if which is Which.UNREAD:
        query = query.where(_is_unread(actor, own))
    elif which is not None:
        about_listing = MessageThread.booking_id.is_(None)
        query = query.where(about_listing if which is Which.LISTINGS else ~about_listing)
    count = session.scalar(query.with_only_columns(func.count(MessageThread.id))) or 0
    pages = max(1, -(-count // THREADS_PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = session.scalars(
        query.order_by(MessageThread.last_at.desc(), MessageThread.id.desc())
        .limit(THREADS_PAGE_SIZE)
        .offset((page - 1) * THREADS_PAGE_SIZE)
    ).all()
    return ThreadPage(_facts(session, actor, rows), count, page, pages)


def thread(session: Session, actor: Actor, public_id: str) -> ThreadFacts:
    """One thread. Raises NotFound: there is none, or the actor is of neither side."""
    row, _side = read_thread(session, actor, public_id, Permission.MESSAGE_READ)
    return _facts(session, actor, [row])[0]


def other_of(session: Session, actor: Actor, about: About) -> organizations.OrganizationFacts:
    """The organization to which the actor would write about something; they may write about it."""
    side = side_of(actor, Permission.MESSAGE_WRITE, about.lender_id, about.borrower_id)
    theirs = organization_of(about, other(side or Side.BORROWER))
    return organizations.organization(session, theirs)


def find(session: Session, actor: Actor, about: About) -> ThreadFacts | None:
    """The thread about something, if somebody wrote already; the caller may write about it."""
    row = thread_about(session, about)
    return None if row is None else thread(session, actor, row.public_id)


def talk(session: Session, actor: Actor, public_id: str, *, before: int | None = None) -> Talk:
    """What was said in a thread, the latest or the latest ``before`` a number. Raises NotFound."""
    row, side = read_thread(session, actor, public_id, Permission.MESSAGE_READ)
    query = select(Message).where(Message.thread_id == row.id)
    if before is not None:
        query = query.where(Message.number < before)
    found = session.scalars(
        query.order_by(Message.number.desc()).limit(MESSAGES_PAGE_SIZE + 1)
    ).all()
    shown = list(reversed(found[:MESSAGES_PAGE_SIZE]))
    own, theirs = organization_of(row, side), organization_of(row, other(side))
    return Talk(
        read_messages(session, row, shown),
        len(found) > MESSAGES_PAGE_SIZE,
        _read_by(session, row, theirs) if row.last_side == side else [],
        blocks(session, own, theirs),
        blocks(session, theirs, own),
    )


def count_unread(actor: Actor) -> Count:
    """How many threads wait for this person: the last word is the other side's, and not read."""
    own = own_of(actor)
    if not own:
        return None
    query = _of(own).where(_is_unread(actor, own))
    return query.with_only_columns(func.count(MessageThread.id))


def file_content(session: Session, actor: Actor, public_id: str) -> tuple[FileFacts, bytes]:
    """A file with its bytes, for the two sides of its thread; while it is reported, for the
    coordination.

    Raises:
        NotFound: there is none, it is hidden, or it is none of the actor's business.
    """
    found = session.execute(
        select(MessageFile, MessageFile.content, Message)
        .join(Message, Message.id == MessageFile.message_id)
        .where(MessageFile.public_id == public_id, Message.hidden_at.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    file, content, message = found
    row = session.get_one(MessageThread, message.thread_id)
    if not {row.lender_id, row.borrower_id} & own_of(actor) and not (
        may(actor, Permission.MESSAGE_MODERATE) and is_under_report(session, message)
    ):
        raise NotFound
    return _file(file), bytes(content)


#: How many messages before a reported one the coordination reads with it.
BEFORE_REPORTED = 2


def is_under_report(session: Session, message: Message) -> bool:
    """Whether the coordination reads a message now: it is reported, or is right before one."""
    reported = select(MessageReport.id).join(Message, Message.id == MessageReport.message_id)
    near = reported.where(
        MessageReport.decision.is_(None),
        Message.thread_id == message.thread_id,
        Message.number.between(message.number, message.number + BEFORE_REPORTED),
    )
    return bool(session.scalar(select(near.exists())))


def read_messages(
    session: Session, row: MessageThread, rows: Sequence[Message]
) -> list[MessageFacts]:
    """Messages of a thread as they are shown, in the order given; the caller may read them."""
    names = organizations.names(session, {row.lender_id, row.borrower_id})
    people = accounts.people(session, frozenset(each.person_id for each in rows))
    files: dict[int, list[FileFacts]] = {}
    for file in session.scalars(
        select(MessageFile)
        .where(is_one_of(MessageFile.message_id, [each.id for each in rows]))
        .order_by(MessageFile.id)
    ):
        files.setdefault(file.message_id, []).append(_file(file))
    found = []
    for each in rows:
        side, hidden = Side(each.side), each.hidden_at is not None
        organization_id = organization_of(row, side)
        found.append(
            MessageFacts(
                each.number,
                side,
                organization_id,
                names[organization_id],
                each.person_id,
                people[each.person_id].name,
                "" if hidden else each.text,
                each.sent_at,
                hidden,
                () if hidden else tuple(files.get(each.id, ())),
            )
        )
    return found


def own_of(actor: Actor) -> frozenset[int]:
    """The organizations whose messages the actor reads: those they belong to, and no others."""
    reach = reach_of(actor, Permission.MESSAGE_READ)
    own = frozenset(actor.memberships)
    return own if reach is None else own & reach


def _of(own: frozenset[int]) -> Select[MessageThread]:
    return select(MessageThread).where(
        or_(is_one_of(MessageThread.lender_id, own), is_one_of(MessageThread.borrower_id, own))
    )


def _is_unread(actor: Actor, own: frozenset[int]) -> ColumnElement[bool]:
    """The last word is the other side's, and this person has not read up to it."""
    waits_for = case(
        (MessageThread.last_side == Side.LENDER, MessageThread.borrower_id),
        else_=MessageThread.lender_id,
    )
    read = exists().where(
        ThreadReader.thread_id == MessageThread.id,
        ThreadReader.person_id == actor.person_id,
        ThreadReader.read_number >= MessageThread.last_number,
    )
    return and_(is_one_of(waits_for, own), ~read)


def _facts(session: Session, actor: Actor, rows: Sequence[MessageThread]) -> list[ThreadFacts]:
    """Threads as the actor sees them, in the order given, in a few queries for all."""
    ids = [row.id for row in rows]
    lent = bookings.in_brief(session, [row.booking_id for row in rows if row.booking_id])
    listing_ids = {row.id: row.listing_id or lent[row.booking_id or 0].listing_id for row in rows}
    listings = equipment.listings(session, list(listing_ids.values()))
    parties = organizations.organizations(
        session, frozenset(id_ for row in rows for id_ in (row.lender_id, row.borrower_id))
    )
    read = dict(
        session.execute(
            select(ThreadReader.thread_id, ThreadReader.read_number).where(
                is_one_of(ThreadReader.thread_id, ids),
                ThreadReader.person_id == actor.person_id,
            )
        ).all()
    )
    last: dict[int, str] = dict(
        session.execute(
            select(Message.thread_id, func.substr(Message.text, 1, _EXCERPT + 1))
            .join(MessageThread, MessageThread.id == Message.thread_id)
            .where(
                is_one_of(Message.thread_id, ids),
                Message.number == MessageThread.last_number,
                Message.hidden_at.is_(None),
            )
        ).all()
    )
    own = own_of(actor)
    found = []
    for row in rows:
        booking = lent.get(row.booking_id or 0)
        sides = {
            id_: side
            for id_, side in ((row.lender_id, Side.LENDER), (row.borrower_id, Side.BORROWER))
            if id_ in own
        }
        side = sides.get(actor.organization_id or 0) or next(iter(sides.values()))
        text = " ".join(last.get(row.id, "").split())
        found.append(
            ThreadFacts(
                row.public_id,
                side,
                parties[organization_of(row, side)],
                parties[organization_of(row, other(side))],
                listings[listing_ids[row.id]],
                booking.public_id if booking else None,
                booking.period if booking else None,
                row.last_number,
                Side(row.last_side),
                row.last_at,
                text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…",
                row.last_side != side and read.get(row.id, 0) < row.last_number,
                read.get(row.id, 0),
            )
        )
    return found


def _read_by(session: Session, row: MessageThread, organization_id: int) -> list[ReadBy]:
    members = organizations.member_ids(session, organization_id)
    rows = session.scalars(
        select(ThreadReader)
        .where(
            ThreadReader.thread_id == row.id,
            ThreadReader.read_number >= row.last_number,
            is_one_of(ThreadReader.person_id, members),
        )
        .order_by(ThreadReader.read_at)
    ).all()
    people = accounts.people(session, frozenset(each.person_id for each in rows))
    return [
        ReadBy(people[each.person_id].name, each.read_at)
        for each in rows
        if each.read_at is not None
    ]


def _file(row: MessageFile) -> FileFacts:
    return FileFacts(row.public_id, FileKind(row.kind), row.name, row.size)
