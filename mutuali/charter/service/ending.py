"""What is kept of the actions of an organization, and its end."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from mutuali.charter.models import ActionAnswer, ActionList, CharterMark, CharterSize
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of

_OF_ORGANIZATION: tuple[type[ActionAnswer | CharterSize | CharterMark], ...] = (
    ActionAnswer,
    CharterSize,
    CharterMark,
)


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What a person said for an organization, and the lists that they brought in."""
    return [
        held_rows(session, ActionAnswer, ActionAnswer.person_id == person_id),
        held_rows(session, ActionList, ActionList.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What an organization said of its actions, and how far it had come."""
    return [
        held_rows(session, model, model.organization_id == organization_id)
        for model in _OF_ORGANIZATION
    ]


def forget_answers(session: Session, organization_ids: Iterable[int], *, dry: bool) -> int:
    """Destroy what organizations that left said of their actions; returns how many rows."""
    over = frozenset(organization_ids)
    return sum(
        forget_rows(session, model, is_one_of(model.organization_id, over), dry=dry)
        for model in _OF_ORGANIZATION
    )


def forget_person(session: Session, person_id: int) -> None:
    """Take a person's number off what they said; the organization said it."""
    for model in (ActionAnswer, ActionList):
        session.execute(update(model).where(model.person_id == person_id).values(person_id=None))
