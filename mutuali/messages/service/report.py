"""Reporting a message, and what the coordination does about it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import Count
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs
from mutuali.loans.rules import Side
from mutuali.messages.models import Message, MessageReport, MessageThread
from mutuali.messages.rules import Decision, Grounds
from mutuali.messages.service.look import BEFORE_REPORTED, MessageFacts, read_messages
from mutuali.messages.service.records import organization_of, read_thread


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A reported message with what the coordination may read: ``messages``, the reported one last.

    ``writer_id`` is the organization that wrote it; ``reporter_id`` the person who reports.
    """

    public_id: str
    messages: list[MessageFacts]
    listing: equipment.ListingFacts
    grounds: Grounds
    words: str
    reported_at: datetime
    reporter_id: int
    writer_id: int
    decision: Decision | None
    decision_words: str

    @property
    def message(self) -> MessageFacts:
        """The reported one."""
        return self.messages[-1]


def message(session: Session, actor: Actor, thread_public_id: str, number: int) -> MessageFacts:
    """One message of a thread, for who is about to report it. Raises NotFound."""
    row, _side = read_thread(session, actor, thread_public_id, Permission.MESSAGE_READ)
    return read_messages(session, row, [_message(session, row, number)])[0]


def report(
    session: Session,
    actor: Actor,
    thread_public_id: str,
    number: int,
    grounds: Grounds,
    words: str,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Say what is wrong with a message; the coordination reads it and the two before it.

    Raises:
        NotFound: no such message of the actor's threads.
        Refused: it is the actor's own. Conflict: they reported it, or it is hidden already.
    """
    thread, _side = read_thread(session, actor, thread_public_id, Permission.MESSAGE_READ)
    row = _message(session, thread, number)
    person_id = actor.person_id or 0
    if row.person_id == person_id:
        raise Refused(Reason("message.own_message", {}, "grounds"))
    if row.hidden_at is not None:
        raise Conflict("message.already_hidden")
    twin = select(MessageReport.id).where(
        MessageReport.message_id == row.id, MessageReport.person_id == person_id
    )
    if session.scalar(twin) is not None:
        raise Conflict("message.already_reported")
    reported = MessageReport(
        public_id=public_id,
        message_id=row.id,
        person_id=person_id,
        grounds=grounds,
        words=words,
        reported_at=now,
    )
    session.add(reported)
    session.flush()
    facts = {"report": reported.id, "grounds": grounds.value}
    audit.record(session, actor, "message.reported", "message", row.id, now=now, facts=facts)
    jobs.enqueue(session, "messages.tell_report", {"report": reported.id}, now=now)


def reports(session: Session, actor: Actor) -> list[ReportFacts]:
    """What waits for the coordination, oldest first. Raises Forbidden."""
    require(actor, Permission.MESSAGE_MODERATE)
    rows = session.scalars(_open(actor).order_by(MessageReport.reported_at, MessageReport.id))
    return [_facts(session, row) for row in rows.all()]


def count_reports(actor: Actor) -> Count:
    """How many reported messages wait for this person."""
    if not may(actor, Permission.MESSAGE_MODERATE):
        return None
    return _open(actor).with_only_columns(func.count(MessageReport.id))


def decide(
    session: Session,
    actor: Actor,
    public_id: str,
    decision: Decision,
    words: str,
    *,
    now: datetime,
) -> None:
    """Do nothing about a reported message, hide it, or tell who wrote it what is expected.

    All who reported it get the same answer.

    Raises:
        Forbidden: the actor does not coordinate. NotFound: no report, or one about their own
            organization's message. Conflict: it is decided. Refused: a warning without words.
    """
    require(actor, Permission.MESSAGE_MODERATE)
    found = session.scalars(
        select(MessageReport).where(MessageReport.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    # The message's row is the place in the queue: two coordinators do not both decide.
    row = session.get_one(Message, found.message_id, with_for_update={"key_share": True})
    thread = session.get_one(MessageThread, row.thread_id)
    if organization_of(thread, Side(row.side)) in actor.memberships:
        raise NotFound
    session.refresh(found)
    if found.decision is not None:
        raise Conflict("message.already_decided")
    if decision is Decision.WARN and not words:
        raise Refused(Reason("message.warning_unsaid", {}, "words"))
    if decision is Decision.HIDE:
        row.hidden_at = now
    for each in session.scalars(
        select(MessageReport).where(
            MessageReport.message_id == row.id, MessageReport.decision.is_(None)
        )
    ):
        each.decision, each.decided_by, each.decided_at = decision, actor.person_id, now
        each.decision_words = words
        session.flush()
        facts = {"report": each.id, "decision": decision.value}
        audit.record(session, actor, "message.judged", "message", row.id, now=now, facts=facts)
    jobs.enqueue(session, "messages.tell_decision", {"message": row.id}, now=now)


def report_by_id(session: Session, report_id: int) -> ReportFacts:
    """A report by its inner id, for letters. Raises NotFound."""
    row = session.get(MessageReport, report_id)
    if row is None:
        raise NotFound
    return _facts(session, row)


def reports_of(session: Session, message_id: int) -> list[ReportFacts]:
    """What was decided about a message, a fact for each who reported it; for letters."""
    rows = session.scalars(
        select(MessageReport)
        .where(MessageReport.message_id == message_id, MessageReport.decision.is_not(None))
        .order_by(MessageReport.id)
    ).all()
    return [_facts(session, row) for row in rows]


def _message(session: Session, thread: MessageThread, number: int) -> Message:
    row = session.scalars(
        select(Message).where(Message.thread_id == thread.id, Message.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _open(actor: Actor) -> Select[MessageReport]:
    """What waits for the coordination; nobody judges what their own organization wrote."""
    own = frozenset(actor.memberships)
    lender_wrote = Message.side == Side.LENDER
    return (
        select(MessageReport)
        .join(Message, Message.id == MessageReport.message_id)
        .join(MessageThread, MessageThread.id == Message.thread_id)
        .where(
            MessageReport.decision.is_(None),
            ~(lender_wrote & MessageThread.lender_id.in_(own)),
            ~(~lender_wrote & MessageThread.borrower_id.in_(own)),
        )
    )


def _facts(session: Session, row: MessageReport) -> ReportFacts:
    reported = session.get_one(Message, row.message_id)
    thread = session.get_one(MessageThread, reported.thread_id)
    near = session.scalars(
        select(Message)
        .where(
            Message.thread_id == thread.id,
            Message.number.between(reported.number - BEFORE_REPORTED, reported.number),
        )
        .order_by(Message.number)
    ).all()
    brief = bookings.in_brief(session, [thread.booking_id or 0]).get(thread.booking_id or 0)
    listing_id = brief.listing_id if brief else thread.listing_id or 0
    return ReportFacts(
        row.public_id,
        read_messages(session, thread, near),
        equipment.listings(session, [listing_id])[listing_id],
        Grounds(row.grounds),
        row.words,
        row.reported_at,
        row.person_id,
        organization_of(thread, Side(reported.side)),
        Decision(row.decision) if row.decision else None,
        row.decision_words,
    )
