"""Twenty minutes with somebody who helps: offered, taken by one organization, cancelled, over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import NOW, Count
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.owndata.models import HelpMeeting, HelpSlot
from mutuali.owndata.rules import (
    KEPT_FOR,
    LASTS,
    MeetingDraft,
    OfferDraft,
    meeting_objections,
    offer_objections,
    starts,
)

#: How many free moments are shown, and how many are told to whoever came second.
_MOST_SHOWN, _MOST_TOLD = 40, 3


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A moment that is offered; ``may_call`` where the helper left a number."""

    public_id: str
    period: Period
    helper: str
    may_call: bool


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A moment that was taken, as the two who meet see it."""

    id: int
    public_id: str
    period: Period
    helper_id: int
    helper: str
    organization: str
    person_id: int
    person: str
    topic: str
    #: Where the organization is called; empty: it calls.
    phone: str
    #: Where the helper is called, for whoever calls.
    call_at: str
    created_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A moment of one's own, and who took it."""

    slot: SlotFacts
    meeting: MeetingFacts | None


def offer(
    session: Session,
    actor: Actor,
    draft: OfferDraft,
    *,
    public_ids: Sequence[str],
    now: datetime,
) -> int:
    """Offer moments of twenty minutes, one each half hour; returns how many are new.

    ``public_ids`` are as many as a day has moments (``rules.MOST_A_DAY``).

    Raises:
        Forbidden: the actor does not help the network. Refused: the hours are no good.
    """
    require(actor, Permission.CALL_ANSWER)
    objections = offer_objections(draft, now)
    if objections:
        raise Refused.because(objections)
    wanted = starts(draft)
    known = {
        row.starts_at: row
        for row in session.scalars(
            select(HelpSlot).where(
                HelpSlot.helper_id == actor.person_id, HelpSlot.starts_at.in_(wanted)
            )
        )
    }
    new = 0
    for start, public_id in zip(wanted, public_ids, strict=False):
        row = known.get(start)
        if row is None:
            row = HelpSlot(
                public_id=public_id, helper_id=actor.person_id, starts_at=start, created_at=now
            )
            session.add(row)
            new += 1
        elif row.withdrawn_at is not None:
            row.withdrawn_at = None
            new += 1
        row.call_at = draft.call_at
    session.flush()
    facts = {"slots": new}
    audit.record(
        session, actor, "meetings.offered", "person", actor.person_id or 0, now=now, facts=facts
    )
    return new


