"""Reporting what went wrong, adding to it, closing it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.service import EncodedPhoto
from mutuali.jobs import service as jobs
from mutuali.mishaps.models import Mishap, MishapEntry, MishapPhoto
from mutuali.mishaps.rules import MOST_PHOTOS, objections
from mutuali.mishaps.service.records import MishapDraft, may_close, read_mishap, speaks_for


def report_of_booking(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    draft: MishapDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Report what went wrong with a booking, for one of its parties or the coordination.

    Raises:
        NotFound: no such booking. Forbidden: the actor speaks for nobody of it.
        Refused: no words, or it has not happened yet.
    """
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    speaker = speaks_for(actor, facts.lender.id, facts.borrower.id)
    row = Mishap(booking_id=facts.id, borrower_id=facts.borrower.id, reported_for=speaker)
    _open(session, actor, row, facts.listing, draft, public_id=public_id, now=now)


def report_of_listing(
    session: Session,
    actor: Actor,
    listing_public_id: str,
    draft: MishapDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Report what went wrong with a thing while nobody had it, by its lender.

    Raises:
        NotFound: no such listing, or not the actor's. Refused: as above.
    """
    listing = equipment.listing(session, actor, listing_public_id)
    if not may(actor, Permission.LISTING_EDIT, over=listing.lender_id):
        raise NotFound
    row = Mishap(reported_for=listing.lender_id)
    _open(session, actor, row, listing, draft, public_id=public_id, now=now)


def add_entry(session: Session, actor: Actor, public_id: str, words: str, *, now: datetime) -> None:
    """Say what happened since.

    Raises:
        NotFound; Forbidden; Refused: no words. Conflict: it is closed.
    """
    row = _still_open(session, actor, public_id)
    speaker = speaks_for(actor, row.lender_id, row.borrower_id)
    if not words.strip():
        raise Refused(Reason("mishap.words_missing", {}, "words"))
    entry = MishapEntry(
        mishap_id=row.id, said_for=speaker, person_id=actor.person_id, words=words, said_at=now
    )
    session.add(entry)
    session.flush()
    _trace(session, actor, row, "mishap.added", now)


def close(session: Session, actor: Actor, public_id: str, words: str, *, now: datetime) -> None:
    """Say that nothing more is to do, and why.

    Raises:
        NotFound; Forbidden: neither who reported it nor the coordination.
        Refused: no words. Conflict: it is closed.
    """
    row = _still_open(session, actor, public_id)
    if not may_close(actor, row):
        raise Forbidden
    if not words.strip():
        raise Refused(Reason("mishap.words_missing", {}, "words"))
    row.closed_at, row.closed_by, row.closed_word = now, actor.person_id, words
    session.flush()
    _trace(session, actor, row, "mishap.closed", now)


def add_photo(
    session: Session,
    actor: Actor,
    public_id: str,
    photo: EncodedPhoto,
    *,
    photo_id: str,
    now: datetime,
) -> None:
    """Add a photo, six at most.

    Raises:
        NotFound; Forbidden; Refused: six are there. Conflict: it is closed.
    """
    row = _still_open(session, actor, public_id)
    speaks_for(actor, row.lender_id, row.borrower_id)
    count = session.scalar(select(func.count()).where(MishapPhoto.mishap_id == row.id)) or 0
    if count >= MOST_PHOTOS:
        raise Refused(Reason("mishap.too_many_photos", {"max": MOST_PHOTOS}, "photos"))
    session.add(
        MishapPhoto(
            public_id=photo_id,
            mishap_id=row.id,
            added_at=now,
            width=photo.width,
            height=photo.height,
            large=photo.large,
            small=photo.small,
        )
    )
    session.flush()
    audit.record(session, actor, "mishap.photographed", "mishap", row.id, now=now)


def _open(
    session: Session,
    actor: Actor,
    row: Mishap,
    listing: equipment.ListingFacts,
    draft: MishapDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    reasons = objections(draft.happened_at, draft.words, now)
    if reasons:
        raise Refused.because(reasons)
    row.public_id, row.kind, row.severity = public_id, draft.kind, draft.severity
    row.happened_at, row.words = draft.happened_at, draft.words
    row.listing_id, row.lender_id = listing.id, listing.lender_id
    row.reported_by, row.reported_at = actor.person_id, now
    session.add(row)
    session.flush()
    _trace(session, actor, row, "mishap.reported", now)


def _still_open(session: Session, actor: Actor, public_id: str) -> Mishap:
    row = read_mishap(session, actor, public_id, lock=True)
    if row.closed_at is not None:
        raise Conflict("mishap.closed")
    return row


def _trace(session: Session, actor: Actor, row: Mishap, name: str, now: datetime) -> None:
    audit.record(session, actor, name, "mishap", row.id, now=now, facts={"kind": row.kind})
    told = {"mishap": row.id, "by": actor.person_id, "what": name.removeprefix("mishap.")}
    jobs.enqueue(session, "mishaps.tell", told, now=now)
