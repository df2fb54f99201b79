"""Rows of check-ins: having one, what was decided in it, the time it took."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.checkin.models import CheckIn, CheckInCard
from mutuali.checkin.rules import Card, Choice, Kind, counted, month_of, next_month
from mutuali.core.period import local_midnight


def month_row(session: Session, organization_id: int, now: datetime) -> CheckIn:
    """The row of this month, made if there is none; nobody else changes it before the end."""
    month = month_of(now)
    values = {
        "organization_id": organization_id,
        "month": month,
        "until": local_midnight(next_month(month)),
        "seconds": 0,
    }
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    session.execute(dialect.insert(CheckIn).values(values).on_conflict_do_nothing())
    return session.get_one(
        CheckIn, (organization_id, month), with_for_update=True, populate_existing=True
    )


def decided_rows(session: Session, organization_id: int, month: date) -> list[CheckInCard]:
    """What was decided or set aside in a month, first things first."""
    return list(
        session.scalars(
            select(CheckInCard)
            .where(CheckInCard.organization_id == organization_id, CheckInCard.month == month)
            .order_by(CheckInCard.at, CheckInCard.kind, CheckInCard.about)
        )
    )


def keys_of(rows: list[CheckInCard]) -> set[tuple[Kind, str]]:
    """Which cards these were."""
    return {(Kind(row.kind), row.about) for row in rows}


def note_choice(
    session: Session, organization_id: int, month: date, card: Card, choice: Choice, now: datetime
) -> None:
    """Keep what became of a card."""
    session.add(
        CheckInCard(
            organization_id=organization_id,
            month=month,
            kind=card.kind,
            about=card.subject,
            choice=choice,
            at=now,
        )
    )
    session.flush()


def pass_time(row: CheckIn, since: datetime | None, now: datetime) -> None:
    """Count the gap since the last request, or since ``since`` where that came later."""
    if row.finished_at is not None:
        return
    before = max((each for each in (row.seen_at, since) if each is not None), default=None)
    row.seconds += counted(before, now)
    row.seen_at = now if row.seen_at is None else max(row.seen_at, now)


def end(row: CheckIn, now: datetime) -> None:
    """End the month's check-in; when somebody last looked is of no use any more."""
    row.finished_at, row.seen_at = now, None
