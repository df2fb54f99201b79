"""Saying something, without an account."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Reason, Refused
from mutuali.core.period import local, local_midnight
from mutuali.core.permissions import VISITOR
from mutuali.voices.models import Voice
from mutuali.voices.rules import MOST_A_DAY, Leave, due_on, fingerprint, objections
from mutuali.voices.service.records import Said


def say(
    session: Session,
    said: Said,
    *,
    public_id: str,
    opened_at: datetime | None,
    trap: str = "",
    now: datetime,
) -> None:
    """Take what somebody says; the thirty days start. Nothing is kept of who says it: not their
    address on the network, nor, of somebody who is signed in, their account.

    ``public_id`` came with the form that was shown at ``opened_at``, so that each form is good for
    one; ``trap`` is what stands in the field that nobody sees.

    Raises:
        Refused: it looks like a program's work, came before, or the day is full; each reason says
            what to do about it.
    """
    reasons = objections(said.words, trap, opened_at, now)
    if reasons:
        raise Refused.because(reasons)
    mark = fingerprint(said.words)
    if session.scalar(select(Voice.id).where(Voice.public_id == public_id)) is not None:
        raise Refused("voice.form_used")
    if session.scalar(select(Voice.id).where(Voice.fingerprint == mark).limit(1)) is not None:
        raise Refused(Reason("voice.said_before", {}, "words"))
    today = local_midnight(local(now).date())
    count = select(func.count(Voice.id)).where(Voice.said_at >= today)
    if (session.scalar(count) or 0) >= MOST_A_DAY:
        raise Refused("voice.too_many_today")
    row = Voice(
        public_id=public_id,
        topic=said.topic,
        words=said.words,
        page=said.page,
        language=said.language,
        email=said.email or None,
        may_publish=said.leave is Leave.YES,
        fingerprint=mark,
        said_at=now,
        due_on=due_on(now),
    )
    session.add(row)
    session.flush()
    # Whoever is signed in said it without their name all the same.
    facts = {"topic": said.topic.value, "due_on": row.due_on.isoformat()}
    audit.record(session, VISITOR, "voice.received", "voice", row.id, now=now, facts=facts)
