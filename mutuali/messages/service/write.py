"""Writing a message: about a listing, about a booking, or in a thread that is there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import CONFIRMED
from mutuali.core.errors import Forbidden, Reason, Refused
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs
from mutuali.loans.rules import Side, other
from mutuali.messages.models import Message, MessageFile, MessageThread
from mutuali.messages.rules import MOST_FILES, Contact, FileKind, contacts
from mutuali.messages.service.records import (
    About,
    begin_thread,
    blocks,
    lock_thread,
    organization_of,
    read_thread,
    reader_of,
    side_of,
)
from mutuali.organizations import service as organizations

#: What is said to who gives away how to reach somebody before a booking allows it.
CONTACT_CODES = {
    Contact.PHONE: "message.phone_inside",
    Contact.EMAIL: "message.email_inside",
    Contact.ADDRESS: "message.address_inside",
}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to attach, checked and re-encoded by the door; its random id is made there too."""

    public_id: str
    kind: FileKind
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """What somebody writes; ``anyway`` sends it although it tells how to reach somebody."""

    text: str
    files: tuple[NewFile, ...] = ()
    anyway: bool = False


def about_listing(session: Session, actor: Actor, listing_public_id: str) -> About:
    """What a thread about a listing would be between: its lender and who the actor acts for.

    Raises:
        NotFound: no such listing. Forbidden: the actor writes for no organization.
        Refused: the listing is their own.
    """
    listing = equipment.listing(session, actor, listing_public_id)
    if actor.organization_id is None:
        raise Refused(Reason("organization.none_chosen", {}, "text"))
    require(actor, Permission.MESSAGE_WRITE, over=actor.organization_id)
    if listing.lender_id == actor.organization_id:
        raise Refused(Reason("message.own_listing", {}, "text"))
    return About(listing.lender_id, actor.organization_id, listing_id=listing.id)


def about_booking(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> About:
    """What a thread about a booking is between: its two parties.

    Raises:
        NotFound: no such booking. Forbidden: the actor writes for neither party.
    """
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    about = About(facts.lender.id, facts.borrower.id, booking_id=facts.id)
    if side_of(actor, Permission.MESSAGE_WRITE, about.lender_id, about.borrower_id) is None:
        raise Forbidden
    return about


def begin(
    session: Session,
    actor: Actor,
    about: About,
    draft: MessageDraft,
    *,
    public_id: str,
    now: datetime,
) -> str:
    """Write about something, in its thread if there is one; returns the thread's public id.

    Raises:
        Forbidden: the actor writes for neither side.
        Refused: nothing is said, too many files, one side blocks the other, the organization is not
            accepted yet, or the text tells how to reach somebody and was not sent ``anyway``.
    """
    side = side_of(actor, Permission.MESSAGE_WRITE, about.lender_id, about.borrower_id)
    if side is None:
        raise Forbidden
    _check(session, about, side, draft, now=now)
    thread = begin_thread(session, about, side, public_id=public_id, now=now)
    _send(session, actor, thread, side, draft, now=now)
    return thread.public_id


def answer(
    session: Session, actor: Actor, thread_public_id: str, draft: MessageDraft, *, now: datetime
) -> int:
    """Write in a thread; returns the number of the message.

    Raises:
        NotFound: no thread of the actor's. Refused: as :func:`begin`.
    """
    thread, side = read_thread(session, actor, thread_public_id, Permission.MESSAGE_WRITE)
    about = About(thread.lender_id, thread.borrower_id, thread.listing_id, thread.booking_id)
    _check(session, about, side, draft, now=now)
    return _send(session, actor, thread, side, draft, now=now)


def _check(
    session: Session, about: About, side: Side, draft: MessageDraft, *, now: datetime
) -> None:
    """Raises Refused with all that keeps the message from being sent."""
    own, theirs = organization_of(about, side), organization_of(about, other(side))
    reasons = []
    if not draft.text and not draft.files:
        reasons.append(Reason("message.empty", {}, "text"))
    if len(draft.files) > MOST_FILES:
        reasons.append(Reason("message.too_many_files", {"max": MOST_FILES}, "files"))
    if blocks(session, own, theirs):
        reasons.append(Reason("message.you_block", {}, "text"))
    if blocks(session, theirs, own):
        reasons.append(Reason("message.not_received", {}, "text"))
    # A loan goes on whatever becomes of the organization; questions are for who takes part.
    if about.booking_id is None and not organizations.organization(session, own).accepted:
        reasons.append(Reason("message.not_accepted", {}, "text"))
    if not reasons and not draft.anyway and not _is_confirmed(session, about, now=now):
        reasons += [
            Reason(CONTACT_CODES[each], {}, "text") for each in sorted(contacts(draft.text))
        ]
    if reasons:
        raise Refused.because(reasons)


def _is_confirmed(session: Session, about: About, *, now: datetime) -> bool:
    """Whether the two may know where the thing is and whom to call."""
    if about.booking_id is None:
        return False
    facts = bookings.booking_by_id(session, SYSTEM, about.booking_id, now=now)
    return facts.state in CONFIRMED


def _send(
    session: Session,
    actor: Actor,
    thread: MessageThread,
    side: Side,
    draft: MessageDraft,
    *,
    now: datetime,
) -> int:
    thread = lock_thread(session, thread.id)
    number = thread.last_number + 1
    thread.last_number, thread.last_side, thread.last_at = number, side, now
    person_id = actor.person_id or 0
    message = Message(
        thread_id=thread.id,
        number=number,
        side=side,
        person_id=person_id,
        text=draft.text,
        sent_at=now,
    )
    session.add(message)
    session.flush()
    session.add_all(
        MessageFile(
            public_id=each.public_id,
            message_id=message.id,
            kind=each.kind,
            name=each.name,
            size=len(each.content),
            content=each.content,
        )
        for each in draft.files
    )
    reader = reader_of(session, thread.id, person_id)
    reader.read_number, reader.read_at = number, now
    session.flush()
    told = {"message": message.id, "side": side.value, "files": len(draft.files)}
    audit.record(session, actor, "message.sent", "message_thread", thread.id, now=now, facts=told)
    jobs.enqueue(session, "messages.announce", {"thread": thread.id}, now=now)
    return number
