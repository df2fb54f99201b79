"""What is kept here about a person, and letting go of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.consent.models import CallRequest, ConsentEvent
from mutuali.consent.rules import LONGEST
from mutuali.storage import HeldRows, forget_rows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: their own answers, and the calls they asked for."""
    return [
        held_rows(session, ConsentEvent, ConsentEvent.person_id == person_id),
        held_rows(session, CallRequest, CallRequest.person_id == person_id),
    ]


def forget_events(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy what was asked and answered so long ago that every yes of then ended before; returns
    how many events.

    In the order in which they happened, so that what is left still tells the truth: a yes never
    outlives the no that came after it.
    """
    return forget_rows(session, ConsentEvent, ConsentEvent.at < before - LONGEST, dry=dry)


def forget_calls(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy the calls that were asked for before, whether or not anybody called: who still
    wants one asks again. Returns how many."""
    return forget_rows(session, CallRequest, CallRequest.created_at < before, dry=dry)
