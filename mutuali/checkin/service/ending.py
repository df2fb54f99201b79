"""What is kept of check-ins, and its end."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.checkin.models import CheckIn, CheckInCard, CheckInLink, CheckInSilence
from mutuali.checkin.rules import Kind
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of

_OF_PERSON: tuple[type[CheckInLink | CheckInSilence], ...] = (CheckInLink, CheckInSilence)
_OF_ORGANIZATION: tuple[type[CheckIn | CheckInCard | CheckInSilence], ...] = (
    *(CheckIn, CheckInCard, CheckInSilence),
)


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """The links of a person's letters, whether they want any, and cards about them as a member."""
    return [
        *(held_rows(session, model, model.person_id == person_id) for model in _OF_PERSON),
        held_rows(session, CheckInCard, *_about(session, person_id)),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """The months of an organization: what was decided, how long it took."""
    return [
        held_rows(session, CheckIn, CheckIn.organization_id == organization_id),
        held_rows(session, CheckInCard, CheckInCard.organization_id == organization_id),
    ]


def forget_months(session: Session, organization_ids: Iterable[int], *, dry: bool) -> int:
    """Destroy the months of organizations that left; returns how many rows."""
    over = frozenset(organization_ids)
    return sum(
        forget_rows(session, model, is_one_of(model.organization_id, over), dry=dry)
        for model in _OF_ORGANIZATION
    )


def forget_links(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy links of letters that ended before; returns how many there are."""
    return forget_rows(session, CheckInLink, CheckInLink.expires_at < before, dry=dry)


def forget_person(session: Session, person_id: int) -> None:
    """Destroy a person's links, what they said of letters, and cards about them as a member."""
    for model in _OF_PERSON:
        session.execute(delete(model).where(model.person_id == person_id))
    session.execute(delete(CheckInCard).where(*_about(session, person_id)))


def _about(session: Session, person_id: int) -> tuple[ColumnElement[bool], ...]:
    public_id = accounts.public_id_of(session, person_id)
    return (CheckInCard.kind == Kind.MEMBER, CheckInCard.about == public_id)
