"""What is kept here about a person, for who asks what is kept about them."""

from sqlalchemy.orm import Session

from mutuali.consent.models import CallRequest, ConsentEvent
from mutuali.storage import HeldRows, held_rows


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: their own answers, and the calls they asked for."""
    return [
        held_rows(session, ConsentEvent, ConsentEvent.person_id == person_id),
        held_rows(session, CallRequest, CallRequest.person_id == person_id),
    ]
