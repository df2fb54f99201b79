"""A month's check-in: its cards one by one, what was decided, the time that it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.checkin.models import CheckIn, CheckInCard
from mutuali.checkin.rules import (
    Card,
    Choice,
    Kind,
    deal,
    median_seconds,
    month_of,
    next_month,
)
from mutuali.checkin.service.providers import Providers, of_kind
from mutuali.checkin.service.records import (
    decided_rows,
    end,
    keys_of,
    month_row,
    note_choice,
    pass_time,
)
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.permissions import Actor, Permission, reach_of, require
from mutuali.counts import NOW, Count
from mutuali.organizations import service as organizations
from mutuali.storage import is_one_of

#: How many earlier months are shown.
_MONTHS_BACK = 12


@dataclass(frozen=True, slots=True)
class Decided:
    """A card that was decided or set aside."""

    kind: Kind
    choice: Choice


@dataclass(frozen=True, slots=True)
class Time:
    """What a month's check-in took so far; ``finished`` tells whether it is over."""

    month: date
    seconds: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Where an organization is with this month's check-in.

    ``cards`` are those that are left; without ``begun`` nobody looked at any yet. ``before`` are
    earlier months, the latest first.
    """

    time: Time
    next_on: date
    cards: tuple[Card, ...]
    decided: tuple[Decided, ...]
    begun: bool
    before: Sequence[Time]


def this_month(
    session: Session,
    actor: Actor,
    organization_id: int,
    *,
    providers: Providers,
    now: datetime,
) -> Month:
    """The check-in of this month. Raises Forbidden: the actor does not manage the organization."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    month = month_of(now)
    row = session.get(CheckIn, (organization_id, month))
    time = _time(row) if row else Time(month, 0, finished=False)
    rows = decided_rows(session, organization_id, month)
    cards = () if time.finished else left(session, actor, organization_id, rows, providers, now)
    before = session.scalars(
        select(CheckIn)
        .where(CheckIn.organization_id == organization_id, CheckIn.month < month)
        .where(CheckIn.finished_at.is_not(None))
        .order_by(CheckIn.month.desc())
        .limit(_MONTHS_BACK)
    )
    return Month(
        time,
        next_month(month),
        cards,
        tuple(Decided(Kind(each.kind), Choice(each.choice)) for each in rows),
        row is not None,
        [_time(each) for each in before],
    )


def left(
    session: Session,
    actor: Actor,
    organization_id: int,
    rows: list[CheckInCard],
    providers: Providers,
    now: datetime,
) -> tuple[Card, ...]:
    """The cards of this month besides those of ``rows``; none of who is not in the network."""
    if not organizations.organization(session, organization_id).accepted:
        return ()
    offered = [each.find(session, actor, organization_id, now) for each in providers]
    return deal(offered, keys_of(rows))


def look(session: Session, organization_id: int, *, now: datetime) -> None:
    """Note that somebody has just looked at a card."""
    pass_time(month_row(session, organization_id, now), None, now)


def decide(
    session: Session,
    actor: Actor,
    organization_id: int,
    key: tuple[Kind, str],
    choice: Choice,
    *,
    providers: Providers,
    now: datetime,
) -> bool:
    """Carry out what was chosen on a card, or set it aside; whether that was the last one.

    Raises:
        Forbidden: the actor does not manage the organization, or may not decide this.
        Conflict: the month is over, or the card waits no more.
        Refused: the card cannot be answered like this, or what it stands for refuses.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = month_row(session, organization_id, now)
    carry_out(session, actor, row, key, choice, providers, now=now)
    pass_time(row, None, now)
    return end_if_last(session, actor, row, providers, now=now)


def carry_out(
    session: Session,
    actor: Actor,
    row: CheckIn,
    key: tuple[Kind, str],
    choice: Choice,
    providers: Providers,
    *,
    now: datetime,
    by_letter: bool = False,
) -> None:
    """Do what was chosen on a card of the month of ``row``, and keep it.

    Raises:
        as :func:`decide`.
    """
    if row.finished_at is not None:
        raise Conflict("checkin.finished")
    if key in keys_of(decided_rows(session, row.organization_id, row.month)):
        raise Conflict("checkin.card_gone")
    kind = key[0]
    for provider in of_kind(providers, kind):
        for card in provider.find(session, actor, row.organization_id, now):
            if card.key != key:
                continue
            if choice is not Choice.LATER:
                if choice not in card.choices:
                    raise Refused(Reason("field.not_a_choice", {}, "choice"))
                provider.do(session, actor, row.organization_id, card, choice, now)
            note_choice(session, row.organization_id, row.month, card, choice, now)
            facts = {"kind": kind.value, "choice": choice.value, "by_letter": by_letter}
            _trace(session, actor, row, "decided", facts, now)
            return
    raise Conflict("checkin.card_gone")


def end_if_last(
    session: Session, actor: Actor, row: CheckIn, providers: Providers, *, now: datetime
) -> bool:
    """End the month where no card is left; whether it ended."""
    rows = decided_rows(session, row.organization_id, row.month)
    if left(session, actor, row.organization_id, rows, providers, now):
        return False
    _end(session, actor, row, now)
    return True


def finish(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> None:
    """End this month's check-in; cards that are left wait for the next one. Twice is once.

    Raises:
        Forbidden: the actor does not manage the organization.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = month_row(session, organization_id, now)
    if row.finished_at is not None:
        return
    pass_time(row, None, now)
    _end(session, actor, row, now)


def time_given(session: Session, organization_id: int, *, now: datetime) -> Time | None:
    """What this month's check-in took so far; None while nobody began it."""
    row = session.get(CheckIn, (organization_id, month_of(now)))
    return _time(row) if row else None


def median_of_network(session: Session, *, now: datetime) -> tuple[date, int] | None:
    """The last month that is over, and the seconds that the organization in the middle took.

    None where fewer than ten finished. Of a month that is not over nothing is said: one could watch
    each organization arrive.
    """
    this = month_of(now)
    month = session.scalar(select(func.max(CheckIn.month)).where(CheckIn.month < this))
    if month is None or next_month(month) != this:
        return None
    finished = session.scalars(
        select(CheckIn.seconds).where(CheckIn.month == month, CheckIn.finished_at.is_not(None))
    ).all()
    middle = median_seconds(finished)
    return None if middle is None else (month, middle)


def count_ready(actor: Actor) -> Count:
    """How many organizations that the actor manages have a check-in that waits this month."""
    reach = reach_of(actor, Permission.ORGANIZATION_EDIT) or frozenset()
    if not reach:
        return None
    return select(func.count(CheckIn.organization_id)).where(
        is_one_of(CheckIn.organization_id, reach),
        CheckIn.until > NOW,
        CheckIn.finished_at.is_(None),
    )


def _end(session: Session, actor: Actor, row: CheckIn, now: datetime) -> None:
    end(row, now)
    session.flush()
    _trace(session, actor, row, "finished", {"seconds": row.seconds}, now)


def _trace(
    session: Session,
    actor: Actor,
    row: CheckIn,
    deed: str,
    facts: Mapping[str, object],
    now: datetime,
) -> None:
    about = {"month": row.month.isoformat(), **facts}
    id_ = row.organization_id
    audit.record(session, actor, f"checkin.{deed}", "organization", id_, now=now, facts=about)


def _time(row: CheckIn) -> Time:
    return Time(row.month, row.seconds, row.finished_at is not None)
