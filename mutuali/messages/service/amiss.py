"""What can be amiss with the messages to an organization."""

from datetime import timedelta

from sqlalchemy import Select, case, exists, func, select

from mutuali.counts import ORGANIZATION, Amiss, ago
from mutuali.loans.rules import Side
from mutuali.messages.models import MessageThread, ThreadReader

_READ_WITHIN = timedelta(days=7)


def unread_for_long(people: Select[int]) -> Amiss:
    """How many threads end with a word to it that none of ``people`` read in a week."""
    waits_for = case(
        (MessageThread.last_side == Side.LENDER, MessageThread.borrower_id),
        else_=MessageThread.lender_id,
    )
    read = exists().where(
        ThreadReader.thread_id == MessageThread.id,
        ThreadReader.person_id.in_(people),
        ThreadReader.read_number >= MessageThread.last_number,
    )
    return select(func.count(MessageThread.id)).where(
        waits_for == ORGANIZATION, ~read, MessageThread.last_at < ago(_READ_WITHIN)
    )