def withdraw_slot(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Offer a moment no more; whoever took it is told.

    Raises:
        Forbidden, NotFound: it is not the actor's. Conflict: it began.
    """
    require(actor, Permission.CALL_ANSWER)
    slot = session.scalars(
        select(HelpSlot)
        .where(
            HelpSlot.public_id == public_id,
            HelpSlot.helper_id == actor.person_id,
            HelpSlot.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if slot is None:
        raise NotFound
    if slot.starts_at <= now:
        raise Conflict("meeting.begun")
    slot.withdrawn_at = now
    taken = session.scalars(
        select(HelpMeeting).where(
            HelpMeeting.slot_id == slot.id, HelpMeeting.cancelled_at.is_(None)
        )
    ).one_or_none()
    if taken is not None:
        _end(session, actor, taken, now)
    session.flush()
    audit.record(session, actor, "meeting.slot_withdrawn", "help_slot", slot.id, now=now)


def offered(session: Session, actor: Actor, *, now: datetime) -> list[Offered]:
    """One's own moments to come, in order, with whoever took them. Raises Forbidden."""
    require(actor, Permission.CALL_ANSWER)
    slots = session.scalars(
        select(HelpSlot)
        .where(
            HelpSlot.helper_id == actor.person_id,
            HelpSlot.withdrawn_at.is_(None),
            HelpSlot.starts_at > now - LASTS,
        )
        .order_by(HelpSlot.starts_at)
    ).all()
    rows = session.scalars(
        select(HelpMeeting).where(
            HelpMeeting.slot_id.in_([each.id for each in slots]),
            HelpMeeting.cancelled_at.is_(None),
        )
    ).all()
    taken = {row.slot_id: meeting for row, meeting in zip(rows, _facts(session, rows), strict=True)}
    return [
        Offered(facts, taken.get(slot.id))
        for slot, facts in zip(slots, _slots(session, slots), strict=True)
    ]


def free_slots(session: Session, actor: Actor, *, now: datetime) -> list[SlotFacts]:
    """The moments that can still be taken, in order. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT)
    query = select(HelpSlot).where(_free(now)).order_by(HelpSlot.starts_at, HelpSlot.id)
    return _slots(session, session.scalars(query.limit(_MOST_SHOWN)).all())


def meeting_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> MeetingFacts | None:
    """The meeting to come of an organization. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = session.scalars(_coming(organization_id, now)).first()
    return _facts(session, [row])[0] if row is not None else None


def take_slot(
    session: Session,
    actor: Actor,
    organization_id: int,
    slot_public_id: str,
    draft: MeetingDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Take a moment for an organization; both are told.

    Raises:
        Forbidden: the actor does not manage it.
        Refused: they would not find each other on the telephone, or nothing is said.
        Conflict: the moment is taken or over (with what is free), or they have one already.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    if session.scalars(_coming(organization_id, now)).first() is not None:
        raise Conflict("meeting.one_at_a_time")
    # Locked, so that it is not withdrawn meanwhile.
    slot = session.scalars(
        select(HelpSlot).where(HelpSlot.public_id == slot_public_id, _free(now)).with_for_update()
    ).one_or_none()
    if slot is None:
        raise _taken(session, now)
    objections = meeting_objections(draft, slot.call_at)
    if objections:
        raise Refused.because(objections)
    row = HelpMeeting(
        public_id=public_id,
        slot_id=slot.id,
        organization_id=organization_id,
        person_id=actor.person_id,
        topic=draft.topic,
        phone=draft.phone,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise _taken(session, now) from None
    _tell(session, actor, row, "taken", now)


def cancel(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Call a meeting off, until it begins; the moment is free again, and both are told.

    Raises:
        NotFound: the actor is neither who helps nor who manages the organization.
        Conflict: it began.
    """
    row = session.scalars(
        select(HelpMeeting)
        .where(HelpMeeting.public_id == public_id, HelpMeeting.cancelled_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    slot = session.get_one(HelpSlot, row.slot_id)
    manages = may(actor, Permission.ORGANIZATION_EDIT, over=row.organization_id)
    if not manages and actor.person_id != slot.helper_id:
        raise NotFound
    if slot.starts_at <= now:
        raise Conflict("meeting.begun")
    _end(session, actor, row, now)


def meeting(session: Session, actor: Actor, public_id: str) -> MeetingFacts:
    """One meeting, for the two who meet. Raises NotFound."""
    row = session.scalars(
        select(HelpMeeting).where(
            HelpMeeting.public_id == public_id, HelpMeeting.cancelled_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    found = _facts(session, [row])[0]
    manages = may(actor, Permission.ORGANIZATION_EDIT, over=row.organization_id)
    if not manages and actor.person_id != found.helper_id:
        raise NotFound
    return found


def meeting_told(session: Session, meeting_id: int) -> MeetingFacts | None:
    """A meeting for letters; None once nothing is kept of it."""
    row = session.get(HelpMeeting, meeting_id)
    return _facts(session, [row])[0] if row is not None else None


def forget_meetings(session: Session, *, now: datetime) -> None:
    """Destroy what was offered and taken for moments that are a week past."""
    over = select(HelpSlot.id).where(HelpSlot.starts_at < now - KEPT_FOR)
    for statement in (
        delete(HelpMeeting).where(HelpMeeting.slot_id.in_(over)),
        delete(HelpSlot).where(HelpSlot.id.in_(over)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def count_meetings(actor: Actor) -> Count:
    """How many meetings are to come with this actor as the one who helps."""
    if actor.person_id is None or not may(actor, Permission.CALL_ANSWER):
        return None
    return (
        select(func.count(HelpMeeting.id))
        .join(HelpSlot, HelpSlot.id == HelpMeeting.slot_id)
        .where(
            HelpSlot.helper_id == actor.person_id,
            HelpSlot.starts_at > NOW,
            HelpMeeting.cancelled_at.is_(None),
        )
    )


def _free(now: datetime) -> ColumnElement[bool]:
    taken = exists().where(HelpMeeting.slot_id == HelpSlot.id, HelpMeeting.cancelled_at.is_(None))
    return (HelpSlot.starts_at > now) & HelpSlot.withdrawn_at.is_(None) & ~taken


def _coming(organization_id: int, now: datetime) -> Select[HelpMeeting]:
    return (
        select(HelpMeeting)
        .join(HelpSlot, HelpSlot.id == HelpMeeting.slot_id)
        .where(
            HelpMeeting.organization_id == organization_id,
            HelpMeeting.cancelled_at.is_(None),
            HelpSlot.starts_at > now - LASTS,
        )
        .order_by(HelpSlot.starts_at)
    )


def _taken(session: Session, now: datetime) -> Conflict:
    free = session.scalars(
        select(HelpSlot.starts_at).where(_free(now)).order_by(HelpSlot.starts_at).limit(_MOST_TOLD)
    ).all()
    if not free:
        return Conflict(Reason("meeting.none_left", {}, "slot"))
    return Conflict(Reason("meeting.taken", {"free": tuple(free)}, "slot"))


def _end(session: Session, actor: Actor, row: HelpMeeting, now: datetime) -> None:
    row.cancelled_at = now
    session.flush()
    _tell(session, actor, row, "cancelled", now)


def _tell(session: Session, actor: Actor, row: HelpMeeting, what: str, now: datetime) -> None:
    facts = {"organization": row.organization_id}
    audit.record(session, actor, f"meeting.{what}", "help_meeting", row.id, now=now, facts=facts)
    jobs.enqueue(session, "owndata.tell", {"meeting": row.id, "what": what}, now=now)


def _slots(session: Session, rows: Sequence[HelpSlot]) -> list[SlotFacts]:
    names = accounts.names(session, {row.helper_id for row in rows})
    return [
        SlotFacts(
            row.public_id,
            Period(row.starts_at, row.starts_at + LASTS),
            names.get(row.helper_id, ""),
            bool(row.call_at),
        )
        for row in rows
    ]


def _facts(session: Session, rows: Sequence[HelpMeeting]) -> list[MeetingFacts]:
    slots = {
        slot.id: slot
        for slot in session.scalars(
            select(HelpSlot).where(HelpSlot.id.in_({row.slot_id for row in rows}))
        )
    }
    ids = {slot.helper_id for slot in slots.values()} | {row.person_id for row in rows}
    people = accounts.names(session, ids)
    parties = organizations.names(session, {row.organization_id for row in rows})
    return [
        MeetingFacts(
            row.id,
            row.public_id,
            Period(slot.starts_at, slot.starts_at + LASTS),
            slot.helper_id,
            people.get(slot.helper_id, ""),
            parties.get(row.organization_id, ""),
            row.person_id,
            people.get(row.person_id, ""),
            row.topic,
            row.phone,
            slot.call_at,
            row.created_at,
            row.cancelled_at,
        )
        for row, slot in ((row, slots[row.slot_id]) for row in rows)
    ]
