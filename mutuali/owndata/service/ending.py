"""What is kept of an organization's own data and of meetings, and its end."""

from collections.abc import Iterable

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.owndata.models import HelpMeeting, HelpSlot, OwnHolding, OwnOfficer, OwnPolicy
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of

_OF_ORGANIZATION: tuple[type[OwnHolding | OwnOfficer | OwnPolicy], ...] = (
    OwnHolding,
    OwnOfficer,
    OwnPolicy,
)


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What a person noted and published for an organization; what they offered and took."""
    return [
        held_rows(session, OwnOfficer, OwnOfficer.person_id == person_id),
        held_rows(session, OwnPolicy, OwnPolicy.published_by == person_id),
        held_rows(session, HelpSlot, HelpSlot.helper_id == person_id),
        held_rows(session, HelpMeeting, HelpMeeting.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What an organization holds, who is in charge, what it published, whom it met."""
    return [
        *(
            held_rows(session, model, model.organization_id == organization_id)
            for model in _OF_ORGANIZATION
        ),
        held_rows(session, HelpMeeting, HelpMeeting.organization_id == organization_id),
    ]


def forget_own_data(session: Session, organization_ids: Iterable[int], *, dry: bool) -> int:
    """Destroy what organizations that left said of what they held; returns how many rows."""
    over = frozenset(organization_ids)
    return sum(
        forget_rows(session, model, is_one_of(model.organization_id, over), dry=dry)
        for model in _OF_ORGANIZATION
    )


def forget_person(session: Session, person_id: int) -> None:
    """Take a person's number off what they noted for an organization, and their name where they
    noted themselves; destroy the meetings that they offered or took."""
    name = accounts.names(session, {person_id}).get(person_id)
    for row in session.scalars(select(OwnOfficer).where(OwnOfficer.person_id == person_id)):
        row.person_id = None
        if row.name == name:
            row.name = ""
    session.flush()
    session.execute(
        update(OwnPolicy).where(OwnPolicy.published_by == person_id).values(published_by=None)
    )
    own = select(HelpSlot.id).where(HelpSlot.helper_id == person_id)
    session.execute(
        delete(HelpMeeting).where(
            or_(HelpMeeting.person_id == person_id, HelpMeeting.slot_id.in_(own))
        )
    )
    session.execute(delete(HelpSlot).where(HelpSlot.helper_id == person_id))
