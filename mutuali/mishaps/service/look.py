"""Looking at mishaps: one with all that was said, many, the open ones counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.core.errors import Forbidden, NotFound
from mutuali.core.permissions import Actor
from mutuali.counts import Count
from mutuali.equipment import service as equipment
from mutuali.mishaps.models import Mishap, MishapEntry, MishapPhoto
from mutuali.mishaps.rules import Kind, Severity
from mutuali.mishaps.service.records import known_to, may_close, read_mishap, speaks_for
from mutuali.organizations import service as organizations

#: How many the register shows.
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody added; ``organization`` is empty for the coordination."""

    organization: str
    person_name: str
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without its bytes; ``width`` and ``height`` in pixels."""

    public_id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MishapLine:
    """A mishap in the register."""

    id: int
    public_id: str
    kind: Kind
    severity: Severity
    happened_at: datetime
    words: str
    listing: equipment.ListingFacts
    lender: str
    #: Empty when nobody had it.
    borrower: str
    booking: str | None
    #: Empty for the coordination.
    reported_for: str
    reported_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MishapFacts:
    """A mishap with all that was said of it."""

    line: MishapLine
    reported_by: str
    closed_by: str
    closed_word: str
    entries: tuple[Entry, ...]
    photos: tuple[Photo, ...]
    may_add: bool
    may_close: bool


def mishaps(
    session: Session, actor: Actor, *, only_open: bool = False, kind: Kind | None = None
) -> list[MishapLine]:
    """Those of one's organizations, of the network for its coordination: open ones first, then the
    latest."""
    query = select(Mishap).where(known_to(actor))
    if only_open:
        query = query.where(Mishap.closed_at.is_(None))
    if kind is not None:
        query = query.where(Mishap.kind == kind)
    order = (Mishap.closed_at.is_not(None), Mishap.reported_at.desc(), Mishap.id.desc())
    return _lines(session, session.scalars(query.order_by(*order).limit(_MOST_SHOWN)).all())


def mishaps_of_booking(session: Session, actor: Actor, booking_id: int) -> list[MishapLine]:
    """What went wrong with one booking, in order."""
    query = select(Mishap).where(known_to(actor), Mishap.booking_id == booking_id)
    return _lines(session, session.scalars(query.order_by(Mishap.id)).all())


def mishap(session: Session, actor: Actor, public_id: str) -> MishapFacts:
    """One mishap. Raises NotFound."""
    row = read_mishap(session, actor, public_id)
    (line,) = _lines(session, [row])
    said = session.scalars(
        select(MishapEntry).where(MishapEntry.mishap_id == row.id).order_by(MishapEntry.id)
    ).all()
    photos = session.execute(
        select(MishapPhoto.public_id, MishapPhoto.width, MishapPhoto.height)
        .where(MishapPhoto.mishap_id == row.id)
        .order_by(MishapPhoto.id)
    )
    wrote = {row.reported_by, row.closed_by, *(each.person_id for each in said)}
    people = accounts.names(session, {id_ for id_ in wrote if id_})
    for_whom = frozenset(each.said_for for each in said if each.said_for)
    parties = organizations.organizations(session, for_whom)
    is_open = row.closed_at is None
    return MishapFacts(
        line,
        people.get(row.reported_by or 0, ""),
        people.get(row.closed_by or 0, ""),
        row.closed_word,
        tuple(
            Entry(
                parties[each.said_for].name if each.said_for else "",
                people.get(each.person_id or 0, ""),
                each.words,
                each.said_at,
            )
            for each in said
        ),
        tuple(Photo(*each) for each in photos),
        is_open and _speaks(actor, row),
        is_open and may_close(actor, row),
    )


def count_open(actor: Actor) -> Count:
    """How many are open of those that somebody may read."""
    return select(func.count(Mishap.id)).where(known_to(actor), Mishap.closed_at.is_(None))


def photo_bytes(session: Session, actor: Actor, photo_id: str, *, small: bool) -> bytes:
    """The WebP file of a photo, for the parties and the coordination. Raises NotFound."""
    column = MishapPhoto.small if small else MishapPhoto.large
    found = session.scalar(
        select(column)
        .join(Mishap, Mishap.id == MishapPhoto.mishap_id)
        .where(MishapPhoto.public_id == photo_id, known_to(actor))
    )
    if found is None:
        raise NotFound
    return bytes(found)


@dataclass(frozen=True, slots=True)
class MishapTold:
    """What letters say of a mishap, and to whom."""

    line: MishapLine
    readers: frozenset[int]
    last_words: str


def mishap_told(session: Session, mishap_id: int) -> MishapTold:
    """A mishap with the people of its parties, for letters."""
    row = session.get_one(Mishap, mishap_id)
    (line,) = _lines(session, [row])
    parties = [id_ for id_ in (row.lender_id, row.borrower_id) if id_]
    readers = {id_ for party in parties for id_ in organizations.member_ids(session, party)}
    last = session.scalar(
        select(MishapEntry.words)
        .where(MishapEntry.mishap_id == mishap_id)
        .order_by(MishapEntry.id.desc())
        .limit(1)
    )
    return MishapTold(line, frozenset(readers), row.closed_word or last or row.words)


def _speaks(actor: Actor, row: Mishap) -> bool:
    try:
        speaks_for(actor, row.lender_id, row.borrower_id)
    except Forbidden:
        return False
    return True


def _lines(session: Session, rows: Sequence[Mishap]) -> list[MishapLine]:
    listings = equipment.listings(session, sorted({row.listing_id for row in rows}))
    ids = {id_ for row in rows for id_ in (row.lender_id, row.borrower_id, row.reported_for) if id_}
    parties = organizations.organizations(session, frozenset(ids))
    names = {id_: party.name for id_, party in parties.items()}
    of = bookings.in_brief(session, {row.booking_id for row in rows if row.booking_id})
    return [
        MishapLine(
            row.id,
            row.public_id,
            Kind(row.kind),
            Severity(row.severity),
            row.happened_at,
            row.words,
            listings[row.listing_id],
            names[row.lender_id],
            names.get(row.borrower_id or 0, ""),
            of[row.booking_id].public_id if row.booking_id in of else None,
            names.get(row.reported_for or 0, ""),
            row.reported_at,
            row.closed_at,
        )
        for row in rows
    ]
