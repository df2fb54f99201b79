"""What is kept of agendas about a person or an organization, and its end."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_
from sqlalchemy.orm import Session

from mutuali.calendars.models import CalendarFeed, ExternalCalendar
from mutuali.calendars.rules import UNUSED_FOR
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: their own feeds."""
    return [held_rows(session, CalendarFeed, CalendarFeed.person_id == person_id)]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization; feeds of people are theirs."""
    own = CalendarFeed.organization_id == organization_id, CalendarFeed.person_id.is_(None)
    return [
        held_rows(session, CalendarFeed, *own),
        held_rows(session, ExternalCalendar, ExternalCalendar.organization_id == organization_id),
    ]


def forget_person(session: Session, person_id: int) -> None:
    """Destroy the feeds of a person who is erased."""
    forget_rows(session, CalendarFeed, CalendarFeed.person_id == person_id, dry=False)


def forget_feeds(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy feeds that ended before, revoked or unused for too long; returns how many."""
    last_used_at = func.coalesce(CalendarFeed.used_at, CalendarFeed.created_at)
    unused = last_used_at < before - UNUSED_FOR
    return forget_rows(
        session, CalendarFeed, or_(CalendarFeed.revoked_at < before, unused), dry=dry
    )


def forget_external(session: Session, lenders: Iterable[int], *, dry: bool) -> int:
    """Destroy the agendas that closed what organizations offered; returns how many."""
    theirs = is_one_of(ExternalCalendar.organization_id, frozenset(lenders))
    return forget_rows(session, ExternalCalendar, theirs, dry=dry)
