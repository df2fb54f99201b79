"""What is kept about a person's or an organization's messages, and its end."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.messages.models import (
    Message,
    MessageBlock,
    MessageFile,
    MessageReport,
    MessageThread,
    ThreadReader,
)
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of, table_of

#: Who wrote which words of a report.
_WROTE = {"grounds": "person_id", "words": "person_id", "decision_words": "decided_by"}


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they wrote, read, reported, decided, blocked;
    files stay at their addresses."""
    own = select(Message.id).where(Message.person_id == person_id)
    reports = held_rows(
        session,
        MessageReport,
        or_(MessageReport.person_id == person_id, MessageReport.decided_by == person_id),
    )
    # Of a row that two people wrote, each gets their own part.
    parts = [
        {
            name: value if name not in _WROTE or row[_WROTE[name]] == person_id else None
            for name, value in row.items()
        }
        for row in reports.rows
    ]
    return [
        held_rows(session, Message, Message.person_id == person_id),
        _files(session, MessageFile.message_id.in_(own)),
        held_rows(session, ThreadReader, ThreadReader.person_id == person_id),
        HeldRows(reports.table, parts),
        held_rows(session, MessageBlock, MessageBlock.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization: its threads, as both sides read them, and
    whom it blocks; not who blocks it, nor who reported what."""
    own = select(MessageThread.id).where(
        or_(
            MessageThread.lender_id == organization_id,
            MessageThread.borrower_id == organization_id,
        )
    )
    seen = select(Message.id).where(Message.thread_id.in_(own), Message.hidden_at.is_(None))
    return [
        held_rows(session, MessageThread, MessageThread.id.in_(own)),
        held_rows(session, Message, Message.id.in_(seen)),
        _files(session, MessageFile.message_id.in_(seen)),
        held_rows(session, MessageBlock, MessageBlock.organization_id == organization_id),
    ]


def forget_person(session: Session, person_id: int) -> None:
    """Blank what a person wrote and destroy their files and read marks; that somebody wrote stays,
    by number."""
    own = select(Message.id).where(Message.person_id == person_id)
    session.execute(
        delete(MessageFile)
        .where(MessageFile.message_id.in_(own))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(ThreadReader).where(ThreadReader.person_id == person_id))
    for table, who, words in (
        (Message, Message.person_id, {"text": ""}),
        (MessageReport, MessageReport.person_id, {"words": ""}),
        (MessageReport, MessageReport.decided_by, {"decision_words": ""}),
    ):
        session.execute(
            update(table)
            .where(who == person_id)
            .values(words)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def forget_silent(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy threads about listings in which nobody wrote since; returns how many rows."""
    silent = select(MessageThread.id).where(
        MessageThread.booking_id.is_(None), MessageThread.last_at < before
    )
    return _forget_threads(session, silent, dry=dry)


def forget_of_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy threads about bookings that ended before; returns how many rows."""
    over = select(MessageThread.id).where(
        MessageThread.booking_id.in_(bookings.ended_before(before))
    )
    return _forget_threads(session, over, dry=dry)


def forget_blocks(session: Session, organization_ids: Collection[int], *, dry: bool) -> int:
    """Destroy what organizations that left blocked, or were blocked by; returns how many."""
    over = or_(
        is_one_of(MessageBlock.organization_id, organization_ids),
        is_one_of(MessageBlock.blocked_id, organization_ids),
    )
    return forget_rows(session, MessageBlock, over, dry=dry)


def _forget_threads(session: Session, over: Select[int], *, dry: bool) -> int:
    messages = select(Message.id).where(Message.thread_id.in_(over))
    return sum(
        forget_rows(session, model, where, dry=dry)
        for model, where in (
            (MessageReport, MessageReport.message_id.in_(messages)),
            (MessageFile, MessageFile.message_id.in_(messages)),
            (ThreadReader, ThreadReader.thread_id.in_(over)),
            (Message, Message.thread_id.in_(over)),
            (MessageThread, MessageThread.id.in_(over)),
        )
    )


def _files(session: Session, where: ColumnElement[bool]) -> HeldRows:
    """Files without their bytes."""
    table = table_of(MessageFile)
    query = select(*(each for each in table.c if each.name != "content")).where(where)
    rows = session.execute(query.order_by(table.c.id)).mappings()
    return HeldRows(table.name, [dict(row) for row in rows])
