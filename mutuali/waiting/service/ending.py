"""What is kept of those who wait and of who searches, and its end."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mutuali.storage import HeldRows, held_rows
from mutuali.waiting.models import SavedSearch, WaitingEntry


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What an organization waits for."""
    return [held_rows(session, WaitingEntry, WaitingEntry.borrower_id == organization_id)]


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """The searches that a person keeps."""
    return [held_rows(session, SavedSearch, SavedSearch.person_id == person_id)]


def forget_person(session: Session, person_id: int) -> None:
    """Destroy the searches of a person."""
    session.execute(delete(SavedSearch).where(SavedSearch.person_id == person_id))
